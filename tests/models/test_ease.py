import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import ease
from ml.models.base import TrainingData
from ml.models.ease import EASE
from ml.models.plays import Plays


def data_of(plays: Plays) -> TrainingData:
    return TrainingData(plays, csr_matrix((plays.n_items, 0)), np.full(plays.n_items, -1, dtype=np.int32))


def random_plays(n_users: int, n_items: int) -> Plays:
    rng = np.random.default_rng(3)
    histories = [(n_items * rng.random(rng.integers(1, 30)) ** 2).astype(int).tolist() for _ in range(n_users)]
    return Plays.of(histories, n_items=n_items)


def fit(model: EASE, plays: Plays) -> EASE:
    return model.fit(data_of(plays), rng=np.random.default_rng(0))


def naive(plays: Plays, regularization: float) -> np.ndarray:
    x = (plays.counts.toarray() > 0).astype(np.float64)
    p = np.linalg.inv(x.T @ x + regularization * np.eye(x.shape[1]))
    b = np.eye(x.shape[1]) - p / np.diag(p)
    np.fill_diagonal(b, 0)
    return b


@pytest.fixture(autouse=True)
def _tiles(monkeypatch) -> None:
    monkeypatch.setattr(ease, "TILE", 256)


@pytest.mark.parametrize(("n_users", "n_items"), [(900, 700), (700, 900), (3, 40)])
@pytest.mark.parametrize("regularization", [5.0, 50.0])
def test_weights_are_those_of_a_naive_inverse(n_users: int, n_items: int, regularization: float) -> None:
    plays = random_plays(n_users, n_items)
    expected = naive(plays, regularization)
    model = fit(EASE(regularization=regularization), plays)
    weights = np.zeros((n_items, n_items))
    weights[np.ix_(model.kept, model.kept)] = model.weights
    np.testing.assert_allclose(weights, expected, atol=1e-4)
    x = (plays.counts.toarray() > 0).astype(np.float64)
    np.testing.assert_allclose(model.score(plays), x @ expected, atol=1e-4)


@pytest.mark.parametrize("n", [1, 255, 256, 257, 700])
def test_inverse_in_place_of_the_upper_half(n: int) -> None:
    factors = np.random.default_rng(0).standard_normal((n, n + 5))
    matrix = factors @ factors.T / n + 0.1 * np.eye(n)
    inverse = np.triu(matrix).astype(np.float32)
    ease.invert(inverse)
    np.testing.assert_array_equal(inverse, inverse.T)
    np.testing.assert_allclose(inverse, np.linalg.inv(matrix), atol=1e-4)


def test_an_item_is_no_evidence_for_itself() -> None:
    model = fit(EASE(), random_plays(60, 40))
    assert not np.diagonal(model.weights).any()


def test_only_the_most_played_items_take_part() -> None:
    plays = Plays.of([[0, 1, 3], [1, 3], [1, 3], [0, 2]], n_items=5)
    model = fit(EASE(regularization=1, max_items=3), plays)
    assert model.kept.tolist() == [0, 1, 3]
    scores = model.score(Plays.of([[1], [1, 2, 4]], n_items=5))
    assert not scores[:, [2, 4]].any()
    np.testing.assert_array_equal(scores[0], scores[1])
    some = np.array([4, 3, 2, 0], dtype=np.int32)
    np.testing.assert_array_equal(model.score(plays, items=some), model.score(plays)[:, some])


def test_a_setting_that_float32_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="regularization=1e-12"):
        fit(EASE(regularization=1e-12), Plays.of([[0, 1], [0, 1], [0, 1]], n_items=2))
