"""Popularity among people alike, shrunk towards larger groups."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.models.base import TrainingData
from ml.models.group_popularity import GroupPopularity
from ml.models.plays import Plays
from ml.models.popularity import Popularity


def fitted(histories, countries, ages, shrinkage=0.1):
    plays = replace(Plays.of(histories, n_items=4), countries=countries, ages=ages)
    data = TrainingData(plays, csr_matrix((4, 0)), np.full(4, -1))
    return GroupPopularity(shrinkage=shrinkage).fit(data, rng=np.random.default_rng(0)), data


def ask(model, country=None, age=None):
    return model.score(replace(Plays.of([[]], n_items=4), countries=[country], ages=[age]))[0]


# The young of PE like 0, its old 1; the young of FR like 2, its old 3.
WORLD = ([[0]] * 5 + [[1]] * 5 + [[2]] * 5 + [[3]] * 5, ["PE"] * 10 + ["FR"] * 10, ([20] * 5 + [60] * 5) * 2)


@pytest.mark.parametrize(("country", "age", "best"), [("PE", 22, 0), ("PE", 70, 1), ("FR", 19, 2), ("FR", 58, 3)])
def test_country_and_age_together_name_the_group(country, age, best):
    model, _ = fitted(*WORLD)
    assert ask(model, country, age).argmax() == best


def test_what_nobody_shares_is_left_out():
    model, data = fitted(*WORLD)
    world = Popularity().fit(data, rng=np.random.default_rng(0)).score(Plays.of([[]], n_items=4))[0]
    np.testing.assert_allclose(ask(model), world, atol=1e-6)
    np.testing.assert_allclose(ask(model, "JP", 8), world, atol=1e-6)
    np.testing.assert_allclose(ask(model, "JP", 22), ask(model, None, 22))
    np.testing.assert_allclose(ask(model, "PE", 8), ask(model, "PE"))
    assert set(np.argsort(-ask(model, "PE"))[:2].tolist()) == {0, 1}
    assert set(np.argsort(-ask(model, None, 22))[:2].tolist()) == {0, 2}


def test_an_unseen_pair_follows_both_its_country_and_its_age():
    histories = [[0]] * 5 + [[1]] * 5 + [[2]] * 5 + [[3]] * 5
    model, _ = fitted(histories, ["PE"] * 10 + ["FR"] * 10, [20] * 5 + [60] * 15)
    # Nobody of FR is young: items 2 and 3 are of FR, item 0 of the young, and item 1 of neither.
    assert ask(model, "FR", 20).argmin() == 1


def test_a_small_group_is_believed_less():
    far = fitted(*WORLD, shrinkage=100)[0]
    near = fitted(*WORLD, shrinkage=0.1)[0]
    assert np.ptp(ask(far, "PE", 20)) < 0.2 * np.ptp(ask(near, "PE", 20))


def test_with_nothing_told_it_is_popularity():
    model, data = fitted(*WORLD[:1], None, None)
    np.testing.assert_allclose(model.score(data.plays)[0], Popularity().fit(data, rng=None).score(data.plays)[0])
