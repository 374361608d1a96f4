"""Swing, microtiming, pulse clarity and danceability of beats that are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.features.audio.rhythm.bands import SHORT
from ml.features.audio.rhythm.dance import beat_strength, danceability, evenness, tempo_fit
from ml.features.audio.rhythm.groove import find_groove, pulse_clarity
from ml.features.audio.rhythm.swing import places

BEATS = 0.25 + 0.5 * np.arange(64)


def played(ratio, level="eighth", late_s=0.0, seed=0):
    """Four notes a beat, by somebody who is that late."""
    notes = (BEATS[:-1, np.newaxis] + 0.5 * places(ratio, level)).ravel()
    return notes + late_s * np.random.default_rng(seed).standard_normal(len(notes))


def attack_at(times):
    curve = np.zeros(int(33 * SHORT.frames_per_s), dtype=np.float32)
    curve[np.rint(times * SHORT.frames_per_s).astype(int)] = 1.0
    return curve


def groove(times, beats=BEATS, metre="4/4"):
    return find_groove(attack_at(times), times, beats, metre)


@given(st.floats(1.2, 2.2), st.sampled_from(["eighth", "sixteenth"]))
def test_swing_is_found_with_its_level(ratio, level):
    found = groove(played(ratio, level, late_s=0.004))
    assert found.swing_ratio == pytest.approx(ratio, rel=0.04)
    assert found.swing_level == level


def test_straight_is_straight():
    assert groove(played(1.0, late_s=0.004)).swing_ratio == pytest.approx(1.0, abs=0.03)


def test_without_notes_between_the_beats_or_with_three_a_beat_there_is_no_swing():
    assert groove(BEATS).swing_ratio is None
    assert groove(played(1.5), metre="6/8").swing_ratio is None
    assert groove(played(1.5), metre="7/8").swing_level is None


@pytest.mark.parametrize("late_s", [0.002, 0.005, 0.01])
def test_microtiming_is_how_late_hands_are(late_s):
    assert groove(played(1.5, late_s=late_s)).microtiming_ms == pytest.approx(1000 * late_s, rel=0.35)


def test_a_beat_that_is_late_as_a_whole_is_no_microtiming():
    assert groove(played(1.0) + 0.015).microtiming_ms < 1.0


def test_few_beats_have_no_groove():
    assert groove(BEATS[:5], BEATS[:5]) is None


def test_a_pulse_is_clearer_than_chance():
    chance = np.sort(np.random.default_rng(0).uniform(0, 32, len(BEATS)))
    assert pulse_clarity(attack_at(BEATS), 0.5) > 0.8
    assert pulse_clarity(attack_at(chance), 0.5) < 0.3
    assert pulse_clarity(np.zeros(400, dtype=np.float32), 0.5) == 0.0


def test_evenness_falls_with_what_strays_and_not_with_what_drifts():
    drifting = np.cumsum(np.linspace(0.48, 0.52, 64))
    strayed = BEATS + 0.03 * np.random.default_rng(0).standard_normal(64)
    assert evenness(drifting) > 0.98
    assert evenness(strayed) < 0.5


@given(st.floats(20.0, 400.0))
def test_shares_stay_within_bounds(bpm):
    mels = np.random.default_rng(0).random((2900, 40)).astype(np.float32)
    assert 0.0 < tempo_fit(bpm) <= 1.0
    assert 0.0 <= beat_strength(mels, BEATS) < 1.0
    assert 0.0 <= danceability(mels, BEATS, bpm, 0.5) <= 1.0


def test_strokes_at_the_beats_are_strength():
    mels = np.full((2900, 40), 1e-3, dtype=np.float32)
    still = beat_strength(mels, BEATS)
    for frame in np.rint(BEATS * SHORT.frames_per_s).astype(int):
        mels[frame : frame + 6] = 1.0
    assert still < 0.05
    assert beat_strength(mels, BEATS) > 0.7
