"""The runner: does the jobs of a workspace, one after the other, until none is left."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from ml.app.jobs.kinds import KINDS, Kind, kind_named
from ml.app.jobs.watch import EVERY_S, Stopped, Watch
from ml.data.jobs import Job, Jobs, RunnerLock
from ml.foundation.errors import MLError, StoreError
from ml.foundation.log import logger
from ml.foundation.results import plain

if TYPE_CHECKING:
    from ml.app.app import App

#: How long a runner waits for another job before it ends.
IDLE_S = 5.0
_LOOK_S = 0.25
# Whoever only looks whether there is a runner holds the lock for a moment.
_PATIENCE_S = 1.0


def run(
    app: App,
    *,
    idle_s: float = IDLE_S,
    every_s: float = EVERY_S,
    kinds: Mapping[str, Kind] = KINDS,
    on_begin: Callable[[Job], None] = lambda _: None,
    on_end: Callable[[Job], None] = lambda _: None,
) -> int | None:
    """Do the jobs of a workspace, one after the other, in this process.

    Parameters
    ----------
    app : ml.app.App
    idle_s : float
        How long to wait for another job where none is left.
    every_s : float
        Seconds between two looks at whether a job shall stop, which write down how far it is.
    kinds : mapping of str to Kind
    on_begin, on_end : callable
        Told of each job.

    Returns
    -------
    int or None
        How many jobs were begun; None where another runner is at work.

    Raises
    ------
    StoreError
        If the database cannot be used any more; what was begun is seen to by the next runner.
    """
    one = _Runner(app, kinds, every_s, on_begin, on_end)
    begun: int | None = None
    # Whoever asked for a job while the lock was still held has started no runner: so look again once it is given back.
    while begun is None or one.jobs.waiting():
        some = one.run(idle_s)
        if some is None:
            break
        begun = some + (begun or 0)
    return begun


class _Runner:
    """One runner, under a name of its own."""

    def __init__(
        self,
        app: App,
        kinds: Mapping[str, Kind],
        every_s: float,
        on_begin: Callable[[Job], None],
        on_end: Callable[[Job], None],
    ) -> None:
        self._app, self._kinds, self._every_s = app, kinds, every_s
        self._on_begin, self._on_end = on_begin, on_end
        self._name = uuid.uuid4().hex
        self._resumable = [name for name, kind in kinds.items() if kind.resumable]
        self._lock = RunnerLock(app.workspace)
        self.jobs = Jobs(app.workspace.store)

    def run(self, idle_s: float) -> int | None:
        """Do what there is to do under the lock; None where another runner has it."""
        if not self._lock.take(patience_s=_PATIENCE_S):
            return None
        try:
            # Nobody else runs: whatever is said to be running was left behind.
            self.jobs.recover(self._resumable)
            self.jobs.forget()
            begun = 0
            while (job := self._next(idle_s)) is not None:
                self._do(job)
                begun += 1
            return begun
        finally:
            with suppress(StoreError):
                # After Ctrl-C or a signal: what was begun need not wait until somebody finds it.
                self.jobs.recover(self._resumable, runner=self._name)
            self._lock.release()

    def _next(self, idle_s: float) -> Job | None:
        deadline = time.monotonic() + idle_s
        while self._lock.is_held():
            # A look takes no lock of the writers'.
            job = self.jobs.take(self._name) if self.jobs.waiting() else None
            if job is not None or time.monotonic() >= deadline:
                return job
            time.sleep(min(_LOOK_S, idle_s))
        return None

    def _do(self, job: Job) -> None:
        self._on_begin(job)
        ended = self._end(job)
        if ended is not None:
            self._on_end(ended)

    def _end(self, job: Job) -> Job | None:
        """Do a job, and write down what became of it; None where it is another runner's now."""
        try:
            result = self._work(job)
        except Stopped:
            return self.jobs.stop(job.id, self._name)
        except MLError as error:
            return self.jobs.fail(job.id, self._name, error)
        except Exception as error:  # noqa: BLE001  # a fault of ours in one job must not keep the others waiting
            logger.exception("job %d, %s", job.id, job.kind)
            return self.jobs.fail(job.id, self._name, _fault(error))
        return self.jobs.finish(job.id, self._name, result)

    def _work(self, job: Job) -> Any:
        kind = kind_named(job.kind, self._kinds)
        asked = kind.read(job.arguments)
        with Watch(partial(self.jobs.beat, job.id, self._name), every_s=self._every_s) as watch:
            return plain(kind.work(self._app, asked, watch))


def _fault(error: Exception) -> MLError:
    return MLError(
        f"a fault of ours: {type(error).__name__}: {error}",
        "please report it; where it happened is at the end of the workspace's runner.log",
        code="job_fault",
    )
