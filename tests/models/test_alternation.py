import numpy as np
import pytest
from scipy.sparse import csr_matrix, random_array

from ml.models import alternation
from ml.models.alternation import approach, begin
from ml.models.factors import Basis


@pytest.fixture
def systems() -> tuple[csr_matrix, np.ndarray, Basis, float, np.ndarray]:
    """Rows of 0 to about 20 of 40 columns with unequal confidences, eight factors, alpha and ridges."""
    rng = np.random.default_rng(0)
    rows = csr_matrix(random_array((60, 40), density=0.3, rng=rng, data_sampler=lambda size: rng.uniform(0.5, 3, size)))
    rows = csr_matrix(rows.multiply(np.arange(60)[:, None] > 4), dtype=np.float32)
    rows.eliminate_zeros()
    factors = rng.normal(size=(40, 8)).astype(np.float32)
    return rows, factors, Basis.of(factors), 0.1, rng.random(60) + 0.1


def solutions(systems) -> np.ndarray:
    rows, factors, _, alpha, ridge = systems
    shared = alpha * factors.T @ factors
    each = [
        np.linalg.solve(factors.T @ (row[:, None] * factors) + shared + own * np.eye(8), factors.T @ row)
        for row, own in zip(rows.toarray(), ridge, strict=True)
    ]
    return np.array(each, dtype=np.float32)


def losses(systems, w: np.ndarray) -> np.ndarray:
    rows, factors, _, alpha, ridge = systems
    scores = w @ factors.T
    return (rows.toarray() * (1 - scores) ** 2 + alpha * scores**2).sum(1) + ridge * (w**2).sum(1)


def somewhere() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(60, 8)).astype(np.float32)


def test_enough_steps_solve_the_systems(systems, monkeypatch) -> None:
    monkeypatch.setattr(alternation, "STEPS", 24)
    np.testing.assert_allclose(approach(*systems, somewhere()), solutions(systems), atol=1e-4)


def test_no_row_gets_worse_and_all_together_much_better(systems) -> None:
    start = somewhere()
    before, after, best = (losses(systems, w) for w in (start, approach(*systems, start), solutions(systems)))
    assert (after <= before * 1.00001).all()
    assert (after - best).sum() < 0.1 * (before - best).sum()


def test_a_row_that_has_arrived_stays(systems) -> None:
    there = solutions(systems)
    np.testing.assert_allclose(approach(*systems, there), there, atol=1e-4)
    rows, *others = systems
    assert not approach(csr_matrix(rows.shape, dtype=np.float32), *others, there).any()


def circles(n: int = 3, size: int = 10) -> csr_matrix:
    """Circles of listeners who each know all items of their own circle and no other."""
    return csr_matrix(np.kron(np.eye(n), np.ones((size, size))).astype(np.float32))


def test_the_start_knows_who_belongs_together() -> None:
    plays = circles()
    users, items = begin(plays, csr_matrix(plays.T), 3, np.random.default_rng(0))
    scores = users @ items.T
    inside = plays.toarray() > 0
    assert scores[inside].min() > 10 * np.abs(scores[~inside]).max()


def test_every_factor_has_a_direction_though_the_plays_have_few() -> None:
    plays = circles()
    users, items = begin(plays, csr_matrix(plays.T), 12, np.random.default_rng(0))
    assert np.isfinite(users).all()
    assert np.linalg.matrix_rank(items) == 12


def test_the_start_without_any_play_is_finite() -> None:
    nothing = csr_matrix((5, 4), dtype=np.float32)
    users, items = begin(nothing, csr_matrix(nothing.T), 3, np.random.default_rng(0))
    assert not users.any()
    assert np.isfinite(items).all()
