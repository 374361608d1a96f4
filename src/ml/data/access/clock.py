"""Time, as whoever lets somebody in reads it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import overload

#: Gives UTC milliseconds.
Clock = Callable[[], int]
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
#: The last moment of the year 9999, which :class:`datetime.datetime` ends with.
LATEST_MS = 253_402_300_799_999
#: What was used or seen is remembered to the minute: the row is not written more often.
COARSE_MS = MINUTE_MS


def now_ms() -> int:
    """Give UTC milliseconds."""
    return time.time_ns() // 1_000_000


@overload
def moment(at_ms: int) -> datetime: ...


@overload
def moment(at_ms: None) -> None: ...


def moment(at_ms: int | None) -> datetime | None:
    """Give a moment in UTC; None stays None."""
    return None if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC)


def is_stale(at_ms: int | None, now: int) -> bool:
    """Tell whether it is time to remember a use again; also where the clock was set back."""
    return at_ms is None or abs(now - at_ms) >= COARSE_MS
