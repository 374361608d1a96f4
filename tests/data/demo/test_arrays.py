import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.data.demo.arrays import allot, near, pick, unit


@given(st.lists(st.tuples(st.floats(1e-3, 1e3), st.integers(0, 50)), min_size=1, max_size=30), st.floats(0, 1))
def test_allot_divides_all_of_it_within_the_limits(rows: list[tuple[float, int]], share: float) -> None:
    weights, capacity = np.array([weight for weight, _ in rows]), np.array([limit for _, limit in rows])
    total = int(share * capacity.sum())
    counts = allot(total, weights, capacity)
    assert counts.sum() == total
    assert ((counts >= 0) & (counts <= capacity)).all()


def test_allot_follows_the_weights() -> None:
    assert allot(100, np.array([1.0, 3.0, 6.0]), np.array([100, 100, 100])).tolist() == [10, 30, 60]


def test_pick_draws_in_proportion_and_never_the_impossible() -> None:
    weights = np.tile([1.0, 0.0, 3.0], (40_000, 1))
    counts = np.bincount(pick(weights, np.random.default_rng(1)), minlength=3)
    assert counts[1] == 0
    assert abs(counts[2] / 40_000 - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 40_000)


def test_near_stays_on_the_sphere_at_the_distance_asked_for() -> None:
    rng = np.random.default_rng(2)
    start = unit(rng.standard_normal((2_000, 16), dtype=np.float32))
    close, far = near(start, 0.4, rng), near(start, 0.8, rng)
    assert np.allclose(np.linalg.norm(far, axis=1), 1, atol=1e-5)
    # A step of length d at a right angle leaves a cosine of 1 / sqrt(1 + d²).
    assert abs((start * close).sum(axis=1).mean() - 1 / np.sqrt(1.16)) < 0.01
    assert abs((start * far).sum(axis=1).mean() - 1 / np.sqrt(1.64)) < 0.02
