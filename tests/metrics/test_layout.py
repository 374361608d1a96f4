"""Trustworthiness and continuity against another implementation, and against answers known in advance."""

import numpy as np
import pytest

from ml.metrics.layout import continuity, kept_neighbours, trustworthiness


def ranks(points):
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    return np.stack([np.array([j for j in np.argsort(row, kind="stable") if j != i]) for i, row in enumerate(apart)])


def test_they_are_what_scikit_learn_says():
    theirs = pytest.importorskip("sklearn.manifold").trustworthiness
    rng = np.random.default_rng(0)
    before, after = rng.standard_normal((60, 6)), rng.standard_normal((60, 2))
    after[:, 0] = before[:, 0]
    one, other = ranks(before), ranks(after)
    assert trustworthiness(one, other, k=7) == pytest.approx(theirs(before, after, n_neighbors=7))
    assert continuity(one, other, k=7) == pytest.approx(theirs(after, before, n_neighbors=7))


def test_a_neighbour_that_is_torn_away_costs_continuity_and_a_stranger_trust():
    before, after = np.array([[1, 2, 3, 4, 5, 6]]), np.array([[1, 6, 3, 4, 5, 2]])
    # Of two neighbours one is the sixth: four ranks too far; the worst two would be 5 and 6, 3 + 4 ranks.
    assert trustworthiness(before, after, k=2) == pytest.approx(1 - 2 * 4 / (2 * (14 - 6 - 1)))
    assert continuity(before, after, k=2) == trustworthiness(before, after, k=2)
    assert kept_neighbours(before, after, k=2) == 0.5
