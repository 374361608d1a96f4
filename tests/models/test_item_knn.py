import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import item_knn
from ml.models.base import TrainingData
from ml.models.item_knn import ItemKNN, weighted
from ml.models.plays import Plays


def data_of(plays: Plays) -> TrainingData:
    return TrainingData(plays, csr_matrix((plays.n_items, 0)), np.full(plays.n_items, -1, dtype=np.int32))


def random_plays(n_users: int = 60, n_items: int = 40) -> Plays:
    rng = np.random.default_rng(3)
    return Plays.of([rng.integers(0, n_items, rng.integers(1, 15)).tolist() for _ in range(n_users)], n_items=n_items)


def fit(model: ItemKNN, plays: Plays) -> ItemKNN:
    return model.fit(data_of(plays), rng=np.random.default_rng(0))


@pytest.mark.parametrize("weighting", ["log", "bm25", "tfidf", "none"])
def test_similarity_is_the_cosine_with_shrinkage(weighting) -> None:
    plays = random_plays()
    y = weighted(plays.counts, weighting, damping=0.5).toarray().astype(np.float64)
    norms = np.linalg.norm(y, axis=0)
    expected = (y.T @ y) / (np.outer(norms, norms) + 5)
    np.fill_diagonal(expected, 0)
    model = fit(ItemKNN(neighbours=100, shrinkage=5, weighting=weighting, damping=0.5), plays)
    np.testing.assert_allclose(model.similarity.toarray(), expected, atol=1e-5)


def test_blocks_change_nothing(monkeypatch) -> None:
    whole = fit(ItemKNN(neighbours=5), random_plays()).similarity
    monkeypatch.setattr(item_knn, "BLOCK_PRODUCTS", 50)
    parts = fit(ItemKNN(neighbours=5), random_plays()).similarity
    np.testing.assert_array_equal(parts.toarray(), whole.toarray())


def test_only_the_nearest_are_kept() -> None:
    every = fit(ItemKNN(neighbours=100), random_plays()).similarity.toarray()
    few = fit(ItemKNN(neighbours=3), random_plays()).similarity.toarray()
    assert ((few > 0).sum(axis=1) <= 3).all()
    np.testing.assert_allclose(np.sort(few, axis=1)[:, -3:], np.sort(every, axis=1)[:, -3:])


def test_score_is_divided_by_the_norm_of_the_history() -> None:
    model = fit(ItemKNN(), random_plays())
    once, often = model.score(Plays.of([[1], [1] * 20], n_items=40))
    np.testing.assert_allclose(once, often, rtol=1e-6)
    both = model.score(Plays.of([[1, 2]], n_items=40))[0]
    alone = model.score(Plays.of([[1], [2]], n_items=40)).sum(axis=0)
    np.testing.assert_allclose(both, alone / np.sqrt(2), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(("damping", "softer"), [(0, 1), (0.5, 2), (1, 4)])
def test_weights_have_a_mean_of_one_and_long_histories_speak_softer(damping: float, softer: float) -> None:
    y = weighted(Plays.of([[0], [1, 2, 3, 4]], n_items=5).counts, "log", damping=damping)
    assert y.data.mean() == pytest.approx(1)
    assert y[0, 0] == pytest.approx(softer * y[1, 1])


def test_an_unknown_weighting_names_the_known() -> None:
    with pytest.raises(ValueError, match="bm25"):
        weighted(Plays.of([[0]], n_items=1).counts, "idf", damping=0.5)  # type: ignore[arg-type]
