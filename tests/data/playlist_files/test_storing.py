"""Playlists in the store: resolved by the surest sign, brought once, and out again."""

from __future__ import annotations

import polars as pl
import pytest
from sqlalchemy import func, insert, select

from ml.data.importers.base import Batch
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.ingest import list_imports, load, undo
from ml.data.playlist_files import Playlist, read_playlist, resolve, store_playlist, stored_playlist, write
from ml.data.schema import items, playlist_items, playlists, scanned_files
from ml.foundation.errors import BadInput, UnknownId

MBID = "e97f805a-ab48-4c52-855e-07049142113d"
FILES = pl.DataFrame(
    [
        {"item_id": "file:h1", "title": "One", "artist": "A", "duration_ms": 200_000, "path": "/m/1.mp3"},
        {"item_id": "file:h2", "title": "Two", "artist": "B", "duration_ms": 100_000, "path": "/m/2.mp3"},
    ]
).with_columns(content_hash=pl.col("item_id").str.slice(5), size_bytes=1, modified_at=1)
ITEMS = pl.DataFrame(
    [
        {"item_id": "web:3", "title": "Three", "artist": "C", "isrc": "GBAYE0601498"},
        {"item_id": "web:4", "title": "Four", "artist": "D", "mbid": MBID},
        {"item_id": "spotify:track:5", "title": "Five", "artist": "E"},
    ],
    infer_schema_length=None,
)
TRACKS = (
    PlaylistEntry("another name", "X", isrc="GBAYE0601498", path="/m/1.mp3", line=1),
    PlaylistEntry(mbid=MBID, line=2),
    PlaylistEntry("whatever", path="/m/1.mp3", line=3),
    PlaylistEntry("TWO", "b", duration_ms=101_000, path="/elsewhere/two.mp3", line=4),
    PlaylistEntry("Two", "B", duration_ms=160_000, line=5),
    PlaylistEntry("Three", "C", line=6),
    PlaylistEntry(outside_ids=("deezer:1", "spotify:track:5"), line=7),
    PlaylistEntry("Unheard of", "Nobody", line=8),
)
MIXED = Playlist("Mixed", TRACKS)


@pytest.fixture
def library(store):
    load(store, [Batch("x", 5, {"files": FILES, "items": ITEMS})])
    return store


def count(store, table):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


def test_the_surest_sign_decides(library):
    with library.read() as connection:
        found = resolve(connection, TRACKS)
    assert [(one.item_id, one.method, one.confidence, one.file) for one in found] == [
        ("web:3", "isrc", 0.99, None),
        ("web:4", "mbid", 0.98, None),
        ("file:h1", "path", 0.9, "/m/1.mp3"),
        ("file:h2", "name and duration", 0.95, "/m/2.mp3"),
        (None, None, None, None),
        ("web:3", "name", 0.85, None),
        ("spotify:track:5", "id", 1.0, None),
        (None, None, None, None),
    ]


def test_resolving_writes_nothing(library):
    before = count(library, items)
    with library.read() as connection:
        resolve(connection, TRACKS)
    assert count(library, items) == before


def test_a_file_that_was_only_analysed_is_known_by_its_sound(library):
    with library.write() as connection:
        values = {"path": "/moved/1.mp3", "content_hash": "h1", "size_bytes": 1, "modified_ns": 1, "scanned_at": 1}
        connection.execute(insert(scanned_files).values(values))
    with library.read() as connection:
        (found,) = resolve(connection, [PlaylistEntry("?", path="/moved/1.mp3")])
    assert (found.item_id, found.method, found.file) == ("file:h1", "path", "/m/1.mp3")


def test_bringing_a_list_twice_changes_nothing_and_says_the_same(library):
    first = store_playlist(library, MIXED, source="/lists/mixed.m3u")
    held = count(library, items), count(library, playlist_items)
    second = store_playlist(library, MIXED, source="/lists/mixed.m3u")
    assert first.import_id is not None
    assert second.import_id is None
    assert (count(library, items), count(library, playlist_items)) == held
    assert first.to_dict() | {"import_id": None} == second.to_dict()
    assert (first.stored, first.resolved, first.with_file) == (8, 6, 2)
    assert [one.position for one in first.unresolved] == [4, 7]
    with library.read() as connection:
        assert [record.status for record in list_imports(connection)] == ["done"]


def test_a_list_that_changed_takes_the_place_of_its_former_self(library):
    store_playlist(library, MIXED, source="/lists/mixed.m3u")
    shorter = Playlist("Renamed", TRACKS[2:4])
    store_playlist(library, shorter, source="/lists/mixed.m3u")
    assert (count(library, playlists), count(library, playlist_items)) == (1, 2)
    again = stored_playlist(library, "renamed")
    assert [track.title for track in again.tracks] == ["One", "Two"]
    assert [track.path for track in again.tracks] == ["/m/1.mp3", "/elsewhere/two.mp3"]


def test_it_can_be_undone(library):
    before = count(library, items)
    done = store_playlist(library, MIXED, source="/lists/mixed.m3u")
    undo(library, done.import_id)
    assert (count(library, playlists), count(library, playlist_items), count(library, items)) == (0, 0, before)


def test_out_again_with_files_of_the_library_and_codes_in_their_fields(library, tmp_path):
    store_playlist(library, Playlist("Codes", TRACKS[:2]), source="x")
    held = stored_playlist(library, "Codes")
    assert held.tracks[1].mbid == MBID
    assert held.tracks[1].outside_ids == ("web:4",) or held.tracks[1].outside_ids == ()
    write(held, tmp_path / "x.jspf")
    assert read_playlist(tmp_path / "x.jspf").playlist.tracks == held.tracks


def test_an_entry_that_may_not_be_stored_is_told(library):
    bad = PlaylistEntry("x" * 3000, line=2)
    done = store_playlist(library, Playlist("x", (TRACKS[2], bad)), source="x")
    assert (done.stored, done.resolved, done.unresolved) == (1, 1, ())
    assert [(problem.line, problem.reason) for problem in done.problems] == [
        (2, "title is longer than 2000 characters")
    ]


def test_nothing_in_it_and_no_such_list(library):
    with pytest.raises(BadInput, match="no tracks in it"):
        store_playlist(library, Playlist("x"), source="x.m3u")
    with pytest.raises(UnknownId):
        stored_playlist(library, "nothing")
