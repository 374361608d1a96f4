"""Options that are lists, written with commas."""

from __future__ import annotations

from ml.foundation.errors import BadInput

#: Of a ranking that is measured; longer than any catalogue whose whole order is of interest.
LONGEST = 1_000_000


def names_in(text: str | None) -> list[str] | None:
    """Read names; None where nothing was given.

    >>> names_in("ease, slim,"), names_in(None)
    (['ease', 'slim'], None)
    """
    return None if text is None else [name.strip() for name in text.split(",") if name.strip()]


def lengths_in(text: str) -> list[int]:
    """Read lengths of rankings.

    Raises
    ------
    BadInput
        If one is no whole number of at least 1.
    """
    try:
        lengths = [int(part) for part in text.split(",")]
    except ValueError:
        raise BadInput(f"-k {text!r} is no list of lengths", "write whole numbers: -k 10,20") from None
    if max(lengths) > LONGEST:
        raise BadInput(f"-k {text!r}: a ranking has at most {LONGEST:,} places here", "write shorter ones: -k 10,20")
    if min(lengths) < 1:
        raise BadInput(f"-k {text!r}: a ranking has at least one place", "write whole numbers: -k 10,20")
    return lengths
