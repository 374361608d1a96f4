"""Entries of playlists that were read before the files they name."""

from __future__ import annotations

from collections import defaultdict

import polars as pl
from sqlalchemy import Connection, select, update

from ml.data.identity.candidates import CONFIDENCE
from ml.data.identity.lookup import families, matching_rows
from ml.data.schema import aliases, items, playlist_items
from ml.data.store import Store

_NAMED = select(playlist_items.c.path, playlist_items.c.item_key).distinct()


def named_by_file(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the entries that nothing describes but a file the name of that file, without folder and extension.

    Parameters
    ----------
    frame : polars.DataFrame
        Columns ``path``, ``item_id`` and ``title``.
    """
    name = pl.col("path").str.extract(r"([^/\\]+?)(?:\.[A-Za-z0-9]+)?$", 1)
    named = pl.when(pl.col("item_id").is_null()).then(pl.coalesce("title", name)).otherwise("title")
    return frame.with_columns(named.alias("title"))


def link_entries(store: Store, scanned: pl.DataFrame) -> None:
    """Let the entries of playlists mean the files that they name, now that these are known.

    Until then an entry is an item described by the name of its file. That item counts as the
    file's from now on (method ``path``, undone by a split). Where it stood for several files of
    one name, each entry goes over to the file it names instead. An item that has an outside id, or
    that counts as another one already, stays what it is.

    Parameters
    ----------
    store : Store
    scanned : polars.DataFrame
        Columns ``path`` and ``item_key``.
    """
    files = dict(scanned.select("path", "item_key").iter_rows())
    with store.read() as connection:
        entries = _unlinked(connection, files)
        # Looking takes a while, and nobody need wait for it.
        everywhere = matching_rows(connection, _NAMED, playlist_items.c.item_key, list(entries))
    if not entries:
        return
    paths_of = defaultdict(set)
    for path, entry in everywhere:
        paths_of[entry].add(path)
    with store.write() as connection:
        for entry, paths in entries.items():
            if len(paths_of[entry]) == 1:
                _count_as(connection, entry, files[paths[0]])
            else:
                _replace(connection, entry, {path: files[path] for path in paths})


def _unlinked(connection: Connection, files: dict[str, int]) -> dict[int, list[str]]:
    """Find the items that entries stand for so far, each with the paths of those entries."""
    rows = matching_rows(connection, _NAMED, playlist_items.c.path, list(files))
    keys = {entry for _, entry in rows if entry is not None}
    named = {key for (key,) in matching_rows(connection, select(aliases.c.item_key), aliases.c.item_key, list(keys))}
    merged = select(items.c.key).where(items.c.same_as.is_not(None))
    named |= {key for (key,) in matching_rows(connection, merged, items.c.key, list(keys))}
    found: dict[int, list[str]] = defaultdict(list)
    for path, entry in rows:
        if entry not in named and files[path] != entry:
            found[entry].append(path)
    return found


def _count_as(connection: Connection, entry: int, file: int) -> None:
    """Let an entry's item count as a file's, unless the file counts as it already."""
    if file in families(connection, {entry, file})[entry]:
        return
    same = {"same_as": file, "method": "path", "confidence": CONFIDENCE["path"]}
    connection.execute(update(items).where(items.c.key == entry, items.c.same_as.is_(None)).values(same))


def _replace(connection: Connection, entry: int, files: dict[str, int]) -> None:
    for path, file in files.items():
        here = (playlist_items.c.path == path) & (playlist_items.c.item_key == entry)
        connection.execute(update(playlist_items).where(here).values(item_key=file))
