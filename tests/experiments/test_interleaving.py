"""Interleaving finds the better ranking, and has no preference among equals."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.experiments.interleaving import compare, credit, team_draft

RELEVANT = set(range(20))


def outcomes(rng, n, goods):
    """Who wins answers to listeners, each with rankings of their own, who mostly click on what is relevant."""
    found = []
    for _ in range(n):
        items, teams = team_draft(*(ranking(rng, good) for good in goods), 10, rng=rng)
        chance = np.array([0.4 if item in RELEVANT else 0.05 for item in items])
        found.append(credit(teams, np.flatnonzero(rng.random(10) < chance).tolist()))
    return found


def ranking(rng, good):
    """Items, of whose first ten so many are relevant, in any order."""
    relevant, others = rng.permutation(20), 20 + rng.permutation(80)
    return rng.permutation([*relevant[:good], *others[: 10 - good]]).tolist() + others[10 - good :].tolist()


def test_the_better_ranking_is_found():
    rng = np.random.default_rng(1)
    found = compare(outcomes(rng, 600, (4, 7)))
    assert found.p_value < 0.01
    assert found.low > 0.5
    assert found.words == "the second ranking is preferred"
    swapped = compare(outcomes(rng, 600, (7, 4)))
    assert swapped.words == "the first ranking is preferred"


def test_equals_are_not_told_apart():
    rng = np.random.default_rng(2)
    runs = [compare(outcomes(rng, 120, (5, 5))) for _ in range(60)]
    assert sum(run.p_value <= 0.05 for run in runs) <= 3
    coins = rng.choice([-1, 1], size=(200, 300))
    # One who asks after every tenth answer and stops when something is called preferred.
    hasty = [any(compare(run[:n]).p_value <= 0.05 for n in range(10, 301, 10)) for run in coins]
    assert np.mean(hasty) <= 0.05
    assert abs(np.mean([run.share for run in runs]) - 0.5) < 0.03


def test_no_clicks_are_no_preference():
    found = compare([0, 0, 0])
    assert (found.share, found.low, found.high, found.p_value, found.ties) == (0.5, 0, 1, 1, 3)
    assert compare([]).words == "neither ranking is preferred so far"


items = st.lists(st.integers(0, 15), max_size=12, unique=True)


@given(items, items, st.integers(0, 20), st.integers(0, 2**32))
def test_a_draft_is_fair_and_has_nothing_twice(first, second, count, seed):
    drafted, teams = team_draft(first, second, count, rng=np.random.default_rng(seed))
    assert len(drafted) == len(set(drafted)) == len(teams) == min(count, len({*first, *second}))
    for item, team in zip(drafted, teams, strict=True):
        assert item in (first, second)[team]
    # While both have something left, no team is ahead by more than one.
    for end in range(1, len(drafted) + 1):
        if all(set(ranking) - set(drafted[: end - 1]) for ranking in (first, second)):
            assert abs(2 * sum(teams[:end]) - end) <= 1
    # Each team's items stand in its own order.
    for team, ranking in enumerate((first, second)):
        own = [ranking.index(item) for item, of in zip(drafted, teams, strict=True) if of == team]
        assert own == sorted(own)


def test_the_same_seed_drafts_the_same():
    one, other = (team_draft("abcdef", "fedcba", 6, rng=np.random.default_rng(5)) for _ in range(2))
    assert one == other


def test_each_ranking_begins_half_of_the_time():
    """Places are worth different numbers of clicks: whoever always began would be preferred."""
    rng = np.random.default_rng(3)
    begins = [team_draft("abc", "abc", 3, rng=rng)[1][0] for _ in range(2000)]
    assert abs(np.mean(begins) - 0.5) < 0.04
    second = [team_draft("abcd", "abcd", 4, rng=rng)[1][2] for _ in range(2000)]
    assert abs(np.mean(second) - 0.5) < 0.04
