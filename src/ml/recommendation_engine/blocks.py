"""Blocks of listeners answered side by side, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ml.foundation.workers import quiet_blas

#: Scores that are held at a time: 32 MiB.
SCORES = 1 << 23
T = TypeVar("T")
R = TypeVar("R")


def in_order(work: Callable[[T], R], blocks: Iterable[T], *, threads: int) -> Iterator[R]:
    """Work on blocks in threads; give the results in the order of the blocks.

    At most one block more than there are threads is under way, so that memory stays bounded however slowly
    the results are taken. Whoever stops taking them stops the work. While a block is worked on, BLAS is held
    to the cores that the other threads leave.

    Parameters
    ----------
    work : callable
    blocks : iterable
    threads : int >= 1

    Examples
    --------
    >>> list(in_order(len, ["a", "bcd", "ef"], threads=2))
    [1, 3, 2]
    """

    def alone(block: T) -> R:
        with quiet_blas(threads):
            return work(block)

    # Threads of their own: work that runs in a WorkerPool and waited there for other work could wait forever.
    with ThreadPoolExecutor(threads, thread_name_prefix="ml-batch") as pool:
        coming: deque[Future[R]] = deque()
        try:
            for block in blocks:
                coming.append(pool.submit(alone, block))
                if len(coming) > threads:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            for future in coming:
                future.cancel()


def chunks(n_users: int, n_items: int) -> Iterator[NDArray[np.int64]]:
    """Cut listeners into stretches: enough for products of matrices, few enough for memory to stay bounded."""
    step = max(1, SCORES // max(1, n_items))
    return (np.arange(first, min(first + step, n_users)) for first in range(0, n_users, step))
