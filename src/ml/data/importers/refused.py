"""How refused rows are written in a table of their own, to be mended and imported again.

Conventions
-----------
The table has the columns of the file that the rows are from, and behind them those of :data:`COLUMNS`. A cell that a
spreadsheet would take for a formula begins with an apostrophe there, and one that begins with an apostrophe with two:
whoever reads a table with these columns takes one away.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

BECAUSE = "refused_because"
#: From which line, why, and the row as it stood there where it does not fit the columns.
COLUMNS = ("refused_line", BECAUSE, "refused_row")
_UNSAFE = ("=", "+", "-", "@", "\t", "\r", "'")


def harmless(cell: str) -> str:
    """Write a cell so that no spreadsheet takes it for a formula.

    >>> harmless("=1+1"), harmless("'t Is"), harmless("Jóga")
    ("'=1+1", "''t Is", 'Jóga')
    """
    return f"'{cell}" if cell.startswith(_UNSAFE) else cell


def is_refused(names: Collection[str]) -> bool:
    """Tell by its columns whether a table is one of refused rows."""
    return BECAUSE in names


def as_it_was(frame: pl.DataFrame) -> pl.DataFrame:
    """Take away what :func:`harmless` added.

    >>> as_it_was(pl.DataFrame({"title": ["'=1+1", "''t Is", "Jóga"]}))["title"].to_list()
    ['=1+1', "'t Is", 'Jóga']
    """
    return frame.with_columns(pl.col(pl.String).str.replace(r"^'", ""))
