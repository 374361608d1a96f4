"""From stranger to listener: the group's voice is loud where little is known, and silent where it gains nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.metrics.significance import bootstrap_mean
from ml.models import growing
from ml.models.base import TrainingData
from ml.models.first_guess import FirstGuess
from ml.models.group_popularity import GroupPopularity
from ml.models.growing import LOUDNESS, STEPS, Growing, Growth, foreseen, learn
from ml.models.item_knn import ItemKNN
from ml.models.newcomers import Newcomers
from ml.models.plays import UNDATED, Plays
from ml.models.popularity import Popularity
from ml.models.taste_groups import TasteGroups
from ml.recommendation_engine.reasons import effects


def seeded():
    return np.random.default_rng(0)


def world(n_users=300, n_items=80):
    """Two circles with favourites of their own."""
    rng = seeded()
    fame = 1 / np.arange(1, n_items // 2 + 1)
    # Equal scores go by number, which must not be fame.
    names, histories = rng.permutation(n_items), []
    for user in range(n_users):
        drawn = rng.choice(n_items // 2, 30, p=fame / fame.sum())
        histories.append(names[2 * drawn + user % 2].tolist())
    return TrainingData(Plays.of(histories, n_items=n_items), csr_matrix((n_items, 0)), np.full(n_items, -1))


class Numb(Popularity):
    """Says nothing at all."""

    def score(self, history, *, items=None):
        return np.zeros((history.n_users, history.n_items if items is None else len(items)), dtype=np.float32)


def held(data):
    rest, newcomers = Newcomers.leave_out(data, share=0.3, most=90, least_items=5, rng=seeded())
    return rest, newcomers


def test_the_left_out_are_left_out():
    data = world()
    rest, newcomers = held(data)
    assert rest.plays.n_users + newcomers.plays.n_users == data.plays.n_users
    both = sorted(map(tuple, [*rows(rest.plays), *rows(newcomers.plays)]))
    assert both == sorted(map(tuple, rows(data.plays)))


def rows(plays):
    return [plays.items[a:b].tolist() for a, b in zip(plays.indptr, plays.indptr[1:], strict=False)]


def test_what_is_known_and_what_comes_later_are_parts_of_what_is_liked():
    # Item 2 was skipped first, and liked later; item 3 only skipped.
    plays = Plays(
        np.array([0, 6]),
        np.array([2, 0, 1, 2, 3, 0], dtype=np.int32),
        np.array([0, 1, 1, 1, 0, 1], dtype=np.float32),
        np.array([1, 5, 3, 9, 2, 12]),
        n_items=5,
    )
    newcomers = Newcomers.of(plays, rng=seeded())
    expected = {0: ([], [0, 1, 2]), 1: ([1], [0, 2]), 2: ([0, 1], [2]), 3: ([0, 1, 2], []), 9: ([0, 1, 2], [])}
    for n, (first, rest) in expected.items():
        history, later = newcomers.knowing(n)
        assert sorted(set(history.items[history.weights > 0].tolist())) == first
        assert later.indices.tolist() == rest


def test_undated_items_come_in_an_order_of_the_seed():
    plays = Plays.of([list(range(20))], n_items=20)
    assert (plays.times == UNDATED).all()
    first = [Newcomers.of(plays, rng=np.random.default_rng(seed)).knowing(1)[0].items.tolist() for seed in range(8)]
    assert len({tuple(items) for items in first}) > 3


def test_a_voice_that_knows_is_heard_beside_one_that_does_not():
    rest, newcomers = held(world())
    numb, group = (make().fit(rest, rng=seeded()) for make in (Numb, Popularity))
    growth = learn(numb, group, newcomers, rng=seeded())
    assert growth
    assert growth.weights[0] > 0


def test_a_voice_that_knows_nothing_stays_silent():
    rest, newcomers = held(world())
    knn, numb = (make().fit(rest, rng=seeded()) for make in (ItemKNN, Numb))
    assert not learn(knn, numb, newcomers, rng=seeded())


def test_a_weight_is_not_tested_by_those_who_chose_it(monkeypatch):
    """Among weights that are mere chance, the best is chosen by each half and judged by the other."""
    rest, newcomers = held(world())
    rng = seeded()
    noise = [rng.normal(size=newcomers.plays.n_users) for _ in range(200)]
    lucky, silent = max(noise, key=lambda each: each.mean()), np.zeros(newcomers.plays.n_users)
    assert bootstrap_mean(lucky, baseline=silent, rng=seeded()).low > 0  # the luckiest of many passes its own test
    drawn = iter([silent, *noise] * 2)
    monkeypatch.setattr(growing, "foreseen", lambda *_, **__: next(drawn))
    popular = Popularity().fit(rest, rng=seeded())
    able = newcomers.knowing(1)
    weights = list(np.linspace(0, 1, 201))
    assert growing._best(popular, popular, *able, weights, seeded()) == 0.0


def test_the_first_guess_gains_where_little_is_known_and_loses_nowhere():
    rest, newcomers = held(world())
    half = np.arange(newcomers.plays.n_users)
    knn = ItemKNN().fit(rest, rng=seeded())
    first = FirstGuess(TasteGroups(), GroupPopularity()).fit(rest, rng=seeded())
    growth = learn(knn, first, newcomers.only(half[::2]), rng=seeded())
    grown = Growing(knn, first, growth)
    for n in (1, 2, 3, 5, 8):
        history, later = newcomers.only(half[1::2]).knowing(n)
        own, other = (foreseen(model.score(history).copy(), history, later).mean() for model in (grown, knn))
        assert own >= other - 0.01, n


@given(st.lists(st.sampled_from(LOUDNESS), min_size=len(STEPS), max_size=len(STEPS)))
def test_the_voice_fades_without_a_jump(weights):
    growth = Growth(tuple(sorted(weights, reverse=True)))
    loud = growth.at(np.arange(200))
    assert (np.diff(loud) <= 1e-6).all()
    np.testing.assert_allclose(loud[list(STEPS)], growth.weights, rtol=1e-6)
    assert not loud[2 * STEPS[-1] :].any()


def test_a_silent_voice_changes_nothing_and_a_card_keeps_it():
    data = world()
    knn, group = (make().fit(data, rng=seeded()) for make in (ItemKNN, Popularity))
    grown = Growing(knn, group, Growth())
    np.testing.assert_array_equal(grown.score(data.plays), knn.score(data.plays))
    assert Growth.of({"growth": Growth((1.0, 0.5)).said()}) == Growth((1.0, 0.5))
    assert not Growth.of({})


@pytest.mark.parametrize("n", [0, 1, 5, 40])
def test_scores_of_some_items_are_those_of_all(n):
    data = world()
    knn = ItemKNN().fit(data, rng=seeded())
    first = FirstGuess(TasteGroups(), GroupPopularity()).fit(data, rng=seeded())
    grown = Growing(knn, first, Growth(tuple(1 / step for step in STEPS)))
    history = Plays.of([list(range(n)), list(range(1, n + 1))], n_items=data.n_items)
    some = np.array([70, 3, 3], dtype=np.int32)
    np.testing.assert_allclose(grown.score(history, items=some), grown.score(history)[:, some], rtol=1e-5)


def test_a_listen_that_is_taken_out_is_a_reason_although_the_group_would_be_louder_without_it():
    data = world()
    knn = ItemKNN().fit(data, rng=seeded())
    popular = Popularity().fit(data, rng=seeded())
    grown = Growing(knn, popular, Growth(tuple(10.0 / step for step in STEPS)))
    history = Plays.of([data.plays.select(np.array([0])).items[:6]], n_items=data.n_items)
    best = np.argsort(-knn.score(history)[0], kind="stable")
    new = best[~np.isin(best, history.items)][:3].astype(np.int32)
    found, expected = (effects(model, history, new, most=3) for model in (grown, knn))
    assert [[each.index for each in one] for one in found] == [[each.index for each in one] for one in expected]
    assert all(found)
    np.testing.assert_allclose(
        [each.effect for one in found for each in one], [each.effect for one in expected for each in one], atol=1e-4
    )
