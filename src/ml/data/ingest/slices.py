"""Writing a large frame as many short transactions."""

from __future__ import annotations

import time
from collections.abc import Iterator

import polars as pl
from sqlalchemy import Connection, Table, select

from ml.data.schema import imports
from ml.data.store import Store, bulk
from ml.foundation.errors import StoreError

#: How long one transaction may hold the write lock, in seconds. A listen that is recorded
#: meanwhile waits for one of them at most.
TARGET_S = 0.04
_FIRST, _LEAST, _MOST = 4_000, 200, 40_000
_CHECKPOINT_ROWS = 200_000


def stop_if_undone(connection: Connection, import_id: int | None) -> None:
    """Stop an import that another process undid while it ran.

    Raises
    ------
    StoreError
        If the import is undone; not ``BadInput``, which would pass for a broken file.
    """
    status = select(imports.c.status).where(imports.c.id == import_id)
    if import_id is not None and connection.execute(status).scalar() == "undone":
        raise StoreError(f"import {import_id} was undone meanwhile", "run the same command again to import the files")


class SlicedWriter:
    """Inserts frames in slices whose size follows the speed of the disk.

    Parameters
    ----------
    store : Store
    import_id : int or None
        The import that writes; once it is undone, nothing more is written.
    """

    def __init__(self, store: Store, import_id: int | None = None) -> None:
        self._store, self._import_id = store, import_id
        self._rows = _FIRST
        self._since = 0

    def insert(self, table: Table, frame: pl.DataFrame, *, replace: bool = False) -> int:
        """Insert a frame and return how many rows were written."""
        written = 0
        dialect = self._store.engine.dialect.name
        for part in self._slices(frame):
            prepared = bulk.prepare(dialect, table, part, replace=replace)
            started = time.perf_counter()
            with self._store.write(durable=False) as connection:
                stop_if_undone(connection, self._import_id)
                written += bulk.write(connection, prepared)
            self._learn(len(part), time.perf_counter() - started)
            self._since += len(part)
            if self._since >= _CHECKPOINT_ROWS:
                self._since = 0
                self._store.checkpoint()
        return written

    def _slices(self, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
        start = 0
        while start < len(frame):
            size = self._rows
            yield frame.slice(start, size)
            start += size

    def _learn(self, rows: int, seconds: float) -> None:
        wanted = rows * TARGET_S / max(seconds, 1e-6)
        # Grow slowly, shrink at once: a disk that stalls should be met with small slices.
        self._rows = int(min(max(min(wanted, 1.5 * self._rows), _LEAST), _MOST))
