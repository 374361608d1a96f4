"""The demo world's calendar: it ends on a fixed day, whenever it is made."""

from __future__ import annotations

import numpy as np

from ml.data.demo.arrays import Longs

DAY_MS = 86_400_000
HOUR_MS = 3_600_000

#: Days since 1970 of the first day that is *not* in the world, 2026-07-01.
END_DAY = 20_635
#: The world's last moment, exclusive: the end of 2026-06-30, UTC.
END_MS = END_DAY * DAY_MS


def weekday(day: Longs) -> Longs:
    """Give the days of the week of days since 1970, Monday 0.

    >>> weekday(np.array([0, END_DAY])).tolist()  # 1970-01-01 was a Thursday, 2026-07-01 is a Wednesday
    [3, 2]
    """
    return (day + np.int64(3)) % 7
