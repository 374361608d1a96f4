"""Taking a snapshot."""

from __future__ import annotations

import io
import os
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import polars as pl

from ml.data.snapshot.hashing import TableHash, content_hash
from ml.data.snapshot.manifest import FileFacts, Manifest, moment
from ml.data.snapshot.readers import Readers, same_state
from ml.data.snapshot.reading import read_tables
from ml.data.snapshot.snapshot import LATEST, Snapshot
from ml.data.snapshot.tables import SCHEMA_VERSION, TABLES, Table
from ml.data.store import Store
from ml.foundation.atomic import draft, publish, replace_text
from ml.foundation.errors import CorruptSnapshot
from ml.foundation.extras import DISTRIBUTION

_NAME_DIGITS = 16
# Parts that wait to be written: enough to keep both sides busy, few enough for little memory.
_BACKLOG = 2
# More than these read from one disk no faster.
_READERS = min(4, os.cpu_count() or 1)


def take(store: Store, folder: Path, *, now: int | None = None) -> Snapshot:
    """Write what the store holds now as a snapshot.

    Everything is read in one transaction, so that the tables agree whoever writes meanwhile. Memory stays
    bounded: listens pass through in parts. The same content gives the same folder; a folder that is already
    there stays as it is, unless it is damaged.

    Parameters
    ----------
    store : Store
    folder : Path
        Where snapshots lie; made if it is not there.
    now : int, optional
        UTC milliseconds to note as the time of taking; None is the clock.

    Raises
    ------
    StoreError
        If the database cannot be read, or items point at each other in a circle.
    DiskFull
        If the disk fills up; nothing is left behind.
    """
    taken_at = time.time_ns() // 1_000_000 if now is None else now
    with draft(folder) as place:
        new = place / "snapshot"
        new.mkdir()
        with same_state(store, _READERS + 1) as connections:
            manifest = _write(Readers(connections), new, taken_at)
        manifest.write(new)
        target = folder / manifest.hash[:_NAME_DIGITS]
        if not _stands(target, place / "damaged"):
            try:
                publish(new, target)
            except OSError:
                # Somebody else took the same snapshot meanwhile; if theirs is whole, it is ours.
                if not _stands(target, place / "late"):
                    raise
    replace_text(folder / LATEST, f"{target.name}\n")
    return Snapshot(target, Manifest.read(target))


def _stands(target: Path, damaged: Path) -> bool:
    """Tell whether a snapshot is already there in good order; move a damaged one out of the way."""
    if not target.exists():
        return False
    try:
        Snapshot.open(target)
    except CorruptSnapshot:
        target.rename(damaged)
        return False
    return True


def _write(readers: Readers, folder: Path, taken_at: int) -> Manifest:
    """Write every table; hashing and compressing run beside the reading, one part behind."""
    writers = {name: TableWriter(table, folder) for name, table in TABLES.items()}
    with ThreadPoolExecutor(1, thread_name_prefix="ml-snapshot") as beside:
        waiting: deque[Future[None]] = deque()
        for name, part in read_tables(readers):
            waiting.append(beside.submit(writers[name].add, part))
            if len(waiting) > _BACKLOG:
                waiting.popleft().result()
        for future in waiting:
            future.result()
    listens = writers["listens"]
    return Manifest(
        hash=content_hash({name: writer.hash.hexdigest() for name, writer in writers.items()}),
        schema_version=SCHEMA_VERSION,
        package_version=version(DISTRIBUTION),
        taken_at=moment(taken_at),
        listens_from=None if listens.first is None else moment(listens.first),
        listens_until=None if listens.last is None else moment(listens.last),
        rows={name: writer.hash.rows for name, writer in writers.items()},
        files={path: facts for writer in writers.values() for path, facts in writer.files.items()},
    )


class TableWriter:
    """Write one table as parts, hashing its content and its files on the way."""

    def __init__(self, table: Table, folder: Path) -> None:
        self.table = table
        self.folder = folder
        self.hash = TableHash(table)
        self.files: dict[str, FileFacts] = {}
        self.first: int | None = None
        self.last: int | None = None

    def add(self, part: pl.DataFrame) -> None:
        """Write the next rows, in the table's order."""
        part = part.select(*self.table.columns)
        self.hash.update(part)
        if "listened_at" in self.table.columns and len(part):
            times = part["listened_at"]
            low, high = int(times.min()), int(times.max())  # type: ignore[arg-type]
            self.first = low if self.first is None else min(low, self.first)
            self.last = high if self.last is None else max(high, self.last)
        buffer = io.BytesIO()
        # Statistics let a reader skip row groups; Zstandard at its quickest is what every reader knows.
        part.write_parquet(buffer, compression="zstd", compression_level=1)
        content = buffer.getbuffer()
        name = f"{self.table.name}/part-{len(self.files):05d}.parquet"
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        self.files[name] = FileFacts(sha256(content).hexdigest(), len(content))
