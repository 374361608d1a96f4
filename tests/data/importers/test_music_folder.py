"""A music folder: what each file becomes, and how damaged ones are named."""

from __future__ import annotations

import csv
import shutil
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.frames import FILES, ITEMS
from ml.data.importers import music_folder as module
from ml.data.importers.base import Options
from ml.data.importers.music_folder import MusicFolder
from ml.data.importers.source import Source
from ml.foundation.errors import BadInput

FIXTURES = Path(__file__).parents[2] / "fixtures" / "audio"


def tagged_mp3(**frames: str) -> bytes:
    body = b""
    for name, value in frames.items():
        data = b"\0" + value.encode("latin-1")
        body += name.encode() + struct.pack(">I", len(data)) + b"\0\0" + data
    size = bytes((len(body) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + body + (FIXTURES / "tone.mp3").read_bytes()


def read(path: Path):
    importer = MusicFolder()
    return [batch for unit in importer.claim(Source.of(path)) for batch in importer.read(unit, Options())]


def one(path: Path) -> tuple[dict, dict]:
    (batch,) = read(path)
    return batch.frames["items"].row(0, named=True), batch.frames["files"].row(0, named=True)


@pytest.fixture
def album(tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    (folder / "song.mp3").write_bytes(tagged_mp3(TIT2="Joga", TPE1="Bjork", TALB="Homogenic", TYER="1997", TCON="Pop"))
    return folder


def test_a_tagged_file_in_both_frames(album):
    item, file = one(album)
    path = album / "song.mp3"
    assert item["item_id"] == file["item_id"] == f"file:{file['content_hash']}"
    assert (item["title"], item["artist"], item["album"], item["year"], item["genres"]) == (
        "Joga",
        "Bjork",
        "Homogenic",
        1997,
        ["Pop"],
    )
    assert (item["kind"], item["duration_ms"], item["line"]) == ("track", 288, 1)
    assert (file["path"], file["size_bytes"]) == (str(path), path.stat().st_size)
    assert file["modified_at"] == path.stat().st_mtime_ns // 1_000_000
    assert (file["artwork"], file["lyrics"], file["lyrics_synced"]) == (None, None, None)
    (batch,) = read(album)
    assert (batch.frames["items"].columns, batch.frames["files"].columns) == (list(ITEMS), list(FILES))


def test_a_moved_and_retagged_file_is_the_same_item(album, tmp_path):
    before, _ = one(album)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "renamed.mp3").write_bytes(tagged_mp3(TIT2="Another title", TPE1="Björk"))
    after, _ = one(tmp_path / "elsewhere")
    assert after["item_id"] == before["item_id"]
    assert after["title"] == "Another title"


def test_one_unit_holds_the_songs_and_what_belongs_to_them(album):
    for name in ("song.LRC", "song.txt", "notes.txt", "Cover.JPG", "photo.jpg", "list.m3u"):
        (album / name).write_bytes(b"x")
    (unit,) = MusicFolder().claim(Source.of(album))
    assert [entry.name for entry in unit.entries] == ["Cover.JPG", "song.LRC", "song.mp3", "song.txt"]


def test_a_folder_without_audio_is_not_claimed(tmp_path):
    (tmp_path / "cover.jpg").write_bytes(b"x")
    assert MusicFolder().claim(Source.of(tmp_path)) == []


def test_artwork_and_lyrics_beside_the_file(album):
    (album / "Folder.jpg").write_bytes(b"x")
    (album / "cover.PNG").write_bytes(b"x")
    (album / "song.txt").write_text("plain words")
    _, file = one(album)
    assert file["artwork"] == str(album / "cover.PNG")
    assert (file["lyrics"], file["lyrics_synced"]) == ("plain words", False)
    (album / "SONG.lrc").write_text("[offset:+1000]\n[00:03.00]timed words")
    _, file = one(album)
    assert (file["lyrics"], file["lyrics_synced"]) == ("[00:02.000]timed words", True)


def test_a_single_file_finds_its_neighbours(album):
    (album / "cover.jpg").write_bytes(b"x")
    (album / "song.lrc").write_text("[00:01.00]la")
    _, file = one(album / "song.mp3")
    assert (file["artwork"], file["lyrics_synced"]) == (str(album / "cover.jpg"), True)


def test_a_text_too_large_for_lyrics_is_named_and_the_song_stays(album):
    (album / "song.txt").write_bytes(b"x" * (module.MAX_LYRICS_BYTES + 1))
    (batch,) = read(album)
    assert (batch.rows, batch.frames["files"].height) == (2, 1)
    assert [reject.file for reject in batch.rejects] == ["song.txt"]


def test_files_without_tags_are_named_by_their_names(tmp_path):
    for name in ("01 - Nena - Nur geträumt.flac", "02 - Nena - Leuchtturm.ogg", "10 Haus.opus"):
        shutil.copy(FIXTURES / f"tone{Path(name).suffix}", tmp_path / name)
    (batch,) = read(tmp_path)
    assert batch.frames["items"].select("title", "artist").rows() == [
        ("Nur geträumt", "Nena"),
        ("Leuchtturm", "Nena"),
        ("Haus", None),
    ]


def test_every_format_of_ours(tmp_path):
    for path in FIXTURES.iterdir():
        shutil.copy(path, tmp_path / path.name)
    (batch,) = read(tmp_path)
    items = batch.frames["items"]
    assert (items.height, list(batch.rejects)) == (8, [])
    assert items["item_id"].n_unique() == 8
    durations = dict(
        zip([Path(path).suffix for path in batch.frames["files"]["path"]], items["duration_ms"], strict=True)
    )
    # tinytag cannot measure bare AAC; encoders pad the quarter of a second by up to two frames.
    assert durations.pop(".aac") is None
    assert all(250 <= duration <= 290 for duration in durations.values())


def test_unusable_files_are_rejected_by_name_with_a_reason(tmp_path):
    good = (FIXTURES / "tone.flac").read_bytes()
    files = {
        "a_empty.mp3": b"",
        "b_zeros.mp3": b"\0" * 20_000,
        "c_words.flac": b"no music " * 50,
        "d_cut.m4a": (FIXTURES / "tone.m4a").read_bytes()[:1000],
        "e_silent.wav": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x44\xac\0\0\x88\x58\1\0\2\0\x10\0data\0\0\0\0",
        "f_good.flac": good,
        "g_badtag.flac": good[:4] + b"\x04\0\0\x08" + b"\xff" * 8 + good[4:],
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (batch,) = read(tmp_path)
    assert batch.rows == 7
    assert batch.frames["files"]["path"].to_list() == [str(tmp_path / "f_good.flac")]
    assert batch.frames["items"]["line"].to_list() == [6]
    reasons = {reject.file: reject.reason for reject in batch.rejects}
    assert list(reasons) == [name for name in files if name != "f_good.flac"]
    assert "empty" in reasons["a_empty.mp3"]
    assert "not audio" in reasons["b_zeros.mp3"]
    assert "not audio" in reasons["c_words.flac"]
    assert "moov" in reasons["d_cut.m4a"]
    assert "no sound" in reasons["e_silent.wav"]
    assert "damaged" in reasons["g_badtag.flac"]


def test_a_name_that_is_no_utf8_is_rejected_readably(tmp_path):
    (tmp_path / "good.mp3").write_bytes(tagged_mp3(TIT2="a"))
    Path(str(tmp_path) + "/caf\udce9.mp3").write_bytes(tagged_mp3(TIT2="b"))
    (batch,) = read(tmp_path)
    assert batch.frames["items"]["title"].to_list() == ["a"]
    assert [reject.file for reject in batch.rejects] == [r"caf\udce9.mp3"]


def test_a_file_that_vanishes_is_rejected(album):
    (unit,) = MusicFolder().claim(Source.of(album))
    (album / "song.mp3").unlink()
    (batch,) = MusicFolder().read(unit, Options())
    assert "No such file" in batch.rejects[0].reason


def test_an_archive_is_refused_with_what_to_do(tmp_path):
    with zipfile.ZipFile(tmp_path / "music.zip", "w") as archive:
        archive.write(FIXTURES / "tone.mp3", "tone.mp3")
    with pytest.raises(BadInput, match="unpack it"):
        read(tmp_path / "music.zip")


def test_batches_are_the_same_each_time_and_lines_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "FILES_PER_BATCH", 2)
    for number in range(5):
        (tmp_path / f"{number}.mp3").write_bytes(tagged_mp3(TIT2=str(number)) if number != 2 else b"")
    first, second = read(tmp_path), read(tmp_path)
    assert [batch.rows for batch in first] == [2, 2, 1]
    assert [line for batch in first for line in batch.frames["items"]["line"]] == [1, 2, 4, 5]
    for one_batch, again in zip(first, second, strict=True):
        assert all(one_batch.frames[name].equals(again.frames[name]) for name in one_batch.frames)
        assert list(one_batch.rejects) == list(again.rejects)


@settings(max_examples=60)
@given(
    name=st.sampled_from(sorted(path.name for path in FIXTURES.iterdir())),
    at=st.floats(0, 1),
    junk=st.binary(max_size=40),
    cut=st.floats(0, 1.5),
)
def test_a_damaged_file_is_a_row_or_a_reject(tmp_path_factory, name, at, junk, cut):
    data = (FIXTURES / name).read_bytes()
    place = int(at * len(data))
    path = tmp_path_factory.getbasetemp() / f"fuzz{Path(name).suffix}"
    path.write_bytes((data[:place] + junk + data[place + len(junk) :])[: int(cut * len(data))])
    (batch,) = read(path)
    assert batch.rows == 1
    assert batch.frames["items"].height + len(batch.rejects) == 1
    assert all(reject.reason for reject in batch.rejects)


@pytest.mark.realdata
def test_emotify_tags_agree_with_its_table(realdata):
    (batch,) = read(realdata / "emotify" / "audio")
    with (realdata / "emotify" / "tracks.csv").open(encoding="utf-8", newline="") as stream:
        truth = {Path(row["file"]).name: row for row in csv.DictReader(stream)}
    assert list(batch.rejects) == []
    frame = batch.frames["items"].join(batch.frames["files"].select("item_id", "path"), on="item_id")
    assert frame.height == 275
    for row in frame.iter_rows(named=True):
        expected = truth[Path(row["path"]).name]
        assert (row["title"], row["artist"], row["album"]) == tuple(
            expected[name].strip() or None for name in ("title", "artist", "album")
        )
        assert row["year"] == (int(expected["year"]) if expected["year"] else None)
    durations = {Path(path).stem: ms for path, ms in zip(frame["path"], frame["duration_ms"], strict=True)}
    # Four excerpts are shorter; the lengths are those libsndfile decodes.
    for stem, decoded_ms in {"66": 10_835, "73": 15_276, "40": 19_963, "16": 27_344}.items():
        assert durations.pop(stem) == pytest.approx(decoded_ms, abs=80)
    assert set(durations.values()) == {30_067}


@pytest.mark.realdata
def test_the_bad_files_of_audio_signals_are_rejected(realdata):
    (batch,) = read(realdata / "audio_signals")
    assert (batch.rows, batch.frames["items"].height) == (19, 17)
    assert {reject.file for reject in batch.rejects} == {"empty.wav", "test-unicode.flac"}
