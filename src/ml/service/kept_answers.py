"""Answers that are given again while nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ml.foundation.cache.backend import Backend
from ml.foundation.cache.memory import MemoryCache
from ml.foundation.settings import Caching
from ml.foundation.sizes import parse_size
from ml.service.answers import encode

if TYPE_CHECKING:
    from ml.foundation.cache.redis import RedisCache

#: No answer is older: the session at hand counts less with every minute.
TTL_S = 60.0
_NAME = "answers:1:"


class KeptAnswers:
    """Bodies of answers, by what was asked and by a mark of what they rest on.

    Parameters
    ----------
    settings : Caching

    Attributes
    ----------
    shared : RedisCache or None
        What all processes have in common, if anything.
    """

    def __init__(self, settings: Caching) -> None:
        self.shared: RedisCache | None = None
        self._backend: Backend = MemoryCache(parse_size(settings.max_memory))
        if settings.backend == "redis":
            from ml.foundation.cache.redis import RedisCache  # late: the extra may not be there

            self._backend = self.shared = RedisCache(settings.redis_url)

    @property
    def remote(self) -> bool:
        """Whether asking means waiting for a network."""
        return self._backend.remote

    @staticmethod
    def key(operation: str, stamp: tuple[Any, ...], asked: Mapping[str, Any]) -> str:
        """Name an answer."""
        return _NAME + hashlib.sha256(encode([operation, stamp, sorted(asked.items())])).hexdigest()

    def get(self, key: str) -> bytes | None:
        """Find an answer; None where there is none, or the cache is out of reach."""
        frozen = self._backend.get(key)
        return None if frozen is None else bytes(self._backend.thaw(frozen))

    def put(self, key: str, body: bytes) -> None:
        """Keep an answer for a while."""
        self._backend.put(key, self._backend.freeze(body), ttl_s=TTL_S)
