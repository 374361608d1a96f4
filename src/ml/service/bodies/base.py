"""What every request may be made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import orjson
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

#: Outside ids and names: short, and without what would break a line of a log.
Name = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
Count = Annotated[int, Field(ge=1, le=1000)]
Tongue = Literal["en", "de"]
Moment = AwareDatetime | None


def shown(*examples: dict[str, Any]) -> ConfigDict:
    """Give the examples of a body: requests that work where the demo world is served."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(examples)})


def _writable(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Refuse what could not be given back: halves of characters, numbers beyond 64 bits, nesting without end."""
    try:
        orjson.dumps(given)
    except TypeError as error:
        raise ValueError(str(error)) from None
    return given


#: An object whose fields the verbs check.
Loose = Annotated[Mapping[str, Any], AfterValidator(_writable)]


class Body(BaseModel):
    """A JSON object with these fields and no others."""

    model_config = ConfigDict(extra="forbid", strict=False)

    def given(self) -> dict[str, Any]:
        """Give the fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}
