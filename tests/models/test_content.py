from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.content import Content
from ml.models.plays import Plays


def fit(model: Content, tags, artists) -> Content:
    matrix = csr_matrix(np.array(tags, dtype=np.float32))
    data = TrainingData(Plays.of([[0]], n_items=matrix.shape[0]), matrix, np.array(artists, dtype=np.int32))
    return model.fit(data, rng=np.random.default_rng(0))


def test_score_is_the_mean_cosine_with_the_history() -> None:
    model = fit(Content(artist_weight=0), [[3, 0, 1], [0, 2, 1], [1, 1, 0], [0, 0, 0]], [-1] * 4)
    rows = np.log1p([[3, 0, 1], [0, 2, 1], [1, 1, 0], [0, 0, 0]]) * np.log(4.5 / 2)
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = np.divide(rows, norms, out=np.zeros_like(rows), where=norms > 0)
    history = replace(Plays.of([[0, 1]], n_items=4), weights=np.array([1, 5], dtype=np.float32))
    profile = np.array([np.log(2), np.log(6)]) / np.log(12)
    np.testing.assert_allclose(model.score(history)[0], rows @ (profile @ rows[:2]), rtol=1e-5)


def test_unknown_artists_are_not_one_artist() -> None:
    model = fit(Content(artist_weight=0.5), np.zeros((3, 0)), [-1, -1, 0])
    assert model.score(Plays.of([[0]], n_items=3)).tolist() == [[0, 0, 0]]
    assert model.score(Plays.of([[2, 0]], n_items=3)).tolist() == [[0, 0, 0.25]]


def test_rare_tags_say_more() -> None:
    tags = [[1, 1], [1, 0], [0, 1], [1, 0], [1, 0]]
    scores = fit(Content(artist_weight=0), tags, [-1] * 5).score(Plays.of([[0]], n_items=5))[0]
    assert scores[2] > scores[1] > 0


def test_a_tag_of_every_item_still_joins_them() -> None:
    assert (fit(Content(), [[1], [1]], [-1, -1]).score(Plays.of([[0]], n_items=2)) > 0).all()


def test_only_the_weightiest_tags_are_kept() -> None:
    model = fit(Content(tags_per_item=2), [[1, 2, 3, 4], [5, 0, 0, 0]], [-1, -1])
    assert np.diff(model.tags.indptr).tolist() == [2, 1]
    assert model.tags[0].indices.tolist() == [2, 3]
