"""Cached results in this process, within a bound of memory."""

from __future__ import annotations

import copy
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ml.foundation.cache.backend import Uncacheable

#: What an entry costs besides its value: key, record, place in the table.
ENTRY_BYTES = 400


@dataclass(frozen=True, slots=True)
class Frozen:
    """A private copy of a value, with its estimated size."""

    value: Any
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Entry:
    frozen: Frozen
    expires_at: float


class MemoryCache:
    """Keeps what was used last, up to a number of bytes; what is over goes with the next that comes.

    Parameters
    ----------
    max_bytes : int > 0
        Estimated size of all values together; a value that is larger alone is not kept.
    clock : callable
        Seconds that never run backwards.

    Examples
    --------
    >>> cache = MemoryCache(1_000_000)
    >>> cache.put("k", cache.freeze([1, 2]), ttl_s=60)
    >>> cache.thaw(cache.get("k"))
    [1, 2]
    """

    name = "memory"
    remote = False

    def __init__(self, max_bytes: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._clock = clock
        self._max_bytes = max_bytes
        self._used = 0

    @property
    def max_bytes(self) -> int:
        """The bound; a smaller one takes effect at once."""
        return self._max_bytes

    @max_bytes.setter
    def max_bytes(self, value: int) -> None:
        with self._lock:
            self._max_bytes = value
            self._shrink()

    @property
    def used_bytes(self) -> int:
        """Estimated size of what is kept now, the expired included."""
        return self._used

    def freeze(self, value: Any) -> Frozen:
        """Copy a value deeply.

        Raises
        ------
        Uncacheable
            If it cannot be copied: a generator, a lock, a connection.
        """
        try:
            private = copy.deepcopy(value)
        except Exception as error:  # a foreign __deepcopy__ may raise anything
            raise Uncacheable(f"{type(value).__name__} cannot be copied ({error})") from error
        return Frozen(private, size_of(private))

    def thaw(self, frozen: Frozen) -> Any:
        """Copy again, so that each caller has its own."""
        return copy.deepcopy(frozen.value)

    def get(self, key: str) -> Frozen | None:
        """Find a value that has not expired, and count it as used."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry.expires_at <= self._clock():
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return entry.frozen

    def put(self, key: str, frozen: Frozen, *, ttl_s: float) -> None:
        """Keep a value; what is over makes room, and if need be the least recently used."""
        with self._lock:
            if key in self._entries:
                self._drop(key)
            self._forget_old()
            if frozen.size_bytes + ENTRY_BYTES > self._max_bytes:
                return
            self._entries[key] = _Entry(frozen, self._clock() + ttl_s)
            self._used += frozen.size_bytes + ENTRY_BYTES
            self._shrink()

    def clear(self, prefix: str = "") -> None:
        """Forget all keys that begin so."""
        with self._lock:
            for key in [key for key in self._entries if key.startswith(prefix)]:
                self._drop(key)

    def count(self, prefix: str = "") -> int:
        """Count what is kept under keys that begin so and has not expired."""
        with self._lock:
            now = self._clock()
            return sum(key.startswith(prefix) and entry.expires_at > now for key, entry in self._entries.items())

    def _drop(self, key: str) -> None:
        self._used -= self._entries.pop(key).frozen.size_bytes + ENTRY_BYTES

    def _forget_old(self) -> None:
        """Drop what is over and was not asked for since the others were: nobody may ever ask for it again."""
        now = self._clock()
        while self._entries and (oldest := next(iter(self._entries.items())))[1].expires_at <= now:
            self._drop(oldest[0])

    def _shrink(self) -> None:
        while self._used > self._max_bytes:
            self._drop(next(iter(self._entries)))


def size_of(value: Any) -> int:
    """Estimate the memory of a value and all it holds; what it holds twice counts once.

    Returns
    -------
    int
        Bytes: the sizes Python states, the buffers of arrays, the estimates of data frames.

    Examples
    --------
    >>> import numpy as np
    >>> 8000 <= size_of({"a": np.zeros(1000)}) < 9000
    True
    """
    total, seen, waiting = 0, set[int](), [value]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        total += sys.getsizeof(item, 64) + _buffer_bytes(item)
        if not _is_frame(item):
            waiting.extend(_held(item))
    return total


def _is_frame(item: Any) -> bool:
    """Tell data frames and their columns: polars and pandas state the size of all they hold."""
    return hasattr(item, "estimated_size") or hasattr(item, "memory_usage")


def _buffer_bytes(item: Any) -> int:
    """Measure what lies outside of the object: views of arrays, tensors, data frames."""
    if isinstance(item, type):
        return 0
    if hasattr(item, "estimated_size"):  # polars
        return int(item.estimated_size())
    size = getattr(item, "nbytes", 0)
    return size if isinstance(size, int) and size > sys.getsizeof(item, 64) else 0


def _held(item: Any) -> Iterable[Any]:
    if isinstance(item, str | bytes | bytearray | int | float | complex | type | None):
        return ()
    if isinstance(item, Mapping):
        return [part for pair in item.items() for part in pair]
    if isinstance(item, list | tuple | set | frozenset):
        return item
    if getattr(getattr(item, "dtype", None), "hasobject", False):
        return list(item.ravel().tolist())
    slots = [name for kind in type(item).__mro__ for name in getattr(kind, "__slots__", ())]
    held = [getattr(item, name) for name in slots if isinstance(name, str) and hasattr(item, name)]
    return [*held, *getattr(item, "__dict__", {}).values()]
