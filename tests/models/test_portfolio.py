"""A portfolio learns from a part that it holds out itself, and remembers what it learned."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.ials import ImplicitALS
from ml.models.item_knn import ItemKNN
from ml.models.plays import Plays
from ml.models.popularity import Popularity
from ml.models.portfolio import Portfolio

N = 60


def data(histories):
    return TrainingData(Plays.of(histories, n_items=N), csr_matrix((N, 0), dtype=np.float32), np.full(N, -1, np.int32))


def circles():
    rng = np.random.default_rng(0)
    return data([rng.permutation(np.arange(user % 2, N, 2))[:15].tolist() for user in range(120)])


def portfolio():
    members = (ItemKNN(), ImplicitALS(factors=4), Popularity())
    return Portfolio(members, {member.name: 1.0 for member in members})


def test_what_adds_nothing_is_off_and_the_rest_is_fitted():
    model = portfolio().fit(circles(), rng=np.random.default_rng(0))
    assert set(model.worth) == {"item_knn", "ials", "popularity"}
    assert model.weights["popularity"] == 0
    assert max(model.weights.values()) == 1
    on = [member for member in model.members if model.weights[member.name]]
    assert all(member.n_items == N for member in on)


def test_the_same_seed_learns_the_same_weights():
    first, second = (portfolio().fit(circles(), rng=np.random.default_rng(5)) for _ in range(2))
    assert first.weights == second.weights
    np.testing.assert_array_equal(first.score(circles().plays), second.score(circles().plays))


@pytest.mark.parametrize("histories", [[[0]], [[0], [1]], [[0, 1]]])
def test_where_nothing_can_be_held_out_all_members_count_alike(histories):
    model = portfolio().fit(data(histories), rng=np.random.default_rng(0))
    assert model.worth == {}
    assert model.weights == {"item_knn": 1.0, "ials": 1.0, "popularity": 1.0}
