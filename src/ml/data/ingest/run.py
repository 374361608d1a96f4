"""An import from the path to the summary: claimed, resumed, loaded, remembered."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import insert, select, update

from ml.data.importers.base import Options, Reject, TextTable, Unit
from ml.data.importers.registry import claim, importer_of
from ml.data.importers.source import Entry, Source
from ml.data.ingest.loader import Loader, checked
from ml.data.ingest.rejects import RejectsFile, rejects_file
from ml.data.ingest.slices import stop_if_undone
from ml.data.ingest.summary import ImportSummary, Tally, UnitSummary
from ml.data.schema import import_units, imports
from ml.data.store import Store
from ml.data.vault.texts import reject_lines
from ml.foundation.errors import BadInput
from ml.foundation.said import Words, words_in

#: Sources up to this size are told apart by their content, larger ones (music folders) by
#: name, size and date of each file.
_HASHED_BYTES = 2 << 30

OnRows = Callable[[str, int], None]


def run(
    store: Store,
    path: Path | str,
    *,
    rejects_folder: Path,
    kind: str = "auto",
    options: Options | None = None,
    again: bool = False,
    on_rows: OnRows = lambda _unit, _rows: None,
) -> ImportSummary:
    """Import everything recognised under a path.

    Parameters
    ----------
    store : Store
    path : Path or str
        A folder, a zip archive or a file.
    rejects_folder : Path
        Where the file of rejected rows is written.
    kind : str
        An importer's name, or ``auto``.
    again : bool
        Read files also if an earlier import read them to their end.
    on_rows : callable
        Told the unit's name and the rows just read, for a progress bar.

    Raises
    ------
    BadInput
        If nothing was recognised, or no file of the source could be read.
    StoreError
        If the database cannot be written; what was stored stays, and the same command
        goes on from there.
    """
    started = time.perf_counter()
    options = options or Options()
    source = Source.of(path)
    units, unclaimed = claim(source, kind)
    prints = {unit.name: fingerprint(unit, options) for unit in units}
    import_id, done = _begin(store, source, list(prints.values()), again=again)
    refused = rejects_file(rejects_folder, import_id)
    rejects = RejectsFile(refused, reject_lines(store, refused.name))
    loader = Loader(store, import_id, rejects.write, private_in_profile=options.private_in_profile)
    try:
        summaries = [
            _unit(store, loader, unit, options, prints[unit.name], import_id, done.get(prints[unit.name]), on_rows)
            for unit in units
        ]
    finally:
        rejects.close()
    summary = ImportSummary(
        import_id=import_id,
        path=str(source.path),
        **_counts(loader.tally),
        rejects_file=str(rejects.path) if rejects.path.exists() else None,
        units=tuple(summaries),
        unrecognised=tuple(entry.name for entry in unclaimed),
        seconds=time.perf_counter() - started,
        said=_said(loader.tally, summaries),
    )
    return _finish(store, summary)


def dry_run(path: Path | str, *, kind: str = "auto", options: Options | None = None) -> ImportSummary:
    """Read and check everything under a path without storing anything."""
    started = time.perf_counter()
    options = options or Options()
    source = Source.of(path)
    units, unclaimed = claim(source, kind)
    tally, summaries = Tally(), []
    for unit in units:
        before, rejected, problem = tally.rows, tally.rejected, None
        table: TextTable | None = None
        notes: dict[str, None] = {}
        try:
            for batch in importer_of(unit.kind).read(unit, options):
                notes |= dict.fromkeys(batch.notes)
                table = batch.table or table
                good, rejects = checked(batch)
                tally.rows += batch.rows
                tally.reasons.update(reject.reason for reject in rejects)
                tally.added.update({name: len(frame) for name, frame in good.items()})
        except BadInput as error:
            problem = str(error)
        status = "failed" if problem else "imported"
        rows, rejected = tally.rows - before, tally.rejected - rejected
        summaries.append(_summary(unit, status, rows, rejected, problem, notes, table))
    return ImportSummary(
        import_id=None,
        path=str(source.path),
        **_counts(tally),
        rejects_file=None,
        units=tuple(summaries),
        unrecognised=tuple(entry.name for entry in unclaimed),
        seconds=time.perf_counter() - started,
        said=_said(tally, summaries),
        dry_run=True,
    )


def _said(tally: Tally, units: Iterable[UnitSummary]) -> dict[str, Words]:
    return words_in([*tally.grouped_reasons(), *(note for unit in units for note in unit.notes)])


def _counts(tally: Tally) -> dict[str, Any]:
    names = ("added", "already_there", "updated")
    counts: dict[str, Any] = {name: {k: n for k, n in getattr(tally, name).items() if n} for name in names}
    return counts | {"reasons": tally.grouped_reasons(), "rows": tally.rows, "rejected": tally.rejected}


def fingerprint(unit: Unit, options: Options) -> str:
    """Give a text that is equal where the same files are read in the same way."""
    digest = hashlib.sha256(repr((unit.kind, unit.name, options)).encode())
    by_content = sum(entry.size_bytes for entry in unit.entries) <= _HASHED_BYTES
    for entry in unit.entries:
        if by_content or entry.path is None:
            digest.update(_content(entry).encode())
        else:
            state = entry.path.stat()
            digest.update(repr((entry.name, state.st_size, state.st_mtime_ns)).encode())
    return digest.hexdigest()


def _content(entry: Entry) -> str:
    """Give a file's fingerprint; one that may not be read has none, and its unit will say so."""
    try:
        return entry.fingerprint()
    except BadInput:
        return "unreadable"


def _begin(
    store: Store, source: Source, prints: Sequence[str], *, again: bool
) -> tuple[int, dict[str, tuple[int, bool]]]:
    """Open a new import or the one that was interrupted; say how far each file was read."""
    columns = (
        import_units.c.fingerprint,
        import_units.c.rows,
        import_units.c.finished,
        imports.c.id,
        imports.c.status,
    )
    statement = select(*columns).join(imports, imports.c.id == import_units.c.import_id)
    statement = statement.where(imports.c.status != "undone", import_units.c.fingerprint.in_(prints))
    with store.write() as connection:
        rows = [] if again else connection.execute(statement.order_by(imports.c.id)).all()
        done = {row.fingerprint: (row.rows, row.finished) for row in rows}
        interrupted = [row.id for row in rows if row.status == "running"]
        if interrupted:
            return interrupted[-1], done
        import_id = store.allocate(connection, "import", 1)
        values = {"id": import_id, "path": str(source.path), "status": "running", "started_at": _now()}
        connection.execute(insert(imports).values(values))
    return import_id, done


def _unit(
    store: Store,
    loader: Loader,
    unit: Unit,
    options: Options,
    print_: str,
    import_id: int,
    done: tuple[int, bool] | None,
    on_rows: OnRows,
) -> UnitSummary:
    stored, finished = done or (0, False)
    if finished:
        return UnitSummary(unit.name, unit.kind, "unchanged")
    progress = _Progress(store, import_id, unit, print_)
    rows, rejected = loader.tally.rows, loader.tally.rejected
    problem = None
    table: TextTable | None = None
    notes: dict[str, None] = {}  # a set in the order of its first mention
    try:
        read = 0
        for batch in importer_of(unit.kind).read(unit, options):
            read += batch.rows
            notes |= dict.fromkeys(batch.notes)
            table = batch.table or table
            # Rows are counted, not batches: another version may cut them differently.
            if read > stored:
                loader.load(batch)
                if not loader.pending:
                    progress.save(read)
            on_rows(unit.name, batch.rows)
        loader.flush()
        progress.save(None)
    except BadInput as error:
        loader.flush()
        problem = str(error)
        loader.reject(Reject(unit.name, None, error.message))
    status = "failed" if problem else "resumed" if stored else "imported"
    rows, rejected = loader.tally.rows - rows, loader.tally.rejected - rejected
    return _summary(unit, status, rows, rejected, problem, notes, table)


def _summary(
    unit: Unit,
    status: str,
    rows: int,
    rejected: int,
    problem: str | None,
    notes: Iterable[str],
    table: TextTable | None,
) -> UnitSummary:
    written = (table.names, table.delimiter) if table is not None and len(unit.entries) == 1 else ((), "")
    return UnitSummary(unit.name, unit.kind, status, rows, rejected, problem, tuple(notes), *written)


class _Progress:
    """Remembers in the store how far a unit was read."""

    def __init__(self, store: Store, import_id: int, unit: Unit, print_: str) -> None:
        self._store, self._import_id = store, import_id
        self._key = (import_units.c.import_id == import_id) & (import_units.c.name == unit.name)
        values = {"import_id": import_id, "name": unit.name, "kind": unit.kind, "fingerprint": print_}
        with store.write() as connection:
            if connection.execute(select(import_units.c.rows).where(self._key)).scalar() is None:
                connection.execute(insert(import_units).values(values | {"rows": 0, "finished": False}))

    def save(self, rows: int | None) -> None:
        """Write how many rows are stored completely; None says that the unit was read to its end."""
        values: dict[str, object] = {"finished": True} if rows is None else {"rows": rows}
        with self._store.write() as connection:
            stop_if_undone(connection, self._import_id)
            connection.execute(update(import_units).where(self._key).values(values))


def _finish(store: Store, summary: ImportSummary) -> ImportSummary:
    units = summary.units
    failed = [unit for unit in units if unit.status == "failed"]
    status = "failed" if failed and len(failed) == len(units) else "done"
    values = {"status": status, "finished_at": _now(), "summary": orjson.dumps(summary.to_dict()).decode()}
    with store.write() as connection:
        stop_if_undone(connection, summary.import_id)
        mine = select(import_units.c.name).where(import_units.c.import_id == summary.import_id)
        if connection.execute(mine.limit(1)).scalar() is not None:
            connection.execute(update(imports).where(imports.c.id == summary.import_id).values(values))
        else:
            connection.execute(imports.delete().where(imports.c.id == summary.import_id))
            summary = replace(summary, import_id=None)  # there was nothing to do
    if status == "failed":
        hint = "" if summary.rejects_file is None else f"details: {summary.rejects_file}"
        raise BadInput("\n".join(unit.problem or unit.name for unit in failed), hint)
    return summary


def _now() -> int:
    return time.time_ns() // 1_000_000
