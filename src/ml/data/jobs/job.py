"""A job as it stands in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ml.foundation.results import Result
from ml.foundation.said import Words

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED)
#: States that are the last.
ENDED = (DONE, FAILED, CANCELLED)
#: A runner is heard of twice a second; after so many milliseconds without a word something is wrong with it.
SILENT_MS = 30_000


@dataclass(frozen=True, slots=True)
class Progress(Result):
    """How far a job is.

    Parameters
    ----------
    step : str
        What is being done, in a few words; empty before it begins.
    done, total : int or None
        How many of how many, such as files; None where nobody counts, or knows the whole.
    said : Words or None
        Which sentence the step is, so that it can be said in other languages; None where it is none of ours.
    """

    step: str = ""
    done: int | None = None
    total: int | None = None
    said: Words | None = None

    @classmethod
    def of(cls, text: str) -> Progress:
        """Read what was written down."""
        values = orjson.loads(text)
        said = values.pop("said", None)
        return cls(**values, said=None if said is None else Words(**said))


@dataclass(frozen=True, slots=True)
class Job(Result):
    """A piece of work in the background.

    Parameters
    ----------
    id : int
        In the order in which they were asked for.
    kind : str
    arguments : dict
    state : str
        Of :data:`STATES`.
    owner : str
        The id of who asked for it.
    created_at, started_at, beat_at, finished_at : int or None
        UTC milliseconds: asked for, begun (anew, where it was left behind), last heard of, ended.
    attempts : int
        How often it was begun.
    progress : Progress
    result : object
        What came of it, as JSON has it; None unless it came to its end.
    error : dict or None
        ``kind``, ``message`` and ``hint`` of what it failed by.
    cancel_asked : bool
        Whether somebody wants it to stop. One that came to its end before it noticed is ``cancelled`` and has a result.
    """

    id: int
    kind: str
    arguments: Mapping[str, Any]
    state: str
    owner: str
    created_at: int
    started_at: int | None
    beat_at: int | None
    finished_at: int | None
    attempts: int
    progress: Progress
    result: Any
    error: Mapping[str, Any] | None
    cancel_asked: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Job:
        """Read a row of the table, of which nothing is hidden any more."""
        return cls(
            id=row["id"],
            kind=row["kind"],
            arguments=orjson.loads(row["arguments"]),
            state=row["state"],
            owner=row["owner"],
            created_at=row["created_at"],
            started_at=row["started_at"],
            beat_at=row["beat_at"],
            finished_at=row["finished_at"],
            attempts=row["attempts"],
            progress=Progress.of(row["progress"]),
            result=None if row["result"] is None else orjson.loads(row["result"]),
            error=None if row["error"] is None else orjson.loads(row["error"]),
            cancel_asked=bool(row["cancel_asked"]),
        )

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will become of it."""
        return self.state in ENDED

    def is_silent(self, now: int) -> bool:
        """Tell whether it runs, and its runner has not been heard of for too long."""
        return self.state == RUNNING and now - (self.beat_at or 0) > SILENT_MS
