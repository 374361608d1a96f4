"""The price of a share: nothing asked for changes nothing, what is asked for is reached, and the numbers are paired."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.evaluation.exposure_cost import METHODS, cost_curve, tail_of
from ml.foundation.errors import BadInput
from ml.models.base import TrainingData
from ml.models.dataset import Dataset, Split
from ml.models.plays import Plays
from ml.models.popularity import Popularity

N_USERS, N_ITEMS = 60, 20


def world():
    """Item i is heard by fewer the larger i is; artists have two items; each listener goes on to one popular item."""
    rng = np.random.default_rng(0)
    chances = np.linspace(0.9, 0.05, N_ITEMS)
    heard = [np.flatnonzero(rng.random(N_ITEMS) < chances).tolist() for _ in range(N_USERS)]
    later = [[next(item for item in range(N_ITEMS) if item not in own)] for own in heard]
    artists = (np.arange(N_ITEMS) // 2).astype(np.int32)
    data = TrainingData(Plays.of(heard, n_items=N_ITEMS), csr_matrix((N_ITEMS, 0), dtype=np.float32), artists)
    keys = np.arange(N_ITEMS, dtype=np.int64)
    dataset = Dataset("track", keys, np.arange(N_USERS), np.arange(N_ITEMS // 2), (), data, "")
    relevant = Plays.of(later, n_items=N_ITEMS).counts
    return Split(dataset, relevant, relevant)


@pytest.fixture(scope="module")
def split():
    return world()


def curve(split, **options):
    model = Popularity().fit(split.train.data, rng=np.random.default_rng(0))
    return cost_curve(model, split, tail_of(split.train), k=5, **options)


def test_the_tail_is_of_artists(split):
    tail, heard = tail_of(split.train), np.bincount(split.train.plays.items, minlength=N_ITEMS)
    assert (tail[::2] == tail[1::2]).all()
    assert 0 < heard[tail].sum() <= 0.2 * heard.sum()
    assert heard[~tail].sum() > 0.8 * heard.sum() - 1e-9


def test_an_item_of_nobody_is_an_artist_of_its_own(split):
    from dataclasses import replace

    data = replace(split.train.data, artists=np.full(N_ITEMS, -1, dtype=np.int32))
    tail = tail_of(replace(split.train, data=data))
    assert tail[-1]
    assert not tail[0]


def test_nothing_asked_for_changes_nothing(split):
    found = curve(split, targets=(0.0, 0.0))
    assert [each.method for each in found] == list(METHODS)
    for each in found:
        assert (each.ndcg_change.mean, each.ndcg_change.low, each.ndcg_change.high) == (0, 0, 0)


def test_the_more_the_tail_is_given_the_less_is_foretold_where_nobody_wants_it(split):
    found = curve(split, targets=(0.0, 0.4, 0.8))
    assert [(each.method, each.target) for each in found] == [(m, t) for m in METHODS for t in (0.0, 0.4, 0.8)]
    for method in METHODS:
        plain, some, much = (each for each in found if each.method == method)
        assert plain.share.mean < some.share.mean < much.share.mean
        assert plain.ndcg.mean >= some.ndcg.mean > much.ndcg.mean
        assert much.ndcg_change.high < 0
        assert much.ndcg_change.mean == pytest.approx(much.ndcg.mean - plain.ndcg.mean)


def test_together_reaches_what_was_asked_for(split):
    for each in curve(split, targets=(0.0, 0.3, 0.5)):
        if each.method == "together":
            assert each.share.mean >= each.target - 1e-6


def test_nobody_to_judge_by_is_said(split):
    nothing = csr_matrix((N_USERS, N_ITEMS), dtype=np.float32)
    with pytest.raises(BadInput, match="nobody to judge by"):
        curve(Split(split.train, nothing, nothing))
