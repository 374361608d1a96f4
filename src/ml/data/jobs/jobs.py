"""The jobs of a store: asked for, taken, reported on, ended."""

from __future__ import annotations

import builtins
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Update, and_, case, delete, func, insert, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from ml.data.jobs.job import CANCELLED, DONE, FAILED, QUEUED, RUNNING, STATES, Job, Progress
from ml.data.jobs.keeping import hidden, read_job
from ml.data.schema import jobs
from ml.data.store import Store
from ml.foundation.errors import BadInput, MLError, UnknownId, did_you_mean
from ml.foundation.results import plain

#: A job is begun so often at most: one that ends its runner each time would be begun for ever.
MOST_ATTEMPTS = 5
#: Ended jobs are forgotten after so many milliseconds: 90 days.
KEPT_MS = 90 * 86_400_000


def now_ms() -> int:
    """Give the time in UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Jobs:
    """The jobs of a store.

    Parameters
    ----------
    store : Store
    clock : callable
        Gives UTC milliseconds.
    """

    def __init__(self, store: Store, clock: Callable[[], int] = now_ms) -> None:
        self._store = store
        self._clock = clock

    def submit(self, kind: str, arguments: Mapping[str, Any], *, owner: str) -> Job:
        """Ask for a job; it is durable when this returns.

        Parameters
        ----------
        kind : str
        arguments : mapping
            What JSON knows.
        owner : str
            The id of who asks.

        Raises
        ------
        StoreBusy, DiskFull
        """
        values = {
            "kind": kind,
            "state": QUEUED,
            "owner": owner,
            "created_at": self._clock(),
            "attempts": 0,
            "progress": _json(Progress()),
            "cancel_asked": False,
        }
        with self._store.write() as connection:
            id_ = self._store.allocate(connection, "job", 1)
            values |= {"id": id_, "arguments": hidden(connection, id_, "arguments", _json(arguments))}
            return read_job(connection, connection.execute(insert(jobs).values(values).returning(jobs)).one())

    def get(self, job_id: int) -> Job:
        """Give a job by its number.

        Raises
        ------
        UnknownId
        """
        with self._store.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).first()
            if row is not None:
                return read_job(connection, row)
        raise UnknownId(
            f"there is no job {job_id}", "jobs are listed by: ml jobs list", code="job_unknown", values={"id": job_id}
        )

    def list(
        self,
        *,
        state: str | None = None,
        kind: str | None = None,
        owner: str | None = None,
        count: int = 50,
        before: int | None = None,
    ) -> builtins.list[Job]:
        """List jobs, the newest first.

        Parameters
        ----------
        state, kind, owner : str, optional
            Only such.
        count : int >= 1
            At most so many.
        before : int, optional
            Only those with a lower number: the next page.

        Raises
        ------
        BadInput
            If there is no such state, or the count is below 1.
        """
        if state is not None and state not in STATES:
            raise BadInput(f"no job is in the state {state!r}", did_you_mean(state, STATES))
        if count < 1:
            raise BadInput(f"{count} jobs are none", "give a count of at least 1")
        wanted = {"state": state, "kind": kind, "owner": owner}
        chosen = [jobs.c[name] == value for name, value in wanted.items() if value is not None]
        if before is not None:
            chosen.append(jobs.c.id < before)
        with self._store.read() as connection:
            rows = connection.execute(select(jobs).where(*chosen).order_by(jobs.c.id.desc()).limit(count)).all()
            return [read_job(connection, row) for row in rows]

    def waiting(self) -> bool:
        """Tell whether a job is there that nobody has begun."""
        return self._any(jobs.c.state == QUEUED)

    def unfinished(self) -> bool:
        """Tell whether a job has not ended."""
        return self._any(jobs.c.state.in_((QUEUED, RUNNING)))

    def cancel(self, job_id: int) -> Job:
        """Ask a job to stop: at once where it waits, at the next stop on its way where it runs.

        Raises
        ------
        UnknownId
        BadInput
            If it is done or has failed; cancelling twice is no mistake.
        """
        waits = jobs.c.state == QUEUED
        values = {
            "cancel_asked": True,
            "state": case((waits, CANCELLED), else_=jobs.c.state),
            "finished_at": case((waits, self._clock()), else_=jobs.c.finished_at),
        }
        asked = self._change(_where(job_id, jobs.c.state.in_((QUEUED, RUNNING))).values(values).returning(jobs))
        found = asked or self.get(job_id)
        if not found.cancel_asked:
            raise BadInput(
                f"job {job_id} is {found.state}: there is nothing to cancel",
                f"ml jobs show {job_id}",
                code="job_over",
                values={"id": job_id},
            )
        return found

    def take(self, runner: str) -> Job | None:
        """Begin the job that has waited longest; None where none waits."""
        now = self._clock()
        first = select(func.min(jobs.c.id)).where(jobs.c.state == QUEUED).scalar_subquery()
        values = {
            "state": RUNNING,
            "runner": runner,
            "started_at": now,
            "beat_at": now,
            "attempts": jobs.c.attempts + 1,
        }
        statement = update(jobs).where(jobs.c.id == first, jobs.c.state == QUEUED)
        return self._change(statement.values(values).returning(jobs))

    def beat(self, job_id: int, runner: str, progress: Progress) -> bool:
        """Say how far a job is, and that its runner is alive; give whether it shall go on."""
        values = {"beat_at": self._clock(), "progress": _json(progress)}
        # Not durable: the next word is half a second away.
        found = self._change(_own(job_id, runner).values(values).returning(jobs), durable=False)
        return found is not None and not found.cancel_asked

    def finish(self, job_id: int, runner: str, result: Any) -> Job | None:
        """Write down what came of a job; None where it was not this runner's any more."""
        return self._end(job_id, runner, DONE, result=_json(result))

    def fail(self, job_id: int, runner: str, error: MLError) -> Job | None:
        """Write down what a job failed by; None where it was not this runner's any more."""
        return self._end(job_id, runner, FAILED, error=_told(error))

    def stop(self, job_id: int, runner: str) -> Job | None:
        """Write down that a job has stopped, as it was asked to; None where it was not this runner's any more."""
        return self._end(job_id, runner, CANCELLED)

    def recover(self, resumable: Collection[str], *, runner: str | None = None) -> int:
        """See to jobs that run and whose runner does not; give how many there were.

        Parameters
        ----------
        resumable : collection of str
            Kinds that wait to be begun again, and go on where they were; the others have failed.
        runner : str, optional
            Only this one's; None for all, which is for whoever holds the lock of the runners.
        """
        now = self._clock()
        left = jobs.c.state == RUNNING if runner is None else and_(jobs.c.state == RUNNING, jobs.c.runner == runner)
        again = and_(left, jobs.c.kind.in_(resumable), jobs.c.attempts < MOST_ATTEMPTS)
        often = and_(left, jobs.c.kind.in_(resumable))
        steps: tuple[tuple[ColumnElement[bool], dict[str, Any]], ...] = (
            (and_(left, jobs.c.cancel_asked), {"state": CANCELLED, "finished_at": now}),
            (again, {"state": QUEUED, "runner": None}),
            (often, {"state": FAILED, "finished_at": now, "error": _told(_OFTEN)}),
            (left, {"state": FAILED, "finished_at": now, "error": _told(_LEFT)}),
        )
        with self._store.write() as connection:
            return sum(connection.execute(update(jobs).where(of).values(values)).rowcount for of, values in steps)

    def forget(self, older_ms: int = KEPT_MS) -> int:
        """Remove jobs that ended longer ago than that; give how many."""
        old = jobs.c.finished_at < self._clock() - older_ms  # which only ended ones have
        if not self._any(old):  # a look needs no lock
            return 0
        with self._store.write() as connection:
            return connection.execute(delete(jobs).where(old)).rowcount

    def _end(self, job_id: int, runner: str, state: str, **values: str) -> Job | None:
        state_now = case((jobs.c.cancel_asked, CANCELLED), else_=state)
        ended = {"state": state_now, "finished_at": self._clock()}
        with self._store.write() as connection:
            told = {column: hidden(connection, job_id, column, text) for column, text in values.items()}
            row = connection.execute(_own(job_id, runner).values(ended | told).returning(jobs)).first()
            return None if row is None else read_job(connection, row)

    def _change(self, statement: ReturningUpdate[Any], *, durable: bool = True) -> Job | None:
        with self._store.write(durable=durable) as connection:
            row = connection.execute(statement).first()
            return None if row is None else read_job(connection, row)

    def _any(self, which: ColumnElement[bool]) -> bool:
        with self._store.read() as connection:
            return connection.execute(select(jobs.c.id).where(which).limit(1)).first() is not None


_LEFT = MLError("the process that ran it ended before it did", "ask for it again", code="job_left")
_OFTEN = MLError(
    f"the process that ran it ended {MOST_ATTEMPTS} times before it did",
    "the end of the workspace's runner.log may say why; what was stored stays",
    code="job_left_often",
    values={"times": MOST_ATTEMPTS},
)


def _where(job_id: int, *more: ColumnElement[bool]) -> Update:
    return update(jobs).where(jobs.c.id == job_id, *more)


def _own(job_id: int, runner: str) -> Update:
    return _where(job_id, jobs.c.state == RUNNING, jobs.c.runner == runner)


def _told(error: MLError) -> str:
    said = {"kind": type(error).__name__, "message": error.message, "hint": error.hint}
    return _json(said | ({"code": error.code, "values": error.values} if error.code else {}))


def _json(value: Any) -> str:
    return orjson.dumps(plain(value)).decode()
