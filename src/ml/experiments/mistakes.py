"""What is wrong with a definition, in words: the field, what was given, what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Any, get_args, get_type_hints

from pydantic import ValidationError

from ml.foundation.errors import BadInput, did_you_mean

_HINT = "see docs/experiments.md for an example"
_NAME = "a name has 1 to 60 letters, digits, '.', '-' and '_'"
_ALLOWED: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        "missing": lambda _: "has to be given",
        "greater_than": lambda about: f"give a number above {about['gt']:g}",
        "greater_than_equal": lambda about: f"give a number of at least {about['ge']:g}",
        "less_than_equal": lambda about: f"give a number of at most {about['le']:g}",
        "too_short": lambda about: f"give at least {about['min_length']}",
        "too_long": lambda about: f"give at most {about['max_length']}",
        "literal_error": lambda about: f"give {about['expected']}",
        "string_pattern_mismatch": lambda _: _NAME,
        "string_too_short": lambda _: _NAME,
        "string_too_long": lambda _: _NAME,
        "string_type": lambda _: "give a text",
        "float_type": lambda _: "give a number",
        "float_parsing": lambda _: "give a number",
        "finite_number": lambda _: "give a finite number",
        "int_type": lambda _: "give a whole number",
        "int_parsing": lambda _: "give a whole number",
        "int_from_float": lambda _: "give a whole number",
        "tuple_type": lambda _: "give a list",
        "dict_type": lambda _: 'give names and values, such as {"algorithm": "ease"}',
        "dataclass_type": lambda _: "give names and values",
        "dataclass_exact_type": lambda _: "give names and values",
    }
)
_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")


def in_words(error: ValidationError, kind: type) -> BadInput:
    """Say the first thing that is wrong.

    Parameters
    ----------
    error : pydantic.ValidationError
    kind : type
        The dataclass that was to be made.
    """
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the definition"
    about, what = first.get("ctx", {}), first["type"]
    if what == "value_error":
        return BadInput(f"{where}: {about['error']}", _HINT)
    if what in _UNKNOWN:
        *path, name = first["loc"]
        return BadInput(f"{where}: there is no field {name!r}", did_you_mean(str(name), _fields(kind, path)))
    if what == "missing":
        return BadInput(f"{where} {_ALLOWED[what](about)}", _HINT)
    # What we have no words for still names the field and what was given.
    allowed = _ALLOWED[what](about) if what in _ALLOWED else _HINT
    return BadInput(f"{where} = {_short(first['input'])}", allowed)


def _short(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 80 else f"{text[:80]}…"


def _fields(kind: type, path: list[int | str]) -> list[str]:
    """Name the fields at a place of a definition."""
    for step in path:
        if isinstance(step, str):
            kind = _dataclass_in(get_type_hints(kind)[step])
    return [field.name for field in fields(kind)] if is_dataclass(kind) else []


def _dataclass_in(hint: Any) -> type:
    """Find the dataclass that a type is made of.

    >>> from ml.experiments.definition import Variant
    >>> _dataclass_in(tuple[Variant, ...]) is Variant
    True
    """
    if isinstance(hint, type) and is_dataclass(hint):
        return hint
    found = (_dataclass_in(part) for part in get_args(hint))
    return next((each for each in found if is_dataclass(each)), object)
