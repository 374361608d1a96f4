"""The log odds that are read off whole columns are LightGBM's own, to the last digit."""

import numpy as np
import pytest

from ml.models.ranker import leaves
from ml.models.ranker.leaves import MOST_LEAVES, Splits
from ml.models.ranker.trees import SETTINGS, Trees

lightgbm = pytest.importorskip("lightgbm")

N, WIDTH = 4_000, 9


def rows(seed):
    rng = np.random.default_rng(seed)
    found = rng.normal(size=(N, WIDTH)).astype(np.float32)
    # Features of few values, as counts are: many rows lie exactly on a threshold's side.
    found[:, 0] = rng.integers(0, 4, N)
    found[:, 1] = np.where(rng.random(N) < 0.5, 0, found[:, 1])
    return found


def booster(x, y, **settings):
    data = lightgbm.Dataset(x, y.astype(np.float32))
    return lightgbm.train({**SETTINGS, "seed": 1, **settings}, data, num_boost_round=37)


@pytest.fixture(scope="module")
def learned():
    x = rows(0)
    return booster(x, (x[:, 0] + x[:, 2] * x[:, 3] > 2) | (x[:, 1] > 1))


def test_sums_are_those_of_lightgbm_to_the_last_digit(learned):
    splits = Splits.read(learned.model_to_string())
    asked = rows(1)
    # What lies on a threshold, or next to it, is where rounding would show.
    asked[: len(splits.thresholds), 2] = splits.thresholds[:N]
    asked[-len(splits.thresholds) :, 3] = np.nextafter(splits.thresholds, np.float32(np.inf))[:N]
    expected = learned.predict(asked, raw_score=True)
    np.testing.assert_array_equal(splits.sums(asked), expected)
    np.testing.assert_array_equal(splits.sums(asked[: leaves.MANY - 1]), expected[: leaves.MANY - 1])


def test_a_row_has_the_same_sum_however_many_are_asked_about(learned, monkeypatch):
    splits = Splits.read(learned.model_to_string())
    asked = rows(2)
    whole = splits.sums(asked)
    monkeypatch.setattr(leaves, "ROWS", 700)
    np.testing.assert_array_equal(splits.sums(asked), whole)
    np.testing.assert_array_equal(np.concatenate([splits.sums(asked[n : n + 1]) for n in range(50)]), whole[:50])


def test_a_tree_that_is_one_leaf_counts_too():
    x = rows(0)[:200]
    alone = booster(x, np.arange(200) % 2 == 0, min_data_in_leaf=150)
    splits = Splits.read(alone.model_to_string())
    assert not len(splits.features)
    np.testing.assert_array_equal(splits.sums(x), alone.predict(x, raw_score=True))


def test_trees_of_another_kind_are_left_to_lightgbm():
    x = rows(0)
    y = x[:, 2] > 0.3
    larger = booster(x, y, num_leaves=2 * MOST_LEAVES, min_data_in_leaf=5)
    assert Splits.read(larger.model_to_string()) is None
    assert Splits.read(booster(x, y, zero_as_missing=True).model_to_string()) is None
    trees = Trees(np.frombuffer(larger.model_to_string().encode(), dtype=np.uint8))
    np.testing.assert_allclose(trees.predict(x), larger.predict(x), rtol=1e-6)


def test_chances_are_those_of_lightgbm(learned):
    trees = Trees(np.frombuffer(learned.model_to_string().encode(), dtype=np.uint8))
    asked = rows(3)
    np.testing.assert_allclose(trees.predict(asked), learned.predict(asked), rtol=1e-6)
    assert not len(trees.predict(asked[:0]))
