"""Recordings that the library knows again, and those that it has twice."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sqlalchemy import delete, func, select
from typer.testing import CliRunner

from ml.audio_analysis.hands.work import do
from ml.audio_analysis.library import AudioLibrary, recordings
from ml.cli.main import app
from ml.data.demo.sound import corpus, render
from ml.data.schema import audio_fingerprints
from ml.data.workspace import Workspace
from ml.foundation.errors import BadInput, EmptyWorkspace

RATE = 22_050


@pytest.fixture(scope="module")
def songs():
    return [render(song, rate=RATE).samples for song in corpus(4, duration_s=25.0, seed=52)]


@pytest.fixture
def music(tmp_path, songs):
    """Three songs; the fourth is nowhere."""
    folder = tmp_path / "music"
    folder.mkdir()
    for i, song in enumerate(songs[:3]):
        soundfile.write(folder / f"song {i}.wav", song, RATE)
    return folder


@pytest.fixture
def library(tmp_path):
    workspace = Workspace.at(tmp_path / "home")
    yield AudioLibrary(workspace)
    workspace.close()


class Here:
    width = 1

    def submit(self, job):
        from concurrent.futures import Future

        done = Future()
        done.set_result(do(job))
        return done


def scan(library, folder):
    return library.scan(folder, hands=Here())


def noisy(song, rng, begin_s=7.3):
    excerpt = song[round(begin_s * RATE) :][: 10 * RATE].mean(axis=1)
    noise = rng.normal(size=len(excerpt))
    return 0.3 * (excerpt + noise * np.sqrt(np.mean(excerpt**2) / np.mean(noise**2)))


def test_an_excerpt_is_looked_up_in_what_was_scanned(library, music, songs):
    scan(library, music)
    rng = np.random.default_rng(0)
    for i in range(3):
        found = library.identify((noisy(songs[i], rng), RATE))
        assert Path(found.track.path).name == f"song {i}.wav"
        assert found.track.offset_s == pytest.approx(7.3, abs=0.02)
        assert found.track.probability > 0.9
        assert found.others == ()
    assert library.identify((noisy(songs[3], rng), RATE)).track is None
    assert library.identify((np.zeros(RATE), RATE)).track is None
    late = library.identify(music / "song 1.wav", start_s=12.0)
    assert (round(late.track.offset_s, 1), late.heard_s) == (12.0, pytest.approx(13.0, abs=0.01))


def test_the_index_goes_with_the_library(library, music, songs):
    with pytest.raises(EmptyWorkspace, match="scanned") as none:
        library.identify((songs[0], RATE))
    assert "ml audio scan" in none.value.hint
    scan(library, music)
    unknown = (songs[3], RATE)
    assert library.identify(unknown).track is None
    soundfile.write(music / "late.flac", songs[3], RATE)
    scan(library, music)
    assert Path(library.identify(unknown).track.path).name == "late.flac"
    (music / "late.flac").unlink()
    (music / "song 0.wav").rename(music / "moved.wav")
    scan(library, music)
    assert library.identify(unknown).track is None
    assert Path(library.identify((songs[0], RATE)).track.path).name == "moved.wav"
    assert len([one for one in (library.workspace.indexes / "fingerprints").iterdir() if one.is_dir()]) == 1


def test_a_damaged_index_is_made_again(library, music, songs):
    scan(library, music)
    before = library.identify((songs[2], RATE))
    for file in (library.workspace.indexes / "fingerprints").rglob("*.mlfp"):
        file.write_bytes(file.read_bytes()[:-3])
    assert library.identify((songs[2], RATE)) == before


def test_nobody_finds_half_of_an_index_that_is_being_removed(library, music, songs, monkeypatch):
    scan(library, music)
    library.identify((songs[0], RATE))
    soundfile.write(music / "late.flac", songs[3], RATE)
    scan(library, music)
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)  # killed before the first file
    assert library.identify((songs[3], RATE)).track is not None
    assert len(list((library.workspace.indexes / "fingerprints").glob("[0-9a-f]*"))) == 1


def test_what_comes_before_an_excerpt_is_not_kept(tmp_path):
    for start_s in (-1.0, float("nan"), float("inf")):
        with pytest.raises(BadInput, match="to begin at"):
            recordings.excerpt((np.zeros(RATE), RATE), start_s)
    samples = np.linspace(0, 1, 400 * RATE, dtype=np.float32)
    soundfile.write(tmp_path / "long.wav", samples, RATE, subtype="FLOAT")
    recordings.excerpt(tmp_path / "long.wav")  # imports what it needs
    tracemalloc.start()
    late = recordings.excerpt(tmp_path / "long.wav", 390.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.2 * samples.nbytes
    assert np.array_equal(late, samples[390 * RATE :])
    assert np.array_equal(recordings.excerpt(tmp_path / "long.wav", 5.0), samples[5 * RATE : 35 * RATE])
    assert len(recordings.excerpt(tmp_path / "long.wav", 500.0)) == 0


def test_a_library_from_before_there_were_fingerprints_says_what_to_do(library, music):
    scan(library, music)
    with library.workspace.store.write() as connection:
        connection.execute(delete(audio_fingerprints))
    with pytest.raises(EmptyWorkspace, match="fingerprints"):
        library.duplicates()


def test_nothing_is_fingerprinted_twice(library, music):
    scan(library, music)
    (music / "copy.wav").write_bytes((music / "song 0.wav").read_bytes())
    assert scan(library, music).analysed == 0
    with library.workspace.store.read() as connection:
        assert connection.execute(select(func.count()).select_from(audio_fingerprints)).scalar_one() == 3


def test_duplicates_are_copies_and_other_encodings_trimmed_and_softer(library, music, songs):
    (music / "copy.wav").write_bytes((music / "song 0.wav").read_bytes())
    soundfile.write(music / "trimmed.mp3", 0.4 * songs[1][round(1.234 * RATE) :], RATE)
    soundfile.write(music / "encoded.ogg", songs[1], RATE)
    scan(library, music)
    exact, near = library.duplicates()
    assert [Path(one.path).name for one in exact.files] == ["copy.wav", "song 0.wav"]
    assert (exact.exact, exact.agreement) == (True, 1.0)
    assert [Path(one.path).name for one in near.files] == ["encoded.ogg", "song 1.wav", "trimmed.mp3"]
    assert not near.exact
    assert near.agreement > 0.3
    # An MP3 without a gapless header begins with the encoder's delay.
    assert [one.offset_s for one in near.files] == [0.0, pytest.approx(0, abs=0.02), pytest.approx(-1.234, abs=0.1)]


def test_as_it_is_typed(monkeypatch, tmp_path, music, songs):
    monkeypatch.setenv("ML_HOME", str(tmp_path / "home"))
    soundfile.write(tmp_path / "heard.wav", noisy(songs[2], np.random.default_rng(1)), RATE)
    soundfile.write(tmp_path / "other.wav", songs[3], RATE)

    def ml(*words):
        return CliRunner().invoke(app, ["audio", *map(str, words)], catch_exceptions=False)

    with pytest.raises(EmptyWorkspace):
        ml("identify", tmp_path / "heard.wav", "--json")
    assert ml("scan", music, "--workers", 1).exit_code == 0
    done = ml("identify", tmp_path / "heard.wav", tmp_path / "other.wav", tmp_path / "none.wav", "--json")
    heard, other, none = json.loads(done.stdout)
    assert Path(heard["track"]["path"]).name == "song 2.wav"
    assert other["track"] is None
    assert [problem["code"] for problem in none["problems"]] == ["unreadable"]
    assert done.exit_code == 2
    assert "unknown" in ml("identify", tmp_path / "other.wav").stdout
    assert json.loads(ml("duplicates", "--json").stdout) == []
    assert "no recording is there twice" in ml("duplicates").stdout


def test_nothing_waits_in_a_transaction_while_an_index_is_made_or_searched(library, music, songs, monkeypatch):
    """A long transaction of a reader keeps SQLite's log from being emptied, and grows it."""
    from contextlib import contextmanager

    from ml.features.audio.fingerprint import Peaks

    soundfile.write(music / "encoded.ogg", songs[1], RATE)
    scan(library, music)
    store, is_open, seen = library.workspace.store, [], []
    inner, parse = store.read, Peaks.from_bytes

    @contextmanager
    def read():
        with inner() as connection:
            is_open.append(1)
            yield connection
            is_open.pop()

    monkeypatch.setattr(store, "read", read)
    monkeypatch.setattr(Peaks, "from_bytes", lambda data: seen.append(len(is_open)) or parse(data))
    assert len(library.duplicates()) == 1
    assert seen
    assert set(seen) == {0}


def test_duplicates_are_the_same_however_few_landmarks_find_them(library, music, songs, monkeypatch):
    soundfile.write(music / "trimmed.mp3", 0.4 * songs[1][round(1.234 * RATE) :], RATE)
    soundfile.write(music / "encoded.ogg", songs[1], RATE)
    scan(library, music)
    whole = library.duplicates()
    monkeypatch.setattr("ml.audio_analysis.library.duplicates._HITS", 700)
    assert library.duplicates() == whole
    assert [len(one.files) for one in whole] == [3]
