"""How a workspace stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, func, select, text

from ml.data import schema
from ml.data.ingest import ImportRecord, list_imports
from ml.data.snapshot.manifest import moment
from ml.data.snapshot.snapshot import LATEST
from ml.data.workspace.workspace import AUDIT, Workspace
from ml.foundation.results import Result
from ml.foundation.settings import hide_password

#: How many imports are told of.
LAST_IMPORTS = 5


@dataclass(frozen=True, slots=True)
class Status(Result):
    """What a workspace holds.

    Parameters
    ----------
    home : Path
    label : str
        ``"real"``, or ``"demo"``: synthetic.
    database : str
        Its address, the password left out.
    items : dict of str to int
        Tracks and artists; what is the same counts once.
    merged : int
        Descriptions that turned out to be the same as another.
    listeners, listens, totals, tags, playlists, files, scanned_files : int
        ``totals`` are pairs of listener and item with a number of plays and no dates; ``files`` were imported by their
        tags, ``scanned_files`` were listened to.
    first_listen, last_listen : datetime or None
        UTC.
    size_bytes : int
        Of the folder, and of the database where that lies elsewhere; a demo workspace inside is left out.
    imports : tuple of ImportRecord
        The last ones, newest first.
    snapshot : str or None
        Name of the newest snapshot.
    """

    home: Path
    label: str
    database: str
    items: dict[str, int]
    merged: int
    listeners: int
    listens: int
    totals: int
    tags: int
    playlists: int
    files: int
    scanned_files: int
    first_listen: datetime | None
    last_listen: datetime | None
    size_bytes: int
    imports: tuple[ImportRecord, ...]
    snapshot: str | None


def status(workspace: Workspace) -> Status:
    """Count what a workspace holds, all at one moment.

    Raises
    ------
    StoreError
        If the database cannot be read.
    """
    label = workspace.label
    with workspace.store.read() as connection:
        first, last = _time_range(connection)
        return Status(
            home=workspace.home,
            label=label,
            database=hide_password(workspace.store.url),
            items=_items(connection),
            merged=_merged(connection),
            listeners=_count(connection, schema.users),
            listens=_count(connection, schema.listens),
            totals=_count(connection, schema.play_counts),
            tags=_count(connection, schema.tags),
            playlists=_count(connection, schema.playlists),
            files=_count(connection, schema.files),
            scanned_files=_count(connection, schema.scanned_files),
            first_listen=first,
            last_listen=last,
            size_bytes=_size(workspace.home) + _size_elsewhere(connection),
            imports=tuple(list_imports(connection, limit=LAST_IMPORTS)),
            snapshot=_latest(workspace.home / "snapshots" / LATEST),
        )


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _items(connection: Connection) -> dict[str, int]:
    table = schema.items.c
    roots = select(table.kind, func.count()).where(table.same_as.is_(None)).group_by(table.kind).order_by(table.kind)
    return {str(kind): int(count) for kind, count in connection.execute(roots)}


def _merged(connection: Connection) -> int:
    statement = select(func.count()).select_from(schema.items).where(schema.items.c.same_as.is_not(None))
    return int(connection.execute(statement).scalar_one())


def _time_range(connection: Connection) -> tuple[datetime | None, datetime | None]:
    times = schema.listens.c.listened_at
    first, last = connection.execute(select(func.min(times), func.max(times))).one()
    return (None, None) if first is None else (moment(first), moment(last))


def _size(home: Path) -> int:
    parts = [home / "snapshots", home / "models", home / "indexes", home / "reports", home / "rejects", home / AUDIT]
    paths = [*home.glob("ml.db*"), *(path for part in parts for path in part.rglob("*"))]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _size_elsewhere(connection: Connection) -> int:
    if connection.dialect.name != "postgresql":
        return 0
    return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _latest(pointer: Path) -> str | None:
    return pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None
