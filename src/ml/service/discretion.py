"""What of work and imports whoever judges models may know: that it was done and how much, not of whom nor from where.

Conventions
-----------
- What may be told is listed, so that a field that is new is told nobody but those who run the place.
- Files are called after people, and so are the steps and the errors of work that reads files: of such work there are
  counts only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ml.data.ingest import ImportRecord
from ml.data.jobs import Job

#: Arguments of jobs that name no listener and no place.
TOLD = frozenset(
    {"kind", "item_kind", "again", "judge", "portfolio", "sequential", "deep", "models", "ks", "task", "split"}
    | {"seed", "minutes", "trials", "meaning", "workers"}
)
#: Kinds of jobs that read files of people.
OF_FILES = frozenset({"import", "scan"})
#: Counts in what came of an import, by tables.
_COUNTS = ("added", "already_there", "updated")


def discreet_job(job: Job) -> Job:
    """Leave out of a job what only those who run the place may know."""
    job = replace(job, arguments={name: value for name, value in job.arguments.items() if name in TOLD})
    if job.kind not in OF_FILES:
        return job
    error = None if job.error is None else {"kind": job.error.get("kind", ""), "message": "", "hint": ""}
    progress = replace(job.progress, step="", said=None)
    result = counts_of(job.result) if isinstance(job.result, Mapping) else None
    return replace(job, error=error, progress=progress, result=result)


def discreet_import(record: ImportRecord) -> ImportRecord:
    """Leave out of an import what only those who run the place may know."""
    return replace(record, path="", summary=counts_of(record.summary))


def counts_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Give the counts in a summary.

    >>> counts_of({"rows": 3, "path": "/home/ann/ann.zip", "added": {"listens": 2}, "reasons": {"ann's": 1}})
    {'rows': 3, 'added': {'listens': 2}}
    """
    numbers = {name: value for name, value in summary.items() if isinstance(value, int | float)}
    return numbers | {name: dict(summary[name]) for name in _COUNTS if isinstance(summary.get(name), Mapping)}
