"""Asking for jobs, and looking after them."""

from __future__ import annotations

import builtins
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.app.jobs.kinds import kind_named, settled
from ml.app.jobs.starting import start_runner
from ml.data.jobs import Job, Jobs, RunnerLock

if TYPE_CHECKING:
    from ml.app.app import App

_LOOK_S = 0.2
_LOOK_AFTER_S = 5.0


class BackgroundJobs:
    """The jobs of a workspace: asked for, looked at, cancelled.

    Parameters
    ----------
    app : ml.app.App

    Examples
    --------
    >>> job = app.jobs.submit("import", {"path": "history.zip"}, owner="local", within=None)  # doctest: +SKIP
    >>> app.jobs.wait(job.id).result["added"]  # doctest: +SKIP
    {'listens': 384}
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._jobs = Jobs(app.workspace.store)

    def submit(
        self,
        kind: str,
        arguments: Mapping[str, Any],
        *,
        owner: str,
        within: Sequence[Path] | None,
        start: bool = True,
    ) -> Job:
        """Ask for a job; it is durable when this returns, and a runner is at work.

        Parameters
        ----------
        kind : str
            Of :data:`ml.app.jobs.KINDS`.
        arguments : mapping
            By the names of the kind's arguments.
        owner : str
            The id of who asks.
        within : sequence of Path, optional
            The folders that paths may lie in, links followed; None for whoever may name any.
        start : bool
            Whether to start a runner where none is at work.

        Raises
        ------
        BadInput
            Which names the argument that cannot be.
        StoreError
        """
        chosen = kind_named(kind)
        asked = settled(chosen, chosen.read(arguments), within)
        job = self._jobs.submit(kind, asked.model_dump(mode="json", exclude_unset=True), owner=owner)
        if start:
            start_runner(self._app)
        return job

    def get(self, job_id: int) -> Job:
        """Give a job by its number.

        Raises
        ------
        UnknownId
        """
        return self._jobs.get(job_id)

    def list(self, **wanted: Any) -> builtins.list[Job]:
        """List jobs, the newest first; see :meth:`ml.data.jobs.Jobs.list`."""
        return self._jobs.list(**wanted)

    def cancel(self, job_id: int) -> Job:
        """Ask a job to stop; see :meth:`ml.data.jobs.Jobs.cancel`."""
        return self._jobs.cancel(job_id)

    def is_attended(self) -> bool:
        """Tell whether a runner is at work."""
        return not RunnerLock(self._app.workspace).is_free()

    def look_after(self) -> bool:
        """Start a runner where something is left to do and none is at work; give whether it was started.

        For whoever starts after a crash, and now and then for whoever goes on for long: what a dead runner left behind
        is taken up again.
        """
        return self._jobs.unfinished() and start_runner(self._app)

    def wait(
        self, job_id: int, *, timeout_s: float | None = None, on_look: Callable[[Job], None] = lambda _: None
    ) -> Job:
        """Wait until a job has ended, or the time is over; give how it stands.

        Parameters
        ----------
        job_id : int
        timeout_s : float, optional
            None waits as long as it takes.
        on_look : callable
            Told how it stands, some times a second.

        Raises
        ------
        UnknownId
        """
        begun = looked_after = time.monotonic()  # a runner that was just started has not yet got the lock
        while True:
            job = self.get(job_id)
            on_look(job)
            now = time.monotonic()
            if job.has_ended or (timeout_s is not None and now - begun >= timeout_s):
                return job
            if now - looked_after >= _LOOK_AFTER_S:
                self.look_after()
                looked_after = now
            time.sleep(_LOOK_S)
