import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import graph_filter
from ml.models.base import TrainingData
from ml.models.graph_filter import GraphFilter
from ml.models.plays import Plays


def data_of(plays: Plays) -> TrainingData:
    return TrainingData(plays, csr_matrix((plays.n_items, 0)), np.full(plays.n_items, -1, dtype=np.int32))


def circles(n_users: int = 90, n_items: int = 61, n_circles: int = 6) -> Plays:
    """Circles with tastes of their own, and one item that nobody has heard."""
    rng = np.random.default_rng(3)
    own = np.arange(n_items - 1) % n_circles == (np.arange(n_users) % n_circles)[:, None]
    heard = rng.random(own.shape) < np.where(own, 0.7, 0.05)
    return Plays.of([np.flatnonzero(row).tolist() for row in heard], n_items=n_items)


def fit(model: GraphFilter, plays: Plays) -> GraphFilter:
    return model.fit(data_of(plays), rng=np.random.default_rng(0))


def naive(plays: Plays, alpha: float, vectors: int, asked: Plays) -> np.ndarray:
    """The formula, with the eigenvectors of the dense matrix of items."""
    r, x = ((each.counts.toarray() > 0).astype(np.float64) for each in (plays, asked))
    users, items = np.maximum(r.sum(axis=1), 1), np.maximum(r.sum(axis=0), 1)
    normed = r / np.sqrt(users)[:, None] / np.sqrt(items)
    similar = normed.T @ normed
    v = np.linalg.eigh(similar)[1][:, -vectors:]
    return x @ similar + alpha * (x / np.sqrt(items)) @ v @ v.T * np.sqrt(r.sum(axis=0))


@pytest.mark.parametrize("dense", [0, 512])
@pytest.mark.parametrize(("n_users", "n_items"), [(90, 61), (50, 121)])
def test_scores_are_those_of_a_dense_decomposition(monkeypatch, dense: int, n_users: int, n_items: int) -> None:
    monkeypatch.setattr(graph_filter, "DENSE", dense)
    plays = circles(n_users, n_items)
    strangers = Plays.of([[0, 6, 12], [1], [n_items - 1], []], n_items=n_items)
    model = fit(GraphFilter(alpha=0.3, vectors=6), plays)
    for asked in (plays, strangers):
        np.testing.assert_allclose(model.score(asked), naive(plays, 0.3, 6, asked), atol=1e-4)


def test_chunks_change_nothing(monkeypatch) -> None:
    model = fit(GraphFilter(), circles())
    whole = model.score(circles())
    monkeypatch.setattr(graph_filter, "CHUNK_NUMBERS", 400)
    np.testing.assert_allclose(model.score(circles()), whole, atol=1e-6)


@pytest.mark.parametrize("dense", [0, 512])
def test_directions_that_no_listener_showed_are_left_out(monkeypatch, dense: int) -> None:
    monkeypatch.setattr(graph_filter, "DENSE", dense)
    plays = Plays.of([[0, 1, 2]] * 30 + [[3, 4]] * 30 + [[5, 6, 7, 8]] * 30, n_items=40)
    vectors = fit(GraphFilter(vectors=10), plays).item_vectors
    assert vectors.shape == (40, 3)
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(3), atol=1e-5)
