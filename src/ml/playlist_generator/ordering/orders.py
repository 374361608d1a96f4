"""Orders that a few tracks can be put in by one small change."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

#: Longest stretch of tracks that is moved elsewhere as it is.
_LONGEST_MOVED = 3


@lru_cache(maxsize=8)
def orders_of(n: int) -> NDArray[np.int16]:
    """List the orders that swaps, moves and turned stretches make of ``n`` tracks, int16 [shape=(k, n)]."""
    same = np.arange(n)
    found: dict[bytes, NDArray[np.int16]] = {}

    def add(order: NDArray[np.integer]) -> None:
        row = order.astype(np.int16)
        found.setdefault(row.tobytes(), row)

    for first in range(n):
        for last in range(first + 1, n):
            swapped = same.copy()
            swapped[[first, last]] = last, first
            add(swapped)
            add(np.concatenate([same[:first], same[first : last + 1][::-1], same[last + 1 :]]))
    for length in range(1, _LONGEST_MOVED + 1):
        for first in range(n - length + 1):
            moved, rest = same[first : first + length], np.delete(same, slice(first, first + length))
            for to in range(len(rest) + 1):
                add(np.concatenate([rest[:to], moved, rest[to:]]))
    found.pop(same.astype(np.int16).tobytes(), None)
    return np.stack(list(found.values())) if found else np.empty((0, n), dtype=np.int16)
