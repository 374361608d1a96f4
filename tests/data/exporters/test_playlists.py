"""Playlists written and read again are the same, or the account says what is missing."""

from __future__ import annotations

import errno
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.exporters.playlists import PlaylistEntry, write_playlist
from ml.data.importers.playlist_entry import PlaylistHeader
from ml.data.importers.playlists import READERS
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput, DiskFull

SONG = PlaylistEntry(
    "Jóga",
    "Björk",
    "Homogenic",
    305_000,
    "GBAYE0601498",
    "e97f805a-ab48-4c52-855e-07049142113d",
    ("spotify:track:4uLU", "hetrec:track/7"),
    "/music/a b#.mp3",
)


def read_again(path: Path):
    parts = list(READERS[path.suffix](Source.of(path).entries[0]))
    names = [part.name for part in parts if isinstance(part, PlaylistHeader)]
    return names[0], [part for part in parts if not isinstance(part, PlaylistHeader)]


@pytest.mark.parametrize("suffix", [".xspf", ".jspf"])
def test_xspf_and_jspf_carry_everything(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    report = write_playlist([SONG, PlaylistEntry("Only a title")], path, name="R&B <3")
    assert read_again(path) == ("R&B <3", [SONG, PlaylistEntry("Only a title")])
    assert (report.written, report.left_out, report.not_carried, report.format) == (2, (), {}, suffix[1:])


def test_m3u8_as_players_expect_it_and_its_losses(tmp_path):
    path = tmp_path / "x.m3u8"
    report = write_playlist([SONG, PlaylistEntry("No file")], path, name="Mine")
    assert path.read_text() == "#EXTM3U\n#PLAYLIST:Mine\n#EXTINF:305,Björk - Jóga\n#EXTALB:Homogenic\n/music/a b#.mp3\n"
    assert report.written == 1
    assert [(left.position, left.title) for left in report.left_out] == [(1, "No file")]
    assert report.not_carried == {"isrc": 1, "mbid": 1, "outside_ids": 1}
    assert report["left_out"][0].to_dict()["reason"] == "no path: M3U8 names files"


@pytest.mark.parametrize("suffix", [".m3u8", ".xspf", ".jspf"])
def test_relative_paths_follow_the_folder(tmp_path, suffix):
    path = tmp_path / f"x{suffix}"
    songs = [
        PlaylistEntry("a", path=str(tmp_path / "sub" / "ab:c d.mp3")),
        PlaylistEntry("#", path=str(tmp_path / "#1.mp3")),
        PlaylistEntry(":", path=str(tmp_path / "ab:c.mp3")),
        PlaylistEntry("b", path="/elsewhere/b.mp3"),
    ]
    write_playlist(songs, path, name="n", relative_to=tmp_path)
    assert f"{tmp_path}/sub" not in path.read_text()
    assert read_again(path)[1] == songs
    moved = tmp_path / "moved"
    moved.mkdir()
    path.rename(moved / path.name)
    assert read_again(moved / path.name)[1][0].path == str(moved / "sub" / "ab:c d.mp3")


@pytest.mark.parametrize("artist", ["A - B", "A -", None])
def test_m3u8_tells_artist_from_title_where_dashes_abound(tmp_path, artist):
    song = PlaylistEntry("Now - Then", artist, path="/m/x.mp3")
    write_playlist([song], tmp_path / "x.m3u8", name="n")
    assert read_again(tmp_path / "x.m3u8")[1] == [song]


@pytest.mark.parametrize("suffix", [".m3u8", ".xspf", ".jspf"])
def test_a_path_that_cannot_exist_is_not_written(tmp_path, suffix):
    songs = [PlaylistEntry("a", path="/m/\ud800.mp3"), PlaylistEntry("b", path="/m/\x00.mp3")]
    report = write_playlist(songs, tmp_path / f"x{suffix}", name="n")
    assert (len(report.left_out), report.not_carried) == ((2, {}) if suffix == ".m3u8" else (0, {"path": 2}))


def test_ids_that_no_reader_understands_are_counted_and_not_written(tmp_path):
    song = PlaylistEntry("a", outside_ids=("lastfm:with space", "spotify:track:4"), mbid="no-mbid", isrc="??")
    report = write_playlist([song], tmp_path / "x.xspf", name="n")
    assert report.not_carried == {"isrc": 1, "mbid": 1, "outside_ids": 1}
    assert read_again(tmp_path / "x.xspf")[1] == [PlaylistEntry("a", outside_ids=("spotify:track:4",))]


def test_an_unknown_suffix_names_the_known_ones(tmp_path):
    with pytest.raises(BadInput, match=r"(?s)\.pls.*\.xspf"):
        write_playlist([], tmp_path / "x.pls", name="n")


def test_a_missing_folder_is_a_clear_error(tmp_path):
    with pytest.raises(BadInput, match="cannot be written"):
        write_playlist([SONG], tmp_path / "none" / "x.m3u8", name="n")


def test_a_full_disk_leaves_the_old_list_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "x.m3u8"
    path.write_text("old")

    def full(_fd):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("ml.data.exporters.playlists.os.fsync", full)
    with pytest.raises(DiskFull):
        write_playlist([SONG], path, name="n")
    assert [file.name for file in tmp_path.iterdir()] == ["x.m3u8"]
    assert path.read_text() == "old"


# Any text, hard characters included: separators of the formats, controls, dashes.
WILD = st.text(st.characters(codec=None) | st.sampled_from("-# ,:\n\r\\&<>\"'%"), max_size=12)
TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")) | st.sampled_from("-# ,:\\&<>%"),
    min_size=1,
    max_size=12,
)
TIDY = TEXT.map(str.strip).filter(lambda text: text and "\ufeff" not in text)
NAME = st.text(st.characters(exclude_characters="/\x00", exclude_categories=("Cs",)), min_size=1, max_size=10)
PATHS = st.lists(NAME.filter(lambda name: name not in {".", ".."}), min_size=1, max_size=3).map(
    lambda names: "/m/" + "/".join(names)
)
IDS = st.tuples(
    st.sampled_from(["spotify:track:", "deezer:", "hetrec:track/"]), st.text(string.ascii_letters, min_size=1)
).map("".join)
ENTRIES = st.builds(
    PlaylistEntry,
    title=TIDY,
    artist=st.none() | TIDY,
    album=st.none() | TIDY,
    duration_ms=st.none() | st.integers(1, 10**8),
    isrc=st.none() | st.from_regex(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", fullmatch=True),
    mbid=st.none() | st.uuids().map(str),
    outside_ids=st.lists(IDS, max_size=2, unique=True).map(tuple),
    path=st.none() | PATHS,
)


@settings(max_examples=120, deadline=None)
@given(entries=st.lists(ENTRIES, max_size=4), name=TIDY, suffix=st.sampled_from([".xspf", ".jspf"]), near=st.booleans())
def test_round_trip_of_xspf_and_jspf(tmp_path_factory, entries, name, suffix, near):
    # Relative names are resolved against the playlist's folder, so the playlist has to lie where the songs do.
    folder = tmp_path_factory.getbasetemp()
    songs = [PlaylistEntry(**{**fields(entry), "path": entry.path and str(folder) + entry.path}) for entry in entries]
    path = folder / f"round{suffix}"
    report = write_playlist(songs, path, name=name, relative_to=folder if near else None)
    assert read_again(path) == (name, songs)
    assert report.not_carried == {}


@settings(max_examples=120, deadline=None)
@given(entries=st.lists(ENTRIES, max_size=4), name=TIDY, near=st.booleans())
def test_round_trip_of_m3u8_but_for_what_the_account_names(tmp_path_factory, entries, name, near):
    folder = tmp_path_factory.getbasetemp()
    songs = [PlaylistEntry(**{**fields(entry), "path": entry.path and str(folder) + entry.path}) for entry in entries]
    path = folder / "round.m3u8"
    report = write_playlist(songs, path, name=name, relative_to=folder if near else None)
    found_name, found = read_again(path)
    expected = [song for song in songs if song.path]
    assert found_name == name
    assert [(f.title, f.artist, f.album, f.path) for f in found] == [
        (e.title, e.artist, e.album, e.path) for e in expected
    ]
    for before, after in zip(expected, found, strict=True):
        assert abs((before.duration_ms or 0) - (after.duration_ms or 0)) <= 1000
    assert report.written + len(report.left_out) == len(songs)
    assert report.not_carried.get("isrc", 0) == sum(1 for song in expected if song.isrc)


@settings(max_examples=80, deadline=None)
@given(title=WILD, artist=WILD, path=WILD, suffix=st.sampled_from([".m3u8", ".xspf", ".jspf"]))
def test_wild_texts_never_break_a_file(tmp_path_factory, title, artist, path, suffix):
    songs = [PlaylistEntry(title, artist, path="/m/" + path), PlaylistEntry("after", "b", path="/after")]
    file = tmp_path_factory.getbasetemp() / f"wild{suffix}"
    report = write_playlist(songs, file, name=title)
    found = read_again(file)[1]
    assert found[-1] == songs[-1]
    assert len(found) == report.written == 2 - len(report.left_out)


def fields(entry: PlaylistEntry) -> dict:
    return {name: getattr(entry, name) for name in PlaylistEntry.__dataclass_fields__}
