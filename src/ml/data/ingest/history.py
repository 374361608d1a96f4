"""The imports that were made, and how one is undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Row, Select, bindparam, delete, func, select, update

from ml.data.schema import (
    aliases,
    blocks,
    data_keys,
    exposures,
    features,
    feedback,
    files,
    friends,
    import_units,
    imports,
    items,
    listens,
    metadata,
    outcomes,
    play_counts,
    playlist_items,
    playlists,
    subjects,
    tags,
    track_artists,
    users,
)
from ml.data.store import Store, bulk
from ml.data.vault.listeners import subject_of
from ml.foundation.errors import BadInput, UnknownId
from ml.foundation.phrase import Language, Phrase
from ml.foundation.results import Result

_RUNNING: Mapping[Language, str] = {
    "en": "import {id} is not at its end: run it again, then `ml train`",
    "de": "Import {id} ist nicht zu Ende: starte ihn noch einmal, dann `ml train`",
}
_NEWER: Mapping[Language, str] = {
    "en": "the models are older than import {id}: `ml train` lets them learn from it",
    "de": "die Modelle sind älter als Import {id}: mit `ml train` lernen sie daraus",
}
# Neither database can be asked about a larger number.
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ImportRecord(Result):
    """One import.

    Parameters
    ----------
    import_id : int
        What :func:`undo` takes.
    path : str
    status : str
        ``running`` (or interrupted), ``done``, ``failed`` (none of its files could be read) or
        ``undone``.
    started_at, finished_at : datetime or None
        UTC; an import that was interrupted has no end.
    summary : dict
        As :class:`~ml.data.ingest.summary.ImportSummary`; empty until it is done.
    """

    import_id: int
    path: str
    status: str
    started_at: datetime
    finished_at: datetime | None
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class UndoReport(Result):
    """What undoing an import removed.

    Parameters
    ----------
    import_id : int
    removed : dict of str to int
        Rows by table.
    kept_items : int
        Items of the import that stay because something later refers to them.
    again : tuple of int
        Imports whose rows went too: later ones that found some of theirs already there, and
        earlier ones whose listens this one had replaced by exact ones. Importing their files
        once more brings those back.
    """

    import_id: int
    removed: dict[str, int]
    kept_items: int
    again: tuple[int, ...]


def list_imports(connection: Connection, *, limit: int = 1_000, before: int | None = None) -> list[ImportRecord]:
    """List the imports, newest first.

    Parameters
    ----------
    limit : int
        At most so many.
    before : int, optional
        Only those made before this one.
    """
    wanted = select(imports).order_by(imports.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(imports.c.id < before)
    return [_record(row) for row in connection.execute(wanted)]


def show_import(connection: Connection, import_id: int) -> ImportRecord:
    """Give one import.

    Raises
    ------
    UnknownId
    """
    row = None
    if 0 < import_id <= _LARGEST:
        row = connection.execute(select(imports).where(imports.c.id == import_id)).first()
    if row is None:
        raise _no_import(import_id)
    return _record(row)


def _no_import(import_id: int) -> UnknownId:
    return UnknownId(
        f"no import {import_id}",
        "imports are listed by: ml import list",
        code="import_unknown",
        values={"id": import_id},
    )


def _record(row: Row[Any]) -> ImportRecord:
    return ImportRecord(
        import_id=row.id,
        path=row.path,
        status=row.status,
        started_at=_moment(row.started_at),
        finished_at=None if row.finished_at is None else _moment(row.finished_at),
        summary=orjson.loads(row.summary) if row.summary else {},
    )


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


_NEWS = (
    select(imports.c.id, imports.c.status, imports.c.summary)
    .where((imports.c.finished_at > bindparam("moment")) | (imports.c.status == "running"))
    .order_by(imports.c.id.desc())
)


def news_since(connection: Connection, moment_ms: int) -> Phrase | None:
    """Say which import the models of a moment do not know, or only in part; None where there is none.

    Parameters
    ----------
    moment_ms : int
        When their data were read from the store, UTC milliseconds.
    """
    for row in connection.execute(_NEWS, {"moment": moment_ms}):
        if row.status == "running":
            return Phrase(_RUNNING, {"id": str(row.id)})
        summary = orjson.loads(row.summary or "{}")
        if row.status == "done" and (summary.get("added") or summary.get("updated")):
            return Phrase(_NEWER, {"id": str(row.id)})
    return None


def undo(store: Store, import_id: int) -> UndoReport:
    """Remove every row that an import brought, in one transaction.

    Items and listeners it made stay where a later import or a recorded listen refers to
    them. Values that it filled into older items stay too.

    Raises
    ------
    UnknownId
        If there is no such import.
    BadInput
        If it was undone before.
    """
    with store.write() as connection:
        status = None
        if 0 < import_id <= _LARGEST:
            status = connection.execute(select(imports.c.status).where(imports.c.id == import_id)).scalar()
        if status is None:
            raise _no_import(import_id)
        if status == "undone":
            raise BadInput(f"import {import_id} was undone before", code="import_undone", values={"id": import_id})
        removed: dict[str, int] = {}
        for table in metadata.sorted_tables:
            if "import_id" in table.columns and table not in _WITH_CARE and table.name != "import_units":
                count = connection.execute(delete(table).where(table.c.import_id == import_id)).rowcount
                removed |= {table.name: count} if count else {}
        _unlink(connection, import_id)
        kept = _remove_items(connection, import_id, removed)
        _remove_users(connection, import_id, removed)
        connection.execute(update(imports).where(imports.c.id == import_id).values(status="undone"))
        again = _affected(connection, import_id, set(removed))
        unread = update(import_units).where(import_units.c.import_id.in_(again))
        connection.execute(unread.values(finished=False, rows=0))
    return UndoReport(import_id, removed, kept, tuple(again))


# What a summary counts, by the table that it stands in, where the two are called differently.
_COUNTED = {"counts": "play_counts", "genres": "tags", "profiles": "subjects", "playlist entries": "playlist_items"}


def _affected(connection: Connection, import_id: int, removed: set[str]) -> list[int]:
    """Find the other imports whose files must be read once more: those with rows in a table that lost some."""

    def shared(summary: dict[str, Any]) -> bool:
        counted = {**summary.get("already_there", {}), **summary.get("updated", {})}
        return bool({_COUNTED.get(name, name) for name in counted} & removed)

    # A failed import may have stored rows before it failed.
    ended = (imports.c.status.in_(("done", "failed"))) | (imports.c.id == import_id)
    rows = connection.execute(select(imports.c.id, imports.c.summary).where(ended).order_by(imports.c.id)).all()
    said = {row.id: orjson.loads(row.summary or "{}") for row in rows}
    replaced = "listens" in said[import_id].get("updated", {})
    return [
        other
        for other, summary in said.items()
        if (other < import_id and replaced) or (other > import_id and shared(summary))
    ]


# Items and listeners may be referred to by rows of other imports; aliases and credits go with their items.
_AT_ONCE = 5_000
_WITH_CARE = (items, aliases, track_artists, users)
_REFERENCES = (
    listens.c.item_key,
    play_counts.c.item_key,
    tags.c.item_key,
    features.c.item_key,
    files.c.item_key,
    playlist_items.c.item_key,
    blocks.c.item_key,
    outcomes.c.item_key,
    feedback.c.item_key,
)
_MENTIONS = (
    listens.c.user_key,
    play_counts.c.user_key,
    tags.c.user_key,
    subjects.c.user_key,
    friends.c.user_key,
    playlists.c.user_key,
    blocks.c.user_key,
    exposures.c.user_key,
    outcomes.c.user_key,
    feedback.c.user_key,
)


def _unlink(connection: Connection, import_id: int) -> None:
    """Let entries of playlists stand for themselves again where they counted as files of the import."""
    mine = select(items.c.key).where(items.c.import_id == import_id).scalar_subquery()
    linked = (items.c.method == "path") & items.c.same_as.in_(mine)
    connection.execute(update(items).where(linked).values(same_as=None, method=None, confidence=None))


def _remove_items(connection: Connection, import_id: int, removed: dict[str, int]) -> int:
    """Delete the import's items that nothing refers to any more; return how many stay."""
    used = _named_by(connection, _REFERENCES)
    mine = select(items.c.key).where(items.c.import_id == import_id)
    # What imports shared belongs to the first of them, and goes with the last.
    candidates = select(items.c.key).where(items.c.import_id.in_(_undone(import_id)))
    # Deleting a redirect frees what it pointed to, deleting a track frees its artists: go on while something goes.
    while True:
        pointed = _named_by(connection, (items.c.same_as, track_artists.c.artist_key))
        left = [key for key in connection.execute(candidates).scalars() if key not in used]
        gone = [key for key in left if key not in pointed]
        if not gone:
            return int(connection.execute(select(func.count()).select_from(mine.subquery())).scalar_one())
        removed["items"] = removed.get("items", 0) + len(gone)
        for column in (aliases.c.item_key, track_artists.c.track_key, items.c.key):
            _delete(connection, column, gone)


def _undone(import_id: int) -> Select[tuple[int]]:
    return select(imports.c.id).where((imports.c.id == import_id) | (imports.c.status == "undone"))


def _remove_users(connection: Connection, import_id: int, removed: dict[str, int]) -> None:
    mentioned = _named_by(connection, _MENTIONS)
    mine = connection.execute(select(users.c.key).where(users.c.import_id.in_(_undone(import_id)))).scalars()
    gone = [key for key in mine if key not in mentioned]
    _delete(connection, users.c.key, gone)
    _delete(connection, data_keys.c.subject, [subject_of(key) for key in gone])
    if gone:
        removed["users"] = len(gone)


def _named_by(connection: Connection, columns: Sequence[Column[int]]) -> set[int]:
    """Collect the keys that stand in some columns; one scan each, since few of them are indexed."""
    return {key for column in columns for key in bulk.read(connection, select(column).distinct())[column.name] if key}


def _delete(connection: Connection, column: Column[Any], keys: Sequence[Any]) -> None:
    for start in range(0, len(keys), _AT_ONCE):
        connection.execute(delete(column.table).where(column.in_(keys[start : start + _AT_ONCE])))
