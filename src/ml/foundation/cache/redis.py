"""Cached results in a Redis that several processes share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ml.foundation.cache.codec import decode, encode
from ml.foundation.extras import extra
from ml.foundation.log import logger
from ml.foundation.section import hide_password

if TYPE_CHECKING:
    from redis import Redis

T = TypeVar("T")

#: All our keys begin so; the number changes when the codec does.
NAMESPACE = "ml:cache:1:"
RETRY_AFTER_S = 30.0
TIMEOUT_S = 1.0


class RedisCache:
    """Keeps encoded values in Redis; while that is out of reach it keeps nothing.

    Parameters
    ----------
    url : str
        ``redis://``, ``rediss://`` or ``unix://``. Nothing is connected before the first use.
    retry_after_s : float > 0
        After a failure Redis is left alone this long, so that calls do not wait for it each time.
    clock : callable
        Seconds that never run backwards.

    Raises
    ------
    ml.foundation.errors.MissingExtra
        If the library is not installed.
    """

    name = "redis"
    remote = True

    def __init__(
        self, url: str, *, retry_after_s: float = RETRY_AFTER_S, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.url = url
        self._client = _client(url)
        self._retry_after_s = retry_after_s
        self._clock = clock
        self._lock = threading.Lock()
        self._quiet_until: float | None = None
        self._down = False
        self._refused = False

    def freeze(self, value: Any) -> bytes:
        """Encode; see :mod:`ml.foundation.cache.codec`."""
        return encode(value)

    def thaw(self, frozen: bytes) -> Any:
        """Decode."""
        return decode(frozen)

    def get(self, key: str) -> bytes | None:
        """Find the bytes of a value."""
        found = self._ask(lambda: self._client.get(NAMESPACE + key))
        return found if isinstance(found, bytes) else None

    def put(self, key: str, frozen: bytes, *, ttl_s: float) -> None:
        """Keep the bytes of a value; Redis itself lets them expire."""
        self._ask(lambda: self._client.set(NAMESPACE + key, frozen, px=max(1, round(ttl_s * 1000))))

    def script(self, text: str, key: str, *arguments: float) -> list[int] | None:
        """Run a script on one key, in one step that nothing else comes between.

        Returns
        -------
        list of int or None
            What it gives; None while Redis is out of reach or refuses.
        """
        found = self._ask(lambda: self._client.eval(text, 1, NAMESPACE + key, *map(str, arguments)))
        return list(found) if isinstance(found, list) else None

    def clear(self, prefix: str) -> None:
        """Forget all keys that begin so, in steps that do not hold Redis up."""
        self._ask(lambda: self._unlink(NAMESPACE + prefix))

    def count(self, prefix: str) -> int | None:  # noqa: ARG002
        """Give None: counting means walking through all keys."""
        return None

    def _unlink(self, prefix: str) -> None:
        pattern = "".join(f"\\{letter}" if letter in "*?[]\\" else letter for letter in prefix) + "*"
        for key in self._client.scan_iter(match=pattern, count=1000):
            self._client.unlink(key)

    def _ask(self, question: Callable[[], T]) -> T | None:
        """Ask Redis; None where it does not answer."""
        from redis.exceptions import ConnectionError, RedisError, TimeoutError  # noqa: A004  # redis's own

        if self._quiet_until is not None and self._clock() < self._quiet_until:
            return None
        try:
            answer = question()
        except (ConnectionError, TimeoutError, OSError) as error:
            self._went_down(error)
            return None
        except RedisError as error:
            self._refuses(error)
            return None
        self._came_back()
        return answer

    def _went_down(self, error: Exception) -> None:
        with self._lock:
            first, self._down = not self._down, True
            self._quiet_until = self._clock() + self._retry_after_s
        if first:
            logger.warning("Redis at %s does not answer (%s): results are not cached", hide_password(self.url), error)

    def _refuses(self, error: Exception) -> None:
        """Note that it answers, but not to this: out of memory, a key of another type, read only."""
        with self._lock:
            first, self._refused = not self._refused, True
        if first:
            logger.warning("Redis at %s refuses (%s): not cached", hide_password(self.url), error)

    def _came_back(self) -> None:
        if not self._down:
            return
        with self._lock:
            self._down, self._quiet_until = False, None
        logger.info("Redis at %s answers again", hide_password(self.url))


def _client(url: str) -> Redis:
    with extra("redis"):
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    # The library would try again for seconds; for a cache that is not worth the wait.
    return Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=Retry(NoBackoff(), 0))
