"""For whom, and on what: bands that can be worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.evaluation.breakdown import Breakdown, activity_bands, popularity_bands, recall_by_band
from ml.evaluation.running import measure
from ml.metrics.ranking import ndcg, recall
from ml.models.base import TrainingData
from ml.models.dataset import Dataset, Split, without
from ml.models.item_knn import ItemKNN
from ml.models.plays import Plays
from ml.models.popularity import Popularity


def interval(found):
    return (found.mean, found.n)


def test_a_breakdown_worked_out_by_hand():
    """Four listeners and four items, of which nobody has the last in training; the lists have two places."""
    ranked = np.array([[0, 1], [0, 1], [2, 0], [3, -1]])
    target = csr_matrix([[1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1]])
    activity = np.array([1, 1, 5, 9])
    scores = {"recall@2": recall(ranked, target, k=2), "ndcg@2": ndcg(ranked, target, k=2)}
    found = Breakdown(activity, np.array([7, 3, 1, 0])).of_model(ranked, target, scores, k=2, seed=0)

    # Everything is found for the first, half for the others.
    low, middle, high = found["by_activity"]
    assert [(band.from_items, band.to_items, band.n_listeners) for band in (low, middle, high)] == [
        (1, 1, 2),
        (5, 5, 1),
        (9, 9, 1),
    ]
    assert [band.recall.mean for band in (low, middle, high)] == [0.75, 0.5, 0.5]
    assert low.ndcg.mean == pytest.approx((1 + 1 / (1 + 1 / np.log2(3))) / 2)
    assert low.k == 2

    # Seven of eleven pairs are of item 0, three of item 1, one of item 2; the middles lie at 0.32, 0.77 and 0.95.
    head, tail, unheard = found["by_item_popularity"]
    assert [(band.name, band.from_listeners, band.to_listeners, band.n_items) for band in (head, tail, unheard)] == [
        ("head", 7, 7, 1),
        ("tail", 1, 3, 2),
        ("unheard", 0, 0, 1),
    ]
    # Both who should be shown item 0 are; of items 1 and 2, it is one of one, none of one, one of one, none of one.
    assert interval(head.recall) == (1, 2)
    assert interval(tail.recall) == (0.5, 4)
    assert interval(unheard.recall) == (0.5, 2)
    assert tail.n_listeners == 4


def test_a_band_with_nothing_to_foresee_is_left_out():
    ranked, target = np.array([[0]]), csr_matrix([[1, 0, 0]])
    scores = {"recall@1": np.array([1.0]), "ndcg@1": np.array([1.0])}
    found = Breakdown(np.array([3]), np.array([1, 1, 0])).of_model(ranked, target, scores, k=1, seed=0)
    assert [band.name for band in found["by_item_popularity"]] == ["middle"]


def test_an_empty_place_is_no_hit_on_the_last_item():
    found = recall_by_band(np.array([[-1, -1]]), csr_matrix([[0, 1]]), np.array([0, 2]), k=2)
    assert np.array_equal(found, [[np.nan, np.nan, 0, np.nan]], equal_nan=True)


def test_a_stored_zero_is_not_relevant():
    target = csr_matrix((np.array([0.0, 1.0]), np.array([0, 1]), np.array([0, 2])), shape=(1, 2))
    found = recall_by_band(np.array([[1]]), target, np.array([0, 1]), k=1)
    assert np.array_equal(found, [[np.nan, 1, np.nan, np.nan]], equal_nan=True)


def test_equals_share_a_band_and_the_others_are_not_lost():
    """A data set that keeps everybody's first 40 items: nearly all have 40, and the few others are seen apart."""
    bands = activity_bands(np.array([3, 20, *[40] * 98]))
    assert bands.tolist() == [0, 0, *[1] * 98]


def test_without_ties_bands_are_equally_large():
    assert np.bincount(activity_bands(np.random.default_rng(0).permutation(100))).tolist() == [25, 25, 25, 25]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_bands_of_activity_part_the_listeners(counts):
    counts = np.array(counts)
    bands = activity_bands(counts)
    assert len(bands) == len(counts)
    assert sorted(set(bands.tolist())) == list(range(bands.max() + 1)), "none is empty"
    assert bands.max() < 4
    for band in range(bands.max()):
        assert counts[bands == band].max() < counts[bands == band + 1].min(), "a band ends before the next begins"


@given(st.lists(st.integers(0, 30), max_size=60))
def test_bands_of_popularity_part_the_items(audience):
    audience = np.array(audience, dtype=np.int64)
    bands = popularity_bands(audience)
    assert len(bands) == len(audience)
    assert ((bands == 3) == (audience == 0)).all()
    for more, less in ((0, 1), (0, 2), (1, 2)):
        assert audience[bands == more].min(initial=99) > audience[bands == less].max(initial=0)


@given(
    st.integers(2, 12).flatmap(
        lambda n: st.tuples(
            st.lists(st.integers(0, 9), min_size=n, max_size=n),
            st.lists(st.floats(0, 1), min_size=n, max_size=n),
        )
    )
)
def test_the_mean_of_the_bands_is_the_mean_of_all(listeners):
    activity, values = (np.array(each) for each in listeners)
    scores = {"recall@1": values, "ndcg@1": 1 - values}
    nothing = np.full((len(values), 1), -1), csr_matrix((len(values), 1))
    bands = Breakdown(activity, np.array([1])).of_model(*nothing, scores, k=1, seed=0)["by_activity"]
    weights = [band.n_listeners for band in bands]
    assert sum(weights) == len(values)
    assert np.average([band.recall.mean for band in bands], weights=weights) == pytest.approx(values.mean())
    assert np.average([band.ndcg.mean for band in bands], weights=weights) == pytest.approx(1 - values.mean())


def test_every_model_is_broken_down_in_the_same_bands_at_the_longest_list():
    rng = np.random.default_rng(0)
    histories = [rng.permutation(np.arange(user % 2, 30, 2))[: 3 + user % 9].tolist() for user in range(60)]
    plays = Plays.of(histories, n_items=30)
    train = Dataset.of(TrainingData(plays, csr_matrix((30, 0), dtype=np.float32), np.full(30, -1, dtype=np.int32)))
    played = csr_matrix((rng.random((60, 30)) < 0.2).astype(np.float32))
    split = Split(train, without(played, plays.counts.sign()), played)
    found = measure({"popularity": Popularity, "item_knn": ItemKNN}, split, said="made up", ks=[10, 5])
    popularity, item_knn = (found.models[name] for name in ("popularity", "item_knn"))
    for name in ("by_activity", "by_item_popularity"):
        ours, theirs = ([band.to_dict() for band in values[name]] for values in (popularity, item_knn))
        assert len(ours) > 1
        assert all(band["k"] == 10 for band in ours)
        results = ("recall", "ndcg")
        assert [{key: band[key] for key in band if key not in results} for band in ours] == [
            {key: band[key] for key in band if key not in results} for band in theirs
        ]
    mean = np.average(
        [band.recall.mean for band in item_knn["by_activity"]],
        weights=[band.n_listeners for band in item_knn["by_activity"]],
    )
    assert mean == pytest.approx(item_knn["recall@10"].value)
