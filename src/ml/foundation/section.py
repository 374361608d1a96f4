"""A section of settings: a checked object that is also a mutable mapping."""

from __future__ import annotations

import re
from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError

from ml.foundation.errors import SettingsError, did_you_mean

ASSIGNED = "assigned in Python"

_PASSWORD = re.compile(r"(://[^:/@\s]*):[^/\s]*@")


class UnknownSetting(SettingsError, KeyError):
    """A section or key that does not exist; a :class:`KeyError` too, as mappings promise."""


class Section(BaseModel):
    """A group of settings: a checked object that is also a mutable mapping.

    >>> from pydantic import Field
    >>> class Training(Section):
    ...     batch_size: int = Field(512, description="examples of one step", ge=1)
    >>> section = Training()
    >>> section["batch_size"], section.get("bach_size", 0)
    (512, 0)
    >>> section.batch_size = 128
    >>> section["batch_size"], section.origin("batch_size")
    (128, 'assigned in Python')
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True, strict=True, allow_inf_nan=False)

    label: ClassVar[str] = "settings"
    _origins: dict[str, str] = PrivateAttr(default_factory=dict)

    def __init__(self, **values: Any) -> None:
        super().__init__()
        for key, value in values.items():
            self.put(key, value)

    def put(self, key: str, value: Any, *, origin: str = ASSIGNED) -> None:
        """Set one key.

        Parameters
        ----------
        origin : str
            Where the value comes from, for messages and for ``ml settings``.

        Raises
        ------
        SettingsError
            If there is no such key or the value is not allowed.
        """
        self._known(key, origin)
        try:
            super().__setattr__(key, value)
        except ValidationError as error:
            raise self._refusal(key, value, origin, error) from None
        self._origins[key] = origin

    def origin(self, key: str) -> str:
        """Tell where a value came from: ``"default"``, a file, a variable, or Python."""
        return self._origins.get(key, "default")

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            super().__setattr__(name, value)
        else:
            self.put(name, value)

    def __getitem__(self, key: str) -> Any:
        self._known(key, "")
        return getattr(self, key)

    def __setitem__(self, key: str, value: Any) -> None:
        self.put(key, value)

    def __contains__(self, key: object) -> bool:
        return key in type(self).model_fields

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]  # a mapping gives its keys, pydantic gives pairs
        return iter(type(self).model_fields)

    def __len__(self) -> int:
        return len(type(self).model_fields)

    def keys(self) -> KeysView[str]:
        """Name the keys, in order."""
        return self._mapping().keys()

    def values(self) -> ValuesView[Any]:
        """Give the values, in the order of the keys."""
        return self._mapping().values()

    def items(self) -> ItemsView[str, Any]:
        """Give keys with their values."""
        return self._mapping().items()

    def get(self, key: str, default: Any = None) -> Any:
        """Read a key, or the default where there is no such key."""
        return getattr(self, key) if key in self else default

    def _mapping(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in self}

    def _known(self, key: str, origin: str) -> None:
        if key not in self:
            raise UnknownSetting(f"unknown key {self.label}.{key}{from_where(origin)}", did_you_mean(key, self))

    def _refusal(self, key: str, value: object, origin: str, error: ValidationError) -> SettingsError:
        reason = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        name = f"{self.label}.{key}"
        shown = repr(hide_password(value) if isinstance(value, str) else value)
        hint = f"{name}: {type(self).model_fields[key].description}"
        return SettingsError(f"{name} = {shown}{from_where(origin)}: {reason[:1].lower()}{reason[1:]}", hint)


def from_where(origin: str) -> str:
    """Name a value's source in a message; Python code shows in its own traceback."""
    return f" ({origin})" if origin and origin != ASSIGNED else ""


def hide_password(text: str) -> str:
    """Blank the password of a URL.

    >>> hide_password("postgresql://me:secret@host/ml")
    'postgresql://me:***@host/ml'
    """
    return _PASSWORD.sub(r"\1:***@", text)


# Mappings unpack and convert (`dict(section)`, `plain(section)`) wherever `Mapping` is asked for.
Mapping.register(Section)
