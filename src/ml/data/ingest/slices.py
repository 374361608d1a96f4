"""Writing a large frame as many short transactions."""

from __future__ import annotations

import time
from collections.abc import Iterator

import polars as pl
from sqlalchemy import Table

from ml.data.store import Store, bulk

#: How long one transaction may hold the write lock, in seconds. A listen that is recorded
#: meanwhile waits for one of them at most.
TARGET_S = 0.04
_FIRST, _LEAST, _MOST = 4_000, 200, 40_000
_CHECKPOINT_ROWS = 200_000


class SlicedWriter:
    """Inserts frames in slices whose size follows the speed of the disk.

    Parameters
    ----------
    store : Store
    """

    def __init__(self, store: Store) -> None:
        self._store = store
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
