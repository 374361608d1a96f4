"""What an analysis says of rhythm, and when it says nothing."""

import json

import numpy as np
import orjson
import pytest
import soundfile
from typer.testing import CliRunner

from ml.audio_analysis import AudioAnalyzer
from ml.cli.main import app
from ml.data.demo.sound import Brief, draw_song, render

RATE = 44_100
BEATEN = ("tempo_bpm", "tempo_confidence", "time_signature", "time_signature_confidence", "beats", "downbeats")


@pytest.fixture(scope="module")
def made():
    wishes = Brief(duration_s=12.0, tempo_bpm=126.0, metre="4/4", drums=True, noise_db=40.0)
    return render(draw_song(np.random.default_rng(8), wishes), rate=RATE)


@pytest.fixture(scope="module")
def found(made):
    return AudioAnalyzer().analyze((made.samples, RATE))


def test_a_song_has_a_rhythm(made, found):
    assert found.tempo_bpm == pytest.approx(made.truth.tempo_bpm, rel=0.02)
    assert 0.4 < found.tempo_confidence <= 1.0
    assert found.time_signature == "4/4"
    assert 0.5 < found.time_signature_confidence <= 1.0
    assert set(found.downbeats) <= set(found.beats)
    assert len(found.downbeats) == pytest.approx(len(made.truth.downbeats_s), abs=1)
    assert len(found.onsets) > len(found.beats)
    assert list(found.beats) == sorted(found.beats)


def test_the_tempo_comes_first_and_its_half_and_double_are_named(found):
    first, *others = found.tempo_candidates
    assert first.bpm == found.tempo_bpm
    assert sum(one.probability for one in found.tempo_candidates) <= 1.01
    for factor in (0.5, 2.0):
        assert any(one.bpm == pytest.approx(factor * found.tempo_bpm, rel=0.04) for one in others)


def test_it_is_json(found):
    again = orjson.loads(found.to_json())
    assert again["tempo_candidates"][0] == {
        "bpm": found.tempo_bpm,
        "probability": found.tempo_candidates[0].probability,
    }
    assert again["beats"] == list(found.beats)


def test_of_silence_nothing_is_said():
    found = AudioAnalyzer().analyze((np.zeros(5 * RATE), RATE))
    assert [found[name] for name in (*BEATEN, "onsets")] == [None] * 7
    assert found.tempo_candidates == ()


@pytest.mark.parametrize("kind", ["noise", "tone", "short"])
def test_without_a_beat_there_are_onsets_and_no_tempo(kind, made):
    samples = {
        "noise": np.random.default_rng(0).normal(0, 0.1, 8 * RATE),
        "tone": 0.3 * np.sin(2 * np.pi * 440 * np.arange(8 * RATE) / RATE),
        "short": made.samples[: 2 * RATE],
    }[kind]
    found = AudioAnalyzer().analyze((samples, RATE))
    assert [found[name] for name in BEATEN] == [None] * 6
    assert found.tempo_candidates == ()
    assert isinstance(found.onsets, tuple)
    if kind == "short":
        assert found.onsets


def test_the_command_prints_it(tmp_path, made, found):
    path = tmp_path / "song.wav"
    soundfile.write(path, made.samples, RATE)
    (printed,) = json.loads(CliRunner().invoke(app, ["audio", "analyze", str(path), "--json"]).stdout)
    assert printed["tempo_bpm"] == pytest.approx(found.tempo_bpm, abs=0.5)
    assert printed["time_signature"] == "4/4"
    assert {"tempo_candidates", "tempo_confidence", "beats", "downbeats", "onsets"} < set(printed)
    table = CliRunner().invoke(app, ["audio", "analyze", str(path)]).stdout
    assert "BPM" in table
    assert "4/4" in table
