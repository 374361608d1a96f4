"""Values as they are typed on the command line."""

from __future__ import annotations

from collections.abc import Iterable

from ml.foundation.errors import BadInput


def list_of(text: str | None) -> list[str] | None:
    """Split at commas.

    >>> list_of("rock, pop")
    ['rock', 'pop']
    """
    return None if text is None else [part.strip() for part in text.split(",") if part.strip()]


def range_of(option: str, text: str | None, *, whole: bool = False) -> tuple[float, float] | None:
    """Read two numbers with a dash between.

    >>> range_of("--bpm", "120-130"), range_of("--years", "1999", whole=True)
    ((120.0, 130.0), (1999, 1999))

    Raises
    ------
    BadInput
    """
    if text is None:
        return None
    low, dash, high = text.replace("–", "-").partition("-")
    ends = (number_of(option, low), number_of(option, high if dash else low))
    return (int(ends[0]), int(ends[1])) if whole else ends


def number_of(option: str, text: str) -> float:
    """Read a number.

    Raises
    ------
    BadInput
    """
    try:
        return float(text)
    except ValueError:
        raise BadInput(f"{option}: {text!r} is no number", "write numbers, two of them with a dash between") from None


def pairs_of(option: str, given: Iterable[str] | None, example: str) -> list[tuple[str, str]]:
    """Read pairs of a name and a value.

    >>> pairs_of("--share", ["language:fr=0.3"], "language:fr=0.3")
    [('language:fr', '0.3')]

    Raises
    ------
    BadInput
    """
    found = []
    for pair in given or ():
        name, sign, value = (part.strip() for part in pair.partition("="))
        if not (name and sign and value):
            raise BadInput(f"{option} {pair!r}", f"write it as {option} {example}")
        found.append((name, value))
    return found
