import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import item_knn
from ml.models.base import TrainingData, config_of
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


@pytest.mark.parametrize("asymmetry", [0, 0.2, 0.5, 0.8, 1])
def test_asymmetry_shares_the_norms_between_what_was_heard_and_what_is_offered(asymmetry: float) -> None:
    plays = random_plays()
    y = weighted(plays.counts, "log", damping=0).toarray().astype(np.float64)
    norms = np.linalg.norm(y, axis=0)
    expected = (y.T @ y) / (norms[:, None] ** (2 * asymmetry) * norms[None, :] ** (2 - 2 * asymmetry) + 5)
    np.fill_diagonal(expected, 0)
    model = fit(ItemKNN(neighbours=100, shrinkage=5, weighting="log", asymmetry=asymmetry), plays)
    np.testing.assert_allclose(model.similarity.toarray(), expected, atol=1e-5)


def test_one_end_of_asymmetry_offers_the_popular_the_other_the_rare() -> None:
    # All listeners of 0 know 1; half of those of 1 know 0.
    plays = Plays.of([[0, 1], [0, 1], [1], [1]], n_items=2)
    settings = {"neighbours": 2, "shrinkage": 0, "weighting": "none"}
    shares = {a: fit(ItemKNN(**settings, asymmetry=a), plays).similarity.toarray() for a in (0, 1)}
    np.testing.assert_allclose(shares[1], [[0, 1], [0.5, 0]])
    np.testing.assert_allclose(shares[0], [[0, 0.5], [1, 0]])
    asked = Plays.of([[0]], n_items=2)
    assert fit(ItemKNN(**settings, asymmetry=1), plays).score(asked)[0, 1] == pytest.approx(1)


def test_the_middle_is_the_plain_cosine_to_the_bit() -> None:
    y = weighted(random_plays().counts, "bm25", damping=0)
    by_item = csr_matrix(y.T)
    norms = np.sqrt(np.asarray(by_item.multiply(by_item).sum(axis=1), dtype=np.float64)).ravel()
    products = (by_item @ y).toarray()
    expected = (products / (norms[:, None] * norms[None, :] + 40)).astype(np.float32)
    np.fill_diagonal(expected, 0)
    np.testing.assert_array_equal(fit(ItemKNN(neighbours=100), random_plays()).similarity.toarray(), expected)


@pytest.mark.parametrize("asymmetry", [-0.1, 1.1, float("nan")])
def test_asymmetry_outside_its_range_is_refused(asymmetry: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        fit(ItemKNN(asymmetry=asymmetry), random_plays())


def test_asymmetry_survives_its_arrays() -> None:
    model = fit(ItemKNN(asymmetry=0.8), random_plays())
    restored = ItemKNN(**config_of(model)).restore(model.arrays())
    assert restored.asymmetry == 0.8
    np.testing.assert_array_equal(restored.score(random_plays()), model.score(random_plays()))


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
