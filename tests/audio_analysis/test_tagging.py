"""What is known of sounds, in the tags of their files: on request, and no more than is known."""

from concurrent.futures import Future
from pathlib import Path

import numpy as np
import orjson
import pytest
import soundfile
from sqlalchemy import update
from typer.testing import CliRunner

from ml.audio_analysis import AudioLibrary
from ml.audio_analysis.hands.work import do
from ml.audio_analysis.library.version import analysis_version
from ml.cli.main import app
from ml.data.demo.sound import Brief, draw_song, render
from ml.data.exporters.audio_tags import current_tags
from ml.data.schema import audio_analyses
from ml.data.workspace import Workspace
from ml.foundation.errors import BadInput, EmptyWorkspace

RATE = 22_050


class Here:
    width = 1

    def __init__(self):
        self.jobs = []

    def submit(self, job):
        self.jobs.append(job["do"])
        done = Future()
        done.set_result(do(job))
        return done


@pytest.fixture(scope="module")
def song():
    return render(draw_song(np.random.default_rng(2), Brief(duration_s=12.0, tempo_bpm=120.0)), rate=RATE).samples


@pytest.fixture
def music(tmp_path, song):
    folder = tmp_path / "music"
    folder.mkdir()
    soundfile.write(folder / "a.flac", song, RATE)
    soundfile.write(folder / "noise.mp3", np.random.default_rng(0).normal(0, 0.1, 5 * RATE), RATE)
    soundfile.write(folder / "b.wav", song, RATE)
    return folder


@pytest.fixture
def library(tmp_path, music):
    with AudioLibrary(Workspace.at(tmp_path / "home")) as library:
        library.scan(music, hands=Here())
        yield library


def stored(library, file, **fields):
    """Change what is stored of a file's sound, as if it had been measured so."""
    content_hash = library._hash_of(file)
    with library.workspace.store.write() as connection:
        found = library._analysis_of(content_hash) | fields
        mine = audio_analyses.c.content_hash == content_hash
        connection.execute(update(audio_analyses).where(mine).values(document=orjson.dumps(found).decode()))


def test_what_is_measured_is_written_and_the_next_scan_has_nothing_to_do(library, music):
    stored(
        library, music / "a.flac", tempo_bpm=120.04, tempo_confidence=0.9, key="Db", mode="minor", key_confidence=0.7
    )
    gain = library._analysis_of(library._hash_of(music / "a.flac"))["replaygain_db"]
    flac, wav, noise = library.write_tags([music / "a.flac", music / "b.wav", music / "noise.mp3"])
    assert flac.written == {
        "tempo": ("120.0",),
        "key": ("Dbm",),
        "gain": (f"{gain:.2f} dB",),
        "peak": flac.written["peak"],
    }
    assert flac.left_out == ()
    assert current_tags(music / "a.flac") == flac.written
    assert "WAV" in wav.problem
    # Noise has a loudness, and neither tempo nor key.
    assert set(noise.written) == {"gain", "peak"}
    assert [(one.field, one.why) for one in noise.left_out] == [("tempo", "unknown"), ("key", "unknown")]
    hands = Here()
    done = library.scan(music, hands=hands)
    assert (done.unchanged, hands.jobs) == (3, [])


def test_what_is_unlikely_is_left_out_unless_somebody_said_so(library, music):
    file = music / "a.flac"
    stored(library, file, tempo_bpm=120.0, tempo_confidence=0.4, key="C", mode="major", key_confidence=0.45)
    found = library.write_tags([file], tags=["tempo", "key"])[0]
    assert found.written == {}
    assert "only 40%" in found.left_out[0].why
    assert current_tags(file) == {}
    assert set(library.write_tags([file], tags=["tempo", "key"], least=0.42)[0].written) == {"key"}
    library.correct(file, tempo_bpm=60)
    assert library.write_tags([file], tags=["tempo", "key"])[0].written == {"tempo": ("60.0",)}


def test_what_a_file_says_is_left_to_it_unless_it_is_corrected_or_to_be_replaced(library, music):
    file = music / "a.flac"
    stored(library, file, tempo_bpm=120.0, tempo_confidence=0.9)
    library.write_tags([file], tags=["tempo"])
    stored(library, file, tempo_bpm=121.0, tempo_confidence=0.9)
    kept = library.write_tags([file], tags=["tempo"])[0]
    assert (kept.written, kept.left_out[0].why) == ({}, "the file says 120.0 already")
    library.correct(file, tempo_bpm=90)
    library.write_tags([file], tags=["tempo"])
    assert current_tags(file)["tempo"] == ("90.0",)
    library.correct(file, tempo_bpm=None)
    library.write_tags([file], tags=["tempo"], replace=True)
    assert current_tags(file)["tempo"] == ("121.0",)


def test_a_dry_run_says_the_same_and_writes_nothing(library, music):
    before = {file: file.read_bytes() for file in music.iterdir()}
    tried = library.write_tags(dry_run=True)
    assert {file: file.read_bytes() for file in music.iterdir()} == before
    done = library.write_tags()
    assert [one.written for one in done] == [one.written for one in tried]
    assert [one.tried for one in tried] == [True] * 3
    assert (music / "a.flac").read_bytes() != before[music / "a.flac"]


def test_genres_are_written_where_a_head_says_them_and_they_are_asked_for(library, music):
    assert library.write_tags([music / "a.flac"], tags=["genre"])[0].left_out[0].why.startswith("no head")
    with pytest.raises(BadInput, match="nothing that is written"):
        library.write_tags([music / "a.flac"], tags=["year"])


def test_a_file_that_was_not_scanned_is_analysed(tmp_path, music):
    with AudioLibrary(Workspace.at(tmp_path / "empty")) as empty:
        assert set(empty.write_tags([music / "noise.mp3"])[0].written) == {"gain", "peak"}
        assert empty.write_tags([music / "none.mp3"])[0].problem == "No such file or directory"
        with pytest.raises(EmptyWorkspace):
            empty.write_tags()


def test_as_it_is_typed(monkeypatch, tmp_path, music):
    monkeypatch.setenv("ML_HOME", str(tmp_path / "home"))

    def ml(*words):
        return CliRunner().invoke(app, ["audio", *map(str, words)])

    assert isinstance(ml("write-tags").exception, BadInput)
    assert isinstance(ml("write-tags", "--all").exception, EmptyWorkspace)
    assert ml("scan", music, "--workers", 1).exit_code == 0
    done = ml("write-tags", "--all", "--fields", "replaygain", "--json")
    assert done.exit_code == 2  # WAV is not written
    found = {Path(one["path"]).name: one for one in orjson.loads(done.stdout)}
    assert set(found["a.flac"]["written"]) == {"gain", "peak"}
    shown = ml("write-tags", music / "a.flac", "--fields", "replaygain")
    assert shown.exit_code == 0
    assert "already" in shown.stdout + shown.stderr
    assert orjson.loads(ml("scan", music, "--json").stdout)["version"] == analysis_version()
