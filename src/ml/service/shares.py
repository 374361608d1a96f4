"""Threads are shared out: nobody who asks takes all of them, and nobody lets more wait than is allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from ml.foundation.workers import WorkerPool

R = TypeVar("R")


class TooMany(Exception):
    """A caller asks faster than they may.

    Parameters
    ----------
    wait_s : int
        After how many seconds they may ask again.
    """

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class _Share:
    """What one caller has of the threads."""

    def __init__(self, width: int) -> None:
        self.turns = asyncio.Semaphore(width)
        self.waiting = self.running = 0


class Shares:
    """Runs functions in threads, for each caller in all of them but one at most at a time.

    A thread counts as taken until its work ends, also where nobody waits for that any more: whoever lets requests run
    into their time limit has no more of the threads than anybody else.

    Parameters
    ----------
    pool : WorkerPool
    most_waiting : int
        Of one caller's functions.
    """

    def __init__(self, pool: WorkerPool, most_waiting: int) -> None:
        self._pool, self._most_waiting = pool, most_waiting
        self._width = max(1, pool.workers - 1)
        self._shares: dict[str, _Share] = {}

    async def run(self, caller: str, function: Callable[[], R]) -> R:
        """Run a function once it is its caller's turn.

        Raises
        ------
        TooMany
            If as many wait already as may.
        """
        share = self._shares.get(caller) or self._shares.setdefault(caller, _Share(self._width))
        if share.waiting >= self._most_waiting:
            raise TooMany(1)
        share.waiting += 1
        try:
            await share.turns.acquire()
        except BaseException:
            share.waiting -= 1
            self._forget(caller, share)
            raise
        share.waiting -= 1
        share.running += 1
        turn = _Turn(lambda: self._end(caller, share))
        loop = asyncio.get_running_loop()

        def work() -> R:
            turn.begun = True
            try:
                return function()
            finally:
                turn.finished = True
                if turn.given_up:
                    with suppress(RuntimeError):  # the loop is closed, and whoever waited with it
                        loop.call_soon_threadsafe(turn.end)

        try:
            return await self._pool.run(work)
        except asyncio.CancelledError:
            turn.given_up = True  # the thread looks at this after it has said that it is finished
            raise
        finally:
            if turn.finished or not turn.begun:
                turn.end()

    def _end(self, caller: str, share: _Share) -> None:
        share.running -= 1
        share.turns.release()
        self._forget(caller, share)

    def _forget(self, caller: str, share: _Share) -> None:
        if not share.running and not share.waiting:
            self._shares.pop(caller, None)


class _Turn:
    """One function's turn, which ends once: in the loop, whoever asks for it."""

    def __init__(self, end: Callable[[], None]) -> None:
        self._end, self._ended = end, False
        self.begun = self.finished = self.given_up = False

    def end(self) -> None:
        if not self._ended:
            self._ended = True
            self._end()
