"""Playlists of the store as the entries that the playlist formats write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from sqlalchemy import Connection, false, or_, select

from ml.data.exporters.naming import outside_id, title
from ml.data.identity.lookup import matching
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.schema import aliases, files, items, playlist_items, playlists
from ml.data.snapshot.roots import Roots
from ml.data.store import bulk
from ml.foundation.errors import AmbiguousId, UnknownId, did_you_mean


@dataclass(frozen=True, slots=True)
class StoredPlaylist:
    """A playlist of the store.

    Parameters
    ----------
    key : int
    playlist_id : str
        Outside id.
    name : str
    """

    key: int
    playlist_id: str
    name: str


def list_playlists(
    connection: Connection, *, user_key: int | None = None, unowned: bool = False
) -> list[StoredPlaylist]:
    """List the playlists, all or those of one owner, by name.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    user_key : int, optional
    unowned : bool
        Beside those of an owner, also those that are nobody's.
    """
    statement = select(playlists).order_by(playlists.c.key)
    if user_key is not None:
        nobodys = playlists.c.user_key.is_(None) if unowned else false()
        statement = statement.where(or_(playlists.c.user_key == user_key, nobodys))
    rows = connection.execute(statement).all()
    found = [StoredPlaylist(row.key, f"{row.source}:{row.external_id}", row.name) for row in rows]
    return sorted(found, key=lambda one: one.name.casefold())


def find_playlist(known: Sequence[StoredPlaylist], text: str) -> StoredPlaylist:
    """Find a playlist by its outside id, or by its name whatever the case.

    Raises
    ------
    UnknownId
    AmbiguousId
    """
    found = [one for one in known if one.playlist_id == text]
    found = found or [one for one in known if one.name.casefold() == text.casefold()]
    if not found:
        hint = did_you_mean(text, {one.name for one in known}) if known else "this workspace has no playlists"
        raise UnknownId(f"no playlist {text!r}", hint)
    if len(found) > 1:
        ids = ", ".join(one.playlist_id for one in found)
        raise AmbiguousId(f"{text!r} names several playlists", f"write one of: {ids}")
    return found[0]


def read_entries(connection: Connection, playlist_key: int, paths: pl.DataFrame) -> list[PlaylistEntry]:
    """Read the entries of a playlist in order.

    Parameters
    ----------
    paths : polars.DataFrame
        By :func:`library_paths`. An entry that came without a file gets the one that the library has
        of the same recording, so that a playlist of a streaming service can be played from disk.
    """
    columns = (playlist_items.c.position, playlist_items.c.item_key, playlist_items.c.path)
    rows = bulk.read(connection, select(*columns).where(playlist_items.c.playlist_key == playlist_key))
    keys = rows["item_key"].unique().to_list()
    rows = rows.join(_things(connection, keys), on="item_key", how="left")
    rows = rows.join(_outside_ids(connection, keys), on="item_key", how="left")
    rows = rows.join(paths, on="item_key", how="left").sort("position")
    return [
        PlaylistEntry(
            title=row["title"],
            artist=row["credit"],
            album=row["album"],
            duration_ms=row["duration_ms"],
            isrc=row["isrc"],
            mbid=row["mbid"],
            # A track that was known by a code alone is called by it; the code has its own field.
            outside_ids=tuple(one for one in row["outside_ids"] or () if not one.startswith(("mbid:", "isrc:"))),
            path=row["path"] or row["library_path"],
        )
        for row in rows.iter_rows(named=True)
    ]


def _things(connection: Connection, keys: Sequence[int]) -> pl.DataFrame:
    table = items.c
    columns = (table.key.label("item_key"), table.name, table.match, table.credit, table.album)
    statement = select(*columns, table.duration_ms, table.isrc, table.mbid)
    return matching(connection, statement, table.key, keys).with_columns(title())


def _outside_ids(connection: Connection, keys: Sequence[int]) -> pl.DataFrame:
    statement = select(aliases.c.item_key, aliases.c.source, aliases.c.external_id)
    rows = matching(connection, statement, aliases.c.item_key, keys).sort("source", "external_id")
    return rows.group_by("item_key", maintain_order=True).agg(outside_id().alias("outside_ids"))


def library_paths(connection: Connection) -> pl.DataFrame:
    """Give every item that a file of the library holds that file: the first, by path, of the same recording.

    Returns
    -------
    polars.DataFrame [columns item_key, library_path]
    """
    stored = bulk.read(connection, select(files.c.item_key, files.c.path))
    links = bulk.read(connection, select(items.c.key, items.c.same_as), split=items.c.key)
    roots = Roots.of(links)
    first = stored.group_by(roots.apply(stored["item_key"]).alias("root")).agg(pl.col("path").min())
    every = links.select(pl.col("key").alias("item_key"), roots.apply(links["key"]).alias("root"))
    return every.join(first, on="root", how="inner").select("item_key", pl.col("path").alias("library_path"))
