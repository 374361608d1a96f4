"""The pitch of voices and leads, contours, and how they are warped."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.features.audio.melody import (
    CONTOUR_RATE,
    PitchTrack,
    contour_of,
    contour_of_notes,
    is_one_voice,
    pitch_of_lead,
    pitch_of_voice,
    subsequence_costs,
    warping,
)
from ml.features.audio.melody.voice import normalised_difference

RATE = 22_050


def voice(pitch, *, harmonics=6, first=1):
    """Sound a curve of pitch, one value a sample."""
    phase = 2 * np.pi * np.cumsum(440 * 2 ** ((np.asarray(pitch) - 69) / 12)) / RATE
    sound = sum(np.sin(k * phase + k) / k for k in range(first, first + harmonics))
    return (0.2 * sound).astype(np.float32)


@pytest.mark.parametrize("pitch", [41.0, 52.5, 60.0, 69.3, 81.0, 95.0])
def test_a_steady_note_has_its_pitch(pitch):
    found = pitch_of_voice(voice(np.full(RATE, pitch))).pitch[3:-3]
    # A period of eleven samples is read to a seventh of a semitone.
    assert np.abs(found - pitch).max() < (0.1 if pitch < 90 else 0.15)


def test_a_whistle_is_a_sine():
    found = pitch_of_voice(voice(np.full(RATE, 98.0), harmonics=1)).pitch[3:-3]
    assert np.abs(found - 98.0).max() < 0.15


def test_a_glide_is_followed():
    line = np.linspace(50.0, 62.0, 2 * RATE)
    track = pitch_of_voice(voice(line))
    at = (np.arange(len(track.pitch)) / track.frames_per_s * RATE).astype(int)
    inner = slice(5, -5)
    assert np.abs(track.pitch[inner] - line[np.minimum(at, len(line) - 1)][inner]).max() < 0.25


def test_the_octave_is_right_without_a_fundamental():
    found = pitch_of_voice(voice(np.full(RATE, 48.0), first=2)).pitch[3:-3]
    assert np.abs(found - 48.0).max() < 0.1


def test_a_rest_has_no_pitch_nor_has_silence_nor_noise():
    sound = voice(np.full(2 * RATE, 60.0))
    sound[int(0.8 * RATE) : int(1.2 * RATE)] = 0
    track = pitch_of_voice(sound)
    assert not track.voiced[int(0.9 * track.frames_per_s) : int(1.1 * track.frames_per_s)].any()
    assert not pitch_of_voice(np.zeros(RATE, dtype=np.float32)).voiced.any()
    noise = np.random.default_rng(0).normal(size=2 * RATE).astype(np.float32)
    assert pitch_of_voice(noise).voiced.mean() < 0.05
    assert len(pitch_of_voice(np.empty(0, dtype=np.float32)).pitch) == 1


def test_the_difference_function_is_what_yin_says():
    frame = np.random.default_rng(1).normal(size=(1, 64)).astype(np.float32)
    width = 64 - 20
    plain = np.array([np.sum((frame[0, :width] - frame[0, lag : lag + width]) ** 2) for lag in range(21)])
    wanted = plain[1:] * np.arange(1, 21) / np.cumsum(plain[1:])
    assert normalised_difference(frame, 20)[0, 1:] == pytest.approx(wanted, rel=1e-4)


def test_one_voice_is_told_from_a_chord_and_from_noise():
    one, other, third = (voice(np.full(2 * RATE, pitch)) for pitch in (60.0, 64.0, 67.0))
    assert is_one_voice(one)
    assert not is_one_voice(one + other + third)
    assert not is_one_voice(np.zeros(RATE, dtype=np.float32))


def test_what_leads_in_a_mix_is_followed():
    line = np.repeat([64.0, 67.0, 72.0, 69.0], RATE)
    chord = sum(voice(np.full(len(line), pitch)) for pitch in (48.0, 52.0, 55.0))
    track = pitch_of_lead(voice(line) + 0.25 * chord)
    at = np.minimum((np.arange(len(track.pitch)) / track.frames_per_s * RATE).astype(int), len(line) - 1)
    assert np.mean(np.abs(track.pitch - line[at]) < 0.5) > 0.85
    assert not pitch_of_lead(np.zeros(RATE, dtype=np.float32)).voiced.any()


def test_a_contour_knows_neither_key_nor_rests():
    plain = contour_of_notes([0.0, 1.0, 2.0], [1.0, 2.0, 3.0], [60.0, 64.0, 62.0])
    apart = contour_of_notes([5.0, 8.0, 9.5], [6.0, 9.0, 10.5], [67.0, 71.0, 69.0])
    assert plain.tolist() == apart.tolist()
    assert len(plain) == 3 * CONTOUR_RATE
    assert sorted(set(plain.tolist())) == [-2.0, 0.0, 2.0]
    assert len(contour_of_notes([], [], [])) == 0
    assert len(contour_of(PitchTrack(50.0, np.full(9, np.nan, dtype=np.float32)))) == 0


def test_a_hum_has_the_contour_of_its_notes():
    notes = [60.0, 64.0, 67.0, 65.0, 64.0]
    found = contour_of(pitch_of_voice(voice(np.repeat(notes, RATE))))
    wanted = contour_of_notes(range(5), range(1, 6), notes)
    assert abs(len(found) - len(wanted)) <= 2
    n = min(len(found), len(wanted))
    assert np.mean(np.abs(found[:n] - wanted[:n]) < 0.3) > 0.9


def plainly(query, other, offset):
    """Warp as the recurrence is written down, cell by cell."""
    cost = np.minimum(np.abs(other[None] + offset - query[:, None]), warping.FARTHEST)
    best = np.full(cost.shape, np.inf)
    best[0] = cost[0]
    for i in range(1, len(query)):
        for j in range(1, len(other)):
            ways = [best[i - 1, j - 1]]
            if j > 1:
                ways.append(best[i - 1, j - 2] + warping.UNEVEN)
            if i > 1:
                ways.append(best[i - 2, j - 1] + cost[i - 1, j] + warping.UNEVEN)
            best[i, j] = min(ways) + cost[i, j]
    return best[-1].min() / len(query)


semitones = st.lists(st.integers(-6, 6), min_size=2, max_size=12)


@settings(max_examples=60, deadline=None)
@given(query=semitones, others=st.lists(semitones, min_size=1, max_size=3), offset=st.integers(-3, 3))
def test_warping_all_at_once_is_warping_one_by_one(query, others, offset):
    mine = np.array(query, dtype=np.float32)
    theirs = [np.array(one, dtype=np.float32) for one in others]
    padded = np.full((len(theirs), max(map(len, theirs))), np.inf, dtype=np.float32)
    for row, one in enumerate(theirs):
        padded[row, : len(one)] = one
    found = subsequence_costs(mine, padded, np.full(len(theirs), offset, dtype=np.float32))
    wanted = [plainly(mine, one, offset) for one in theirs]
    assert found.tolist() == pytest.approx(wanted, abs=1e-4)


def test_a_stretch_costs_nothing_wherever_it_is_and_however_high():
    other = np.array([0, 0, 4, 4, 7, 7, 5, 5, 2, 2], dtype=np.float32)
    found = subsequence_costs(other[3:8] + 9, other[None], np.array([9], dtype=np.float32))
    assert found.tolist() == [0.0]
