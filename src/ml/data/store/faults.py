"""What a driver's complaint means to a user."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from ml.foundation.errors import DiskFull, StoreBusy, StoreError

# Fragments of messages (SQLite's, and the driver's own), and PostgreSQL's codes of condition.
_BUSY = ("database is locked", "database table is locked"), ("55P03", "40P01")
_FULL = ("database or disk is full",), ("53100",)
_CORRUPT = ("malformed", "file is not a database", "disk i/o error"), ("XX001", "XX002")
_CLOSED = ("readonly database", "unable to open database file"), ("42501", "25006")
_SILENT = (
    ("can't create a connection", "network error", "connection is closed"),
    ("57P01", "57P03", "28000", "28P01", "3D000"),
)


def translate(error: Exception, where: str) -> StoreError | None:
    """Name the situation behind a database error; None for a fault of our own."""
    text, code = str(error), _code(error)

    def says(signs: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
        fragments, codes = signs
        # A message of PostgreSQL may quote data: there the code alone speaks.
        return code in codes if code else any(fragment in text.lower() for fragment in fragments)

    if says(_BUSY):
        return StoreBusy(
            f"{where}: another process is writing and did not finish in time",
            "wait for it, or find it with `fuser` on the database file; then run the command again",
        )
    if says(_FULL):
        return DiskFull(f"{where}: no space left on the disk", "free some space and run the command again")
    if says(_CORRUPT):
        return StoreError(
            f"{where}: not a database, or a damaged one ({text})", "restore it: ml workspace restore FILE"
        )
    if says(_CLOSED):
        return StoreError(f"{where}: cannot be opened for writing ({text})", "check the permissions of the folder")
    if says(_SILENT):
        return StoreError(f"{where}: the database does not answer ({text})", "check it with: ml doctor")
    return None


def _code(error: Exception) -> str | None:
    """Give PostgreSQL's code of condition, which the driver hands over in a mapping."""
    about = error.args[0] if error.args else None
    return str(about.get("C", "")) if isinstance(about, dict) else None


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
