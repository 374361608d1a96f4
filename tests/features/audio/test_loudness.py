"""Loudness of signals whose loudness is known: EBU Tech 3341 and 3342, made here, and what must not change it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import sosfilt

from ml.features.audio.loudness import (
    SLOWEST_HZ,
    LoudnessMeter,
    TruePeak,
    integrated_lufs,
    k_weighting,
    measure_loudness,
    range_lu,
    to_lufs,
    to_power,
    true_peak,
)
from ml.features.audio.loudness.filtering import BlockFilter
from ml.features.audio.loudness.peaks import _MATRIX, TAPS

RATE = 48_000


def tone(dbfs, seconds, *, hz=1_000.0, rate=RATE):
    time = np.arange(round(seconds * rate)) / rate
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def stereo(*parts, rate=RATE):
    mono = np.concatenate([tone(dbfs, seconds, rate=rate) for dbfs, seconds in parts])
    return np.stack([mono, mono], axis=1)


def noise(n, channels=2, seed=0):
    return np.random.default_rng(seed).normal(0, 0.1, (n, channels)).astype(np.float32)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000])
def test_a_sine_of_997_hz_calibrates_every_rate(rate):
    samples = np.stack([tone(-20, 4, hz=997, rate=rate)] * 2, axis=1)
    found = measure_loudness(samples, rate)
    assert found.integrated_lufs == pytest.approx(-20.0, abs=0.05)
    assert found.short_term_max_lufs == pytest.approx(-20.0, abs=0.05)
    assert found.momentary_max_lufs == pytest.approx(-20.0, abs=0.05)
    assert found.replaygain_db == pytest.approx(2.0, abs=0.05)
    assert measure_loudness(samples[:, 0], rate).integrated_lufs == pytest.approx(-23.01, abs=0.05)


def test_there_is_no_loudness_where_the_filters_cannot_be_built():
    assert np.isfinite(k_weighting(SLOWEST_HZ)).all()
    for rate in (1_000, 3_364, SLOWEST_HZ - 1):
        with pytest.raises(ValueError, match=f"{rate} Hz"):
            measure_loudness(noise(4 * rate), rate)


def test_the_filters_at_48_khz_are_the_tables_of_bs_1770():
    shelf = [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585]
    high_pass = [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621]
    np.testing.assert_allclose(k_weighting(RATE), [shelf, high_pass], atol=1e-11)


# EBU Tech 3341, table 1: 1 to 5; tolerance 0.1 LU.
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(-23, 20)], -23),
        ([(-33, 20)], -33),
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
)
def test_integrated_loudness_is_gated(parts, expected):
    assert measure_loudness(stereo(*parts), RATE).integrated_lufs == pytest.approx(expected, abs=0.1)


def test_surround_channels_count_more_and_the_lfe_not_at_all():  # Tech 3341, 6
    levels = (-28, -28, -24, -30, -30)
    five = np.stack([tone(dbfs, 5) for dbfs in levels], axis=1)
    assert measure_loudness(five, RATE).integrated_lufs == pytest.approx(-23, abs=0.1)
    rumble = noise(len(five), 1)
    six = np.concatenate([five[:, :3], rumble, five[:, 3:]], axis=1)
    assert measure_loudness(six, RATE).integrated_lufs == measure_loudness(five, RATE).integrated_lufs


def test_channels_without_a_layout_need_weights():
    seven = noise(RATE, 7)
    with pytest.raises(ValueError, match="7 channels"):
        LoudnessMeter(RATE, 7)
    with pytest.raises(ValueError, match="7 channels"):
        LoudnessMeter(RATE, 7, weights=[1.0, 1.0])
    one = measure_loudness(seven, RATE, weights=[1.0, 0, 0, 0, 0, 0, 0]).integrated_lufs
    assert one == pytest.approx(measure_loudness(seven[:, :1], RATE).integrated_lufs)


def test_short_term_and_momentary_have_their_windows():  # Tech 3341, 9 and 12
    meter = LoudnessMeter(RATE, 2)
    meter.push(stereo(*[(-20, 1.34), (-30, 1.66)] * 5))
    assert meter.short_term_curve() == pytest.approx(np.full(121, -23), abs=0.1)
    meter = LoudnessMeter(RATE, 2)
    meter.push(stereo(*[(-20, 0.18), (-30, 0.22)] * 25))
    assert meter.momentary_curve() == pytest.approx(np.full(97, -23), abs=0.1)


# EBU Tech 3342, table 1; tolerance 1 LU.
@pytest.mark.parametrize(
    ("levels", "expected"),
    [((-20, -30), 10), ((-20, -15), 5), ((-40, -20), 20), ((-50, -35, -20, -35, -50), 15)],
)
def test_loudness_range(levels, expected):
    found = measure_loudness(stereo(*[(level, 20) for level in levels]), RATE)
    assert found.range_lu == pytest.approx(expected, abs=0.2)


# EBU Tech 3341, 15 to 19: tolerance +0.2, -0.4 dB.
@pytest.mark.parametrize(
    ("divisor", "phase", "amplitude", "expected"),
    [(4, 0, 0.5, -6), (4, 45, 0.5, -6), (6, 60, 0.5, -6), (8, 67.5, 0.5, -6), (4, 45, 1.41, 3)],
)
def test_true_peak_between_samples(divisor, phase, amplitude, expected):
    wave = amplitude * np.sin(2 * np.pi * np.arange(RATE) / divisor + np.deg2rad(phase))
    wave *= np.minimum(1, np.minimum(np.arange(RATE), np.arange(RATE)[::-1]) / 2_000)  # faded, as EBU's are
    found = measure_loudness(wave.astype(np.float32), RATE).true_peak_dbtp
    assert -0.4 <= found - expected <= 0.2


def test_the_peak_that_leaves_blocks_out_is_that_of_all():
    for seed in range(5):
        samples = noise(5_000, 1, seed)
        padded = np.concatenate([np.zeros(TAPS - 1), samples[:, 0], np.zeros(TAPS - 1)])
        phases = _MATRIX[:TAPS, :4]
        everywhere = np.abs(np.lib.stride_tricks.sliding_window_view(padded, TAPS) @ phases).max()
        assert true_peak(samples) == pytest.approx(max(everywhere, np.abs(samples).max()), rel=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=8), st.integers(0, 9), st.sampled_from([11_025, 44_100]))
def test_however_a_sound_is_cut_its_loudness_is_the_same(lengths, seed, rate):
    samples = noise(sum(lengths) + 2 * rate, seed=seed)
    meter, start = LoudnessMeter(rate, 2), 0
    for length in [*lengths, len(samples)]:
        meter.push(samples[start : start + length])
        start += length
    pieces, whole = meter.result(), measure_loudness(samples, rate)
    for name in ("integrated_lufs", "momentary_max_lufs", "true_peak_dbtp", "sample_peak_dbfs", "range_lu"):
        assert getattr(pieces, name) == pytest.approx(getattr(whole, name), abs=1e-6), name


@settings(max_examples=20, deadline=None)
@given(st.floats(-20, 20), st.integers(0, 9))
def test_a_gain_moves_loudness_by_as_much(gain_db, seed):
    samples = noise(4 * 8_000, seed=seed)
    before = measure_loudness(samples, 8_000)
    after = measure_loudness(samples * np.float32(10 ** (gain_db / 20)), 8_000)
    for name in ("integrated_lufs", "momentary_max_lufs", "short_term_max_lufs", "true_peak_dbtp", "sample_peak_dbfs"):
        assert getattr(after, name) == pytest.approx(getattr(before, name) + gain_db, abs=1e-3), name
    assert after.range_lu == pytest.approx(before.range_lu, abs=1e-3)
    assert after.replaygain_db == pytest.approx(before.replaygain_db - gain_db, abs=1e-3)


def test_of_silence_and_of_nothing_nothing_is_said():
    for samples in (np.zeros((5 * RATE, 2), np.float32), np.zeros((0, 2), np.float32)):
        meter = LoudnessMeter(RATE, 2)
        meter.push(samples)
        found = meter.result()
        assert [getattr(found, name) for name in found.__slots__] == [None] * 7
        assert meter.momentary_lufs is None
        assert meter.short_term_lufs is None


def test_what_is_too_short_has_a_peak_and_no_loudness():
    found = measure_loudness(stereo((-20, 0.39)), RATE)
    assert found.integrated_lufs is found.momentary_max_lufs is found.range_lu is None
    assert found.true_peak_dbtp == pytest.approx(-20, abs=0.1)
    two_seconds = measure_loudness(stereo((-20, 2)), RATE)
    assert two_seconds.integrated_lufs == pytest.approx(-20, abs=0.1)
    assert two_seconds.short_term_max_lufs is two_seconds.range_lu is None


def test_a_meter_shows_what_sounds_now():
    meter = LoudnessMeter(RATE, 2)
    meter.push(stereo((-20, 4)))
    meter.push(stereo((-40, 0.5)))
    assert meter.momentary_lufs == pytest.approx(-40, abs=0.2)
    assert -24 < meter.short_term_lufs < -20
    before = meter.result()
    assert meter.result() == before  # asking changes nothing


def test_blocks_of_a_rate_that_tenths_do_not_divide_stay_100_ms():
    meter = LoudnessMeter(11_025, 1)
    for _ in range(60):
        meter.push(noise(11_025, 1)[:, 0])
    assert len(meter.momentary_curve()) == 597


def test_the_tail_of_a_peak_counts():
    follower = TruePeak(1)
    follower.push(np.array([[0.0]] * 20 + [[1.0], [1.0]], dtype=np.float32))
    assert follower.peak() > 1.1 > follower.sample_peak


def test_the_relative_gate_is_10_lu_under_the_mean():
    def loudness(soft):
        return integrated_lufs(to_power([-20.0] * 60 + [soft] * 10))

    assert loudness(-30.0) == pytest.approx(-20.598, abs=1e-3)  # the gate is at -30.6: it counts
    assert loudness(-31.0) == pytest.approx(-20.0)


def test_the_range_lies_between_two_percentiles_above_its_gate():
    ramp = np.linspace(-30, -20, 1001)
    assert range_lu(to_power(ramp)) == pytest.approx(8.5, abs=0.011)
    assert range_lu(to_power([-20.0] * 50 + [-42.0] * 50)) == pytest.approx(22)  # the gate is at -43
    assert range_lu(to_power([-20.0] * 50 + [-44.0] * 50)) == 0


def test_a_peak_between_low_samples_is_found_beside_a_high_sample():
    samples = np.zeros((400, 1), dtype=np.float32)
    samples[50] = 0.8
    samples[200 : 200 + TAPS, 0] = 0.45 * np.sign(_MATRIX[:TAPS, 1])
    assert true_peak(samples) == pytest.approx(0.45 * np.abs(_MATRIX[:TAPS, 1]).sum(), rel=1e-5)
    assert true_peak(samples) > 0.9


@given(st.lists(st.floats(-100, 10), min_size=1, max_size=50))
def test_gates(levels):
    power = to_power(levels)
    assert to_lufs(power) == pytest.approx(levels)
    found, spread = integrated_lufs(power), range_lu(power)
    if max(levels) <= -70:
        assert found is None
    elif found is not None:
        assert min(level for level in levels if level > -70) - 1e-6 <= found <= max(levels) + 1e-6
        assert spread >= 0


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 192_000, 768_000])
def test_filtering_in_blocks_is_filtering_sample_by_sample(rate):
    rng = np.random.default_rng(rate)
    samples = rng.normal(0.1, 0.2, (2, 5_000)).astype(np.float32)
    expected = sosfilt(k_weighting(rate).copy(), samples.astype(np.float64), axis=1)
    weigh = BlockFilter(k_weighting(rate), 2)
    edges = [0, 1, 40, 1_000, 1_064, 3_333, 5_000]
    found = [weigh(np.ascontiguousarray(samples[:, begin:end])) for begin, end in pairwise(edges)]
    assert np.concatenate(found, axis=1) == pytest.approx(expected, abs=1e-5)
