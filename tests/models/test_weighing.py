"""Weights of members: the useful one is found, the useless one is off."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.metrics.ranking import ndcg
from ml.models.base import TrainingData
from ml.models.dataset import Dataset
from ml.models.item_knn import ItemKNN
from ml.models.judging import draw_judges, rank
from ml.models.plays import Plays
from ml.models.popularity import Popularity
from ml.models.splits import cut
from ml.models.topk import top_k
from ml.models.weighing import Ballot, climb, collect, weigh


def ballot(seed=0, n_judges=400, n=30):
    """Member 0 knows half of the answer, member 1 the other half, member 2 is noise."""
    rng = np.random.default_rng(seed)
    hit = rng.random((n_judges, n)) < 0.2
    hit[:, 0] = True
    scores = np.stack([(hit * rng.random((n_judges, n)) + 0.4 * rng.random((n_judges, n))) for _ in range(2)], axis=2)
    scores = np.concatenate([scores, rng.random((n_judges, n, 1))], axis=2).astype(np.float32)
    ideal = np.concatenate([[0], np.cumsum(1 / np.log2(np.arange(2, 22)))])
    return Ballot(scores, np.ones_like(hit), hit, ideal[np.minimum(hit.sum(axis=1), 20)])


def test_its_ndcg_is_the_ndcg():
    votes = ballot(n_judges=20)
    weights = np.array([1.0, 0.5, 0.1])
    ranked, _ = top_k(votes.scores @ weights.astype(np.float32), 20)
    expected = ndcg(ranked, csr_matrix(votes.hit.astype(float)), k=20)
    np.testing.assert_allclose(votes.ndcg(weights), expected, atol=1e-9)


def test_members_that_complement_each_other_both_get_weight_and_noise_gets_none():
    found = weigh(ballot(), ["one", "other", "noise"], rng=np.random.default_rng(0))
    assert min(found["one"].weight, found["other"].weight) > 0.3
    assert found["noise"].weight == 0
    assert found["noise"].gain.low <= 0
    assert found["one"].gain.low > 0


def test_a_climb_is_never_worse_than_the_best_alone_or_all_alike():
    votes = ballot(seed=3)
    reached = votes.ndcg(climb(votes, np.ones(3, dtype=bool))).mean()
    assert reached >= votes.ndcg(np.ones(3)).mean()
    assert reached >= max(votes.ndcg(np.eye(3)[member]).mean() for member in range(3))


def test_one_member_stays_on_whatever_it_is_worth():
    votes = ballot()
    noise = Ballot(votes.scores[:, :, 2:], votes.there, votes.hit, votes.ideal)
    assert weigh(noise, ["noise"], rng=np.random.default_rng(0))["noise"].weight == 1


@pytest.mark.parametrize("task", ["discovery", "next_listen"])
def test_a_ballot_ranks_as_the_model_does(task):
    rng = np.random.default_rng(0)
    histories = [rng.permutation(np.arange(user % 2, 60, 2))[:15].tolist() for user in range(50)]
    data = TrainingData(
        Plays.of(histories, n_items=60), csr_matrix((60, 0), dtype=np.float32), np.full(60, -1, np.int32)
    )
    split, _ = cut(Dataset.of(data), seed=0)
    members = [model.fit(split.train.data, rng=rng) for model in (ItemKNN(), Popularity())]
    judges = draw_judges(split, 30, task=task, rng=rng)
    votes = collect(members, np.ones(2), split, judges, task=task)
    target = split.relevant if task == "discovery" else split.played
    expected = ndcg(rank(members[0], split, judges, task=task), target[judges], k=20)
    np.testing.assert_allclose(votes.ndcg(np.array([1.0, 0.0])), expected, atol=1e-6)
