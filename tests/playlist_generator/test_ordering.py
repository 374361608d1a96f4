"""The search for a list, against all lists."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.playlist_generator.flow.harmony import KEY_COSTS
from ml.playlist_generator.ordering.beam import beam_search
from ml.playlist_generator.ordering.bound import lower_bound
from ml.playlist_generator.ordering.exact import best_order
from ml.playlist_generator.ordering.improving import BROKEN, Objective, improve, search
from ml.playlist_generator.ordering.rules import Quota, Rules
from ml.playlist_generator.ordering.table import Table


def rules_of(rng, m, n):
    """Rules of all kinds, each there or not."""
    durations = rng.integers(1, 6, m) * 60_000
    usual = int(np.median(durations)) * n
    return Rules(
        duration_ms=durations,
        artist=rng.integers(0, max(2, m // 2), m),
        album=rng.integers(0, m, m),
        song=np.where(rng.random(m) < 0.2, 0, np.arange(1, m + 1)),
        refused=(rng.random(m) < 0.2).astype(int),
        window_ms=(usual - 30_000, usual + 30_000) if rng.random() < 0.7 else None,
        max_per_artist=int(rng.integers(1, 3)) if rng.random() < 0.7 else None,
        artist_gap=int(rng.integers(0, 4)),
        album_gap=int(rng.integers(0, 3)),
        quotas=(Quota("half", rng.random(m) < 0.5, least=0.3, most=0.6),) if rng.random() < 0.5 else (),
        wanted=(int(rng.integers(m)),) if rng.random() < 0.5 else (),
        pinned={int(rng.integers(n + 1)): int(rng.integers(m))} if rng.random() < 0.5 else {},
    )


def table_of(rng, m, n):
    arc = "peak" if rng.random() < 0.5 else None
    return Table.of(
        rng.random(m).astype(np.float32),
        rng.random((m, m)).astype(np.float32),
        n,
        energy=rng.random(m).astype(np.float32),
        arc=arc,
    )


def replaced(one, m):
    """Every list that one replacement makes, [n * m, n], by position and track."""
    n = len(one)
    lists = np.repeat(one[None, :], n * m, axis=0)
    lists[np.arange(n * m), np.repeat(np.arange(n), m)] = np.tile(np.arange(m), n)
    return lists


@given(seed=st.integers(0, 10_000))
def test_what_a_replacement_changes_is_what_it_changes(seed):
    rng = np.random.default_rng(seed)
    m = int(rng.integers(4, 12))
    n = int(rng.integers(1, m))
    rules, table = rules_of(rng, m, n), table_of(rng, m, n)
    one = rng.permutation(m)[:n]
    lists = replaced(one, m)
    np.testing.assert_allclose(rules.broken_by_replacing(one).ravel(), rules.broken(lists), atol=1e-9)
    np.testing.assert_allclose(table.cost_by_replacing(one).ravel(), table.cost(lists), atol=1e-6)


@given(seed=st.integers(0, 10_000))
def test_improving_never_makes_a_list_worse_and_repeats_nothing(seed):
    rng = np.random.default_rng(seed)
    m = int(rng.integers(5, 14))
    n = int(rng.integers(2, m))
    objective = Objective(table_of(rng, m, n), rules_of(rng, m, n))
    start = rng.permutation(m)[:n]
    found = improve(start, objective)
    assert objective.worth(found[None, :])[0] <= objective.worth(start[None, :])[0] + 1e-9
    assert len(set(found.tolist())) == n


@given(seed=st.integers(0, 10_000))
def test_the_best_order_is_the_best_of_all_and_no_bound_is_above_it(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    table = table_of(rng, n, n)
    order, cost = best_order(table)
    every = np.array(list(permutations(range(n))))
    assert sorted(order.tolist()) == list(range(n))
    assert cost == pytest.approx(table.cost(every).min(), abs=1e-6)
    assert table.cost(order[None, :])[0] == pytest.approx(cost, abs=1e-6)
    plain = Rules(np.full(n, 60_000), np.arange(n), np.arange(n), np.arange(n), np.zeros(n, int))
    assert lower_bound(table, plain, cost + 0.1, rounds=60) <= cost + 1e-6


@given(seed=st.integers(0, 10_000))
def test_no_list_that_keeps_to_the_rules_is_below_the_bound(seed):
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(4, 8)), int(rng.integers(1, 4))
    rules, table = rules_of(rng, m, n), table_of(rng, m, n)
    every = np.array(list(permutations(range(m), n)))
    kept = every[rules.broken(every) < 1e-9]
    if len(kept):
        least = float(table.cost(kept).min())
        assert lower_bound(table, rules, least + 0.2, rounds=80) <= least + 1e-6


def test_the_bound_is_near_and_the_search_nearer():
    """Orders of 12 tracks at random costs: the search within 3 % of the best, the bound within 15 %."""
    over, under = [], []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        table = table_of(rng, 12, 12)
        plain = Rules(np.full(12, 60_000), np.arange(12), np.arange(12), np.arange(12), np.zeros(12, int))
        _, best = best_order(table)
        starts = beam_search(table, plain, width=16)[:2]
        found = search(list(starts), Objective(table, plain), kicks=40, rng=rng, replacing=False)
        over.append(table.cost(found[None, :])[0] / best - 1)
        under.append(lower_bound(table, plain, best) / best)
    assert max(over) < 0.03
    assert np.mean(under) > 0.85


def test_a_search_finds_the_planted_chain():
    """Each track leads to the next for nothing, and to all others for everything: only one order costs nothing."""
    n = 9
    rng = np.random.default_rng(3)
    chain = rng.permutation(n)
    steps = np.ones((n, n), dtype=np.float32)
    steps[chain[:-1], chain[1:]] = 0
    table = Table.of(np.ones(n, np.float32), steps, n)
    plain = Rules(np.full(n, 60_000), np.arange(n), np.arange(n), np.arange(n), np.zeros(n, int))
    found = search(list(beam_search(table, plain, width=20)[:1]), Objective(table, plain), kicks=20, rng=rng)
    assert found.tolist() == chain.tolist()


def test_broken_rules_outweigh_every_cost():
    assert BROKEN > 1


def test_keys_cost_what_the_wheel_says():
    c, g, a_minor, f_sharp, e_minor, d = 0, 7, 12 + 9, 6, 12 + 4, 2
    costs = KEY_COSTS[c]
    assert costs[c] == 0
    assert costs[g] == costs[a_minor] < costs[d] < costs[f_sharp]
    assert costs[a_minor] < costs[e_minor] < costs[f_sharp]
    assert KEY_COSTS[c, d] < KEY_COSTS[d, c]  # a whole tone up lifts, a whole tone down does not
