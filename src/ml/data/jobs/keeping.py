"""What jobs were asked for and what came of them, sealed in an encrypted workspace: both name people and files."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from ml.data.jobs.job import Job
from ml.data.vault import vault_of
from ml.data.vault.cipher import place
from ml.data.vault.vault import JOBS

#: The columns that are sealed, each by itself.
COLUMNS = ("arguments", "result", "error")
# JSON never begins so.
_SEALED = "~"


def hidden(connection: Connection, job_id: int, column: str, text: str) -> str:
    """Give what is stored for the text of a column, in a transaction that writes."""
    sealer = vault_of(connection).sealer(connection)
    return text if sealer is None else _SEALED + sealer.seal_text(JOBS, _place(job_id, column), text)


def is_hidden(text: str | None) -> bool:
    """Tell whether a column of a row needs no sealing, or has it."""
    return text is None or text.startswith(_SEALED)


def read_job(connection: Connection, row: Row[Any]) -> Job:
    """Read a row of the table."""
    opened: dict[str, str] = {}
    for column in COLUMNS:
        text = getattr(row, column)
        if text is not None and text.startswith(_SEALED):
            where = _place(row.id, column)
            opened[column] = vault_of(connection).open_text(connection, JOBS, where, text.removeprefix(_SEALED))
    return Job.of({**row._mapping, **opened})  # noqa: SLF001  # the public name of a row's mapping


def _place(job_id: int, column: str) -> bytes:
    return place("jobs", column, str(job_id))
