"""What a driver's complaint means to a user."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from ml.foundation.errors import DiskFull, StoreBusy, StoreError

# Fragments of SQLite's messages and PostgreSQL's codes of condition, and what they mean.
_BUSY = ("database is locked", "database table is locked", "55P03", "40P01")
_FULL = ("database or disk is full", "disk i/o error", "53100")
_CORRUPT = ("malformed", "file is not a database", "XX001", "XX002")
_CLOSED = ("readonly database", "unable to open database file", "42501", "25006")
_SILENT = (
    "Can't create a connection",
    "network error",
    "connection is closed",
    "57P01",
    "57P03",
    "28000",
    "28P01",
    "3D000",
)


def translate(error: Exception, where: str) -> StoreError | None:
    """Name the situation behind a database error; None for a fault of our own."""
    text = str(error)

    def says(fragments: tuple[str, ...]) -> bool:
        return any(fragment.lower() in text.lower() for fragment in fragments)

    if says(_BUSY):
        return StoreBusy(
            f"{where}: another process is writing and did not finish in time",
            "wait for it, or find it with `fuser` on the database file; nothing of this command was stored",
        )
    if says(_FULL):
        return DiskFull(f"{where}: no space left on the disk", "free some space and run the command again")
    if says(_CORRUPT):
        return StoreError(f"{where}: not a database, or a damaged one", "restore it: ml workspace restore FILE")
    if says(_CLOSED):
        return StoreError(f"{where}: cannot be opened for writing ({text})", "check the permissions of the folder")
    if says(_SILENT):
        return StoreError(f"{where}: the database does not answer ({text})", "check it with: ml doctor")
    return None


def _driver_error(error: Exception) -> Exception | None:
    """Give the driver's own error: bare from a bulk transfer, wrapped from everything else."""
    if isinstance(error, DBAPIError) and isinstance(error.orig, Exception):
        return error.orig
    ours = isinstance(error, sqlite3.Error) or type(error).__module__.startswith("pg8000")
    return error if ours else None


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn driver errors inside the block into :class:`~ml.foundation.errors.StoreError`.

    A statement that is wrong in itself is a fault of ours and passes through.
    """
    try:
        yield
    except Exception as error:
        driver = _driver_error(error)
        situation = translate(driver, where) if driver else None
        if situation is None:
            raise
        raise situation from error
