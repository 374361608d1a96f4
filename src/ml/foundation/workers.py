"""Worker threads behind the ``await`` names: sync inside, async at the door.

Conventions
-----------
Work is plain functions. While any of them runs in a pool, the BLAS libraries of this process are held to
``cpus // workers`` threads each, so that parallel calls share the cores instead of fighting for them;
afterwards they get back what they had.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class WorkerPool:
    """A bounded pool of threads, started at its first use and shared by all event loops.

    Parameters
    ----------
    workers : int >= 1
        Threads. More calls than that wait their turn.

    Examples
    --------
    >>> asyncio.run(WorkerPool(2).run(pow, 2, 10))
    1024
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"a pool needs at least one worker, not {workers}")
        self.workers = workers
        self._lock = threading.Lock()
        self._executor: ThreadPoolExecutor | None = None
        self._process = os.getpid()

    async def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a function in a worker thread and await its result.

        Context variables are those of the caller. A caller that is cancelled stops waiting; work that
        has begun runs to its end.

        Raises
        ------
        RuntimeError
            If the pool is closed, or the function raised :class:`StopIteration`, which no future can carry.
        """
        context = contextvars.copy_context()
        work = partial(self._work, partial(function, *args, **kwargs))
        return await asyncio.get_running_loop().run_in_executor(self._threads(), context.run, work)

    def close(self) -> None:
        """Drop what waits, let what runs finish; further calls start the threads anew."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown(wait=True, cancel_futures=True)

    def _threads(self) -> ThreadPoolExecutor:
        with self._lock:
            # A forked child has the object but not the threads.
            if self._executor is None or self._process != os.getpid():
                self._executor = ThreadPoolExecutor(self.workers, thread_name_prefix="ml-worker")
                self._process = os.getpid()
            return self._executor

    def _work(self, call: Callable[[], R]) -> R:
        with quiet_blas(self.workers):
            try:
                return call()
            except StopIteration as error:
                raise RuntimeError("the function raised StopIteration") from error


class _Blas:
    """Counts the calls that run now: the limit is the process's, so only the first sets it and the last lifts it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running = 0
        self._limit: Any = None
        self._controller: Any = None

    @contextmanager
    def held_to(self, threads: int) -> Iterator[None]:
        with self._lock:
            if self._running == 0:
                self._limit = self._set(threads)
            self._running += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1
                if self._running == 0:
                    self._lift()

    def _set(self, threads: int) -> Any:
        libraries = self._libraries()
        _free_control()
        return libraries.limit(limits=threads, user_api="blas")

    def _lift(self) -> None:
        _free_control()
        self._limit.restore_original_limits()
        _free_control()

    def _libraries(self) -> Any:
        """Find the BLAS libraries of the process; looked for once, since that takes 0.3 ms."""
        if self._controller is None:
            import numpy as np  # noqa: F401  # loads its BLAS, which must be there to be found
            from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]  # late: not for `import ml`

            self._controller = ThreadpoolController()
        return self._controller


def _free_control() -> None:
    """Let any thread set the limit: threadpoolctl obeys only the one that set it first, and another may lift ours."""
    from threadpoolctl import OpenBLASController

    free = getattr(OpenBLASController, "clear_controlling_thread", None)  # since 3.7; earlier ones asked nobody
    if free is not None:
        free(force=True)


_blas = _Blas()


def quiet_blas(workers: int) -> AbstractContextManager[None]:
    """Hold BLAS to each worker's share of the cores while the block runs.

    Parameters
    ----------
    workers : int >= 1
        How many blocks like this one run at a time.
    """
    # The cores this process may use: a container's share of a large machine, not all of it.
    return _blas.held_to(max(1, len(os.sched_getaffinity(0)) // workers))
