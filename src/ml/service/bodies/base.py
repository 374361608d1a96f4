"""What every request may be made of."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

#: Outside ids and names: short, and without what would break a line of a log.
Name = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")]
Count = Annotated[int, Field(ge=1, le=1000)]
Tongue = Literal["en", "de"]
Moment = AwareDatetime | None


def shown(*examples: dict[str, Any]) -> ConfigDict:
    """Give the examples of a body: requests that work where the demo world is served."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(examples)})


class Body(BaseModel):
    """A JSON object with these fields and no others."""

    model_config = ConfigDict(extra="forbid", strict=False)

    def given(self) -> dict[str, Any]:
        """Give the fields that were sent."""
        return {name: getattr(self, name) for name in self.model_fields_set}
