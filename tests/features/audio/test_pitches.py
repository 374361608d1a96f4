"""Tuning and classes of pitch of tones whose pitch is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.ndimage import median_filter

from ml.features.audio import Spectrograms
from ml.features.audio.chroma import chroma_of, moved, whitened
from ml.features.audio.medians import NETWORKS, running_median
from ml.features.audio.pitch import LOWEST, PITCH_FRAMING, PLACES, SEMITONES, PitchCollector, pitch_filters, pitches_of

RATE = PITCH_FRAMING.rate
LENGTH = SEMITONES * PLACES + 1


def tone(pitch, seconds=1.0, partials=6):
    hz, time = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0), np.arange(round(seconds * RATE)) / RATE
    return (0.1 * sum(np.sin(2 * np.pi * hz * k * time) / k for k in range(1, partials + 1))).astype(np.float32)


@pytest.mark.parametrize("cents", [-45, -30, -7, 0, 12, 33, 45])
@pytest.mark.parametrize("partials", [1, 7])
def test_tuning_is_found_also_with_partials_that_lie_beside_semitones(cents, partials):
    samples = np.concatenate([tone(pitch + cents / 100, partials=partials) for pitch in (60, 64, 67, 72)])
    leaning = pitches_of(samples).leaning
    assert leaning.cents() == pytest.approx(cents, abs=2.0)
    assert leaning.agreement() > 0.5


def test_peaks_of_noise_agree_about_nothing():
    noise = np.random.default_rng(0).normal(0, 0.1, 10 * RATE).astype(np.float32)
    assert pitches_of(noise).leaning.agreement() < 0.05


def test_nothing_has_no_tuning_and_no_classes_of_pitch():
    found = chroma_of(pitches_of(np.zeros(RATE, dtype=np.float32)))
    assert (found.tuning_cents, found.agreement, found.registers.any()) == (None, 0.0, False)
    assert len(chroma_of(pitches_of(np.zeros(0, dtype=np.float32))).registers) == 1


@pytest.mark.parametrize("pitch", range(48, 84))
def test_a_tone_is_its_class_of_pitch(pitch):
    for cents in (-40, 0, 40):
        found = chroma_of(pitches_of(tone(pitch + cents / 100)))
        assert found.registers[2:-2, 1:].sum(axis=1).argmax(axis=1).tolist() == [pitch % 12] * (
            len(found.registers) - 4
        )


def test_what_is_60_db_lower_does_not_count_as_if_it_were_near():
    noise = np.random.default_rng(0).normal(0, 3e-5, 3 * RATE).astype(np.float32)
    registers = chroma_of(pitches_of(tone(69, 3.0, partials=1) + noise)).registers[4:-4, 1]
    assert (registers[:, 9] > 0.8).all()
    assert (np.delete(registers, 9, axis=1) < 0.45).all()


def test_levels_do_not_matter():
    samples = tone(57, 2.0)
    loud, soft = (chroma_of(pitches_of(samples * np.float32(gain))).registers for gain in (1.0, 1e-3))
    np.testing.assert_allclose(loud, soft, atol=1e-3)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 9_000), max_size=6))
def test_however_a_sound_is_cut_its_pitches_are_the_same(lengths):
    samples = np.concatenate([tone(60, 0.7), tone(67, 0.7)])
    collector, start = PitchCollector(), 0
    spectrograms = Spectrograms([collector])
    for length in [*lengths, len(samples)]:
        spectrograms.push(samples[start : start + length])
        start += length
    spectrograms.finish()
    pieces, whole = collector.curves(), pitches_of(samples)
    np.testing.assert_allclose(pieces.spectra, whole.spectra, atol=1e-4)
    assert pieces.leaning.cents() == whole.leaning.cents()


def test_filters_are_means_around_their_pitches():
    filters = pitch_filters(PITCH_FRAMING)
    assert filters.shape[0] == LENGTH
    np.testing.assert_allclose(filters.sum(axis=1), 1.0, rtol=1e-5)
    hz = PITCH_FRAMING.frequencies_hz()[: filters.shape[1]]
    expected = 440.0 * 2.0 ** ((LOWEST + np.arange(LENGTH) / PLACES - 69.0) / 12.0)
    np.testing.assert_allclose(filters @ hz, expected, rtol=2e-3)


def test_moving_is_interpolation():
    spectra = np.arange(6, dtype=np.float32)[np.newaxis]
    np.testing.assert_allclose(moved(spectra, 0.5 / PLACES), [[0.5, 1.5, 2.5, 3.5, 4.5, 5.0]])
    np.testing.assert_allclose(moved(spectra, -1 / PLACES), [[0, 0, 1, 2, 3, 4]])


def test_whitening_takes_away_what_does_not_stand_out():
    flat = whitened(np.full((1, LENGTH), 3.0, dtype=np.float32))
    peak = np.full((1, LENGTH), 3.0, dtype=np.float32)
    peak[0, 100] = 9.0
    found = whitened(peak)
    assert flat.max() < 1e-2
    assert found.argmax() == 100
    assert found[0, 60] < 0.05 * found[0, 100]


@given(
    arrays(
        np.float32, array_shapes(min_dims=2, max_dims=2, min_side=9, max_side=300), elements=st.floats(0, 1, width=32)
    ),
    st.sampled_from(sorted(NETWORKS)),
    st.sampled_from([0, 1]),
)
def test_running_medians_are_those_of_a_filter_of_any_size(values, size, axis):
    window = (size, 1) if axis == 0 else (1, size)
    assert (running_median(values, size, axis=axis) == median_filter(values, window)).all()
