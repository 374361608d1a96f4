"""How far a job is, told by its work and written down beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

from ml.data.jobs import Progress
from ml.foundation.errors import StoreError
from ml.foundation.said import Said

#: Between two words about a job.
EVERY_S = 0.5


class Stopped(BaseException):
    """A job that notices that it shall stop.

    It goes the way of Ctrl-C, which all work of ours takes without harm: no ``except Exception`` on that way may take
    it for a failure.
    """


class Watch:
    """Somebody who is told how far a job is, writes it down now and then, and stops it where it shall.

    Telling costs nothing; a thread does the writing, also while the job says nothing for minutes.

    Parameters
    ----------
    beat : callable
        Writes down how far the job is, and gives whether it shall go on.
    every_s : float
        Seconds between two beats.
    """

    def __init__(self, beat: Callable[[Progress], bool], *, every_s: float = EVERY_S) -> None:
        self._beat = beat
        self._every_s = every_s
        self._progress = Progress()
        self._over = threading.Event()
        #: Set once the job shall stop.
        self.stop = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="ml-job", daemon=True)

    def step(self, text: str) -> None:
        """Say what is being done.

        Raises
        ------
        Stopped
        """
        self.count(text)

    def count(self, step: str, done: int | None = None, total: int | None = None) -> None:
        """Say what is being done, and how much of it is done.

        Raises
        ------
        Stopped
        """
        self._progress = Progress(step, done, total, step.words if isinstance(step, Said) else None)
        if self.stop.is_set():
            raise Stopped

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._say()  # what was reached last

    def _keep(self) -> None:
        while not self._over.wait(self._every_s):
            self._say()

    def _say(self) -> None:
        # A database that is busy or gone for a while ends no job; what the job itself stores would say so.
        with suppress(StoreError):
            if not self._beat(self._progress):
                self.stop.set()
