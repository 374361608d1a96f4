"""A library that is scanned and scanned again, in both databases; what was done is known from what lies there."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import orjson
import polars as pl
import psutil
import pytest
import soundfile
from sqlalchemy import event, func, insert, select

from ml.audio_analysis import AudioAnalyzer
from ml.audio_analysis.hands.work import do
from ml.audio_analysis.library import AudioLibrary, rows, scanning, version
from ml.data.demo.sound import Brief, draw_song, render
from ml.data.ingest import run
from ml.data.schema import audio_analyses, scanned_files
from ml.data.store import Store
from ml.data.workspace import DEMO, Workspace, backup, restore, status
from ml.foundation.errors import BadInput, UnknownId

RATE = 22_050


def tone(path, frequency_hz=440.0, seconds=0.6, rate=RATE):
    """Write a tone; each frequency is a sound of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, 0.2 * np.sin(2 * np.pi * frequency_hz * np.arange(int(seconds * rate)) / rate), rate)
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def library(request, tmp_path):
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    workspace = Workspace.at(tmp_path / "home", url)
    yield AudioLibrary(workspace)
    workspace.close()


@pytest.fixture
def local(tmp_path):
    """A library in SQLite, for what does not depend on the database."""
    workspace = Workspace.at(tmp_path / "home")
    yield AudioLibrary(workspace)
    workspace.close()


@pytest.fixture
def music(tmp_path):
    """Three tones, one of them in a folder, and what is no music."""
    folder = tmp_path / "music"
    tone(folder / "a.wav", 300)
    tone(folder / "b [live].flac", 400)
    tone(folder / "deep" / "er" / "c.wav", 500)
    (folder / "cover.jpg").write_bytes(b"\xff\xd8")
    tone(folder / ".hidden.wav", 600)
    tone(folder / ".trash" / "d.wav", 700)
    return folder


class Here:
    """Does jobs in this process and remembers them."""

    width = 1

    def __init__(self):
        self.jobs = []

    def submit(self, job):
        from concurrent.futures import Future

        self.jobs.append((job["do"], Path(job["path"]).name))
        done = Future()
        done.set_result(do(job))
        return done

    @property
    def counts(self):
        return Counter(what for what, _ in self.jobs)


def scan(library, folder, **options):
    """Scan in this process; give what was found and what was asked for."""
    hands = Here()
    return library.scan(folder, hands=hands, **options), hands


def counts(done):
    return {name: done[name] for name in ("files", "analysed", "reused", "unchanged", "removed")}


def analysed_at(library):
    with library.workspace.store.read() as connection:
        return dict(connection.execute(select(audio_analyses.c.content_hash, audio_analyses.c.analysed_at)).all())


# --- what is found and kept


def test_processes_analyse_what_lies_under_a_folder_as_the_analyzer_does(library, music):
    done = library.scan(music, workers=1)
    assert counts(done) == {"files": 3, "analysed": 3, "reused": 0, "unchanged": 0, "removed": 0}
    assert done.problems == done.moved == ()
    tracks = library.tracks(music)
    assert {Path(one.path).name for one in tracks} == {"a.wav", "b [live].flac", "c.wav"}
    for one in tracks:
        assert one.analysis == orjson.loads(AudioAnalyzer().analyze(one.path).to_json())
        assert one.version == version.analysis_version() == done.version
        assert (one.item_id, one.corrected) == (None, {})


def test_a_second_scan_analyses_nothing_and_opens_no_file(library, music):
    scan(library, music)
    done, hands = scan(library, music)
    assert hands.jobs == []
    assert counts(done) == {"files": 3, "analysed": 0, "reused": 0, "unchanged": 3, "removed": 0}


def test_whoever_is_told_how_far_a_scan_is_may_stop_it_and_go_on_later(local, music):
    told = []

    def stop_at_the_second(*how_far):
        told.append(how_far)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(local, music, on_file=stop_at_the_second)
    assert told == [("scanning", 1, 3), ("scanning", 2, 3)]
    assert len(local.tracks(music)) == 2
    done, _ = scan(local, music)
    assert counts(done) == {"files": 3, "analysed": 1, "reused": 0, "unchanged": 2, "removed": 0}


def test_a_touched_file_is_read_and_a_changed_one_analysed(library, music):
    scan(library, music)
    os.utime(music / "a.wav", (1, 1))
    tone(music / "deep" / "er" / "c.wav", 550)
    done, hands = scan(library, music)
    assert sorted(hands.jobs) == [("analyse", "c.wav"), ("hash", "a.wav"), ("hash", "c.wav")]
    assert counts(done) == {"files": 3, "analysed": 1, "reused": 1, "unchanged": 1, "removed": 0}
    assert scan(library, music)[1].jobs == []


def test_a_new_tag_is_no_new_sound(library, music):
    path = music / "song.mp3"
    soundfile.write(path, 0.2 * np.sin(np.arange(RATE) / 10), RATE, format="MP3")
    scan(library, music)
    before = [one for one in library.tracks(music) if one.path == str(path)]
    tag = b"TIT2" + (5).to_bytes(4, "big") + b"\0\0\0Song"
    path.write_bytes(b"ID3\x03\0\0\0\0\0" + bytes([len(tag)]) + tag + path.read_bytes())
    done, hands = scan(library, music)
    assert hands.jobs == [("hash", "song.mp3")]
    assert done.reused == 1
    assert [one for one in library.tracks(music) if one.path == str(path)] == before


def test_moved_files_are_recognised_and_copies_share_one_analysis(library, music, tmp_path):
    tone(music / "copy.wav", 300)
    done, hands = scan(library, music)
    assert counts(done) == {"files": 4, "analysed": 3, "reused": 1, "unchanged": 0, "removed": 0}
    assert hands.counts == {"hash": 4, "analyse": 3}
    now = (music / "deep" / "er" / "c.wav").rename(music / "elsewhere.wav")
    (music / "b [live].flac").unlink()
    done, hands = scan(library, music)
    assert hands.jobs == [("hash", "elsewhere.wav")]
    assert [(one.before, one.now) for one in done.moved] == [(str(music / "deep" / "er" / "c.wav"), str(now))]
    assert counts(done) == {"files": 3, "analysed": 0, "reused": 1, "unchanged": 2, "removed": 1}
    assert {Path(one.path).name for one in library.tracks()} == {"a.wav", "copy.wav", "elsewhere.wav"}
    out = tmp_path / "out" / "e.wav"
    out.parent.mkdir()
    now.rename(out)
    done, hands = scan(library, out.parent)
    assert [(one.before, one.now) for one in done.moved] == [(str(now), str(out))]
    assert hands.counts == {"hash": 1}


def test_twins_are_analysed_once_and_bad_ones_each_for_itself(library, tmp_path):
    for name in ("1.wav", "2.wav", "3.wav"):
        tone(tmp_path / "twins" / name)
    done, hands = scan(library, tmp_path / "twins")
    assert hands.counts == {"hash": 3, "analyse": 1}
    assert counts(done) == {"files": 3, "analysed": 1, "reused": 2, "unchanged": 0, "removed": 0}
    for name in ("1.mp3", "2.mp3", "3.mp3"):
        (tmp_path / "twins" / name).write_text("la la la")
    done, hands = scan(library, tmp_path / "twins")
    assert hands.counts == {"hash": 3, "analyse": 3}
    assert len(done.problems) == len(library.tracks()) - 3 == 3


def test_what_was_away_comes_back_without_being_analysed(library, music):
    scan(library, music)
    away = music.rename(music.with_name("unplugged"))
    music.mkdir()
    done, _ = scan(library, music)
    assert counts(done) == {"files": 0, "analysed": 0, "reused": 0, "unchanged": 0, "removed": 3}
    music.rmdir()
    away.rename(music)
    done, hands = scan(library, music)
    assert counts(done) == {"files": 3, "analysed": 0, "reused": 3, "unchanged": 0, "removed": 0}
    assert hands.counts == {"hash": 3}


def test_a_copy_does_not_bury_what_lies_on_a_disk_that_is_away(library, music, tmp_path):
    scan(library, music)
    copy = tone(tmp_path / "other" / "a.wav", 300)
    away = music.rename(music.with_name("unplugged"))
    done, _ = scan(library, copy.parent)
    assert (done.reused, done.moved) == (1, ())
    assert len(library.tracks()) == 4
    away.rename(music)
    assert scan(library, music)[1].jobs == []


def test_a_folder_with_a_new_name_has_moved(library, music):
    scan(library, music)
    (music / "deep").rename(music / "deeper")
    done, _ = scan(library, music)
    before, now = (str(music / name / "er" / "c.wav") for name in ("deep", "deeper"))
    assert [(one.before, one.now) for one in done.moved] == [(before, now)]
    assert len(library.tracks()) == 3


def test_a_slow_disk_keeps_nobody_from_writing(local, music, monkeypatch):
    scan(local, music)
    before = str(music / "a.wav")
    (music / "a.wav").rename(music / "moved.wav")
    looked, impatient, look = [], Store.at(local.workspace.home, busy_timeout_s=0.05), os.lstat

    def slow(path, **options):
        if path == before:
            looked.append(path)
            with impatient.write():
                pass
        return look(path, **options)

    monkeypatch.setattr(os, "lstat", slow)
    assert len(scan(local, music)[0].moved) == 1
    assert looked
    impatient.close()


def test_thousands_that_are_gone_are_taken_away_in_pieces(library, tmp_path):
    folder = tmp_path / "emptied"
    folder.mkdir()
    row = {"size_bytes": 1, "modified_ns": 1, "scanned_at": 1}
    store = library.workspace.store
    with store.write() as connection:
        connection.execute(
            insert(scanned_files), [{"path": f"{folder}/{number}.wav", **row} for number in range(1_200)]
        )
    done = []
    event.listen(store.engine, "before_cursor_execute", lambda _, __, text, *___: done.append(text[:25]))
    event.listen(store.engine, "commit", lambda _: done.append("commit"))
    assert scan(library, folder)[0].removed == 1_200
    assert stored(library) == 0
    assert done.count("DELETE FROM scanned_files") == 3
    assert [after for before, after in pairwise(done) if before == "DELETE FROM scanned_files"] == ["commit"] * 3


def test_only_what_lies_under_the_folder_is_looked_for(library, music):
    tone(music.with_name("music 2") / "d.wav", 800)
    scan(library, music)
    scan(library, music.with_name("music 2"))
    assert len(library.tracks()) == 4
    assert len(library.tracks(music)) == 3
    assert counts(scan(library, music / "deep")[0]) == {
        "files": 1,
        "analysed": 0,
        "reused": 0,
        "unchanged": 1,
        "removed": 0,
    }
    assert len(library.tracks()) == 4


def test_again_analyses_each_sound_once_more(library, music):
    tone(music / "copy.wav", 300)
    scan(library, music)
    before = analysed_at(library)
    time.sleep(0.002)
    done, hands = scan(library, music, again=True)
    assert counts(done) == {"files": 4, "analysed": 3, "reused": 1, "unchanged": 0, "removed": 0}
    assert hands.counts == {"analyse": 3}
    assert all(analysed_at(library)[sound] > moment for sound, moment in before.items())


def test_another_version_of_the_analyzer_analyses_anew_without_reading_twice(library, music, monkeypatch):
    scan(library, music)
    for module in (version, scanning):
        monkeypatch.setattr(module, "analysis_version", lambda: "2.other")
    done, hands = scan(library, music)
    assert hands.counts == {"analyse": 3}
    assert (done.analysed, done.version) == (3, "2.other")
    assert {one.version for one in library.tracks()} == {"2.other"}


# --- what cannot be analysed


def test_a_bad_file_stops_no_other_and_is_listed_until_it_changes(library, music):
    (music / "bad.mp3").write_text("la la la")
    (music / "empty.wav").touch()
    done, _ = scan(library, music)
    assert counts(done) == {"files": 5, "analysed": 3, "reused": 0, "unchanged": 0, "removed": 0}
    assert [(Path(one.path).name, one.code) for one in done.problems] == [
        ("bad.mp3", "unreadable"),
        ("empty.wav", "unreadable"),
    ]
    again, hands = scan(library, music)
    assert hands.jobs == []
    assert again.problems == done.problems
    assert again.unchanged == 3
    listed = {Path(one.path).name: one for one in library.tracks()}
    assert listed["bad.mp3"].analysis is None
    assert [problem.code for problem in listed["bad.mp3"].problems] == ["unreadable"]
    tone(music / "bad.mp3".replace("mp3", "wav"), 900).rename(music / "bad.mp3")
    done, _ = scan(library, music)
    assert done.analysed == 1
    said = {Path(one.path).name: [problem.code for problem in one.problems] for one in library.tracks()}
    assert said["bad.mp3"] == ["wrong_suffix"]
    assert [Path(one.path).name for one in done.problems] == ["empty.wav"]


def test_a_decoder_that_was_not_there_is_another_try(library, music, monkeypatch):
    (music / "bad.mp3").write_text("la la la")
    scan(library, music)
    monkeypatch.setattr(scanning, "ability", lambda: "with another decoder")
    assert scan(library, music)[1].jobs == [("analyse", "bad.mp3")]


def test_a_wrong_name_is_the_files_and_not_the_sounds(library, music):
    (music / "named.mp3").write_bytes((music / "a.wav").read_bytes())
    scan(library, music)
    said = {Path(one.path).name: [problem.code for problem in one.problems] for one in library.tracks()}
    assert (said["a.wav"], said["named.mp3"]) == ([], ["wrong_suffix"])
    assert [one.analysis["problems"][0]["code"] for one in library.tracks() if one.path.endswith("mp3")] == [
        "wrong_suffix"
    ]


def test_a_broken_file_that_was_moved_is_not_analysed_again(local, music):
    data = (music / "a.wav").read_bytes()
    (music / "a.wav").write_bytes(data[: len(data) // 2])
    scan(local, music)
    now = (music / "a.wav").rename(music / "elsewhere.wav")
    done = scan(local, music)[0]
    assert (done.analysed, done.reused) == (0, 1)
    assert [Path(one.now) for one in done.moved] == [now]
    (track,) = (one for one in local.tracks(music) if one.path == str(now))
    assert [problem.code for problem in track.problems] == ["truncated", "too_short"]
    os.utime(now)  # it may be another file with the same sound
    assert scan(local, music)[0].analysed == 1


def test_a_truncated_file_speaks_for_itself_alone(local, music):
    whole = (music / "a.wav").read_bytes()
    (music / "cut.wav").write_bytes(whole[:-4_000])
    scan(local, music)
    cut = next(one for one in local.tracks() if one.path.endswith("cut.wav"))
    assert [problem.code for problem in cut.problems] == ["truncated"]
    tone(music / "mended.wav", 300)
    mended = soundfile.read(music / "cut.wav", dtype="int16")[0]
    soundfile.write(music / "mended.wav", mended, RATE)
    _, hands = scan(local, music)
    assert hands.jobs == [("hash", "mended.wav"), ("analyse", "mended.wav")]


def test_names_that_no_database_takes_are_listed(library, music):
    tone(music / "tone.wav", 900).rename(os.fsdecode(os.fsencode(music) + b"/tone\xff.wav"))
    tone(music / "line\nbreak.wav", 901)
    done, _ = scan(library, music)
    assert (done.files, done.analysed) == (5, 3)
    assert [(Path(one.path).name, one.code) for one in done.problems] == [
        ("line\nbreak.wav", "unnameable"),
        ("tone?.wav", "unnameable"),
    ]


def test_a_file_from_the_far_future_is_scanned_like_any_other(library, music):
    os.utime(music / "a.wav", ns=(0, 10_413_792_000_000_000_000))  # the year 2300
    os.utime(music / "b [live].flac", ns=(0, -3_000_000_000_000_000_000))  # 1874
    assert scan(library, music)[0].analysed == 3
    assert scan(library, music)[0].unchanged == 3


def test_a_folder_that_is_closed_and_has_no_proper_name(local, music):
    inner = os.open(music, os.O_RDONLY)
    for _ in range(18):  # a path of over 4096 bytes cannot be opened, by nobody
        name = b"\xff" * 250
        os.mkdir(name, dir_fd=inner)
        outer, inner = inner, os.open(name, os.O_RDONLY, dir_fd=inner)
        os.close(outer)
    os.close(inner)
    done, _ = scan(local, music)
    assert done.analysed == 3
    assert [one["problems"][0]["code"] for one in orjson.loads(done.to_json())["problems"]] == ["unreadable"]
    assert done.problems[0].path.startswith(f"{music}/??")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_closed_folder_is_listed_and_nothing_of_it_forgotten(local, music):
    scan(local, music)
    (music / "deep").chmod(0)
    try:
        done, _ = scan(local, music)
    finally:
        (music / "deep").chmod(0o755)
    assert (done.files, done.removed) == (2, 0)
    assert len(local.tracks()) == 3


def test_a_file_that_is_gone_when_its_turn_comes(local, music):
    plan = scanning.Plan.of(local.workspace.store, music)
    (music / "a.wav").unlink()
    done = scanning.Scanning(local.workspace.store, plan, Here(), lambda: None).run()
    assert (done.analysed, [one.code for one in done.problems]) == (2, ["unreadable"])
    tone(music / "a.wav", 300)
    os.utime(music / "a.wav", ns=(0, plan.found.files[0].modified_ns))
    assert scan(local, music)[0].analysed == 1  # a file that could not be read is tried again, as it is


class Rewriting(Here):
    """Somebody writes to a file while it waits for its analysis."""

    def __init__(self, path, times):
        super().__init__()
        self.path, self.times = path, times

    def submit(self, job):
        if job == {"do": "analyse", "path": str(self.path)} and self.times:
            self.times -= 1
            tone(self.path, 2_000 + 100 * self.times)
            os.utime(self.path, (1_000 + self.times, 1_000 + self.times))
        return super().submit(job)


@pytest.mark.parametrize("again", [False, True])
def test_a_file_that_changes_during_a_scan_is_analysed_as_it_is_then(library, music, again):
    if again:
        scan(library, music)
    twin = tone(music / "twin.wav", 300)
    hands = Rewriting(music / "a.wav", 1)
    done = library.scan(music, hands=hands, again=again)
    assert (done.analysed, done.reused, done.problems) == (4, 0, ())
    for one in library.tracks():
        assert one.content_hash == do({"do": "hash", "path": one.path})["content_hash"]
        assert one.analysis == orjson.loads(AudioAnalyzer().analyze(one.path).to_json())
    assert hands.jobs.count(("analyse", twin.name)) == 1
    assert scan(library, music)[1].jobs == []


def test_a_file_that_never_stands_still_is_left_to_the_next_scan(local, music):
    done = local.scan(music, hands=Rewriting(music / "a.wav", 9))
    assert done.analysed == 2
    assert [(Path(one.path).name, one.message) for one in done.problems] == [("a.wav", "it changes while it is read")]
    assert {len(one.problems) for one in local.tracks() if one.analysis is None} == {1}
    done, _ = scan(local, music)
    assert (done.analysed, done.problems) == (1, ())


@pytest.mark.parametrize("place", ["nowhere", "music/a.wav"])
def test_a_folder_that_is_none(local, music, place):
    with pytest.raises(BadInput, match=r"cannot be scanned|not a folder"):
        local.scan(music.parent / place)


def test_a_home_that_nobody_has(local, music):
    for ask in (local.scan, local.tracks, local.correct, local.write):
        with pytest.raises(BadInput, match="there is no home folder ~no"):
            ask("~no.such.user/x.parquet")


def test_a_folder_whose_name_no_database_takes(local, music):
    scan(local, music)
    folder = Path(os.fsdecode(os.fsencode(music) + b"\xff"))
    music.rename(folder)
    for ask in (local.scan, local.tracks):
        with pytest.raises(BadInput, match="not valid UTF-8"):
            ask(folder)
    assert local.correct(folder / "a.wav", key="A") == {"key": "A"}
    with pytest.raises(UnknownId, match="was not scanned"):
        local.correct(folder / "gone.wav", key="A")


def test_a_workspace_says_how_many_files_were_scanned(local, music, tmp_path):
    workspace = Workspace.at(tmp_path / "home")
    local.scan(music)
    assert status(workspace).scanned_files == len(local.tracks())
    workspace.close()


def test_a_folder_without_audio(local, tmp_path):
    (tmp_path / "empty").mkdir()
    assert scan(local, tmp_path / "empty")[0].files == 0


def test_demo_data_and_own_music_are_never_mixed(local, music, tmp_path):
    local.scan(music, hands=Here())
    with pytest.raises(BadInput, match="never mixed"):
        local.workspace.mark(DEMO)
    demo = Workspace.at(tmp_path / "demo")
    run(demo.store, music, rejects_folder=tmp_path / "rejects")
    demo.store.state("label", DEMO)
    with pytest.raises(BadInput, match="never mixed"):
        AudioLibrary(demo).correct(music / "a.wav", tempo_bpm=100)
    with pytest.raises(BadInput, match="never mixed"):
        AudioLibrary(demo).scan(music, hands=Here())
    demo.close()


# --- corrections


def test_corrections_survive_scans_moves_and_tags(library, music):
    scan(library, music)
    assert library.correct(music / "a.wav", tempo_bpm="120", key="f#") == {"tempo_bpm": 120.0, "key": "Gb"}
    now = (music / "a.wav").rename(music / "moved.wav")
    scan(library, music, again=True)
    one = next(one for one in library.tracks() if one.path == str(now))
    assert (one.analysis["tempo_bpm"], one.analysis["key"]) == (120.0, "Gb")
    assert set(one.corrected) == {"tempo_bpm", "key"}
    assert library.correct(now, tempo_bpm=None) == {"key": "Gb"}
    assert library.correct(now, key="") == {}
    one = next(one for one in library.tracks() if one.path == str(now))
    assert one.corrected == {}


def test_a_file_can_be_corrected_while_it_is_away_and_not_before_it_is_scanned(library, music):
    with pytest.raises(BadInput, match="no scan has analysed its sound") as caught:
        library.correct(music / "a.wav", mode="Minor")
    assert f"ml audio scan {music}" in caught.value.hint
    with pytest.raises(BadInput, match="no scan has analysed"):
        library.correct(music / "a.wav")
    (music / "text.mp3").write_text("la la la")
    scan(library, music)
    with pytest.raises(BadInput, match=r"text\.mp3: not an audio file") as caught:
        library.correct(music / "text.mp3", mode="minor")
    assert caught.value.hint
    assert library.correct(music / "a.wav") == {}
    assert library.correct(music / "a.wav", mode="Minor") == {"mode": "minor"}
    assert library.tracks()[0].analysis["mode"] == "minor"
    music.rename(music.with_name("unplugged"))
    assert library.correct(music / "a.wav", mode="major") == {"mode": "major"}
    with pytest.raises(UnknownId, match="was not scanned"):
        library.correct(music / "never.wav", mode="major")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [("tempo", "1", "tempo_bpm"), ("file", "3", "cannot be corrected"),
     ("self", "4", "cannot be corrected"),
     ("tempo_bpm", "fast", "beats a minute"), ("tempo_bpm", "0", "beats"),
     ("tempo_bpm", "nan", "beats"), ("key", "H", "one of C"), ("mode", "dorian", "major or minor"),
     ("time_signature", "3", "one of 4/4, 3/4"), ("time_signature", "4/3", "one of 4/4, 3/4")],
)  # fmt: skip
def test_what_is_no_correction(local, music, field, value, says):
    with pytest.raises(BadInput, match=says):
        local.correct(music / "a.wav", **{field: value})


# --- the rest of the house


def test_a_file_is_linked_to_the_track_that_the_importer_made(library, music, tmp_path):
    run(library.workspace.store, music / "deep", rejects_folder=tmp_path / "rejects")
    scan(library, music)
    linked = {Path(one.path).name: (one.item_id, one.title) for one in library.tracks()}
    assert linked["a.wav"] == (None, None)
    content_hash = next(one.content_hash for one in library.tracks() if one.path.endswith("c.wav"))
    assert linked["c.wav"] == (f"file:{content_hash}", "c")


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_the_table_says_what_the_list_says(library, music, tmp_path, suffix):
    (music / "bad.mp3").write_text("la la la")
    scan(library, music)
    library.correct(music / "a.wav", tempo_bpm=99.5)
    file = tmp_path / f"library{suffix}"
    assert library.write(file, music) == 4
    table = pl.read_parquet(file) if suffix == ".parquet" else pl.read_csv(file)
    by_path = {row["path"]: row for row in table.iter_rows(named=True)}
    for one in library.tracks():
        row = by_path[one.path]
        assert row["loudness_lufs"] == (one.analysis or {}).get("loudness_lufs")
        assert row["tempo_bpm"] == (99.5 if one.path.endswith("a.wav") else None)
    assert orjson.loads(by_path[str(music / "a.wav")]["analysis"])["tempo_bpm"] == 99.5
    if suffix == ".parquet":
        assert by_path[str(music / "bad.mp3")]["problems"] == ["unreadable"]
        assert by_path[str(music / "a.wav")]["corrected"] == ["tempo_bpm"]
        assert table.schema["analysed_at"] == pl.Datetime("ms", "UTC")


def test_what_is_said_of_rhythm_is_kept_listed_and_written(library, tmp_path):
    wishes = Brief(duration_s=12.0, tempo_bpm=126.0, metre="4/4", drums=True, noise_db=40.0)
    made = render(draw_song(np.random.default_rng(8), wishes), rate=RATE)
    path = tmp_path / "songs" / "song.wav"
    path.parent.mkdir()
    soundfile.write(path, made.samples, RATE)
    scan(library, path.parent)
    (one,) = library.tracks()
    assert one.analysis["time_signature"] == "4/4"
    with library.workspace.store.read() as connection:
        assert connection.execute(select(audio_analyses.c.time_signature)).scalars().all() == ["4/4"]
    for time_signature in ("4/4", "3/4"):
        library.correct(path, time_signature=time_signature)
        library.write(tmp_path / "all.parquet")
        (row,) = pl.read_parquet(tmp_path / "all.parquet").iter_rows(named=True)
        assert row["tempo_bpm"] == pytest.approx(126.0, rel=0.02)
        assert row["time_signature"] == time_signature


def test_an_empty_library_is_a_table_too(local, tmp_path):
    assert local.tracks() == []
    assert local.write(tmp_path / "none.parquet") == 0
    assert "loudness_lufs" in pl.read_parquet(tmp_path / "none.parquet").columns


def test_asking_makes_no_workspace(local, music, tmp_path):
    assert (local.tracks(music), local.write(tmp_path / "none.csv", music)) == ([], 0)
    for values in ({}, {"key": "A"}):
        with pytest.raises(BadInput, match="no scan has analysed its sound"):
            local.correct(music / "a.wav", **values)
    assert not local.workspace.home.exists()


def test_a_backup_holds_the_library_and_a_restore_does_not_bury_one(local, music, tmp_path):
    scan(local, music)
    local.correct(music / "a.wav", tempo_bpm=120)
    listed = local.tracks()
    head = local.workspace.home / "audio_heads" / "genre.txt"
    head.parent.mkdir()
    head.write_text("learnt")
    backup(local.workspace, tmp_path / "all.tar")
    with pytest.raises(BadInput, match="holds a workspace already"):
        restore(tmp_path / "all.tar", local.workspace.home)
    restore(tmp_path / "all.tar", tmp_path / "other")
    other = Workspace.at(tmp_path / "other")
    assert AudioLibrary(other).tracks() == listed
    assert (other.home / "audio_heads" / "genre.txt").read_text() == "learnt"
    other.close()


# --- kills and crowds

CODE = "import sys; from ml.audio_analysis import AudioLibrary; AudioLibrary().scan(sys.argv[1], workers=1)"


@contextmanager
def scanning_elsewhere(folder, home):
    """Scan in a process of its own: a script without a guard, as people write them."""
    environment = os.environ | {"ML_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-W", "error", "-c", CODE, str(folder)], env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def stored(library):
    with library.workspace.store.read() as connection:
        return connection.execute(select(func.count()).select_from(scanned_files)).scalar_one()


def test_a_kill_in_the_middle_loses_nothing_that_was_finished(local, tmp_path):
    folder = tmp_path / "many"
    for number in range(40):
        tone(folder / f"{number:02}.wav", 200 + 10 * number, seconds=4)
    assert stored(local) == 0
    with scanning_elsewhere(folder, local.workspace.home) as process:
        while stored(local) < 3:
            assert process.poll() is None
            time.sleep(0.005)
        helpers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert helpers
    _, alive = psutil.wait_procs(helpers, timeout=60)
    assert not alive  # nobody goes on for somebody who is no more
    finished = stored(local)
    assert 3 <= finished < 40
    before = analysed_at(local)
    done, _ = scan(local, folder)
    assert counts(done) == {"files": 40, "analysed": 40 - finished, "reused": 0, "unchanged": finished, "removed": 0}
    assert before.items() <= analysed_at(local).items()


def test_two_scans_at_once_do_no_harm(local, tmp_path):
    folder = tmp_path / "many"
    for number in range(12):
        tone(folder / f"{number:02}.wav", 200 + 10 * number, seconds=1)
    assert stored(local) == 0
    with scanning_elsewhere(folder, local.workspace.home) as one:
        with scanning_elsewhere(folder, local.workspace.home) as other:
            assert other.wait(120) == 0
        assert one.wait(120) == 0
    tracks = local.tracks()
    assert len(tracks) == 12
    assert all(track.analysis for track in tracks)
    assert scan(local, folder)[1].jobs == []


def test_what_another_scan_has_done_meanwhile_is_not_done_again(local, music):
    plan = scanning.Plan.of(local.workspace.store, music)
    scan(local, music)
    hands = Here()
    done = scanning.Scanning(local.workspace.store, plan, hands, lambda: None).run()
    assert hands.counts == {"hash": 3}
    assert (done.analysed, done.reused, done.removed) == (0, 3, 0)


def test_what_another_scan_adds_meanwhile_is_not_taken_for_gone(local, music):
    plan = scanning.Plan.of(local.workspace.store, music)
    tone(music / "new.wav", 1_000)
    scan(local, music)
    assert scanning.Scanning(local.workspace.store, plan, Here(), lambda: None).run().removed == 0
    assert len(local.tracks()) == 4


def test_rows_are_those_of_the_schema(local, music):
    scan(local, music)
    with local.workspace.store.read() as connection:
        durations = connection.execute(select(audio_analyses.c.duration_s)).scalars().all()
        known = rows.known_files(connection, str(music))
    assert durations == [pytest.approx(0.6)] * 3
    assert {one.version for one in known.values()} == {version.analysis_version()}
