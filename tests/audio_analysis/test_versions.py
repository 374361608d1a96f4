"""The same song by somebody else, by its chords."""

import json
import tracemalloc

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from ml.audio_analysis.library import AudioLibrary
from ml.audio_analysis.versions import NONE, chord_sequence, likeness, ranked
from ml.cli.main import app
from ml.data.demo.sound import another_version, corpus, render
from ml.data.workspace import Workspace
from ml.foundation.errors import EmptyWorkspace

CHORDS = st.lists(st.integers(0, 23), min_size=8, max_size=40).map(np.array)


def moved(chords, up):
    return np.where(chords < 12, (chords + up) % 12, 12 + (chords + up) % 12)


@settings(max_examples=40, deadline=None)
@given(CHORDS, CHORDS, st.integers(0, 11), st.integers(0, 11))
def test_keys_do_not_matter(one, other, first, second):
    score, _ = likeness(one, other)
    assert 0 <= score <= 1
    assert likeness(moved(one, first), moved(other, second))[0] == pytest.approx(score)
    assert likeness(other, one)[0] == pytest.approx(score)
    assert likeness(one, moved(one, first))[0] == 1.0


def test_a_part_and_a_beat_left_out_are_still_alike():
    song = np.random.default_rng(2).integers(0, 24, 60)
    part = song[20:40]
    same = np.minimum(np.bincount(song, minlength=24) / 60, np.bincount(part, minlength=24) / 20).sum()
    assert likeness(song, part) == (pytest.approx((1 + 2 * same) / 3), 0)
    # 29 of 30 chords follow each other, one gap costs 0.7, and 30 of 31 chords are the same.
    whole = song[:31]
    assert likeness(whole, np.delete(whole, 15))[0] == pytest.approx(((30 - 0.7) / 30 + 2 * 30 / 31) / 3, abs=0.01)
    stranger = np.random.default_rng(3).integers(0, 24, 60)
    assert likeness(song, stranger)[0] < likeness(song, part)[0] - 0.1
    assert ranked(song, [("stranger", stranger), ("higher", moved(song, 4))])[0] == ("higher", 1.0, 4)


def test_memory_grows_with_the_lengths_and_not_with_their_product():
    tracemalloc.start()
    short, long = np.random.default_rng(4).integers(0, 24, (2, 20_000))
    assert likeness(short[:50], long)[0] < 1.0
    one_sided = tracemalloc.get_traced_memory()[1]
    assert likeness(short[:400], long)[0] < 1.0
    assert tracemalloc.get_traced_memory()[1] < 1.5 * one_sided
    tracemalloc.stop()


def test_without_chords_nothing_is_alike():
    nothing = chord_sequence({"chords": [], "beats": None, "duration_s": 3.0})
    assert likeness(nothing, np.array([1, 2, 3])) == (0.0, 0)
    silence = [{"start_s": 0.0, "end_s": 3.0, "chord": "N"}]
    still = chord_sequence({"chords": silence, "beats": None, "duration_s": 3.0})
    assert still.tolist() == [NONE] * 6
    assert likeness(still, still)[0] == 0.0


def test_what_is_shorter_than_two_bars_is_no_version():
    song = np.random.default_rng(4).integers(0, 24, 60)
    assert likeness(song, song[:7]) == (0.0, 0)
    score, semitones = likeness(song, song[:8])
    assert score > 1 / 3
    assert semitones == 0


def test_as_it_is_typed(monkeypatch, tmp_path):
    monkeypatch.setenv("ML_HOME", str(tmp_path / "home"))
    songs = list(corpus(3, duration_s=30.0, seed=31))
    (tmp_path / "music").mkdir()
    for i, song in enumerate(songs):
        soundfile.write(tmp_path / "music" / f"{i}.wav", render(song, rate=22_050).samples, 22_050)
    other = another_version(songs[0], np.random.default_rng(1), semitones=3, tempo_ratio=1.1)
    soundfile.write(tmp_path / "version.wav", render(other, rate=22_050).samples, 22_050)
    words = ["audio", "versions", str(tmp_path / "version.wav"), "--json"]
    with pytest.raises(EmptyWorkspace):
        CliRunner().invoke(app, words, catch_exceptions=False)
    workspace = Workspace.at(tmp_path / "home")
    AudioLibrary(workspace).scan(tmp_path / "music", workers=1)
    workspace.close()
    found = json.loads(CliRunner().invoke(app, words, catch_exceptions=False).stdout)
    assert found[0]["path"].endswith("0.wav")
    assert found[0]["semitones"] == -3
    assert found[0]["score"] > found[1]["score"]
    own = json.loads(CliRunner().invoke(app, [*words[:2], str(tmp_path / "music" / "0.wav"), "--json"]).stdout)
    assert len(own) == 2


def test_of_many_songs_those_with_other_chords_are_not_aligned(monkeypatch):
    monkeypatch.setattr("ml.audio_analysis.versions._ALIGNED", 3)
    rng = np.random.default_rng(5)
    song = rng.integers(0, 24, 40)
    others = {f"{place}": rng.integers(0, 24, 40) for place in range(9)} | {"higher": moved(song, 4)}
    found = ranked(song, others.items())
    assert len(found) == 3
    assert found[0] == ("higher", 1.0, 4)
