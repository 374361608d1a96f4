"""Answers that are given again while nothing has changed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Any

from ml.foundation.cache.backend import Backend, Corrupt
from ml.foundation.cache.memory import MemoryCache
from ml.foundation.settings import Caching
from ml.foundation.sizes import parse_size
from ml.service.answers import encode

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
    """

    def __init__(self, settings: Caching, *, clock: Callable[[], float] = time.time) -> None:
        self._near, self._clock = MemoryCache(parse_size(settings.max_memory)), clock
        self._far: Backend | None = None
        if settings.backend == "redis":
            from ml.foundation.cache.redis import RedisCache  # late: the extra may not be there

            self._far = RedisCache(settings.redis_url)

    @property
    def shared(self) -> bool:
        """Whether other processes may have an answer too; asking them means waiting for a network."""
        return self._far is not None

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
        assert self._far is not None
        frozen = self._far.get(key)
        if frozen is None:
            return None
        try:
            made_at, body = self._far.thaw(frozen)
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
        if self._far is not None:
            self._far.put(key, self._far.freeze((self._clock(), body)), ttl_s=TTL_S)
