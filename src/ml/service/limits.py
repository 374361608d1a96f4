"""How much one caller may ask: a bucket that fills again steadily."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

#: Callers that are remembered; of more, those that asked least recently are forgotten.
_MOST = 10_000


class RateLimit:
    """Counts what callers ask, each by themself.

    Parameters
    ----------
    per_minute : int
        Requests that a caller may make steadily; a sixth of it at once.
    clock : callable
        Seconds.

    Examples
    --------
    >>> limit = RateLimit(60, clock=lambda: 0.0)
    >>> [limit.wait_s("somebody") for _ in range(11)][9:]
    [0.0, 1.0]
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._size = max(per_minute / 6, 1.0)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, caller: str) -> float:
        """Take a request out of a caller's bucket; say after how many seconds there is one, 0 where it was there."""
        now = self._clock()
        left, at = self._buckets.pop(caller, (self._size, now))
        left = min(left + (now - at) * self._rate, self._size)
        enough = left >= 1
        self._buckets[caller] = (left - 1 if enough else left, now)
        if len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        return 0.0 if enough else (1 - left) / self._rate
