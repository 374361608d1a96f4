"""LRC: stamps, offsets, and text that only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.importers.lyrics import LyricLine, Lyrics, parse_lyrics


def test_a_timed_song():
    song = parse_lyrics("[ar:Nena]\n[ti:99]\n[00:01.00]One\n[00:03.25][01:02.5]Refrain\n[00:02]Two\n")
    assert song == Lyrics(
        "One\nTwo\nRefrain\nRefrain",
        (LyricLine(1000, "One"), LyricLine(2000, "Two"), LyricLine(3250, "Refrain"), LyricLine(62500, "Refrain")),
    )
    assert song.synced
    assert song.to_lrc() == "[00:01.000]One\n[00:02.000]Two\n[00:03.250]Refrain\n[01:02.500]Refrain"


@pytest.mark.parametrize(
    ("stamp", "start_ms"),
    [
        ("00:12", 12_000),
        ("0:12.3", 12_300),
        ("00:12.34", 12_340),
        ("00:12.345", 12_345),
        ("00:12:34", 12_340),
        ("100:00.00", 6_000_000),
    ],
)
def test_every_way_to_write_a_time(stamp, start_ms):
    assert parse_lyrics(f"[{stamp}] la").lines == (LyricLine(start_ms, "la"),)


@pytest.mark.parametrize(
    ("offset", "start_ms"), [("+500", 9_500), ("500", 9_500), ("-500", 10_500), ("+20000", 0), ("soon", 10_000)]
)
def test_a_positive_offset_shows_lines_earlier(offset, start_ms):
    # The tag counts wherever it stands, the end included.
    assert parse_lyrics(f"[00:10.00]la\n[offset:{offset}]").lines == (LyricLine(start_ms, "la"),)


def test_word_stamps_are_taken_out():
    assert parse_lyrics("[00:01.00]<00:01.00>Hel<00:01.50>lo <00:02.00> you").text == "Hello you"


def test_a_line_without_a_stamp_belongs_to_the_one_before():
    song = parse_lyrics("intro\n[00:05.00]one\nmore")
    assert song.lines == (LyricLine(0, "intro"), LyricLine(5000, "one"), LyricLine(5000, "more"))


def test_plain_text_stays_as_it_is():
    song = parse_lyrics("First\n\n[Chorus]\nla: la\n")
    assert (song.text, song.synced, song.to_lrc()) == ("First\n\n[Chorus]\nla: la", False, "First\n\n[Chorus]\nla: la")


@pytest.mark.parametrize("text", ["", " \n\n", "[ar:Nena]\n[ti:99]", "[00:01.00]\n[00:02.00]"])
def test_no_words_are_no_lyrics(text):
    assert parse_lyrics(text) is None


LINES = st.lists(
    st.tuples(st.integers(0, 999 * 60_000), st.text("abc é", min_size=1).map(str.strip).filter(bool)), min_size=1
)


@given(lines=LINES)
def test_lrc_written_and_read_again_is_the_same(lines):
    song = Lyrics("", tuple(LyricLine(*line) for line in sorted(lines, key=lambda line: line[0])))
    assert parse_lyrics(song.to_lrc()).lines == song.lines


@given(text=st.text() | st.text("[]:.<>0123456789offset\n -+"))
def test_any_text_is_lyrics_or_none(text):
    song = parse_lyrics(text)
    assert song is None or song.text
    if song:
        assert [line.start_ms for line in song.lines] == sorted(line.start_ms for line in song.lines)
        assert all(line.start_ms >= 0 for line in song.lines)
