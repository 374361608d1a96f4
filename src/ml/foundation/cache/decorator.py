"""The decorator ``cache_ml_result``."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, Protocol, TypeVar, cast, overload

from ml.foundation.cache.backend import Backend, Corrupt, Uncacheable
from ml.foundation.cache.flight import Abandoned, Crashed, Flight, Flights, Outcome
from ml.foundation.cache.keys import Unkeyable, digest, function_digest
from ml.foundation.cache.memory import MemoryCache
from ml.foundation.errors import SettingsError, did_you_mean
from ml.foundation.log import logger
from ml.foundation.results import Result
from ml.foundation.sizes import parse_size

F = TypeVar("F", bound=Callable[..., Any])
BackendName = Literal["memory", "redis"]
_MISSING: Any = object()
# What a caller has to do whose computation by another did not give a value.
_AGAIN: Any = object()
_ALONE: Any = object()


class CachingSettings(Protocol):
    """What the cache asks of the settings: the section ``caching``."""

    backend: Any
    redis_url: str
    default_ttl: int
    max_memory: str


@dataclass(frozen=True, slots=True)
class CacheInfo(Result):
    """How a cached function fares.

    Parameters
    ----------
    hits : int
        Calls answered without computing, those that waited for another call included.
    misses : int
        Calls that computed and could be kept.
    uncached : int
        Calls whose arguments or result could not be kept.
    entries : int or None
        Results kept now; None where only the backend knows.
    backend : str
        ``"memory"`` or ``"redis"``.
    """

    hits: int
    misses: int
    uncached: int
    entries: int | None
    backend: str


@overload
def cache_ml_result(ttl: F) -> F: ...
@overload
def cache_ml_result(ttl: float | None = None, *, backend: BackendName | Backend | None = None) -> Callable[[F], F]: ...
def cache_ml_result(ttl: Any = None, *, backend: BackendName | Backend | None = None) -> Any:
    """Remember the results of a function, method, or coroutine function.

    Equal arguments give the remembered result, however they are passed: ``f(1)`` is ``f(x=1)``, and mappings are equal
    in any order. Each caller gets its own copy. A method needs a ``self`` that has a key: a dataclass,
    or an object with ``__cache_key__()``.

    Parameters
    ----------
    ttl : float > 0, optional
        Seconds a result is kept; None is the setting ``caching.default_ttl``.
    backend : {"memory", "redis"} or Backend, optional
        Where; None is the setting ``caching.backend``.

    Returns
    -------
    callable
        With ``cache_clear()`` and ``cache_info()``.

    Raises
    ------
    ValueError, TypeError
        If ``ttl`` is not positive, or what is decorated is not a function or gives its results one by one.
    ml.foundation.errors.MissingExtra
        At the first call, if Redis is wanted and its library is not installed.

    Examples
    --------
    >>> @cache_ml_result(ttl=60)
    ... def square(x):
    ...     return x * x
    >>> square(3), square(x=3), square.cache_info().hits
    (9, 9, 1)
    """
    if callable(ttl):
        return _decorated(ttl, None, None)
    if ttl is not None and not ttl > 0:
        raise ValueError(f"ttl has to be positive, in seconds, not {ttl}")
    return lambda function: _decorated(function, ttl, backend)


def bind(settings: Callable[[], CachingSettings]) -> None:
    """Say where the settings come from; asked at each call, never before the first."""
    _stores.settings = settings


class _Defaults:
    """The defaults of the section, for a cellar without a house."""

    backend = "memory"
    redis_url = "redis://localhost:6379"
    default_ttl = 3600
    max_memory = "2gb"


class _Stores:
    """The backends of this process, opened when first asked for and changed when the settings change."""

    def __init__(self) -> None:
        self.settings: Callable[[], CachingSettings] = _Defaults
        self._lock = threading.Lock()
        self._memory: tuple[str, MemoryCache] | None = None
        self._redis: tuple[str, Backend] | None = None

    def choose(self, backend: BackendName | Backend | None) -> Backend:
        name = backend if backend is not None else self.settings().backend
        if not isinstance(name, str):
            return cast("Backend", name)
        if name == "memory":
            return self._in_memory(self.settings().max_memory)
        if name == "redis":
            return self._in_redis(self.settings().redis_url)
        raise SettingsError(f"unknown cache backend {name!r}", did_you_mean(name, ["memory", "redis"]))

    def _in_memory(self, size: str) -> MemoryCache:
        with self._lock:
            if self._memory is None:
                self._memory = (size, MemoryCache(parse_size(size)))
            elif self._memory[0] != size:
                self._memory[1].max_bytes = parse_size(size)
                self._memory = (size, self._memory[1])
            return self._memory[1]

    def _in_redis(self, url: str) -> Backend:
        from ml.foundation.cache.redis import RedisCache  # with its codec and NumPy: only who uses it loads it

        with self._lock:
            if self._redis is None or self._redis[0] != url:
                self._redis = (url, RedisCache(url))
            return self._redis[1]


_stores = _Stores()
_numbers = itertools.count(1)


class _Cached:
    """A function and what is known about it; shared by the plain and the awaiting wrapper."""

    def __init__(self, function: Callable[..., Any], ttl: float | None, backend: BackendName | Backend | None) -> None:
        self.function = function
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.itself: Any = None
        self._signature = inspect.signature(function)
        self._ttl = ttl
        self._backend = backend
        self._number = next(_numbers)
        self._flights = Flights()
        self._lock = threading.Lock()
        self._counts = {"hits": 0, "misses": 0, "uncached": 0}
        self._warned = False
        self._shared_prefix: str | None = None

    def call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        backend = _stores.choose(self._backend)
        key = self._key(backend, args, kwargs)
        value = _AGAIN if key is not None else _ALONE
        while value is _AGAIN:
            flight, leads = self._flights.join(cast("str", key))
            if flight is None:
                value = _ALONE
            elif leads:
                return self._lead(flight, backend, args, kwargs)
            else:
                value = self._settle(flight.future.result(), backend)
        return self.function(*args, **kwargs) if value is _ALONE else value

    async def await_call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        backend = _stores.choose(self._backend)
        key = self._key(backend, args, kwargs)
        value = _AGAIN if key is not None else _ALONE
        while value is _AGAIN:
            flight, leads = self._flights.join(cast("str", key))
            if flight is None:
                value = _ALONE
            elif leads:
                return await self._await_lead(flight, backend, args, kwargs)
            else:
                value = self._settle(await asyncio.wrap_future(flight.future), backend)
        return await self.function(*args, **kwargs) if value is _ALONE else value

    def clear(self) -> None:
        self._flights.forget()
        backend = _stores.choose(self._backend)
        with suppress(Unkeyable):  # then nothing was ever kept
            backend.clear(self._prefix(backend))

    def info(self) -> CacheInfo:
        backend = _stores.choose(self._backend)
        entries = None if backend.remote else backend.count(self._prefix(backend))
        with self._lock:
            return CacheInfo(**self._counts, entries=entries, backend=backend.name)

    def _lead(self, flight: Flight, backend: Backend, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        with flight:
            value = self._recall(flight, backend, backend.get(flight.key))
            if value is _MISSING:
                value = self.function(*args, **kwargs)
                if self._freeze(flight, backend, value):
                    backend.put(flight.key, flight.frozen, ttl_s=self._ttl_s())
            return value

    async def _await_lead(self, flight: Flight, backend: Backend, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        # A network must not hold up the event loop.
        ask = asyncio.to_thread if backend.remote else _at_once
        with flight:
            value = self._recall(flight, backend, await ask(backend.get, flight.key))
            if value is _MISSING:
                value = await self.function(*args, **kwargs)
                if self._freeze(flight, backend, value):
                    await ask(backend.put, flight.key, flight.frozen, ttl_s=self._ttl_s())
            return value

    def _recall(self, flight: Flight, backend: Backend, frozen: Any | None) -> Any:
        """Read a kept value; what cannot be read counts as not there."""
        if frozen is None:
            return _MISSING
        try:
            value = backend.thaw(frozen)
        except Corrupt as error:
            logger.debug("%s: a kept result is not usable: %s", self.name, error)
            return _MISSING
        flight.frozen = frozen
        self._count("hits")
        return value

    def _freeze(self, flight: Flight, backend: Backend, value: Any) -> bool:
        """Make the value ready for others, and tell whether to keep it."""
        try:
            flight.frozen = backend.freeze(value)
        except Uncacheable as error:
            self._count("uncached")
            self._warn(f"its result is not kept: {error}")
            return False
        self._count("misses")
        return self._flights.current(flight)

    def _settle(self, outcome: Outcome, backend: Backend) -> Any:
        """Take the result of a call that was waited for: its value, or what to do instead."""
        if isinstance(outcome, Crashed):
            raise outcome.error
        if isinstance(outcome, Abandoned):
            return _AGAIN
        if outcome.frozen is None:
            return _ALONE
        self._count("hits")
        return backend.thaw(outcome.frozen)

    def _key(self, backend: Backend, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError:
            return None  # the function itself says best what is wrong with the call
        bound.apply_defaults()
        what = "what it closes over"
        try:
            prefix = self._prefix(backend)
            what = "an argument"
            return prefix + digest(bound.arguments).hex()
        except Unkeyable as error:
            self._count("uncached")
            self._warn(f"{what} has no key, so nothing is kept: {error}")
            return None

    def _prefix(self, backend: Backend) -> str:
        if not backend.remote:
            # Two closures of one name are two functions.
            return f"{self.name}#{self._number}:"
        with self._lock:  # once: what a function closes over may change while it is called
            if self._shared_prefix is None:
                self._shared_prefix = f"{self.name}:{function_digest(self.function, itself=self.itself).hex()}:"
            return self._shared_prefix

    def _ttl_s(self) -> float:
        return self._ttl if self._ttl is not None else _stores.settings().default_ttl

    def _count(self, what: str) -> None:
        with self._lock:
            self._counts[what] += 1

    def _warn(self, text: str) -> None:
        with self._lock:
            first, self._warned = not self._warned, True
        if first:
            logger.warning("cache of %s: %s", self.name, text)


async def _at_once(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    return function(*args, **kwargs)


def _decorated(function: Any, ttl: float | None, backend: BackendName | Backend | None) -> Any:
    if not callable(function) or not hasattr(function, "__qualname__"):
        raise TypeError(f"{function!r} is not a function; put @cache_ml_result below @classmethod and @staticmethod")
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(f"{function.__qualname__} gives its results one by one; they cannot be remembered")
    cached = _Cached(function, ttl, backend)
    wrapper: Any
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def awaiting(*args: Any, **kwargs: Any) -> Any:
            return await cached.await_call(args, kwargs)

        wrapper = awaiting
    else:

        @wraps(function)
        def plain(*args: Any, **kwargs: Any) -> Any:
            return cached.call(args, kwargs)

        wrapper = plain
    cached.itself = wrapper
    wrapper.cache_clear, wrapper.cache_info = cached.clear, cached.info
    return wrapper
