"""Playlist files read, converted, and read again: the same, or the report says what is missing."""

from __future__ import annotations

import json
import os
import string
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.playlist_files import Playlist, convert, read_playlist, write
from ml.foundation.errors import BadInput

LIST = "8a5f0e0e-5f0a-4f6e-9d57-0f3f4d0a5f3b"
MBID = "e97f805a-ab48-4c52-855e-07049142113d"
SONG = PlaylistEntry("Jóga", "Björk", "Homogenic", 305_400, "GBAYE0601498", MBID, ("spotify:track:4uLU",), "/m/a.mp3")
EXTENSION = {"https://musicbrainz.org/doc/jspf#track": {"added_by": "rob", "artist_identifiers": ["https://x/1"]}}
RICH = Playlist(
    "Weekly",
    (replace(SONG, extra={"extension": EXTENSION, "trackNum": 4, "identifier": ["https://x/2"]}), PlaylistEntry("b")),
    "What it is about",
    f"listenbrainz:playlist/{LIST}",
    {"creator": "rob", "extension": {"https://musicbrainz.org/doc/jspf#playlist": {"public": True}}},
)


def test_jspf_keeps_all_that_listenbrainz_says(tmp_path):
    report = write(RICH, tmp_path / "x.jspf")
    assert (report.losses, report.list_not_carried, report.left_out) == ((), (), ())
    assert read_playlist(tmp_path / "x.jspf").playlist == RICH
    document = json.loads((tmp_path / "x.jspf").read_text())["playlist"]
    assert document["annotation"] == "What it is about"
    assert document["identifier"] == f"https://listenbrainz.org/playlist/{LIST}"


def test_xspf_keeps_the_description_and_texts_and_names_the_rest(tmp_path):
    report = write(RICH, tmp_path / "x.xspf")
    assert report.list_not_carried == ("extension",)
    assert [(loss.position, loss.fields) for loss in report.losses] == [(0, ("extension",))]
    again = read_playlist(tmp_path / "x.xspf").playlist
    assert (again.description, again.playlist_id, again.extra) == (
        RICH.description,
        RICH.playlist_id,
        {"creator": "rob"},
    )
    assert again.tracks[0].extra == {"trackNum": 4, "identifier": ["https://x/2"]}


def test_the_losses_of_files_of_little_room(tmp_path):
    m3u, uris, table = (write(RICH, tmp_path / name) for name in ("x.m3u8", "x.txt", "x.csv"))
    assert [(left.position, left.reason) for left in m3u.left_out] == [(1, "no path: M3U8 names files")]
    fields = ("isrc", "mbid", "outside_ids", "duration_ms", "extension", "trackNum", "identifier")
    assert [loss.fields for loss in m3u.losses] == [fields]
    assert m3u.list_not_carried == ("description", "playlist_id", "creator", "extension")
    assert (tmp_path / "x.txt").read_text() == "spotify:track:4uLU\n"
    assert [left.reason for left in uris.left_out] == ["no address at Spotify"]
    assert set(uris.losses[0].fields) >= {"title", "artist", "album", "duration_ms", "isrc", "mbid", "path"}
    assert uris.list_not_carried[0] == "title"
    assert [loss.fields for loss in table.losses] == [("extension", "trackNum", "identifier")]
    plain = tuple(replace(track, extra={}) for track in RICH.tracks)
    assert read_playlist(tmp_path / "x.csv").playlist == Playlist("Weekly", plain)


@pytest.mark.parametrize("suffix", [".m3u8", ".xspf", ".jspf", ".csv"])
def test_relative_paths_lead_out_of_the_folder_and_move_with_it(tmp_path, suffix):
    names = ["lists/near.mp3", "songs/a b.mp3", "songs/#1.mp3", "lists/ab:c.mp3", "songs/back\\slash.mp3"]
    songs = tuple(PlaylistEntry("t", path=str(tmp_path / "one" / name)) for name in names)
    (tmp_path / "one" / "lists").mkdir(parents=True)
    file = tmp_path / "one" / "lists" / f"x{suffix}"
    write(Playlist("x", songs), file, relative=True)
    assert str(tmp_path) not in file.read_text()
    (tmp_path / "one").rename(tmp_path / "two")
    moved = read_playlist(tmp_path / "two" / "lists" / f"x{suffix}").playlist.tracks
    assert [track.path for track in moved] == [str(tmp_path / "two" / name) for name in names]


def test_absolute_is_what_nothing_else_is_asked_for(tmp_path):
    (tmp_path / "in.m3u").write_text("a.mp3\n..\\b\\c.mp3\nC:\\d.mp3\nhttp://e/f.mp3\n")
    convert(tmp_path / "in.m3u", tmp_path / "out.m3u8")
    places = [line for line in (tmp_path / "out.m3u8").read_text().splitlines() if not line.startswith("#")]
    assert places == [f"{tmp_path}/a.mp3", f"{tmp_path.parent}/b/c.mp3", "C:\\d.mp3", "http://e/f.mp3"]


def test_only_files_that_are_there(tmp_path):
    (tmp_path / "a.mp3").touch()
    tracks = [PlaylistEntry(name, path=str(tmp_path / name)) for name in ("a.mp3", "b.mp3")]
    tracks += [PlaylistEntry("web", path="http://e/f.mp3"), PlaylistEntry("none")]
    report = write(Playlist("x", tuple(tracks)), tmp_path / "x.xspf", only_existing=True)
    assert [(left.title, left.reason) for left in report.left_out] == [
        ("b.mp3", "the file is not there"),
        ("none", "no file"),
    ]
    assert report.written == 2


def test_a_broken_file_costs_nothing_that_is_there(tmp_path):
    (tmp_path / "in.xspf").write_text("<playlist><trackList><track>")
    (tmp_path / "out.m3u8").write_text("mine")
    for source, out, says in [
        ("in.xspf", "new.m3u8", "not well-formed"),
        ("none.m3u", "new.m3u8", "no such file"),
        ("out.m3u8", "out.m3u8", "already there"),
        ("out.m3u8", "x.pls", "no playlist format '.pls'"),
    ]:
        with pytest.raises(BadInput, match=says):
            convert(tmp_path / source, tmp_path / out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.xspf", "out.m3u8"]
    assert (tmp_path / "out.m3u8").read_text() == "mine"


def test_a_folder_and_an_empty_file_are_no_playlists(tmp_path):
    (tmp_path / "a.csv").touch()
    for path in (tmp_path, tmp_path / "a.csv"):
        with pytest.raises(BadInput, match=r"is a folder|is empty"):
            read_playlist(path)


def test_bombs_of_xml_end_at_once(tmp_path):
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(30))
    (tmp_path / "bomb.xspf").write_text(f"<!DOCTYPE p [{levels}]><playlist><title>&l29;</title></playlist>")
    with pytest.raises(BadInput, match="declares the XML entity"):
        read_playlist(tmp_path / "bomb.xspf")


TEXT = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")) | st.sampled_from("-# ,:;\\&<>%\"'="),
    min_size=1,
    max_size=12,
)
TIDY = TEXT.map(str.strip).filter(lambda text: text and "\ufeff" not in text)
IDS = st.tuples(st.sampled_from(["spotify:track:", "deezer:"]), st.text(string.ascii_letters, min_size=1))
JSON = st.recursive(st.booleans() | st.integers(-99, 99) | TIDY, lambda v: st.lists(v) | st.dictionaries(TIDY, v))
TRACKS = st.builds(
    PlaylistEntry,
    title=TIDY,
    artist=st.none() | TIDY,
    album=st.none() | TIDY,
    duration_ms=st.none() | st.integers(1, 10**8),
    isrc=st.none() | st.from_regex(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", fullmatch=True),
    mbid=st.none() | st.uuids().map(str),
    outside_ids=st.lists(IDS.map("".join), max_size=2, unique=True).map(tuple),
    path=st.none()
    | st.text(st.characters(exclude_characters="/\x00", exclude_categories=("Cs",)), min_size=1).map(
        lambda name: "/m/" + (name if name not in {".", ".."} else "x")
    ),
    extra=st.dictionaries(st.sampled_from(["extension", "image", "annotation", "trackNum", "meta"]), JSON, max_size=2),
)
LISTS = st.builds(Playlist, TIDY, st.lists(TRACKS, max_size=3).map(tuple), st.none() | TIDY)


@settings(max_examples=200, deadline=None)
@given(playlist=LISTS, suffix=st.sampled_from([".m3u8", ".xspf", ".jspf", ".csv", ".txt"]), relative=st.booleans())
def test_what_is_read_again_differs_in_what_the_report_names_and_nothing_else(
    tmp_path_factory, playlist, suffix, relative
):
    path = tmp_path_factory.getbasetemp() / f"round{suffix}"
    report = write(playlist, path, relative=relative, force=True)
    if suffix == ".txt" and not report.written:
        return
    again = read_playlist(path)
    assert again.problems == ()
    away = {left.position for left in report.left_out}
    kept = [(at, track) for at, track in enumerate(playlist.tracks) if at not in away]
    lost = {loss.position: set(loss.fields) for loss in report.losses}
    assert len(again.playlist.tracks) == len(kept) == report.written
    for (at, before), after in zip(kept, again.playlist.tracks, strict=True):
        assert differing(before, after) == lost.get(at, set())
    for name in ("title", "description"):
        same = getattr(again.playlist, name) == getattr(playlist, name)
        assert same is (name not in report.list_not_carried)


def differing(before: PlaylistEntry, after: PlaylistEntry) -> set[str]:
    names = ("title", "artist", "album", "duration_ms", "isrc", "mbid", "outside_ids", "path")
    plain = {name for name in names if getattr(before, name) != getattr(after, name)}
    return plain | {name for name, value in before.extra.items() if after.extra.get(name) != value}


def test_a_name_that_is_no_utf8_survives(tmp_path):
    song = PlaylistEntry("x", path=os.fsdecode(b"/m/caf\xe9.mp3"))
    write(Playlist("x", (song,)), tmp_path / "x.xspf")
    assert "caf%E9" in (tmp_path / "x.xspf").read_text()


def test_the_result_is_json(tmp_path: Path):
    write(RICH, tmp_path / "x.jspf")
    told = json.loads(read_playlist(tmp_path / "x.jspf").to_json())
    assert told["playlist"]["tracks"][0]["extra"]["trackNum"] == 4
    assert told["problems"] == []


PIECES = [
    "title",
    "isrc",
    ",",
    ";",
    "\n",
    '"',
    "spotify:track:4u",
    "\x00",
    "é",
    "a",
    "duration",
    "1:2",
    "\r\n",
    "\ufeff",
]


@settings(max_examples=150, deadline=None)
@given(
    content=st.binary(max_size=120) | st.lists(st.sampled_from(PIECES), max_size=25).map(lambda p: "".join(p).encode()),
    suffix=st.sampled_from([".csv", ".tsv", ".txt", ".json"]),
)
def test_any_bytes_are_bad_input_at_worst(tmp_path_factory, content, suffix):
    path = tmp_path_factory.getbasetemp() / f"fuzz{suffix}"
    path.write_bytes(content)
    found, said = None, "fuzz"
    try:
        found = read_playlist(path)
    except BadInput as error:
        said = error.message
    assert "fuzz" in said
    if found is not None:
        assert found.to_json()
        assert all(track.line is None or track.line > 0 for track in found.playlist.tracks)
