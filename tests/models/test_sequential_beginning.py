"""What the transformer knows before it has learned anything."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.plays import Plays
from ml.models.sequential import Sequential
from ml.models.sequential.beginning import Beginning, vectors
from ml.models.sequential.content import Content
from ml.models.sequential.sequences import Sequences
from ml.models.sequential.validation import of_the_best

pytest.importorskip("torch")


def seeded():
    return np.random.default_rng(0)


def two_kinds(n_users=40, n_items=20):
    """Even listeners hear even items, odd ones odd items; the last two items are heard by nobody."""
    rng = seeded()
    histories = [(rng.choice(9, 6, replace=False) * 2 + user % 2).tolist() for user in range(n_users)]
    plays = Plays.of(histories, n_items=n_items)
    plays = replace(plays, times=np.arange(len(plays.items), dtype=np.int64) * 60_000, now=10**9)
    kinds = csr_matrix(np.eye(2, dtype=np.float32)[np.arange(n_items) % 2])
    return TrainingData(plays, kinds, np.full(n_items, -1, dtype=np.int32))


def test_what_the_same_listeners_hear_lies_together():
    found = vectors(two_kinds().plays.counts, 4, rng=seeded())
    likeness = found @ found.T
    assert likeness[0:18:2, 0:18:2].mean() > 10 * abs(likeness[0:18:2, 1:18:2]).mean()
    np.testing.assert_array_equal(found[18:], 0)
    assert (found[:18] ** 2).sum(axis=1).mean() == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize("counts", [csr_matrix((3, 5), dtype=np.float32), csr_matrix(np.eye(3, 5, dtype=np.float32))])
def test_what_the_data_have_no_dimension_for_is_zero(counts):
    found = vectors(counts, 8, rng=seeded())
    assert found.shape == (5, 8)
    assert np.isfinite(found).all()
    np.testing.assert_array_equal(found[:, 3:], 0)


def test_the_shares_add_up_and_tags_place_what_nobody_has_heard():
    data = two_kinds()
    content = Content.of(data)
    parts = Beginning.of(Sequences.of(data.plays), content, 4, rng=seeded())
    whole = parts.ids + content.tags @ parts.tags + parts.artists[content.artists]
    np.testing.assert_allclose(whole[:18], vectors(data.plays.counts, 4, rng=seeded())[:18], atol=1e-5)
    unheard = whole[18:] @ whole[:18].T
    assert unheard[0, ::2].min() > unheard[0, 1::2].max()
    assert unheard[1, 1::2].min() > unheard[1, ::2].max()


def test_nothing_learned_is_a_neighbourhood_model_already():
    data = two_kinds()
    model = Sequential(embedding_dim=8, length=10, epochs=0).fit(data, rng=seeded())
    scores = model.score(Plays.of([[0, 2], [1, 3]], n_items=20))
    assert scores[0, 4:18:2].mean() > scores[0, 5:18:2].max()
    assert scores[1, 5:18:2].mean() > scores[1, 4:18:2].max()


def test_when_a_listener_played_last_does_not_change_the_weight_of_replay():
    np.testing.assert_allclose(of_the_best(np.array([[0.2, 0.1]])), of_the_best(np.array([[0.02, 0.01]])))
