"""How much one caller may ask: a bucket that fills again steadily."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

#: Callers that are remembered; of more, those that asked least recently are forgotten.
_MOST = 10_000
#: Parts of a minute's requests that a process takes out of the common bucket at a time: few questions, little lost.
_PARTS = 600
#: Takes what there is of what is wanted out of a bucket; gives how much that is, and milliseconds until there is one.
_TAKE = """
local moment = redis.call('TIME')
local now = moment[1] + moment[2] / 1000000
local rate, size, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local known = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(known[1]) or size
left = math.min(size, left + math.max(0, now - (tonumber(known[2]) or now)) * rate)
local taken = math.min(wanted, math.floor(left))
left = left - taken
redis.call('HSET', KEYS[1], 'left', tostring(left), 'at', tostring(now))
redis.call('PEXPIRE', KEYS[1], math.ceil(size / rate * 1000) + 1000)
return {taken, math.ceil(math.max(0, 1 - left) / rate * 1000)}
"""


class Scripted(Protocol):
    """Who runs scripts on what processes share: :class:`ml.foundation.cache.redis.RedisCache`."""

    def script(self, text: str, key: str, *arguments: float) -> list[int] | None:
        """Run a script on a key; None where nobody answers."""


class RateLimit:
    """Counts what callers ask, each by themself.

    Parameters
    ----------
    per_minute : float
        Requests that a caller may make steadily; a sixth of it at once.
    clock : callable
        Seconds.

    Examples
    --------
    >>> limit = RateLimit(60, clock=lambda: 0.0)
    >>> [limit.wait_s("somebody") for _ in range(11)][9:]
    [0.0, 1.0]
    """

    def __init__(self, per_minute: float, *, clock: Callable[[], float] = time.monotonic) -> None:
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


class SharedLimit:
    """Counts what callers ask of all processes together; while what they share is away, each counts for itself.

    Parameters
    ----------
    name : str
        Of what is counted.
    per_minute : float
        As :class:`RateLimit`, of all processes together.
    shared : Scripted
    own : RateLimit
        That counts meanwhile.
    """

    def __init__(self, name: str, per_minute: float, shared: Scripted, own: RateLimit) -> None:
        self._name, self._shared, self._own = name, shared, own
        self._rate, self._size = per_minute / 60, max(per_minute / 6, 1.0)
        self._part = max(1, int(per_minute / _PARTS))
        self._taken: OrderedDict[str, int] = OrderedDict()

    async def wait_s(self, caller: str) -> float:
        """Take a request out of a caller's bucket; say after how many seconds there is one, 0 where it was there."""
        if self._spend(caller):
            return 0.0
        key = f"limit:{self._name}:{caller}"
        said = await asyncio.to_thread(self._shared.script, _TAKE, key, self._rate, self._size, self._part)
        if said is None:
            return self._own.wait_s(caller)
        taken, wait_ms = said
        if not taken:
            return 0.0 if self._spend(caller) else max(wait_ms, 1) / 1000
        self._taken[caller] = self._taken.pop(caller, 0) + taken - 1
        if len(self._taken) > _MOST:
            self._taken.popitem(last=False)
        return 0.0

    def _spend(self, caller: str) -> bool:
        """Use what was taken before, if anything is left of it."""
        left = self._taken.get(caller, 0)
        if left:
            self._taken[caller] = left - 1
        return left > 0
