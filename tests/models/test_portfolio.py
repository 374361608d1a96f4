"""A portfolio learns from a part that it holds out itself, and remembers what it learned."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.foundation.settings import Recommendation
from ml.models import judging
from ml.models.base import TrainingData
from ml.models.dataset import Dataset
from ml.models.ials import ImplicitALS
from ml.models.item_knn import ItemKNN
from ml.models.making import make
from ml.models.plays import Plays
from ml.models.popularity import Popularity
from ml.models.portfolio import Portfolio
from ml.models.splits import cut

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


def test_a_part_that_was_put_aside_is_what_the_weights_are_learned_from():
    """Listeners of the held-out part go on in their circle; the members are fitted once, on all there is to learn."""
    whole = circles()
    rest = csr_matrix((np.ones(120), (np.arange(120), (whole.plays.items[::15] + 2) % N)), shape=(120, N))
    model = portfolio().fit(replace(whole, held_out=rest.astype(np.float32)), rng=np.random.default_rng(0))
    assert model.weights["popularity"] == 0
    assert max(model.weights.values()) == 1
    alone = ItemKNN().fit(whole, rng=np.random.default_rng(0))
    assert (model.members[0].similarity != alone.similarity).nnz == 0


def test_other_held_out_parts_give_other_weights():
    """Where listeners turn to what all others hear, only popularity foresees it."""
    rng = np.random.default_rng(0)
    whole = data([*([0, 1, *rng.permutation(np.arange(4, N))[:6].tolist()] for _ in range(60)), *([[5, 6, 7]] * 60)])
    turn = csr_matrix((np.ones(60, np.float32), (np.arange(60, 120), np.arange(60) % 2)), shape=(120, N))
    model = portfolio().fit(replace(whole, held_out=turn), rng=np.random.default_rng(0))
    assert model.weights["popularity"] == 1


def test_half_the_judges_teach_the_weights_that_judge_the_other_half(monkeypatch):
    whole = circles()
    split, _ = cut(Dataset.of(whole), seed=0)
    model = portfolio()
    for member in model.members:
        member.fit(split.train.data, rng=np.random.default_rng(0))
    taught, judged = [], []
    learn, judge = Portfolio.learn, judging.judge
    monkeypatch.setattr(Portfolio, "learn", lambda *a, **k: (taught.append(set(a[2].tolist())), learn(*a, **k))[1])
    monkeypatch.setattr(judging, "judge", lambda *a, **k: (judged.append(set(a[2].tolist())), judge(*a, **k))[1])
    found = model.judge_crosswise(split, np.arange(119), seed=0)
    assert not taught[0] & judged[0]
    assert not taught[1] & judged[1]
    assert judged[0] | judged[1] == taught[2] == set(range(119))
    assert not np.isnan(found["ndcg@20"]).any()
    (lonely,) = model.judge_crosswise(split, np.arange(1), seed=0)["ndcg@20"]
    assert 0 <= lonely <= 1


def test_what_the_ranker_stands_on_is_weighed_for_the_same_task():
    for task in ("discovery", "next_listen"):
        ranker = make("hybrid_deep", Recommendation(portfolio=True), task=task)
        assert ranker.task == ranker.members[0].task == task
