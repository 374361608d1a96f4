"""Rankings that give groups their share: floors at every length, the least loss, and what is out of reach."""

from itertools import islice, pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.metrics.group_exposure import discounts
from ml.models.exposure import TIERS, Bound, amortise, constrained, rerank, tiers

SCORES = np.array([9, 8, 7, 6, 5, 4, 3, 2, 1, 0], dtype=np.float32)


def group(*items, n=10):
    return np.isin(np.arange(n), items)


def order(scores, bounds, count, **options):
    return [each.index for each in islice(constrained(scores, bounds, count=count, **options), count)]


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ([60, 20, 20], "head mid tail"),
        ([20, 20, 20, 20, 20], "head mid mid mid tail"),
        ([100], "head"),
        ([0, 0], "tail tail"),
        ([90, 10, 0], "head tail tail"),
        ([3, 97], "tail head"),
    ],
)
def test_tiers_by_hand(heard, expected):
    assert [TIERS[tier] for tier in tiers(np.array(heard))] == expected.split()


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_the_tail_never_takes_more_than_its_fifth(heard):
    found, counts = tiers(np.array(heard)), np.array(heard)
    assert counts[found == 2].sum() <= 0.2 * counts.sum() + 1e-9
    popularity = [counts[found == tier] for tier in range(3)]
    for upper, lower in pairwise(popularity):
        if len(upper) and len(lower):
            assert upper.min() >= lower.max()


def test_nothing_asked_for_is_the_order_of_scores():
    assert order(SCORES, [], 10) == list(range(10))
    assert order(SCORES, [Bound("tail", group(8, 9))], 10) == list(range(10))


def test_a_floor_holds_at_every_length():
    found = list(islice(constrained(SCORES, [Bound("tail", group(7, 8, 9), least=0.3)], count=10), 10))
    assert [each.index for each in found] == [0, 1, 2, 7, 3, 4, 8, 5, 6, 9]
    assert [each.index for each in found if each.for_group == "tail"] == [7, 8]


def test_floors_that_fall_due_together_are_begun_in_time():
    """The fifth place would owe an item to both: one of them comes a place earlier."""
    bounds = [Bound("a", group(8), least=0.2), Bound("b", group(9), least=0.2)]
    found = list(islice(constrained(SCORES, bounds, count=5), 5))
    assert [each.index for each in found] == [0, 1, 2, 8, 9]
    assert [each.for_group for each in found] == ["", "", "", "a", "b"]


def test_a_ceiling_holds_until_nothing_else_is_left():
    found = order(SCORES[:6], [Bound("head", group(0, 1, 2, 3, n=6), most=0.5)], 6)
    assert found == [0, 4, 1, 5, 2, 3]


@settings(max_examples=60)
@given(
    scores=st.lists(st.integers(0, 30), min_size=4, max_size=14),
    first=st.floats(0, 0.6),
    second=st.floats(0, 0.4),
    count=st.integers(1, 14),
    seed=st.integers(0, 99),
)
def test_floors_are_kept_as_far_as_there_is_anything(scores, first, second, count, seed):
    values = np.array(scores, dtype=np.float32)
    kinds = np.random.default_rng(seed).integers(0, 3, len(values))
    bounds = [Bound("a", kinds == 0, least=first), Bound("b", kinds == 1, least=second)]
    found = order(values, bounds, count)
    assert len(found) == len(set(found)) == min(count, len(values))
    for bound in bounds:
        able = min(bound.floor(len(found)), int(bound.items.sum()))
        if count <= len(values):
            assert bound.items[found].sum() >= able
    # One floor alone holds at every beginning of the list, or all there is stands before.
    alone = order(values, bounds[:1], count)
    for length in range(1, len(alone) + 1):
        assert bounds[0].items[alone[:length]].sum() >= min(bounds[0].floor(length), int(bounds[0].items.sum()))


def test_one_floor_loses_as_little_as_any_list_that_keeps_it():
    rng = np.random.default_rng(2)
    for _ in range(20):
        scores, members = rng.random(6).astype(np.float32), rng.random(6) < 0.5
        bound, k = Bound("g", members, least=0.5), 4
        kept = [
            each
            for each in permutations(range(6), k)
            if all(
                members[list(each[:length])].sum() >= min(bound.floor(length), members.sum())
                for length in range(1, k + 1)
            )
        ]
        best = max(discounts(k) @ scores[list(each)] for each in kept)
        assert discounts(k) @ scores[order(scores, [bound], k)] == pytest.approx(best)


def test_what_is_not_allowed_is_never_placed():
    bound = Bound("t", group(7, 8, 9), least=0.5)
    taken = order(SCORES, [bound], 6, allowed=lambda index: index % 2)
    assert taken == [1, 7, 3, 9, 5]


def test_rows_are_ranked_one_by_one():
    rows = np.array([SCORES, SCORES[::-1]])
    found = rerank(rows, [Bound("last", group(9), least=0.25)], k=4)
    assert found.tolist() == [[0, 1, 2, 9], [9, 8, 7, 6]]


# --- many lists together


def pool(n_users=40, m=12, seed=3):
    rng = np.random.default_rng(seed)
    items = np.array([rng.permutation(30)[:m] for _ in range(n_users)], dtype=np.int32)
    return items, rng.random((n_users, m)), (np.arange(30) % 3).astype(np.int64)


def worth(priced, items, scores):
    place = {
        (user, int(item)): score
        for user, row in enumerate(items)
        for item, score in zip(row, scores[user], strict=True)
    }
    weights = discounts(priced.ranked.shape[1])
    return sum(
        weights[rank] * place[user, int(item)]
        for user, row in enumerate(priced.ranked)
        for rank, item in enumerate(row)
        if item >= 0
    )


def test_a_target_that_holds_costs_nothing():
    items, scores, groups = pool()
    free = amortise(items, scores, groups, {0: 0.0}, k=5)
    assert free.prices == {0: 0.0}
    best = np.take_along_axis(items, np.argsort(-scores, axis=1)[:, :5], 1)
    assert (free.ranked == best).all()


@pytest.mark.parametrize("target", [0.4, 0.6, 0.8])
def test_a_target_is_reached_and_hardly_passed(target):
    items, scores, groups = pool(n_users=400)
    priced = amortise(items, scores, groups, {0: target}, k=5)
    assert target <= priced.shares[0] < target + 0.01
    assert priced.prices[0] > 0
    assert not priced.missed


def test_together_they_lose_less_than_each_alone():
    items, scores, groups = pool(n_users=200)
    rows = np.full((200, 30), -np.inf, dtype=np.float32)
    np.put_along_axis(rows, items.astype(np.int64), scores.astype(np.float32), 1)
    alone = rerank(rows, [Bound("g", groups == 0, least=0.6)], k=5)
    weights = discounts(5)
    share = (weights * (groups[alone] == 0)).sum() / (weights * (alone >= 0)).sum()
    priced = amortise(items, scores, groups, {0: float(share)}, k=5)
    assert worth(priced, items, scores) > (weights * np.take_along_axis(rows, alone.astype(np.int64), 1)).sum()


def test_it_is_the_best_of_all_lists_that_keep_the_target():
    """By trying everything: what the price gives is no worse than any lists with as much exposure."""
    rng = np.random.default_rng(5)
    for _ in range(10):
        scores, groups = rng.random((3, 4)), np.array([0, 0, 1, 1])
        items = np.tile(np.arange(4, dtype=np.int32), (3, 1))
        priced = amortise(items, scores, groups, {1: 0.5}, k=1)
        reached, best = priced.shares[1], 0.0
        for first in range(4):
            for second in range(4):
                for third in range(4):
                    chosen = [first, second, third]
                    if np.mean(groups[chosen]) >= reached:
                        best = max(best, scores[np.arange(3), chosen].sum())
        assert worth(priced, items, scores) == pytest.approx(best)


def test_several_groups_reach_their_targets():
    items, scores, groups = pool(n_users=400)
    priced = amortise(items, scores, groups, {0: 0.5, 1: 0.4}, k=4)
    assert priced.shares[0] >= 0.5 - 0.005
    assert priced.shares[1] >= 0.4 - 0.005


def test_what_is_out_of_reach_is_said():
    items = np.array([[0, 1, -1], [1, 0, 2]], dtype=np.int32)
    priced = amortise(items, np.ones((2, 3)), np.array([0, 0, 1]), {1: 0.9}, k=1)
    assert priced.ranked.tolist() == [[0], [2]]
    assert (priced.shares, priced.missed) == ({1: 0.5}, (1,))


def test_no_candidates_no_lists():
    priced = amortise(np.full((2, 3), -1, dtype=np.int32), np.zeros((2, 3)), np.array([0]), {0: 0.5}, k=2)
    assert (priced.ranked == -1).all()
    assert priced.shares == {0: 0.0}


@pytest.mark.parametrize("least", [{0: 1.2}, {0: -0.1}, {0: 0.6, 1: 0.6}])
def test_targets_that_cannot_be_meant(least):
    with pytest.raises(ValueError, match="shares"):
        amortise(*pool(), least, k=3)
