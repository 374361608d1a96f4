"""Vectors laid out in the plane: planted clusters stay, pushes are those of the sums, new ones find their place."""

import numpy as np
import pytest

from ml.metrics.layout import continuity, kept_neighbours, trustworthiness
from ml.models.layout import laid_out, nearest_rows, placed
from ml.models.layout import neighbours as searching
from ml.models.layout.neighbours import unit
from ml.models.layout.repulsion import Repulsion

EACH = 60


def rng(seed=0):
    return np.random.default_rng(seed)


def planted(n_clusters=3, each=EACH, size=12, spread=0.25, seed=3):
    """Vectors around directions at right angles, and which each belongs to."""
    of = np.repeat(np.arange(n_clusters), each)
    vectors = np.eye(size)[of] + spread * rng(seed).standard_normal((len(of), size)) / np.sqrt(size) * 2
    return vectors.astype(np.float32), of


def silhouette(points, of):
    """The mean silhouette, written out."""
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    means = np.stack([apart[:, of == each].sum(1) for each in np.unique(of)], axis=1)
    sizes = np.bincount(of)
    own = means[np.arange(len(of)), of] / (sizes[of] - 1)
    means = means / sizes
    means[np.arange(len(of)), of] = np.inf
    other = means.min(axis=1)
    return float(np.mean((other - own) / np.maximum(own, other)))


def ranks(near):
    order = np.argsort(-near, axis=1, kind="stable")
    return np.stack([row[row != place] for place, row in enumerate(order)])


def kept(vectors, points, measure, k=10):
    before = ranks(unit(vectors) @ unit(vectors).T)
    after = ranks(-np.linalg.norm(points[:, None] - points[None], axis=2))
    return measure(before, after, k=k)


def test_planted_clusters_stay_apart_and_neighbours_stay_near():
    vectors, of = planted()
    points = laid_out(vectors, rng=rng())
    assert points.shape == (len(vectors), 2)
    assert points.dtype == np.float32
    assert np.abs(points.mean(axis=0)).max() < 1e-3
    assert silhouette(points, of) > 0.7
    assert silhouette(points, rng(5).permutation(of)) < 0.1, "the measure tells clusters from none"
    assert kept(vectors, points, trustworthiness) > 0.95
    assert kept(vectors, points, continuity) > 0.95
    assert kept(vectors, points, kept_neighbours) > 0.45
    beside = rng(7).permutation(points)
    assert kept(vectors, beside, kept_neighbours) < 0.12


def test_the_same_seed_gives_the_same_layout():
    vectors, _ = planted(each=20)
    assert np.array_equal(laid_out(vectors, rng=rng(1)), laid_out(vectors, rng=rng(1)))


def test_a_layout_that_begins_where_another_ended_resembles_it():
    vectors, of = planted(n_clusters=6, each=30, seed=8)
    first = laid_out(vectors, rng=rng())
    turned = unit(vectors) @ np.linalg.qr(rng(9).standard_normal((12, 12)))[0].astype(np.float32)
    again = laid_out(turned.astype(np.float32), start=first, rng=rng())
    middles = [np.array([points[of == each].mean(axis=0) for each in range(6)]) for points in (first, again)]
    alike = np.corrcoef(middles[0].ravel(), middles[1].ravel())[0, 1]
    assert alike > 0.95
    assert silhouette(again, of) > 0.7


def test_whoever_is_told_how_far_it_is_can_stop_it():
    said = []

    def on_step(what, done, total):
        said.append((what, done, total))
        if what == "layout" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        laid_out(planted(each=10)[0], rng=rng(), on_step=on_step)
    assert said == [("neighbours", 30, 30), ("layout", 1, 750), ("layout", 2, 750), ("layout", 3, 750)]


@pytest.mark.parametrize("n", range(7))
def test_few_vectors_are_laid_out_too(n):
    points = laid_out(planted(each=10)[0][:n], rng=rng())
    assert points.shape == (n, 2)
    assert len(np.unique(points, axis=0)) == n


def test_equal_vectors_and_zeros_lie_somewhere():
    vectors = np.concatenate([np.ones((20, 5)), np.zeros((5, 5))]).astype(np.float32)
    assert np.isfinite(laid_out(vectors, rng=rng())).all()


@pytest.mark.parametrize("reach", [3.0, 40.0])
def test_pushes_from_the_grid_are_those_of_all_on_all(reach):
    points = (reach * rng(2).standard_normal((700, 2)) / 2).astype(np.float32)
    apart = points[:, None].astype(np.float64) - points[None]
    near = 1 / (1 + np.square(apart).sum(axis=2))
    exact = np.einsum("ij,ijd->id", near**2, apart)
    pushes, whole = Repulsion().of(points)
    assert whole == pytest.approx(near.sum() - len(points), rel=0.01)
    assert np.linalg.norm(pushes - exact, axis=1).mean() < 0.03 * np.linalg.norm(exact, axis=1).mean()


def test_neighbours_in_cells_are_nearly_those_of_all(monkeypatch):
    vectors, _ = planted(n_clusters=8, each=250)
    exact = nearest_rows(vectors, 10, rng=rng())
    monkeypatch.setattr(searching, "EXACT_UP_TO", 100)
    found = nearest_rows(vectors, 10, rng=rng())
    shared = np.mean([np.intersect1d(one, other).size for one, other in zip(exact, found, strict=True)])
    assert shared > 9
    assert not (found == np.arange(len(vectors))[:, None]).any()
    first = nearest_rows(vectors[:5], 1, among=vectors, rng=rng())
    assert first[:, 0].tolist() == [0, 1, 2, 3, 4]


def test_new_ones_are_placed_in_their_cluster():
    vectors, of = planted()
    points = laid_out(vectors, rng=rng())
    new, of_new = planted(each=10, seed=11)
    there = placed(new, vectors, points, rng=rng())
    nearest = np.linalg.norm(there[:, None] - points[None], axis=2).argmin(axis=1)
    assert (of[nearest] == of_new).all()
