"""Records that reach the disk together, and those who wait for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from ml.data.audit.record import Entry
from ml.foundation.errors import MLError, StoreError

#: How long a disk may take before it counts as stuck.
PATIENCE_S = 60.0


class Batch:
    """Records that reach the disk together."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._is_done = False
        self._error: BaseException | None = None
        self._guard = threading.Lock()
        # A lock for each thread that waits: woken, it needs nothing that the others need too.
        self._threads: list[threading.Lock] = []
        self._loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}

    def finish(self, error: BaseException | None = None) -> None:
        """Tell everybody that the records are on the disk, or why not."""
        with self._guard:
            self._is_done, self._error = True, error
        for lock in self._threads:
            lock.release()
        for loop, futures in self._loops.items():
            with suppress(RuntimeError):  # the loop was closed, and nobody is there to be told
                loop.call_soon_threadsafe(_wake, futures)

    def wait(self) -> None:
        """Wait until it is finished; raise what it was finished with."""
        lock = threading.Lock()
        lock.acquire()
        if self._waits(lock) and not lock.acquire(timeout=PATIENCE_S):
            raise _stuck()
        self._raise()

    async def durable(self) -> None:
        """Do as :meth:`wait` does, without keeping a thread."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._guard:
            waits = not self._is_done
            if waits:
                self._loops.setdefault(loop, []).append(future)
        if waits:
            try:
                await asyncio.wait_for(future, PATIENCE_S)
            except TimeoutError:
                raise _stuck() from None
        self._raise()

    def _waits(self, lock: threading.Lock) -> bool:
        with self._guard:
            if not self._is_done:
                self._threads.append(lock)
            return not self._is_done

    def _raise(self) -> None:
        error = self._error
        if isinstance(error, MLError):  # many raise it: each has one of its own
            raise type(error)(error.message, error.hint) from error
        if error is not None:
            raise error


@dataclass(frozen=True, slots=True)
class Ticket:
    """A record that is on its way to the disk."""

    _entry: Entry
    _batch: Batch

    def wait(self) -> int:
        """Wait until the record is on the disk; return its number in the chain of this process.

        Raises
        ------
        DiskFull, StoreError
            If it is not recorded.
        """
        self._batch.wait()
        return self._entry.n

    async def durable(self) -> int:
        """Do as :meth:`wait` does, without keeping a thread."""
        await self._batch.durable()
        return self._entry.n


def _wake(futures: Iterable[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():  # nobody has given up
            future.set_result(None)


def _stuck() -> StoreError:
    return StoreError("the audit log does not answer: its disk is stuck", "check the disk: ml doctor")
