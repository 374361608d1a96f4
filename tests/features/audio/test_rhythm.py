"""The rhythm of sounds whose rhythm is known."""

import io

import numpy as np
import pytest

from ml.data.audio_files import resample
from ml.data.demo.sound import Brief, draw_song, render
from ml.features.audio import Spectrograms
from ml.features.audio.rhythm import MelCollector, SemitoneCollector, find_rhythm
from ml.features.audio.rhythm.network import Network, probability, trained
from ml.features.audio.rhythm.rhythm import hear

RATE = 22_050


def bands(samples):
    mels, semitones = MelCollector(), SemitoneCollector()
    spectrograms = Spectrograms([mels, semitones])
    spectrograms.push(samples.astype(np.float32))
    spectrograms.finish()
    return mels.bands(), semitones.bands()


def song(seed, **wishes):
    made = render(draw_song(np.random.default_rng(seed), Brief(**wishes)), rate=44_100)
    return resample(made.samples.mean(axis=1), 44_100, RATE), made.truth


def share_found(truth, found, tolerance_s):
    """F-measure; each time is found at most once, by the nearest."""
    near = np.abs(truth[:, None] - found).min(axis=1) <= tolerance_s
    return 2 * near.sum() / (len(truth) + len(found))


@pytest.mark.parametrize(
    ("seed", "bpm", "metre"), [(1, 128.0, "4/4"), (2, 70.0, "4/4"), (3, 100.0, "3/4"), (4, 178.0, "4/4")]
)
def test_a_song_has_its_tempo_beats_bars_and_onsets(seed, bpm, metre):
    samples, truth = song(seed, duration_s=14.0, tempo_bpm=bpm, metre=metre, drums=True, noise_db=40.0)
    found = find_rhythm(*bands(samples))
    assert found.tempo_bpm == pytest.approx(truth.tempo_bpm, rel=0.02)
    assert found.tempo_candidates[0].bpm == found.tempo_bpm
    assert found.tempo_confidence > 0.4
    assert found.time_signature == metre
    assert share_found(truth.beats_s, found.beats_s, 0.05) > 0.95
    assert share_found(truth.downbeats_s, found.downbeats_s, 0.05) > 0.9
    assert share_found(truth.heard_onsets(), found.onsets_s, 0.05) > 0.85


def test_gain_does_not_matter():
    samples, _ = song(1, duration_s=8.0, tempo_bpm=128.0, drums=True)
    loud, soft = find_rhythm(*bands(samples)), find_rhythm(*bands(0.01 * samples))
    assert soft.tempo_bpm == pytest.approx(loud.tempo_bpm, rel=1e-3)
    assert soft.beats_s == pytest.approx(loud.beats_s, abs=0.005)


@pytest.mark.parametrize("n", [0, 1, 300, 2_000, 30_000])
def test_of_a_moment_no_tempo_is_said(n):
    found = find_rhythm(*bands(np.random.default_rng(0).normal(0, 0.1, n)))
    assert found.tempo_bpm is found.time_signature is None
    assert len(found.beats_s) == len(found.downbeats_s) == len(found.tempo_candidates) == 0


@pytest.mark.parametrize("kind", ["white", "hum", "tone", "silence", "dc"])
def test_what_has_no_beat_has_no_tempo(kind):
    time = np.arange(12 * RATE) / RATE
    samples = {
        "white": np.random.default_rng(0).normal(0, 0.1, len(time)),
        "hum": sum(0.1 * np.sin(2 * np.pi * 50 * k * time) for k in range(1, 8)),
        "tone": 0.3 * np.sin(2 * np.pi * 440 * time),
        "silence": np.zeros(len(time)),
        "dc": np.full(len(time), 0.5),
    }[kind]
    found = find_rhythm(*bands(samples))
    assert found.tempo_bpm is None
    assert len(found.beats_s) == 0


def test_long_sounds_are_heard_in_pieces_as_if_in_one(monkeypatch):
    samples, _ = song(5, duration_s=60.0, tempo_bpm=110.0)
    mels, semitones = bands(samples)
    expected = hear(trained(), mels, semitones)
    monkeypatch.setattr("ml.features.audio.rhythm.rhythm.PIECE", 900)
    found = hear(trained(), mels, semitones)
    for name in ("onset", "beat", "downbeat", "pooled"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-3)
    assert find_rhythm(mels, semitones).beats_s == pytest.approx(find_rhythm(mels, semitones, trained()).beats_s)


def test_the_network_is_what_its_weights_say():
    """With weights that hand one band through, it hears that band."""
    stored = io.BytesIO()
    weights = {
        "first.weight": np.zeros((32, 80, 3)), "second.weight": np.zeros((24, 32, 3)),
        "onset.weight": np.zeros((1, 24, 3)), "down.weight": np.zeros((24, 24, 5)),
        "mix.weight": np.zeros((32, 30, 1)), "beat.weight": np.zeros((2, 32, 1)),
        "hidden.weight": np.zeros((64, 96)), "last.weight": np.zeros((100, 64)), "last.bias": np.arange(100),
        "hidden.bias": np.zeros(64),
    }  # fmt: skip
    weights |= {f"{part}.{i}.weight": np.zeros((32, 32, 5 if part == "wide" else 1))
                for i in range(8) for part in ("wide", "back", "skip")}  # fmt: skip
    weights["first.weight"][0, 7, 1] = weights["second.weight"][0, 0, 1] = weights["onset.weight"][0, 0, 2] = 1.0
    weights["down.weight"][0, 0, 4] = weights["mix.weight"][0, 0, 0] = weights["beat.weight"][1, 0, 0] = 1.0
    np.savez(stored, **{name: value.astype(np.float16) for name, value in weights.items()})
    stored.seek(0)
    network = Network(stored)
    heard_bands = np.zeros((21, 80), dtype=np.float32)
    heard_bands[:, 7] = np.arange(21)
    heard = network.hear(heard_bands, np.zeros((11, 6), dtype=np.float32))
    assert heard.onset.tolist() == [*range(1, 21), 0]  # the frame after each
    assert heard.downbeat.tolist() == [*range(2, 21, 2), 0]  # two short frames after each long one
    assert not heard.beat.any()
    said = network.conclude(heard, [slice(0, 11)])
    assert said.tempo[0].tolist() == list(range(94))
    assert said.metre[0].tolist() == list(range(94, 99))
    assert said.rhythmic[0] == 99


def test_probability_overflows_nowhere():
    assert probability(np.array([-1e30, 0, 1e30], dtype=np.float32)).tolist() == [0.0, 0.5, 1.0]
