import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import slim
from ml.models.base import TrainingData
from ml.models.plays import Plays
from ml.models.slim import SLIM, elastic_net


def data_of(plays: Plays) -> TrainingData:
    return TrainingData(plays, csr_matrix((plays.n_items, 0)), np.full(plays.n_items, -1, dtype=np.int32))


def random_plays(n_users: int = 200, n_items: int = 40) -> Plays:
    rng = np.random.default_rng(3)
    histories = [(n_items * rng.random(rng.integers(1, 15)) ** 2).astype(int).tolist() for _ in range(n_users)]
    return Plays.of(histories, n_items=n_items)


def fit(model: SLIM, plays: Plays) -> SLIM:
    return model.fit(data_of(plays), rng=np.random.default_rng(0))


def exact(**settings) -> SLIM:
    return SLIM(**{"candidates": 100, "sweeps": 500, "tolerance": 1e-7} | settings)


def test_columns_are_those_of_scikit_learn() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model")
    plays, l1, l2 = random_plays(), 2.0, 5.0
    x = (plays.counts.toarray() > 0).astype(np.float64)
    weights = fit(exact(l1=l1, l2=l2), plays).weights.toarray()
    # scikit-learn divides the squared error by the number of rows.
    net = linear_model.ElasticNet(
        alpha=(l1 + l2) / len(x),
        l1_ratio=l1 / (l1 + l2),
        positive=True,
        fit_intercept=False,
        tol=1e-10,
        max_iter=10_000,
    )
    for item in range(plays.n_items):
        others = np.delete(np.arange(plays.n_items), item)
        net.fit(x[:, others], x[:, item])
        np.testing.assert_allclose(weights[others, item], net.coef_, atol=1e-5)
        assert weights[item, item] == 0


def test_the_conditions_of_a_minimum_hold() -> None:
    plays, l1, l2 = random_plays(), 1.0, 3.0
    x = (plays.counts.toarray() > 0).astype(np.float64)
    weights = fit(exact(l1=l1, l2=l2), plays).weights.toarray().astype(np.float64)
    gradient = x.T @ (x @ weights - x) + l2 * weights + l1
    off = ~np.eye(len(weights), dtype=bool)
    assert (weights >= 0).all()
    np.testing.assert_allclose(gradient[off & (weights > 0)], 0, atol=1e-3)
    # An item that shares no listener is no candidate; its gradient can only be positive, as that of a zero must be.
    assert (gradient[off & (weights == 0)] > -1e-3).all()


def test_only_the_nearest_are_candidates() -> None:
    weights = fit(exact(l1=0, l2=1, candidates=3), random_plays()).weights
    assert np.bincount(weights.indices, minlength=40).max() <= 3


def test_batches_change_nothing(monkeypatch) -> None:
    whole = fit(exact(), random_plays()).weights
    monkeypatch.setattr(slim, "BATCH_NUMBERS", 30_000)
    np.testing.assert_allclose(fit(exact(), random_plays()).weights.toarray(), whole.toarray(), atol=1e-5)


def test_one_weight_by_hand() -> None:
    # G = 4, t = 3, l1 = 1, l2 = 2: (3 - 1) / (4 + 2)
    one = elastic_net(
        np.full((1, 1, 1), 4, dtype=np.float32), np.full((1, 1), 3, dtype=np.float32), l1=1, l2=2, sweeps=9, tolerance=0
    )
    np.testing.assert_allclose(one, [[1 / 3]], rtol=1e-6)
