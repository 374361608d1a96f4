import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models import judging
from ml.models.base import TrainingData
from ml.models.dataset import Dataset, Split
from ml.models.judging import draw_judges, judge
from ml.models.plays import Plays
from ml.models.popularity import Popularity


def split_of(heard: list[list[int]], discovered: list[list[int]], n_items: int) -> Split:
    data = TrainingData(Plays.of(heard, n_items=n_items), csr_matrix((n_items, 0)), np.full(n_items, -1, np.int32))
    keys, users = np.arange(n_items), np.arange(len(heard))
    relevant = Plays.of(discovered, n_items=n_items).counts.sign()
    return Split(Dataset("track", keys, users, keys, (), data, ""), relevant, relevant)


# Item 0 has three listeners, item 1 two, items 2 and 3 one each.
HEARD = [[0, 1], [0, 1], [0, 2], [3]]


def test_only_what_was_not_heard_is_ranked() -> None:
    split = split_of(HEARD, [[2], [], [1, 3], [0]], 4)
    model = Popularity().fit(split.train.data, rng=np.random.default_rng(0))
    scores = judge(model, split, np.arange(4))
    # Of what each has not heard, the most popular come first: 2 3, 2 3, 1 3, 0 1 2.
    assert scores["ndcg@20"][[0, 2, 3]] == pytest.approx([1, 1, 1])
    assert scores["recall@20"][[0, 2, 3]] == pytest.approx([1, 1, 1])
    assert np.isnan(scores["ndcg@20"][1])


def test_a_discovery_at_the_second_place_is_worth_less() -> None:
    split = split_of(HEARD, [[3], [], [], []], 4)
    model = Popularity().fit(split.train.data, rng=np.random.default_rng(0))
    assert judge(model, split, np.array([0]))["ndcg@20"] == pytest.approx(1 / np.log2(3))


def test_batches_change_nothing(monkeypatch) -> None:
    split = split_of(HEARD, [[3], [2], [1, 3], [2]], 4)
    model = Popularity().fit(split.train.data, rng=np.random.default_rng(0))
    whole = judge(model, split, np.array([3, 0, 2]))
    monkeypatch.setattr(judging, "BATCH_SCORES", 8)
    parts = judge(model, split, np.array([3, 0, 2]))
    for metric, values in whole.items():
        np.testing.assert_array_equal(parts[metric], values)


def test_judges_are_drawn_from_those_with_discoveries() -> None:
    split = split_of(HEARD, [[3], [], [1], [2]], 4)
    assert draw_judges(split, 9, rng=np.random.default_rng(0)).tolist() == [0, 2, 3]
    two = draw_judges(split, 2, rng=np.random.default_rng(0)).tolist()
    assert len(two) == 2
    assert set(two) < {0, 2, 3}
    assert two == sorted(two)


def test_without_discoveries_there_are_no_judges() -> None:
    split = split_of(HEARD, [[], [], [], []], 4)
    judges = draw_judges(split, 9, rng=np.random.default_rng(0))
    assert judges.tolist() == []
    model = Popularity().fit(split.train.data, rng=np.random.default_rng(0))
    assert judge(model, split, judges)["ndcg@20"].shape == (0,)
