"""Columns from parsed JSON rows, with whatever has the wrong type left null.

Conventions
-----------
A value is never guessed at: a number where a text is due is null, and the importer says
what that means for the row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

# Far beyond any time or duration in milliseconds, and sums of a few still fit 64 bits.
_LARGEST = 1 << 53


def text(value: Any) -> str | None:
    """Give a text without surrounding blanks, or None where there is none.

    >>> text(" Röyksopp "), text(""), text(1999)
    ('Röyksopp', None, None)
    """
    return (value.strip() or None) if type(value) is str else None


def whole(value: Any) -> int | None:
    """Give a whole number below 2**53 in size, or None.

    >>> whole(120), whole(120.0), whole(0.5), whole(True), whole("120")
    (120, 120, None, None, None)
    """
    if type(value) is float and value.is_integer():
        value = int(value)
    return value if type(value) is int and -_LARGEST < value < _LARGEST else None


def truth(value: Any) -> bool | None:
    """Give a yes or no, which older exports write as a number or a text; otherwise None.

    >>> truth(True), truth(0), truth("TRUE"), truth(None), truth("maybe")
    (True, False, True, None, None)
    """
    if type(value) is bool:
        return value
    if type(value) is int and value in {0, 1}:
        return bool(value)
    return {"true": True, "1": True, "false": False, "0": False}.get(value.lower()) if type(value) is str else None


def texts(values: Iterable[Any]) -> pl.Series:
    """Give a column of texts, as :func:`text` does."""
    column = pl.Series([value if type(value) is str else None for value in values], dtype=pl.String).str.strip_chars()
    return column.set(column == "", None)


def wholes(values: Iterable[Any]) -> pl.Series:
    """Give a column of whole numbers, as :func:`whole` does."""
    return pl.Series([whole(value) for value in values], dtype=pl.Int64)


def truths(values: Iterable[Any]) -> pl.Series:
    """Give a column of yes and no, as :func:`truth` does."""
    quick = [value if value is None or type(value) is bool else truth(value) for value in values]
    return pl.Series(quick, dtype=pl.Boolean)
