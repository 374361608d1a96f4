"""M3U: hand-made lists whose every field is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.importers.base import Reject
from ml.data.importers.m3u import read_m3u
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistHeader
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput


def parts(folder: Path, content: bytes, name: str = "list.m3u"):
    path = folder / name
    path.write_bytes(content)
    return list(read_m3u(Source.of(path).entries[0]))


def entries(folder: Path, content: bytes, name: str = "list.m3u"):
    return [part for part in parts(folder, content, name) if isinstance(part, PlaylistEntry)]


def test_extended_list_gives_every_field_and_line(tmp_path):
    content = (
        b"\xef\xbb\xbf#EXTM3U\r\n#PLAYLIST:Sunday\r\n\r\n"
        b"#EXTINF:211,Nena - 99 Luftballons\r\n#EXTALB: Nena \r\n../a/nena.mp3\r\n"
        b"# a comment\r\n#EXTINF:-1,Just a title\r\n/music/b.flac\r\n"
    )
    assert parts(tmp_path, content) == [
        PlaylistHeader(name="Sunday"),
        PlaylistEntry("99 Luftballons", "Nena", "Nena", 211_000, path=str(tmp_path.parent / "a/nena.mp3")),
        PlaylistEntry("Just a title", path="/music/b.flac"),
    ]
    assert [entry.line for entry in entries(tmp_path, content)] == [6, 9]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b"\r"])
def test_every_line_ending(tmp_path, ending):
    found = entries(tmp_path, ending.join([b"#EXTM3U", b"#EXTINF:5,A - B", b"x.mp3", b"y.mp3"]))
    assert [(entry.title, entry.line) for entry in found] == [("B", 3), ("y", 4)]


def test_a_line_ending_on_the_border_of_two_blocks_counts_once(tmp_path):
    comment = b"#" * 1023 + b"\n"
    content = comment * 1023 + b"#" * 1023 + b"\r\nlast.mp3\r\n"
    assert content[(1 << 20) - 1 : (1 << 20) + 1] == b"\r\n"
    (entry,) = entries(tmp_path, content)
    assert entry.line == 1025


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("#EXTINF:1,Björk - Jóga\nx".encode(), "Jóga"),
        ("#EXTINF:1,Björk - Jóga\nx".encode("latin-1"), "Jóga"),
        ("#EXTINF:1,Björk - It’s\nx".encode("cp1252"), "It’s"),
        ("#EXTINF:1,Björk - Jóga\nx".encode("utf-16"), "Jóga"),
    ],
)
def test_encodings_by_trial(tmp_path, content, title):
    (entry,) = entries(tmp_path, content)
    assert (entry.artist, entry.title, entry.duration_ms) == ("Björk", title, 1000)


@pytest.mark.parametrize(
    ("location", "path"),
    [
        (b"file:///music/caf%C3%A9%20au%20lait.mp3", "/music/café au lait.mp3"),
        (b"file://localhost/music/a.mp3", "/music/a.mp3"),
        (b"http://radio.example/live.mp3", "http://radio.example/live.mp3"),
        (b"C:\\Music\\a.mp3", "C:\\Music\\a.mp3"),
        (b"file:///C:/Music/a.mp3", "C:/Music/a.mp3"),
    ],
)
def test_locations(tmp_path, location, path):
    (entry,) = entries(tmp_path, location)
    assert (entry.path, entry.outside_ids) == (path, ())


def test_windows_relative_path_meets_the_folder(tmp_path):
    (entry,) = entries(tmp_path, b"sub\\a.mp3")
    assert entry.path == str(tmp_path / "sub/a.mp3")


@pytest.mark.parametrize("location", [b"spotify:track:4uLU6h", b"https://open.spotify.com/intl-de/track/4uLU6h?si=1"])
def test_spotify_lines_become_ids(tmp_path, location):
    (entry,) = entries(tmp_path, b"#EXTINF:1,A - B\n" + location)
    assert (entry.outside_ids, entry.path) == (("spotify:track:4uLU6h",), None)


def test_a_plain_path_is_named_by_its_file(tmp_path):
    (entry,) = entries(tmp_path, b"/m/07 - Nena - Leuchtturm.mp3\n")
    assert (entry.title, entry.artist) == ("Leuchtturm", "Nena")


def test_album_lines_before_the_first_track_hold_for_all_and_later_ones_for_one(tmp_path):
    found = entries(
        tmp_path,
        b"#EXTM3U\n#EXTALB:Whole\n#EXTART:Band\n#EXTINF:1,X\n1.mp3\n#EXTINF:1,Y\n#EXTALB:Own\n2.mp3\n3.mp3\n#EXTALB:Next\n4.mp3\n5.mp3\n",
    )
    assert [(entry.artist, entry.album) for entry in found] == [
        ("Band", "Whole"),
        ("Band", "Own"),
        ("Band", "Whole"),
        ("Band", "Next"),
        ("Band", "Whole"),
    ]


def test_an_artist_line_settles_where_the_dash_belongs(tmp_path):
    found = entries(tmp_path, b"#EXTINF:1,A - B - C\n#EXTART:A - B\nx\n#EXTINF:1,Now - Then\n#EXTART:\ny\n")
    assert [(entry.artist, entry.title) for entry in found] == [("A - B", "C"), (None, "Now - Then")]


def test_iptv_attributes_are_passed_over(tmp_path):
    (entry,) = entries(tmp_path, b'#EXTINF:-1 tvg-id="a,b" group="x",Radio One\nhttp://r.example/1\n')
    assert (entry.title, entry.duration_ms) == ("Radio One", None)


def test_a_binary_line_is_rejected_and_the_reading_goes_on(tmp_path):
    found = parts(tmp_path, b"a.mp3\n\x00\x01\x02\nb.mp3\n")
    assert isinstance(found[1], Reject)
    assert (found[1].line, found[2].title) == (2, "b")


def test_a_path_that_is_no_utf8_is_rejected(tmp_path):
    (part,) = parts(tmp_path, b"file:///music/caf%E9.mp3")
    assert isinstance(part, Reject)
    assert "UTF-8" in part.reason


def test_a_stream_is_no_playlist(tmp_path):
    with pytest.raises(BadInput, match=r"list.m3u:2: a stream"):
        parts(tmp_path, b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nseg0.ts\n")


def test_an_endless_line_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"list.m3u:2"):
        parts(tmp_path, b"a.mp3\n" + b"x" * (3 << 20))


def test_inside_an_archive_relative_paths_stay(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("l/list.m3u", "sub/a.mp3\n")
    (entry,) = read_m3u(Source.of(tmp_path / "x.zip").entries[0])
    assert entry.path == "sub/a.mp3"


@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(
                [b"#EXTINF:", b"-1,", b"\n", b"\r", b"file://", b"%E9", b"a - b", b"#EXTALB:", b"\xff\xfe", b"C:\\"]
            )
        ).map(b"".join),
    )
)
def test_anything_gives_entries_rejects_or_bad_input(tmp_path_factory, content):
    folder = tmp_path_factory.getbasetemp()
    try:
        found = parts(folder, content, "fuzz.m3u")
    except BadInput:
        return
    lines = [part.line for part in found if not isinstance(part, PlaylistHeader)]
    assert lines == sorted(set(lines))
    for part in found:
        if isinstance(part, PlaylistEntry):
            f"{part.title}{part.path}".encode()
            assert part.path or part.outside_ids or part.mbid


def test_a_length_that_is_none_is_listed_and_its_track_kept(tmp_path):
    found = parts(
        tmp_path, b"#EXTM3U\n#EXTINF:abc\na.mp3\n#EXTINF\nb.mp3\n#EXTINF:12,A - B\nc.mp3\n#EXTINF:,D\nd.mp3\n"
    )
    rejects = [part for part in found if isinstance(part, Reject)]
    assert [(part.line, part.reason) for part in rejects] == [
        (2, "no length: 'abc'"),
        (4, "no description: #EXTINF:SECONDS,ARTIST - TITLE"),
    ]
    assert [part.title for part in found if isinstance(part, PlaylistEntry)] == ["a", "b", "B", "D"]


@pytest.mark.parametrize("seed", range(5))
def test_bytes_that_are_no_text_are_no_playlist(tmp_path, seed):
    with pytest.raises(BadInput, match="not a text"):
        parts(tmp_path, np.random.default_rng(seed).bytes(4_000))
