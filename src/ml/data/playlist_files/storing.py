"""Playlists into the store, and out of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import insert, select, update

from ml.data.exporters.stored_playlists import find_playlist, library_paths, list_playlists, read_entries
from ml.data.identity.outside import OutsideId
from ml.data.importers.base import Batch
from ml.data.importers.playlists import playlist_frame, playlist_row
from ml.data.ingest.loader import Loader, checked
from ml.data.playlist_files.playlist import Playlist
from ml.data.playlist_files.reading import LineProblem
from ml.data.playlist_files.resolution import ResolvedEntry, resolve
from ml.data.schema import imports, playlists
from ml.data.store import Store
from ml.foundation.errors import BadInput
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class PlaylistImport(Result):
    """What became of a playlist that was brought into the store.

    Parameters
    ----------
    import_id : int or None
        For ``ml import undo``; None where everything was there already.
    playlist_id : str
        Outside id; the same list brought again takes the place of its former self.
    title : str
    stored, resolved, with_file : int
        Entries in the store, those of tracks that were known, and those that a file of the library holds.
    unresolved : tuple of ResolvedEntry
        Entries that were no known track; they are kept as they are described.
    problems : tuple of LineProblem
        What was not stored.
    """

    import_id: int | None
    playlist_id: str
    title: str
    stored: int
    resolved: int
    with_file: int
    unresolved: tuple[ResolvedEntry, ...]
    problems: tuple[LineProblem, ...]


def store_playlist(
    store: Store,
    playlist: Playlist,
    *,
    source: str,
    user: str | None = None,
    problems: tuple[LineProblem, ...] = (),
) -> PlaylistImport:
    """Bring a playlist into the store; bringing it twice changes nothing.

    Parameters
    ----------
    store : Store
    playlist : Playlist
    source : str
        The file's path or the server's address; it names the playlist where no server gave it an id.
    user : str, optional
        Outside id of the owner.
    problems : tuple of LineProblem
        Of reading, to be given on.

    Raises
    ------
    BadInput
        If it has no tracks.
    StoreError
    """
    if not playlist.tracks:
        raise BadInput(f"{source}: no tracks in it; nothing was stored", "check the file, or export it again")
    playlist_id = playlist.playlist_id or f"playlist:{source.encode('utf-8', 'backslashreplace').decode()}"
    rows = [playlist_row(entry, position) for position, entry in enumerate(playlist.tracks)]
    frame = playlist_frame(rows, playlist_id, playlist.title, user)
    outside = OutsideId.parse(playlist_id)
    its_own = select(playlists.c.import_id).where(
        playlists.c.source == outside.source, playlists.c.external_id == outside.external
    )
    with store.read() as connection:
        resolved = resolve(connection, playlist.tracks, apart_from=connection.execute(its_own).scalar())
    batch = Batch(source, len(rows), {"playlists": frame})
    good, refused = checked(batch)
    stored = set(good["playlists"]["position"])
    import_id = _begin(store, source)
    loader = Loader(store, import_id)
    loader.load(batch)
    tally = loader.tally
    changed = any(tally.added.values()) or any(tally.updated.values())
    counted = {name: dict(getattr(tally, name)) for name in ("added", "updated", "already_there")}
    _finish(store, import_id, {"rows": len(rows), "rejected": len(refused), **counted} if changed else None)
    left = [one for one in resolved if one.position in stored]
    return PlaylistImport(
        import_id if changed else None,
        playlist_id,
        playlist.title,
        stored=len(stored),
        resolved=sum(one.item_id is not None for one in left),
        with_file=sum(one.file is not None for one in left),
        unresolved=tuple(one for one in left if one.item_id is None),
        problems=(*problems, *(LineProblem(reject.line, reject.reason, reject.raw) for reject in refused)),
    )


def stored_playlist(store: Store, name: str) -> Playlist:
    """Read a playlist of the store by its name or outside id, with a file of the library for each track that has one.

    Raises
    ------
    UnknownId, AmbiguousId
    """
    with store.read() as connection:
        found = find_playlist(list_playlists(connection), name)
        entries = read_entries(connection, found.key, library_paths(connection))
    return Playlist(found.name, tuple(entries), playlist_id=found.playlist_id)


def _begin(store: Store, source: str) -> int:
    """Open an import, or the one of the same source that was interrupted."""
    interrupted = select(imports.c.id).where(imports.c.path == source, imports.c.status == "running")
    with store.write() as connection:
        there = connection.execute(interrupted).scalar()
        if there is not None:
            return int(there)
        import_id = store.allocate(connection, "import", 1)
        values = {"id": import_id, "path": source, "status": "running", "started_at": time.time_ns() // 1_000_000}
        connection.execute(insert(imports).values(values))
    return import_id


def _finish(store: Store, import_id: int, summary: dict[str, Any] | None) -> None:
    here = imports.c.id == import_id
    with store.write() as connection:
        if summary is None:
            connection.execute(imports.delete().where(here))
            return
        values = {"status": "done", "finished_at": time.time_ns() // 1_000_000}
        connection.execute(update(imports).where(here).values(values | {"summary": orjson.dumps(summary).decode()}))
