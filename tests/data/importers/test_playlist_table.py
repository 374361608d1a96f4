"""Playlists as tables: ours, those of other services, and rows that are wrong."""

from __future__ import annotations

import pytest

from ml.data.importers.base import Reject
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistHeader
from ml.data.importers.playlist_table import read_playlist_table
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput

MBID = "e97f805a-ab48-4c52-855e-07049142113d"


def parts(folder, content, name="list.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_playlist_table(Source.of(path).entries[0]))


def test_our_own_columns(tmp_path):
    content = (
        "title,artist,album,duration_ms,isrc,mbid,ids,location,playlist\n"
        f'"Hyper, Ballad",Björk,Post,321500,GB-AYE-06-01498,{MBID},spotify:track:4uLU deezer:7,sub/a.mp3,Mine\n'
    )
    assert parts(tmp_path, content) == [
        PlaylistHeader("Mine"),
        PlaylistEntry(
            "Hyper, Ballad",
            "Björk",
            "Post",
            321_500,
            "GBAYE0601498",
            MBID,
            ("spotify:track:4uLU", "deezer:7"),
            str(tmp_path / "sub/a.mp3"),
        ),
    ]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        # Exportify, Soundiiz, TuneMyMusic
        ("Track URI,Track Name,Album Name,Artist Name(s),Duration (ms),ISRC", "spotify:track:4u,Jóga,H,Björk,305000,"),
        ("title;artist;album;isrc", "Jóga;Björk;H;GBAYE0601498"),
        ("Track name,Artist name,Album,Playlist name,Type,ISRC", "Jóga,Björk,H,P,Playlist,GBAYE0601498"),
    ],
)
def test_tables_of_other_services(tmp_path, head, row):
    entry = parts(tmp_path, f"{head}\n{row}\n")[-1]
    assert (entry.title, entry.artist, entry.album, entry.line) == ("Jóga", "Björk", "H", 2)
    assert entry.isrc == "GBAYE0601498" or (entry.outside_ids, entry.duration_ms) == (("spotify:track:4u",), 305_000)


@pytest.mark.parametrize("content", ["title\nJóga\n".encode("latin-1"), b"\xef\xbb\xbf" + "title\nJóga\n".encode()])
def test_encodings(tmp_path, content):
    assert parts(tmp_path, content + b"")[0].title == "Jóga"


@pytest.mark.parametrize(
    ("column", "texts", "known"),
    [
        ("length", ["200", "180"], [200_000, 180_000]),
        ("length", ["200000", "1000"], [200_000, 1_000]),
        ("duration_s", ["12.5", "1:02:03"], [12_500, 3_723_000]),
        ("duration", ["3:05", "0:30"], [185_000, 30_000]),
    ],
)
def test_units_of_durations(tmp_path, column, texts, known):
    found = parts(tmp_path, f"title,{column}\n" + "".join(f"x,{text}\n" for text in texts))
    assert [entry.duration_ms for entry in found] == known


def test_what_is_wrong_is_told_by_line_and_the_rest_is_read(tmp_path):
    content = "title,artist,isrc,duration_s\na,b,NONSENSE,10\n,only an artist,,\nc,d,e\nf,g,,long\n"
    found = parts(tmp_path, content)
    told = [(part.line, part.reason.split(":")[0]) for part in found if isinstance(part, Reject)]
    assert told == [
        (2, "isrc is none"),
        (3, "no title, no id and no file"),
        (4, "3 fields where 4 are expected"),
        (5, "duration is no length of time"),
    ]
    assert [part.title for part in found if isinstance(part, PlaylistEntry)] == ["a", "f"]


def test_rows_of_several_lists_are_one_list_and_it_says_so(tmp_path):
    found = parts(tmp_path, "title,playlist\na,One\nb,Two\n")
    assert "2 playlists (One, Two)" in found[0].reason
    assert len(found) == 3


@pytest.mark.parametrize(
    ("content", "says"), [("artist,colour\na,red\n", "no column tells the tracks"), ("\n\n", "is empty")]
)
def test_what_is_no_playlist_says_so(tmp_path, content, says):
    with pytest.raises(BadInput, match=says):
        parts(tmp_path, content)
