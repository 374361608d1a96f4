"""What a player draws of a sound."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ml.audio_analysis.sound_picture import MOST_COLUMNS, MOST_POINTS, N_BANDS, SoundPicture, bands_hz

RATE = 22_050


def picture(samples):
    return SoundPicture.of((samples.astype(np.float32), RATE))


def test_a_sweep_rises_through_the_bands():
    seconds = np.arange(4 * RATE) / RATE
    found = picture(0.5 * np.sin(2 * np.pi * (300 * seconds + 500 * seconds**2)))
    loudest = found.levels[:, 4:-4].argmax(axis=0)
    assert (np.diff(loudest) >= 0).mean() > 0.98
    middle = bands_hz()[loudest[len(loudest) // 2]]
    assert middle == pytest.approx(300 + 1000 * 2.0, rel=0.06)


def test_a_click_stands_where_it_is_in_both_pictures():
    samples = np.zeros(10 * RATE)
    samples[3 * RATE] = 0.8
    found = picture(samples)
    assert found.high.argmax() * found.point_s == pytest.approx(3.0, abs=found.point_s)
    assert found.levels.sum(axis=0).argmax() * found.column_s == pytest.approx(3.0, abs=0.06)
    assert found.high.max() == 102  # 0.8 of 127, rounded outwards


@pytest.mark.parametrize("seconds", [0.05, 1.0, 200.0])
def test_sizes_are_bounded_and_cover_the_length(seconds):
    found = picture(np.random.default_rng(1).normal(0, 0.1, int(seconds * RATE)))
    assert len(found.low) <= MOST_POINTS
    assert found.levels.shape[0] == N_BANDS
    assert found.levels.shape[1] <= MOST_COLUMNS
    assert len(found.low) * found.point_s == pytest.approx(seconds, abs=2 * found.point_s)
    assert found.levels.shape[1] * found.column_s == pytest.approx(seconds, abs=2 * found.column_s + 0.03)


def test_silence_is_drawn_too():
    found = picture(np.zeros(RATE))
    assert not found.low.any()
    assert found.png().startswith(b"\x89PNG")


@given(columns=st.integers(1, 10_000), n=st.integers(1, 300))
def test_an_envelope_loses_no_peak(columns, n):
    rng = np.random.default_rng(n)
    low, high = -rng.integers(0, 128, n).astype(np.int8), rng.integers(0, 128, n).astype(np.int8)
    made = SoundPicture(0.5, low, high, 1.0, np.zeros((1, 1), dtype=np.uint8))
    column_s, least, greatest = made.envelope(columns)
    assert len(least) == len(greatest) <= columns
    assert column_s * (len(least) - 1) < 0.5 * n <= column_s * len(least)
    assert (min(least), max(greatest)) == (round(low.min() / 127, 3), round(high.max() / 127, 3))


def test_what_is_written_is_read_and_drawn_with_the_highest_band_at_the_top(tmp_path):
    found = picture(np.random.default_rng(2).normal(0, 0.1, RATE))
    found.save(tmp_path / "a.npz")
    again = SoundPicture.load(tmp_path / "a.npz")
    assert (again.point_s, again.column_s) == (found.point_s, found.column_s)
    for name in ("low", "high", "levels"):
        assert np.array_equal(getattr(again, name), getattr(found, name))
    with Image.open(io.BytesIO(again.png())) as image:
        assert image.mode == "L"
        assert np.array_equal(np.asarray(image)[::-1], found.levels)
