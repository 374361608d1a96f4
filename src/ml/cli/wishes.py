"""``--context``, ``--prefer`` and ``--at-least``: NAME=VALUE as it is typed, turned into what the engine takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ml.foundation.errors import BadInput

#: Help of ``--at-least``.
AT_LEAST = "Share of the {} for a group of artists, such as tail=0.3; rounded down to whole items. Repeat it for more."
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")


def situation(given: Iterable[str]) -> dict[str, str]:
    """Read ``--context``.

    >>> situation(["activity=workout", "device=phone"])
    {'activity': 'workout', 'device': 'phone'}

    Raises
    ------
    BadInput
        If one of them is no NAME=VALUE, or names what another named already.
    """
    return _pairs("--context", given, "activity=workout")


def preferences(given: Iterable[str]) -> dict[str, Any]:
    """Read ``--prefer``: several genres by commas, numbers where they are numbers, yes or no for ``explicit``.

    >>> preferences(["genres=jazz,soul", "energy_level=0.3", "explicit=no", "year_from=1990"])
    {'genres': ['jazz', 'soul'], 'energy_level': 0.3, 'explicit': False, 'year_from': 1990}

    Raises
    ------
    BadInput
        If one of them is no NAME=VALUE, or names what another named already.
    """
    return {name: _value(name, text) for name, text in _pairs("--prefer", given, "genres=jazz").items()}


def shares(given: Iterable[str] | None) -> dict[str, float] | None:
    """Read ``--at-least``; None where it is not given.

    >>> shares(["tail=0.3", "country:PE=0.2"])
    {'tail': 0.3, 'country:PE': 0.2}

    Raises
    ------
    BadInput
        If one of them is no NAME=SHARE, or names what another named already.
    """
    if not given:
        return None
    found = {}
    for name, text in _pairs("--at-least", given, "tail=0.3").items():
        try:
            found[name] = float(text)
        except ValueError:
            raise BadInput(f"--at-least {name}={text}: {text!r} is no share", "such as --at-least tail=0.3") from None
    return found


def _pairs(option: str, given: Iterable[str], example: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in given:
        name, sign, value = (part.strip() for part in pair.partition("="))
        if not (sign and name and value):
            raise BadInput(f"{option} {pair!r} is no NAME=VALUE", f"such as {option} {example}")
        if name in found:
            raise BadInput(f"{option} names {name!r} twice", "leave one of them out")
        found[name] = value
    return found


def _value(name: str, text: str) -> Any:
    if name == "genres":
        return [genre.strip() for genre in text.split(",") if genre.strip()]
    if name == "explicit" and text.lower() in (*_YES, *_NO):
        return text.lower() in _YES
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
