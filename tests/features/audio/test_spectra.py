"""Frames lie where they should, tones are where they are, and it does not matter how a sound is cut."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.features.audio import (
    CurveCollector,
    FrameStream,
    Framing,
    SpectralStream,
    decibels,
    delta,
    hz_to_mel,
    mel_filters,
    mel_to_hz,
    mfcc,
    power_spectrogram,
    spectral_curves,
)
from ml.features.audio.cepstrum import cosines
from ml.features.audio.shape import bandwidth_hz, centroid_hz, contrast_db, flatness, flux, rolloff_hz

RATE = 22_050
TINY = Framing(rate=8_000, size=16, hop=6)


def sine(hz, seconds=1.0, *, amplitude=1.0, rate=RATE):
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def noise(n, seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, n).astype(np.float32)


def framed_by_hand(samples, framing):
    """Cut frame by frame, as the definition says."""
    half = framing.size // 2
    padded = np.concatenate([np.zeros(half), samples, np.zeros(half + framing.size)])
    starts = [k * framing.hop for k in range(1 + len(samples) // framing.hop)]
    return np.array([padded[start : start + framing.size] for start in starts])


@pytest.mark.parametrize("n", [0, 1, 5, 6, 7, 16, 100])
def test_frames_are_centred_on_their_times(n):
    samples = noise(n)
    stream = FrameStream(TINY)
    frames = np.concatenate([stream.push(samples), stream.finish()])
    np.testing.assert_array_equal(frames, framed_by_hand(samples, TINY).astype(np.float32))
    assert len(frames) == TINY.frames_in(n)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_frames_do_not_depend_on_how_a_sound_is_cut(lengths):
    samples = noise(sum(lengths))
    stream, start, parts = FrameStream(TINY), 0, []
    for length in lengths:
        parts.append(stream.push(samples[start : start + length]).copy())
        start += length
    parts.append(stream.finish())
    np.testing.assert_array_equal(np.concatenate(parts), framed_by_hand(samples, TINY).astype(np.float32))


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 9_000), min_size=1, max_size=6), st.integers(0, 9))
def test_curves_of_a_stream_are_those_of_the_whole(lengths, seed):
    samples = noise(sum(lengths), seed)
    stream, collector, start = SpectralStream(Framing()), CurveCollector(Framing()), 0
    for length in lengths:
        for batch in stream.push(samples[start : start + length]):
            collector.add(batch)
        start += length
    for batch in stream.finish():
        collector.add(batch)
    pieces, whole = collector.curves(), spectral_curves(samples)
    for name in ("log_mel", "centroid_hz", "flux_db", "rms", "contrast_db", "flatness", "zero_crossing_rate"):
        np.testing.assert_allclose(getattr(pieces, name), getattr(whole, name), rtol=1e-4, atol=1e-4, err_msg=name)


def test_a_framing_that_cannot_be_is_refused():
    for wrong in ({"size": 7}, {"hop": 0}, {"hop": 4096}, {"rate": 0}):
        with pytest.raises(ValueError, match="hop between 1 and size"):
            Framing(**wrong)


def test_power_is_that_of_the_definition():
    samples = noise(100)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(16) / 16)
    by_hand = np.abs(np.fft.rfft(framed_by_hand(samples, TINY) * window, axis=1)) ** 2
    np.testing.assert_allclose(power_spectrogram(samples, TINY), by_hand, rtol=1e-4, atol=1e-7)


@given(st.floats(0, 20_000), st.sampled_from(["slaney", "htk"]))
def test_mels_and_hertz_are_each_others_inverse(hz, scale):
    assert mel_to_hz(hz_to_mel(hz, scale), scale) == pytest.approx(hz, abs=1e-6, rel=1e-9)


def test_mel_filters_are_triangles_with_equal_area():
    filters = mel_filters(Framing(), 40)
    step_hz = RATE / 2048
    wide = filters.weights[:, 10:]  # the lowest are a bin or two wide
    np.testing.assert_allclose(wide.sum(axis=0) * step_hz, 1.0, atol=0.05)
    assert (np.diff(filters.centers_hz) > 0).all()
    peaks = Framing().frequencies_hz()[filters.weights.argmax(axis=0)]
    assert np.abs(peaks - filters.centers_hz).max() < step_hz


@pytest.mark.parametrize("n_mels", [1, 2, 13, 40, 128])
def test_filters_multiplied_in_groups_are_the_whole_product(n_mels):
    spectra = np.abs(noise(5 * 1025)).reshape(5, 1025)
    filters = mel_filters(Framing(), n_mels)
    np.testing.assert_allclose(filters(spectra), spectra @ filters.weights, rtol=1e-4, atol=1e-7)


def test_a_tone_is_where_it_is():
    curves = spectral_curves(sine(2_000.0))
    middle = slice(5, -5)
    assert np.abs(curves.centroid_hz[middle] - 2_000).max() < 5
    assert curves.bandwidth_hz[middle].max() < 200
    assert np.abs(curves.rolloff_hz[middle] - 2_000).max() < 25
    assert curves.flatness[middle].max() < 1e-3
    assert np.abs(curves.zero_crossing_rate[middle] - 2 * 2_000 / RATE).max() < 1e-3
    assert np.abs(curves.rms[middle] - np.sqrt(0.5)).max() < 1e-3
    nearest = np.abs(mel_filters(Framing()).centers_hz - 2_000).argmin()
    assert abs(int(curves.log_mel[20].argmax()) - nearest) <= 1


def test_noise_is_flat_and_a_silence_has_no_shape():
    loud = spectral_curves(noise(RATE))
    assert 0.4 < loud.flatness[5:-5].mean() < 0.7  # exp(-Euler's constant) = 0.56 for white noise
    silent = spectral_curves(np.zeros(RATE, dtype=np.float32))
    assert silent.centroid_hz.max() == silent.bandwidth_hz.max() == silent.rms.max() == silent.flux_db.max() == 0
    assert silent.log_mel.min() == silent.log_mel.max() == pytest.approx(-100)
    assert not silent.sounding().any()
    assert loud.sounding().all()


def test_pauses_are_not_sounding():
    curves = spectral_curves(np.concatenate([sine(440), np.zeros(RATE, dtype=np.float32), sine(440, amplitude=0.01)]))
    times = curves.times_s()
    sounding = curves.sounding()
    assert sounding[times < 0.95].all()
    assert not sounding[(times > 1.1) & (times < 1.9)].any()
    assert sounding[(times > 2.1) & (times < 2.9)].all()


def test_flux_rises_with_an_onset_only():
    curves = spectral_curves(np.concatenate([np.zeros(RATE, dtype=np.float32), noise(RATE)]))
    assert abs(int(curves.flux_db.argmax()) - round(RATE / 512)) <= 2
    falling = spectral_curves(np.concatenate([noise(RATE), np.zeros(RATE, dtype=np.float32)]))
    assert falling.flux_db[40:].max() < 2


@given(st.integers(0, 99), st.floats(1e-3, 1e3))
def test_shape_does_not_depend_on_level(seed, gain):
    spectra = np.abs(np.random.default_rng(seed).normal(0, 1, (4, 1025))).astype(np.float32)
    louder, hz = spectra * np.float32(gain), Framing().frequencies_hz()
    centroids = centroid_hz(spectra, hz)
    np.testing.assert_allclose(centroid_hz(louder, hz), centroids, rtol=1e-4)
    np.testing.assert_allclose(bandwidth_hz(louder, hz, centroids), bandwidth_hz(spectra, hz, centroids), rtol=1e-4)
    np.testing.assert_allclose(contrast_db(louder, hz), contrast_db(spectra, hz), rtol=1e-3, atol=1e-3)
    assert np.abs(rolloff_hz(louder, hz) - rolloff_hz(spectra, hz)).max() <= RATE / 2048 + 1e-3
    assert ((centroids > 0) & (centroids < RATE / 2)).all()
    assert ((flatness(spectra) > 0) & (flatness(spectra) <= 1)).all()


def test_contrast_needs_bins_in_every_octave():
    with pytest.raises(ValueError, match="no bin between"):
        contrast_db(np.ones((1, 5), dtype=np.float32), np.arange(5) * 100.0)


def test_cepstrum_of_a_flat_spectrum_is_its_level():
    coefficients = mfcc(np.full((1, 64), -20, dtype=np.float32), 5)
    np.testing.assert_allclose(coefficients, [[-20 * 8, 0, 0, 0, 0]], atol=1e-4)
    np.testing.assert_allclose(cosines(64, 64) @ cosines(64, 64).T, np.eye(64), atol=1e-5)


def test_delta_of_few_frames_and_none():
    assert delta(np.zeros((0, 3), dtype=np.float32)).shape == (0, 3)
    assert delta(np.full((2, 3), 5, dtype=np.float32)).tolist() == [[0, 0, 0]] * 2
    with pytest.raises(ValueError, match="odd"):
        delta(np.zeros(5, dtype=np.float32), width=4)


def test_decibels_have_a_floor():
    assert decibels(np.array([0.0, 1e-30, 100.0], dtype=np.float32)) == pytest.approx([-100, -100, 20], abs=1e-4)
    assert flux(np.empty((0, 4), dtype=np.float32)).shape == (0,)
