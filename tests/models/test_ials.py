from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import rows
from ml.models.base import TrainingData
from ml.models.ials import ImplicitALS, solve
from ml.models.plays import Plays


def random_data(n_users: int = 80, n_items: int = 50) -> TrainingData:
    rng = np.random.default_rng(1)
    plays = Plays.of([rng.integers(0, n_items, rng.integers(0, 30)).tolist() for _ in range(n_users)], n_items=n_items)
    plays = replace(plays, weights=rng.integers(1, 9, len(plays.items)).astype(np.float32))
    return TrainingData(plays, csr_matrix((n_items, 0)), np.full(n_items, -1, dtype=np.int32))


def objective(model: ImplicitALS, plays: Plays, users: np.ndarray, items: np.ndarray) -> float:
    counts = plays.counts.toarray()
    played = counts > 0
    confidence = np.where(played, 1 + model.confidence * np.log(np.maximum(counts, 1)), 0)
    scores = users @ items.T
    weights = np.maximum(played.sum(0), 1) ** model.popularity
    weights /= weights.mean()
    penalty = 0.0
    sides = (users, played.sum(1), plays.n_items), (items, played.sum(0), weights * plays.n_users)
    for factors, frequency, other in sides:
        powers = (frequency + model.alpha * other) ** model.exponent
        penalty += model.regularization * (powers / powers.mean() * (factors**2).sum(1)).sum()
    return float((confidence * (1 - scores) ** 2).sum() + model.alpha * (weights * scores**2).sum() + penalty)


@pytest.mark.parametrize("n_factors", [3, 12, 40])
def test_solve_is_the_textbook_ridge_regression(n_factors: int, monkeypatch) -> None:
    monkeypatch.setattr(rows, "CHUNK_NUMBERS", 200)
    rng = np.random.default_rng(0)
    plays = random_data().plays.counts.astype(np.float64)
    x = rng.normal(size=(50, n_factors))
    shared, own = rng.random(n_factors), rng.random(80) + 0.1
    solved = solve(plays, x, shared, own)
    for user, row in enumerate(plays.toarray()):
        matrix = x.T @ (row[:, None] * x) + np.diag(shared + own[user])
        np.testing.assert_allclose(solved[user], np.linalg.solve(matrix, x.T @ row), atol=1e-9)


@pytest.mark.parametrize(
    "settings", [{}, {"confidence": 0.5}, {"exponent": 0.5}, {"regularization": 0.3, "alpha": 0.5}, {"popularity": 0.8}]
)
def test_fold_in_is_where_the_objective_is_flat(settings) -> None:
    data = random_data()
    model = ImplicitALS(factors=8, **settings).fit(data, rng=np.random.default_rng(0))
    items = model.item_factors.astype(np.float64)
    users = model.fold_in(data.plays)
    best = objective(model, data.plays, users, items)
    rng = np.random.default_rng(2)
    for _ in range(20):
        step = 1e-3 * rng.normal(size=users.shape)
        there, back = (objective(model, data.plays, users + sign * step, items) for sign in (1, -1))
        assert min(there, back) > best
        # At a minimum the slope is zero: going there and back costs the same.
        assert abs(there - back) < 1e-6 * (there + back - 2 * best) + 1e-9


@pytest.mark.parametrize("popularity", [0.0, 0.8])
def test_each_iteration_lowers_the_objective(popularity: float) -> None:
    data = random_data()
    values = []
    for iterations in (1, 2, 4, 8):
        model = ImplicitALS(factors=8, iterations=iterations, popularity=popularity).fit(
            data, rng=np.random.default_rng(0)
        )
        values.append(objective(model, data.plays, model.fold_in(data.plays), model.item_factors.astype(np.float64)))
    assert values == sorted(values, reverse=True)
    assert values[0] > values[-1]


def test_threads_and_chunks_do_not_change_the_result(monkeypatch) -> None:
    data = random_data()
    monkeypatch.setattr(rows, "FEW_NUMBERS", 0)
    first = ImplicitALS(factors=8).fit(data, rng=np.random.default_rng(0)).item_factors
    monkeypatch.setattr(rows, "sched_getaffinity", lambda _: {0})
    second = ImplicitALS(factors=8).fit(data, rng=np.random.default_rng(0)).item_factors
    np.testing.assert_array_equal(first, second)


def test_one_listener_folds_in_as_in_a_batch() -> None:
    data = random_data()
    model = ImplicitALS(factors=8).fit(data, rng=np.random.default_rng(0))
    alone = np.concatenate([model.fold_in(data.plays.select([user])) for user in range(80)])
    np.testing.assert_allclose(alone, model.fold_in(data.plays), atol=1e-12)


def test_the_same_settings_serve_a_larger_catalogue() -> None:
    """Items that nobody plays must not flatten the vectors of the others."""
    small = random_data()
    large = replace(small.plays, n_items=5_000)
    data = TrainingData(large, csr_matrix((5_000, 0)), np.full(5_000, -1, dtype=np.int32))
    settings = {"factors": 8, "regularization": 0.5}
    scores = ImplicitALS(**settings).fit(small, rng=np.random.default_rng(0)).score(small.plays)
    wide = ImplicitALS(**settings).fit(data, rng=np.random.default_rng(0)).score(large)[:, :50]
    assert 0.5 < np.abs(wide).mean() / np.abs(scores).mean() < 2


def test_arrays_of_the_first_versions_score_as_they_did() -> None:
    """They hold no weights of items: all weighed the same, whatever the default is now."""
    data = random_data()
    model = ImplicitALS(factors=8, popularity=0).fit(data, rng=np.random.default_rng(0))
    old = {name: array for name, array in model.arrays().items() if name != "item_weights"}
    np.testing.assert_array_equal(ImplicitALS(factors=8).restore(old).score(data.plays), model.score(data.plays))


def test_a_popular_item_that_was_not_played_says_more() -> None:
    """Item 0 is everybody's; one listener of the other items does without it, and is offered it less."""
    plays = Plays.of([[0, 1, 2]] * 20 + [[0, 3, 4]] * 20 + [[1, 2], [3, 4]] * 2, n_items=5)
    data = TrainingData(plays, csr_matrix((5, 0)), np.full(5, -1, dtype=np.int32))
    fitted = (
        ImplicitALS(factors=3, alpha=0.5, regularization=0.5, popularity=popularity).fit(
            data, rng=np.random.default_rng(0)
        )
        for popularity in (0.0, 1.0)
    )
    without, with_it = (model.score(Plays.of([[1, 2]], n_items=5))[0, 0] for model in fitted)
    assert with_it < 0.9 * without


@pytest.mark.parametrize("popularity", [0.0, 0.8])
def test_training_ends_where_the_objective_is_flat_for_items_too(popularity: float) -> None:
    data = random_data()
    model = ImplicitALS(factors=3, iterations=300, popularity=popularity).fit(data, rng=np.random.default_rng(0))
    users, items = model.fold_in(data.plays), model.item_factors.astype(np.float64)
    best = objective(model, data.plays, users, items)
    rng = np.random.default_rng(2)
    for _ in range(20):
        step = 0.03 * rng.normal(size=items.shape)
        there, back = (objective(model, data.plays, users, items + sign * step) for sign in (1, -1))
        assert abs(there - back) < 0.02 * (there + back - 2 * best)
