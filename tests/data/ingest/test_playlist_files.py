"""Playlists that are read before the files they name."""

import polars as pl
import pytest
from sqlalchemy import select

from ml.data.identity import list_merges
from ml.data.identity.edits import merge, split
from ml.data.importers.base import Batch
from ml.data.ingest import load, undo
from ml.data.schema import imports, items, playlist_items
from ml.data.snapshot import take


def batch(**frames):
    tables = {name: pl.DataFrame(rows) for name, rows in frames.items()}
    return Batch("test", sum(len(rows) for rows in frames.values()), tables)


def playlist(*paths, **more):
    rows = [{"playlist_id": "m3u:p", "playlist": "P", "position": n, "path": path} for n, path in enumerate(paths)]
    return batch(playlists=[row | more for row in rows])


def scanned(path, title, number=1):
    song = {"item_id": f"file:{number}", "title": title, "artist": "The Beatles"}
    return batch(items=[song], files=[song | {"path": path, "content_hash": str(number)}])


def entries(store, folder):
    """The titles of the entries, as a snapshot resolves them."""
    taken = take(store, folder)
    names = dict(taken.items.select("key", "name").collect().iter_rows())
    roots = dict(taken.redirects.collect().iter_rows())
    with store.read() as connection:
        keys = connection.execute(select(playlist_items.c.item_key).order_by(playlist_items.c.position)).scalars()
        return [names[roots.get(key, key)] for key in keys]


def test_an_entry_becomes_the_file_that_it_names(store, tmp_path):
    load(store, [playlist("/music/03 help.mp3", "/music/04 other.mp3")])
    load(store, [scanned("/music/03 help.mp3", "Help!")])
    assert entries(store, tmp_path / "snapshots") == ["Help!", "04 other"]
    with store.read() as connection:
        (merge,) = list_merges(connection)
    assert (merge.item, merge.same_as, merge.method) == ("03 help", "The Beatles — Help!", "path")
    with store.write() as connection:
        split(connection, merge.item_id)
    assert entries(store, tmp_path / "snapshots") == ["03 help", "04 other"]


def test_files_of_one_name_are_told_apart(store, tmp_path):
    load(store, [playlist("/a/01 intro.mp3", "/b/01 intro.mp3")])
    load(store, [scanned("/a/01 intro.mp3", "First", 1)])
    load(store, [scanned("/b/01 intro.mp3", "Second", 2)])
    assert entries(store, tmp_path / "snapshots") == ["First", "Second"]


def test_scanning_again_changes_nothing(store, tmp_path):
    load(store, [playlist("/music/03 help.mp3")])
    for _ in range(2):
        load(store, [scanned("/music/03 help.mp3", "Help!")])
    load(store, [playlist("/music/03 help.mp3")])
    assert entries(store, tmp_path / "snapshots") == ["Help!"]


@pytest.mark.parametrize("title", ["Help!", "help"])
def test_an_entry_that_is_recognised_by_its_name_makes_no_circle(store, tmp_path, title):
    load(store, [playlist("/music/x.mp3", title=title, artist="The Beatles")])
    load(store, [scanned("/music/x.mp3", "Help!")])
    assert entries(store, tmp_path / "snapshots") == [title]


def test_an_entry_with_an_id_keeps_it(store, tmp_path):
    load(store, [playlist("/music/x.mp3", title="Other song", item_id="spotify:track:1")])
    load(store, [scanned("/music/x.mp3", "Help!")])
    with store.read() as connection:
        assert connection.execute(select(items.c.same_as).where(items.c.name == "Other song")).scalar() is None


def test_what_was_merged_by_hand_stays_so(store, tmp_path):
    load(store, [playlist("/music/x.mp3"), batch(items=[{"item_id": "a:1", "title": "Yesterday"}])])
    with store.write() as connection:
        entry = connection.execute(select(items.c.key).where(items.c.name == "x")).scalar()
        merge(connection, "a:1", f"key:{entry}")
    load(store, [scanned("/music/x.mp3", "Help!")])
    assert entries(store, tmp_path / "snapshots") == ["Yesterday"]


def test_undoing_the_scan_lets_entries_stand_for_themselves_again(store, tmp_path):
    with store.write() as connection:
        for number in (1, 2):
            connection.execute(imports.insert().values(id=number, path="x", status="done", started_at=number))
    load(store, [playlist("/music/03 help.mp3")], import_id=1)
    load(store, [scanned("/music/03 help.mp3", "Help!")], import_id=2)
    assert undo(store, 2).kept_items == 0
    assert entries(store, tmp_path / "snapshots") == ["03 help"]
