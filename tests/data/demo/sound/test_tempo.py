import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.data.demo.sound.tempo import TempoCurve, drifting, steady


def test_a_steady_tempo_puts_beats_evenly() -> None:
    assert steady(120.0, 8.0).seconds(np.arange(9.0)).tolist() == (0.5 * np.arange(9)).tolist()


@given(st.integers(0, 2**32), st.floats(40, 220), st.floats(0.001, 0.02))
def test_the_curve_integrates_to_the_beats(seed: int, bpm: float, share: float) -> None:
    curve = drifting(bpm, 64.0, share, np.random.default_rng(seed))
    grid = np.linspace(0.0, 64.0, 64 * 200 + 1)
    numerically = np.concatenate([[0.0], np.cumsum(np.diff(grid) * 60.0 / curve.bpm_at((grid[1:] + grid[:-1]) / 2))])
    assert np.allclose(curve.seconds(grid), numerically, atol=1e-5)


@given(st.integers(0, 2**32), st.floats(40, 220))
def test_a_drift_stays_within_its_share(seed: int, bpm: float) -> None:
    curve = drifting(bpm, 100.0, 0.02, np.random.default_rng(seed))
    assert (np.abs(curve.bpm_at(np.linspace(0, 100, 500)) / bpm - 1) <= 0.02 + 1e-9).all()


def test_a_jump_takes_effect_at_its_beat() -> None:
    curve = TempoCurve(np.array([0.0, 4.0, 4.0, 8.0]), np.array([60.0, 60.0, 120.0, 120.0]))
    assert curve.bpm_at(np.array([3.9, 4.0])).tolist() == [60.0, 120.0]
    assert curve.seconds(np.array([4.0, 8.0, 10.0])).tolist() == [4.0, 6.0, 7.0]


def test_the_end_of_a_long_ramp_goes_on_at_its_last_tempo() -> None:
    curve = TempoCurve(np.array([0.0, 10.0]), np.array([60.0, 120.0]))
    # 60 n / L with the logarithmic mean L = 60 / log 2.
    assert np.allclose(curve.seconds(np.array([10.0, 12.0])), [10 * np.log(2), 10 * np.log(2) + 1.0])
