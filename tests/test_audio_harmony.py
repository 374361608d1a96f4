"""Keys and chords of sounds whose answers are known in advance."""

import io
from itertools import pairwise

import numpy as np
import orjson
import pytest
import soundfile
from benchmarks.training import harmony_fitting as fitting
from benchmarks.training.harmony_scales import STEPS, played
from benchmarks.training.harmony_toneless import toneless
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from ml.audio_analysis import AudioAnalyzer
from ml.audio_analysis.harmony import harmony_of
from ml.audio_analysis.harmony.chords import likeliest_path, runs
from ml.audio_analysis.harmony.weights import HarmonyWeights, read, shipped, write
from ml.features.audio.pitch import pitches_of
from ml.features.keys import NAMES, camelot

RATE = 22_050
CADENCE = {"major": ((0, 4), (5, 4), (7, 4), (0, 4)), "minor": ((0, 3), (5, 3), (7, 4), (0, 3))}


def chord(root, third, *, seconds=1.5, cents=0.0, partials=5):
    """Play a triad over its root."""
    time = np.arange(round(seconds * RATE)) / RATE
    envelope = np.minimum(1.0, np.minimum(time, seconds - time) / 0.02)
    pitches = np.array([root - 12, root, root + third, root + 7]) + cents / 100
    hz = 440.0 * 2.0 ** ((pitches - 69.0) / 12.0)
    waves = [np.sin(2 * np.pi * one * k * time) / k for one in hz for k in range(1, partials + 1)]
    return (0.04 * envelope * np.sum(waves, axis=0)).astype(np.float32)


def cadence(tonic, mode, **how):
    return np.concatenate([chord(55 + (tonic + step - 55) % 12, third, **how) for step, third in CADENCE[mode]])


def hear(samples):
    return harmony_of(pitches_of(samples), len(samples) / RATE)


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", range(12))
def test_a_cadence_has_its_key_and_its_chords_however_it_is_tuned(tonic, mode):
    cents = (-40, 0, 40)[tonic % 3]
    found = hear(cadence(tonic, mode, cents=cents))
    assert (found.key, found.mode) == (NAMES[tonic], mode)
    assert found.key_confidence > 0.5
    assert found.changes == ()
    assert found.camelot == camelot(tonic + 12 * (mode == "minor"))
    assert found.tuning_cents == pytest.approx(cents, abs=2)
    roots = [(NAMES[(tonic + step) % 12], "maj" if third == 4 else "min") for step, third in CADENCE[mode]]
    assert [one.chord for one in found.chords if one.chord != "N"] == [f"{root}:{kind}" for root, kind in roots]
    changes = [one.start_s for one in found.chords if one.chord != "N"]
    assert changes == pytest.approx([0.0, 1.5, 3.0, 4.5], abs=0.3)


@pytest.mark.parametrize("mode", ["major", "minor"])
@pytest.mark.parametrize("tonic", range(12))
def test_a_scale_has_its_key(tonic, mode):
    steps = [*STEPS[mode][0], *STEPS[mode][0][-2::-1]]
    found = hear(played(60.0 + tonic + np.array(steps), 0.4, 4, RATE))
    assert (found.key, found.mode) == (NAMES[tonic], mode)


def test_what_has_no_key_has_none():
    for samples in toneless(16, seed=99, duration_s=10.0):
        found = hear(samples)
        assert (found.key, found.mode, found.key_confidence, found.camelot) == (None,) * 4


def test_one_chord_that_never_changes_is_a_chord_and_no_key():
    found = hear(chord(60, 3, seconds=6.0))
    assert (found.key, found.candidates) == (None, ())
    assert [one.chord for one in found.chords] == ["C:min"]


def test_one_note_is_neither():
    for partials in (1, 8):
        found = hear(played(np.array([57.0]), 6.0, partials, RATE))
        assert found.key is None
    assert [one.chord for one in hear(played(np.array([57.0]), 6.0, 1, RATE)).chords] == ["N"]


@pytest.mark.parametrize("seed", range(3))
def test_noise_has_neither_chords_nor_tuning(seed):
    found = hear(np.random.default_rng(seed).normal(0, 0.1, 10 * RATE).astype(np.float32))
    assert (found.key, found.tuning_cents, found.candidates) == (None, None, ())
    assert [one.chord for one in found.chords] == ["N"]


def test_silence_and_nothing_have_no_harmony():
    for n in (0, 1, 5 * RATE):
        found = hear(np.zeros(n, dtype=np.float32))
        assert (found.key, found.tuning_cents, found.chords, found.candidates) == (None, None, (), ())


def test_chords_cover_the_sound_and_pauses_have_none():
    samples = np.concatenate([chord(60, 4), np.zeros(3 * RATE, np.float32), chord(65, 4), chord(67, 4), chord(60, 4)])
    found = hear(samples).chords
    assert found[0].start_s == 0.0
    assert found[-1].end_s == pytest.approx(len(samples) / RATE)
    assert all(one.end_s == other.start_s for one, other in pairwise(found))
    assert next(one.chord for one in found if one.start_s < 3.0 < one.end_s) == "N"


@pytest.mark.parametrize(("mode", "tonic", "other"), [("major", 0, 2), ("minor", 9, 10), ("major", 7, 8)])
def test_a_key_changes_where_it_does(mode, tonic, other):
    parts = [cadence(tonic, mode, seconds=1.0)] * 5 + [cadence(other, mode, seconds=1.0)] * 3
    found = hear(np.concatenate(parts))
    assert (found.key, found.mode) == (NAMES[tonic], mode)
    (change,) = found.changes
    assert (change.key, change.mode, change.camelot) == (NAMES[other], mode, camelot(other + 12 * (mode == "minor")))
    assert change.start_s == pytest.approx(20.0, abs=1.2)


def test_candidates_are_ranked_and_share_one_probability():
    found = hear(cadence(2, "major"))
    chances = [one.probability for one in found.candidates]
    assert chances == sorted(chances, reverse=True)
    assert len(found.candidates) == 3
    assert 0 < sum(chances) <= 1
    assert (found.candidates[0].key, found.candidates[0].probability) == (found.key, found.key_confidence)


def test_noise_takes_confidence_away():
    samples = cadence(7, "major")
    noisy = samples + np.random.default_rng(0).normal(0, 1.0, len(samples)).astype(np.float32)
    assert hear(noisy).key_confidence is None or hear(noisy).key_confidence < hear(samples).key_confidence


def test_the_wheel_has_every_key_once_and_neighbours_are_fifths_and_relatives():
    places = [camelot(key) for key in range(24)]
    assert sorted(places) == sorted(f"{n}{side}" for n in range(1, 13) for side in "AB")
    for tonic in range(12):
        here, fifth = int(places[tonic][:-1]), int(places[(tonic + 7) % 12][:-1])
        assert fifth == here % 12 + 1
        assert places[12 + (tonic + 9) % 12] == f"{here}A"


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_the_path_of_plain_scores_is_what_they_say(states):
    scores = np.log(np.eye(4)[states] * 0.96 + 0.01)
    assert likeliest_path(scores, stay=0.25).tolist() == states
    assert [state for first, end, state in runs(np.array(states)) for _ in range(first, end)] == states


def test_the_path_is_the_best_of_all():
    rng = np.random.default_rng(1)
    for _ in range(20):
        scores, stay = rng.normal(size=(5, 3)), rng.uniform(0.4, 0.9)
        paths = np.stack(np.meshgrid(*[range(3)] * 5, indexing="ij"), axis=-1).reshape(-1, 5)
        moves = np.where(np.diff(paths) == 0, np.log(stay), np.log((1 - stay) / 2)).sum(axis=1)
        best = paths[(scores[np.arange(5), paths].sum(axis=1) + moves).argmax()]
        assert likeliest_path(scores, stay).tolist() == best.tolist()


def test_weights_are_written_and_read(tmp_path):
    write(shipped(), tmp_path / "weights.json")
    again = read(tmp_path / "weights.json")
    samples = cadence(0, "minor")
    pitches = pitches_of(samples)
    assert isinstance(again, HarmonyWeights)
    assert harmony_of(pitches, 6.0, again) == harmony_of(pitches, 6.0)


def test_weights_are_fitted_on_examples():
    found = []
    for tonic in range(0, 12, 2):
        for mode, steps in CADENCE.items():
            chroma = fitting.heard(cadence(tonic, mode))
            labels = [("maj" if third == 4 else "min", (tonic + step) % 12) for step, third in steps]
            spans = [
                fitting.Span(1.5 * i, 1.5 * i + 1.5, f"{NAMES[root]}:{kind}") for i, (kind, root) in enumerate(labels)
            ]
            found.append(fitting.Example(chroma, tuple(spans), tonic + 12 * (mode == "minor"), tonic % 4))
    found += [fitting.Example(fitting.heard(one), (), -1, -1) for one in toneless(8, duration_s=5.0)]
    chords = fitting.fit_chords(found)
    weights = HarmonyWeights(chords, fitting.fit_key(found, chords))
    samples = cadence(1, "minor")  # of none of the tonics that were fitted on
    told = harmony_of(pitches_of(samples), 6.0, weights)
    assert (told.key, told.mode) == ("Db", "minor")
    assert [one.chord for one in told.chords if one.chord != "N"] == ["Db:min", "Gb:min", "Ab:maj", "Db:min"]


def test_the_analyzer_and_the_command_tell_it(tmp_path):
    from ml.cli.main import app

    samples = np.repeat(cadence(9, "minor"), 2)  # twice the rate
    file = tmp_path / "a.wav"
    soundfile.write(file, samples, 2 * RATE)
    found = AudioAnalyzer().analyze(file)
    assert (found.key, found.mode, found.camelot) == ("A", "minor", "8A")
    done = CliRunner().invoke(app, ["audio", "analyze", str(file), "--json"])
    (told,) = orjson.loads(done.stdout)
    assert (told["key"], told["mode"], told["camelot"]) == ("A", "minor", "8A")
    assert told["key_candidates"][0]["probability"] == told["key_confidence"] == pytest.approx(found.key_confidence)
    assert told["chords"][0].keys() == {"start_s", "end_s", "chord"}
    assert "A minor" in CliRunner().invoke(app, ["audio", "analyze", str(file)], terminal_width=200).stdout


def test_silence_is_no_c_major():
    file = io.BytesIO()
    soundfile.write(file, np.zeros(2 * RATE), RATE, format="WAV")
    found = AudioAnalyzer().analyze(file.getvalue())
    assert (found.key, found.mode, found.key_confidence, found.camelot, found.tuning_cents) == (None,) * 5
    assert (found.key_candidates, found.chords) == ((), ())


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "key", "mode", "cents"),
    [
        # The player is flat: what calls itself E major sounds 87 cents lower, and that is nearer to E flat.
        ("359500__mtg__sax-tenor-e-major", "Eb", "major", 13),
        ("359628__mtg__sax-tenor-d-minor", "D", "minor", -33),
    ],
)
def test_scales_of_a_saxophone(realdata, name, key, mode, cents):
    found = AudioAnalyzer().analyze(realdata / "audio_signals" / f"{name}.wav")
    assert (found.key, found.mode) == (key, mode)
    assert found.tuning_cents == pytest.approx(cents, abs=3)


@pytest.mark.realdata
@pytest.mark.parametrize(
    "name", ["1kHz_sine_-20LUFS-16bit.flac", "sine_440_5000period.mp3", "impulses_1second_44100.flac"]
)
def test_signals_without_a_key(realdata, name):
    assert AudioAnalyzer().analyze(realdata / "audio_signals" / name).key is None


def test_a_click_has_no_chord():
    for n_samples in (1, 2_000):
        click = np.zeros(n_samples)
        click[0] = 0.5
        assert [span.chord for span in AudioAnalyzer().analyze((click, 44_100)).chords] == ["N"]
