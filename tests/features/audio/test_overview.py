"""The overview of a waveform: however a sound is cut, and however long it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.features.audio.overview import OverviewMeter


def overview(samples, pieces=(), most=8):
    meter = OverviewMeter(most)
    for piece in np.split(samples, sorted(pieces)):
        meter.push(piece)
    return meter.overview()


@given(st.data())
def test_it_is_that_of_each_stretch_however_the_sound_is_cut(data):
    n = data.draw(st.integers(1, 300))
    samples = np.random.default_rng(n).normal(size=n).astype(np.float32)
    pieces = data.draw(st.lists(st.integers(0, n), max_size=6))
    found = overview(samples, pieces)
    assert 1 <= len(found.low) <= 8
    stretches = [samples[i : i + found.samples_per_point] for i in range(0, n, found.samples_per_point)]
    assert found.low.tolist() == [stretch.min() for stretch in stretches]
    assert found.high.tolist() == [stretch.max() for stretch in stretches]
    expected = [np.sqrt(np.mean(np.square(stretch, dtype=np.float64))) for stretch in stretches]
    assert found.rms == pytest.approx(expected, rel=1e-5)
    if n >= 8:
        assert len(found.low) > 4


def test_of_nothing_there_is_no_point():
    found = overview(np.empty(0, dtype=np.float32))
    assert len(found.low) == len(found.high) == len(found.rms) == 0


@pytest.mark.parametrize("points", [0, 1, 7])
def test_points_come_in_pairs(points):
    with pytest.raises(ValueError, match="even"):
        OverviewMeter(points)
