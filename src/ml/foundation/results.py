"""Results: frozen dataclasses that can also be read like a mapping and turn into JSON.

Conventions
-----------
A result class is ``@dataclass(frozen=True, slots=True)`` and inherits :class:`Result`.
Its fields carry their unit in the name (``duration_s``, ``tempo_bpm``, ``size_bytes``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson


class Result:
    """Mixin of every public result.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True)
    ... class Tempo(Result):
    ...     tempo_bpm: float
    >>> Tempo(120.0)["tempo_bpm"]
    120.0
    >>> dict(Tempo(120.0)), Tempo(120.0).to_json()
    ({'tempo_bpm': 120.0}, '{"tempo_bpm":120.0}')
    """

    __slots__ = ()

    def keys(self) -> tuple[str, ...]:
        """Name the fields, in order."""
        return tuple(field.name for field in fields(self))  # type: ignore[arg-type]

    def __getitem__(self, name: str) -> Any:
        if name not in self.keys():
            raise KeyError(f"{type(self).__name__} has no field {name!r}; it has {', '.join(self.keys())}")
        return getattr(self, name)

    def __contains__(self, name: object) -> bool:
        return name in self.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __len__(self) -> int:
        return len(self.keys())

    def get(self, name: str, default: Any = None) -> Any:
        """Read a field by name, or the default where there is no such field."""
        return getattr(self, name) if name in self.keys() else default

    def to_dict(self) -> dict[str, Any]:
        """Give plain lists, dictionaries, strings and numbers, all the way down."""
        return {name: plain(getattr(self, name)) for name in self.keys()}

    def to_json(self, *, indent: bool = False) -> str:
        """Give the result as JSON text."""
        return orjson.dumps(self.to_dict(), option=orjson.OPT_INDENT_2 if indent else None).decode()


def plain(value: Any) -> Any:
    """Reduce a value to what JSON knows; anything else is a :class:`TypeError`."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Result):
        return value.to_dict()
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):  # a NumPy scalar or array
        return plain(value.tolist())
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
