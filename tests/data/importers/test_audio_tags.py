"""Tags: one song described in ID3 and in Vorbis comments, and values that mean nothing."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from ml.data.importers.audio_tags import UnreadableTags, read_tags

FIXTURES = Path(__file__).parents[2] / "fixtures" / "audio"
RECORDING = "e97f805a-ab48-4c52-855e-07049142113d"
ARTISTS = ("87c5dedd-371d-4a53-9f7f-80522fb7f3cb", "f54ba087-da6e-4b96-8d70-fdc2e3ae7ff3")


def id3(*frames: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + struct.pack(">I", len(data)) + b"\0\0" + data for name, data in frames)
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + body


def text(name: bytes, *values: str) -> tuple[bytes, bytes]:
    return name, b"\x01" + b"\0\0".join(b"\xff\xfe" + value.encode("utf-16le") for value in values)


def own(name: str, value: str) -> tuple[bytes, bytes]:
    return b"TXXX", b"\0" + name.encode() + b"\0" + value.encode()


def mp3(tmp_path: Path, *frames: tuple[bytes, bytes]) -> Path:
    path = tmp_path / "x.mp3"
    path.write_bytes(id3(*frames) + (FIXTURES / "tone.mp3").read_bytes())
    return path


def flac(tmp_path: Path, *fields: str) -> Path:
    data = (FIXTURES / "tone.flac").read_bytes()
    items = [field.encode() for field in fields]
    block = (
        struct.pack("<I", 0) + struct.pack("<I", len(items)) + b"".join(struct.pack("<I", len(i)) + i for i in items)
    )
    path = tmp_path / "x.flac"
    head = data[:4] + bytes([data[4] & 0x7F]) + data[5:42]
    path.write_bytes(head + b"\x84" + len(block).to_bytes(3, "big") + block + data[data.index(b"\xff\xf8") :])
    return path


def test_id3(tmp_path):
    tags = read_tags(
        mp3(
            tmp_path,
            text(b"TIT2", "Jóga"),
            text(b"TPE1", "Björk feat. Oddný"),
            text(b"TALB", "Homogenic"),
            text(b"TYER", "1997"),
            text(b"TCON", "Art Pop; electronic/Trip-Hop"),
            text(b"TSRC", "GB-AYE-97-00123"),
            text(b"TLAN", "IS"),
            (b"UFID", b"http://musicbrainz.org\0" + RECORDING.encode()),
            own("MusicBrainz Artist Id", "/".join(ARTISTS)),
            own("MusicBrainz Release Track Id", ARTISTS[0]),
            own("REPLAYGAIN_TRACK_GAIN", "-7.25 dB"),
            own("replaygain_album_gain", "+1,5"),
            (b"USLT", b"\0eng\0La la"),
            (b"APIC", b"\0image/png\0\x03\0" + b"\x89PNG"),
        )
    )
    assert (tags.title, tags.artist, tags.album, tags.year) == ("Jóga", "Björk feat. Oddný", "Homogenic", 1997)
    assert tags.genres == ("Art Pop", "electronic", "Trip-Hop")
    assert (tags.isrc, tags.mbid, tags.artist_mbids, tags.language) == ("GBAYE9700123", RECORDING, ARTISTS, "is")
    assert (tags.track_gain_db, tags.album_gain_db, tags.has_artwork) == (-7.25, 1.5, True)
    assert (tags.lyrics.text, tags.lyrics.synced) == ("La la", False)
    assert tags.duration_ms == 288


def test_vorbis_comments(tmp_path):
    tags = read_tags(
        flac(
            tmp_path,
            "TITLE=Jóga",
            "ARTIST=Björk",
            "ARTIST=Oddný",
            "DATE=1997-09-22",
            "GENRE=Art Pop",
            "GENRE=art pop",
            "GENRE=Electronic",
            "ISRC=GBAYE9700123",
            f"MUSICBRAINZ_TRACKID={RECORDING}",
            f"MUSICBRAINZ_ARTISTID={ARTISTS[0]}",
            f"MUSICBRAINZ_ARTISTID={ARTISTS[1]}",
            "REPLAYGAIN_TRACK_GAIN=-3.10 dB",
            "LYRICS=[00:01.00]La",
        )
    )
    assert (tags.title, tags.artist, tags.year, tags.genres) == (
        "Jóga",
        "Björk & Oddný",
        1997,
        ("Art Pop", "Electronic"),
    )
    assert (tags.isrc, tags.mbid, tags.artist_mbids) == ("GBAYE9700123", RECORDING, ARTISTS)
    assert (tags.track_gain_db, tags.album_gain_db, tags.has_artwork) == (-3.1, None, False)
    assert tags.lyrics.synced
    assert tags.duration_ms == 250


def test_a_written_credit_wins_over_the_list_of_its_artists(tmp_path):
    tags = read_tags(mp3(tmp_path, text(b"TPE1", "A feat. B"), own("ARTISTS", "B")))
    assert tags.artist == "A feat. B"


def test_the_album_artist_stands_in_unless_it_is_nobody(tmp_path):
    assert read_tags(mp3(tmp_path, text(b"TPE2", "Nena"))).artist == "Nena"
    assert read_tags(mp3(tmp_path, text(b"TPE2", "Various Artists"))).artist is None


def test_opus_gains_are_brought_to_the_scale_of_replaygain(tmp_path):
    tags = read_tags(flac(tmp_path, "R128_TRACK_GAIN=-1280", "R128_ALBUM_GAIN=256"))
    assert (tags.track_gain_db, tags.album_gain_db) == (0.0, 6.0)


@pytest.mark.parametrize(
    "field",
    ["ISRC=ABC", "DATE=yesterday", "DATE=0000", "REPLAYGAIN_TRACK_GAIN=loud", "REPLAYGAIN_TRACK_GAIN=900 dB"],
)
def test_values_that_mean_nothing_are_left_out(tmp_path, field):
    tags = read_tags(flac(tmp_path, field))
    assert (tags.isrc, tags.year, tags.track_gain_db) == (None, None, None)


def test_synced_lyrics_frames_win(tmp_path):
    sylt = b"\0eng\x02\x01\0" + b"La\0" + struct.pack(">I", 1500) + b"Lo\0" + struct.pack(">I", 2500)
    tags = read_tags(mp3(tmp_path, (b"USLT", b"\0eng\0plain"), (b"SYLT", sylt)))
    assert tags.lyrics.to_lrc() == "[00:01.500]La\n[00:02.500]Lo"


def test_the_bytes_tell_the_format_not_the_suffix(tmp_path):
    path = tmp_path / "really_flac.mp3"
    path.write_bytes(flac(tmp_path, "TITLE=here").read_bytes())
    assert (read_tags(path).title, read_tags(path).duration_ms) == ("here", 250)


def test_where_the_bytes_do_not_tell_the_suffix_does(tmp_path):
    path = tmp_path / "x.mp3"
    path.write_bytes(b"\0" * 100 + (FIXTURES / "tone.mp3").read_bytes())
    assert read_tags(path).duration_ms == 288


def test_damaged_and_foreign_files_are_unreadable(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(b"no sound here, only words")
    with pytest.raises(UnreadableTags):
        read_tags(path)
    cut = tmp_path / "cut.m4a"
    cut.write_bytes((FIXTURES / "tone.m4a").read_bytes()[:1000])
    with pytest.raises(UnreadableTags, match="moov"):
        read_tags(cut)
