"""What jobs were asked for and what came of them, sealed in an encrypted workspace: both name people and files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from ml.data.jobs.job import Job
from ml.data.vault.cipher import place
from ml.data.vault.texts import hide_text, show_text
from ml.data.vault.vault import JOBS

#: The columns that are sealed, each by itself.
COLUMNS = ("arguments", "result", "error")


def hidden(connection: Connection, job_id: int, column: str, text: str) -> str:
    """Give what is stored for the text of a column, in a transaction that writes."""
    return hide_text(connection, JOBS, _place(job_id, column), text)


def shown(connection: Connection, job_id: int, column: str, text: str) -> str:
    """Read the text of a column."""
    return show_text(connection, JOBS, _place(job_id, column), text)


def read_job(connection: Connection, row: Row[Any]) -> Job:
    """Read a row of the table."""
    texts = {column: text for column in COLUMNS if (text := getattr(row, column)) is not None}
    opened = {column: shown(connection, row.id, column, text) for column, text in texts.items()}
    return Job.of({**row._mapping, **opened})  # noqa: SLF001  # the public name of a row's mapping


def _place(job_id: int, column: str) -> bytes:
    return place("jobs", column, str(job_id))
