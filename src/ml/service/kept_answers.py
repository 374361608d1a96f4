"""Answers that are given again while nothing has changed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ml.foundation.cache.backend import Corrupt
from ml.foundation.cache.memory import MemoryCache
from ml.foundation.settings import Caching
from ml.foundation.sizes import parse_size
from ml.service.answers import encode

if TYPE_CHECKING:
    from ml.foundation.cache.redis import RedisCache

#: No answer is older: the session at hand counts less with every minute.
TTL_S = 60.0
_NAME = "answers:2:"


class KeptAnswers:
    """Bodies of answers, by what was asked and by a mark of what they rest on.

    This process keeps its own; where there is a Redis, what one process worked out is there for the others.

    Parameters
    ----------
    settings : Caching
    clock : callable
        Seconds since 1970, which all processes have alike.

    Attributes
    ----------
    shared : RedisCache or None
        What all processes have in common, if anything; asking it means waiting for a network.
    """

    def __init__(self, settings: Caching, *, clock: Callable[[], float] = time.time) -> None:
        self._near, self._clock = MemoryCache(parse_size(settings.max_memory)), clock
        self.shared: RedisCache | None = None
        if settings.backend == "redis":
            from ml.foundation.cache.redis import RedisCache  # late: the extra may not be there

            self.shared = RedisCache(settings.redis_url)

    @staticmethod
    def key(operation: str, stamp: tuple[Any, ...], asked: Mapping[str, Any]) -> str:
        """Name an answer."""
        return _NAME + hashlib.sha256(encode([operation, stamp, sorted(asked.items())])).hexdigest()

    def get(self, key: str) -> bytes | None:
        """Find an answer that this process has; None where it has none."""
        frozen = self._near.get(key)
        return None if frozen is None else bytes(frozen.value)

    def get_shared(self, key: str) -> bytes | None:
        """Find an answer of another process; None where there is none, or Redis is out of reach."""
        assert self.shared is not None
        frozen = self.shared.get(key)
        if frozen is None:
            return None
        try:
            made_at, body = self.shared.thaw(frozen)
        except Corrupt:
            return None
        # It grows no older by having been found.
        left_s = made_at + TTL_S - self._clock()
        if left_s > 0:
            self._near.put(key, self._near.freeze(body), ttl_s=min(left_s, TTL_S))
        return bytes(body)

    def put(self, key: str, body: bytes) -> None:
        """Keep an answer for a while."""
        self._near.put(key, self._near.freeze(body), ttl_s=TTL_S)
        if self.shared is not None:
            self.shared.put(key, self.shared.freeze((self._clock(), body)), ttl_s=TTL_S)
