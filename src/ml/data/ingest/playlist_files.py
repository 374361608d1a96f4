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


def link_entries(store: Store, scanned: pl.DataFrame) -> None:
    """Let the entries of playlists mean the files that they name, now that these are known.

    Until then an entry is an item described by the name of its file. That item counts as the
    file's from now on (method ``path``, undone by a split). Where it stood for several files of
    one name, each entry goes over to the file it names instead. An entry that gave its item an
    outside id keeps it.

    Parameters
    ----------
    store : Store
    scanned : polars.DataFrame
        Columns ``path`` and ``item_key``.
    """
    files = dict(scanned.select("path", "item_key").iter_rows())
    with store.read() as connection:
        # Most batches of files are in no playlist: they need not wait for the write lock.
        if not matching_rows(connection, _NAMED, playlist_items.c.path, list(files)):
            return
    with store.write() as connection:
        for entry, paths in _entries_to_link(connection, files).items():
            alone = (
                len({path for path, _ in matching_rows(connection, _NAMED, playlist_items.c.item_key, [entry])}) == 1
            )
            if alone:
                same = {"same_as": files[paths[0]], "method": "path", "confidence": CONFIDENCE["path"]}
                connection.execute(update(items).where(items.c.key == entry).values(same))
                continue
            for path in paths:
                here = (playlist_items.c.path == path) & (playlist_items.c.item_key == entry)
                connection.execute(update(playlist_items).where(here).values(item_key=files[path]))


def _entries_to_link(connection: Connection, files: dict[str, int]) -> dict[int, list[str]]:
    """Find the items that entries stand for so far, each with the paths of those entries."""
    rows = matching_rows(connection, _NAMED, playlist_items.c.path, list(files))
    keys = {entry for _, entry in rows}
    identified = {
        key for (key,) in matching_rows(connection, select(aliases.c.item_key), aliases.c.item_key, list(keys))
    }
    same = families(connection, keys | set(files.values()))
    found: dict[int, list[str]] = defaultdict(list)
    for path, entry in rows:
        if entry not in identified and files[path] not in same[entry]:
            found[entry].append(path)
    return found
