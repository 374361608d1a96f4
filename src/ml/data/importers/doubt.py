"""A table that may hold listens or a catalogue: its times tell, or somebody is asked.

Conventions
-----------
- Times that name the minute are times of listening: nothing is released at 20:05. What can be read as no time of the
  last decades, such as the length of a track, is none of listening.
- Where there are days only, what the columns say stands, and the choice is told beside it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import polars as pl

from ml.data.importers.columns import Layout
from ml.data.importers.reasons import reason
from ml.data.importers.times import DAY_MS, Clock
from ml.foundation.results import Result
from ml.foundation.said import Said

#: Rows whose times are looked at.
LOOKED_AT = 1_000
#: 1 January 2000; nobody kept a list of what they heard before that, and lengths in milliseconds are less.
_EARLIEST_MS = 946_684_800_000


@dataclass(frozen=True, slots=True)
class Doubt(Result):
    """What a table was taken for, though it may be another.

    Parameters
    ----------
    holds : str
        ``listens`` or ``items``, for what it was taken.
    column : str
        Whose times leave it open, as the file calls it.
    otherwise : dict of str to str
        What to add to the option ``columns`` if it is the other: our name to the file's.
    """

    holds: str
    column: str
    otherwise: dict[str, str]

    def said(self, user: str) -> Said:
        """Say what it was taken for, and how to choose the other."""
        if self.holds == "listens":
            return reason("perhaps_catalogue", user=user, column=self.column)
        return reason("perhaps_listens", column=self.column)


def doubt_of(layout: Layout) -> Doubt | None:
    """Give the doubt about a table, if there is any."""
    if not layout.unsure:
        return None
    name = layout.name_of("time")
    return Doubt(layout.holds, name, {"time": "" if layout.holds == "listens" else name})


def settled(layout: Layout, times: pl.Series) -> Layout:
    """Look at the first times of a table that may be one or the other.

    >>> from ml.data.importers.columns import layout
    >>> table = layout(["artist", "track", "date"], given={}, file="mine.csv")
    >>> found = settled(table, pl.Series(["2024-05-03 20:05", "2024-05-03 20:09"]))
    >>> found.holds, found.unsure
    ('listens', False)
    """
    times = times.head(LOOKED_AT).drop_nulls()
    read = Clock.guess(times).read(times)
    latest = time.time_ns() // 1_000_000 + DAY_MS
    when = read.filter(pl.col("ms").is_between(_EARLIEST_MS, latest))
    if 2 * len(when) < len(times) or not len(when):
        columns = {ours: place for ours, place in layout.columns.items() if ours != "time"}
        return replace(layout, columns=columns, holds="items", unsure=False)
    to_the_minute = when["precision_ms"].fill_null(0) < DAY_MS
    if 2 * to_the_minute.sum() > len(when):
        return replace(layout, holds="listens", unsure=False)
    return layout
