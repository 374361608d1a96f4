import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import graph_filter
from ml.models.base import TrainingData, config_of
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


GF_CF = {"alpha": 0.3, "damping": 0.5, "popularity": 0, "sharpening": 0}


def naive(model: GraphFilter, plays: Plays, asked: Plays) -> np.ndarray:
    """The formula, with the eigenvectors of the dense matrix of items."""
    r, x = ((each.counts.toarray() > 0).astype(np.float64) for each in (plays, asked))
    users, items = np.maximum(r.sum(axis=1), 1), np.maximum(r.sum(axis=0), 1)
    normed = r * users[:, None] ** -model.damping / np.sqrt(items)
    similar = normed.T @ normed
    similar /= np.linalg.eigvalsh(similar)[-1]
    v = np.linalg.eigh(similar)[1][:, -model.vectors :]
    low = v @ v.T
    near = similar - model.sharpening * low @ similar @ similar
    broad = low @ (np.eye(len(items)) - model.sharpening * similar)
    fame, roots = items**model.popularity, np.sqrt(items)
    return (x / fame) @ near * fame + model.alpha * (x / roots) @ broad * roots


@pytest.mark.parametrize("dense", [0, 512])
@pytest.mark.parametrize(("n_users", "n_items"), [(90, 61), (50, 121)])
@pytest.mark.parametrize(
    "settings",
    [GF_CF, {}, {"alpha": 0.2}, {**GF_CF, "sharpening": 1}, {**GF_CF, "damping": 0.2}, {**GF_CF, "popularity": 0.4}],
    ids=["gf_cf", "default", "both", "sharpened", "damped", "popular"],
)
def test_scores_are_those_of_a_dense_decomposition(monkeypatch, dense, n_users, n_items, settings) -> None:
    monkeypatch.setattr(graph_filter, "DENSE", dense)
    plays = circles(n_users, n_items)
    strangers = Plays.of([[0, 6, 12], [1], [n_items - 1], []], n_items=n_items)
    model = fit(GraphFilter(**{"vectors": 6, **settings}), plays)
    for asked in (plays, strangers):
        np.testing.assert_allclose(model.score(asked), naive(model, plays, asked), atol=1e-5)


def test_gf_cf_is_one_of_its_settings() -> None:
    plays = circles()
    r = (plays.counts.toarray() > 0).astype(np.float64)
    items = np.maximum(r.sum(axis=0), 1)
    normed = r / np.sqrt(np.maximum(r.sum(axis=1), 1))[:, None] / np.sqrt(items)
    v = np.linalg.svd(normed)[2][:6].T
    expected = r @ normed.T @ normed + 0.3 * (r / np.sqrt(items)) @ v @ v.T * np.sqrt(items)
    model = fit(GraphFilter(**GF_CF, vectors=6), plays)
    np.testing.assert_allclose(model.score(plays), expected, atol=1e-5)


def test_a_full_step_takes_from_a_circle_what_everybody_in_it_shares() -> None:
    # Two circles that hear all of their own: their graph has the singular value 1 and no other, and a step of length 1
    # leaves nothing of it; a third of a step leaves two thirds.
    plays = Plays.of([[0, 1]] * 5 + [[2, 3]] * 5, n_items=4)
    asked = Plays.of([[0]], n_items=4)
    circle = np.array([[0.5, 0.5, 0, 0]])
    for sharpening, share in ((0, 1), (1 / 3, 2 / 3), (1, 0)):
        model = fit(GraphFilter(alpha=2, vectors=2, damping=0.3, popularity=0.2, sharpening=sharpening), plays)
        np.testing.assert_allclose(model.score(asked), 3 * share * circle, atol=1e-5)


def test_popularity_moves_the_first_part_towards_what_many_listen_to() -> None:
    # Item 1 is heard with 0 as often as item 2 is, and by two more listeners.
    plays = Plays.of([[0, 1], [0, 2], [1], [1]], n_items=3)
    asked = Plays.of([[0]], n_items=3)
    plain, popular = (fit(GraphFilter(alpha=0, sharpening=0, popularity=g), plays).score(asked)[0] for g in (0.0, 0.5))
    assert popular[1] / popular[2] == pytest.approx(plain[1] / plain[2] * np.sqrt(3), rel=1e-5)


@pytest.mark.parametrize("setting", ["damping", "popularity", "sharpening"])
@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_settings_outside_their_range_are_refused(setting: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{setting} is"):
        fit(GraphFilter(**{setting: value}), circles())


@pytest.mark.parametrize("sharpening", [0, 0.4, 1])
def test_some_items_score_like_all_and_arrays_bring_everything_back(sharpening: float) -> None:
    model = fit(GraphFilter(alpha=0.2, vectors=5, sharpening=sharpening), circles())
    whole, some = model.score(circles()), np.array([7, 60, 0, 7], dtype=np.int32)
    np.testing.assert_allclose(model.score(circles(), items=some), whole[:, some], atol=1e-6)
    restored = GraphFilter(**config_of(model)).restore(model.arrays())
    np.testing.assert_array_equal(restored.score(circles()), whole)


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
