"""What would have to give where not everything can be met, against all that could, and the list that comes nearest."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.playlist_generator.holding.budget import Budget
from ml.playlist_generator.holding.conflicts import find_conflicts
from ml.playlist_generator.holding.deciding import decide, keeps
from ml.playlist_generator.holding.demands import Cap, Count, Demands, Only
from ml.playlist_generator.holding.ways import explained, find_ways, followed

from .test_holding import about, ground_of, possible, request


def fewest(demands, ground):
    """The least number of demands without which the others can be met."""
    return next(
        size
        for size in range(1, len(demands) + 1)
        if any(possible(demands.without(names), ground) for names in combinations(demands.names, size))
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 100_000))
def test_ways_give_up_as_little_as_can_be_and_lead_somewhere(seed):
    demands, ground = request(seed)
    conflicts = find_conflicts(demands, ground, Budget(10, 120))
    if not conflicts:
        return
    ways = find_ways(demands, conflicts, ground, Budget(10, 120))
    assert ways
    least = fewest(demands, ground)
    for way in ways:
        assert len(way.relaxations) == least
        assert keeps(way.demands.rules(ground, way.rows), np.arange(len(way.rows)))
        others = demands.without([one.name for one in way.relaxations])
        assert set(others.names) <= set(way.demands.names)
    assert (len(ways) > 1) <= (least == 1)


def test_two_that_nothing_meets_give_together():
    ground = ground_of([3] * 6, list(range(6)))
    none = np.zeros(6, dtype=bool)
    demands = Demands((Count(2, 2, 2), Only("bpm", [300, 310], none), Only("years", [1001, 1002], none)))
    conflicts = find_conflicts(demands, ground, Budget(10, 60))
    ways = find_ways(demands, conflicts, ground, Budget(10, 60))
    for one in explained(conflicts, ways):
        assert one.relaxations == ()
        assert {(way.name, way.enough) for way in one.together} == {("bpm", None), ("years", None)}
    assert followed(ways, demands, ground).demands.names == ("count",)


def test_one_that_is_in_all_conflicts_is_enough_though_only_one_of_them_is_told():
    first = np.array([True, True, False, False])
    ground = ground_of([3] * 4, list(range(4)))
    demands = Demands((Count(2, 2, 2), Only("a", True, first), Only("b", True, ~first), Only("c", True, ~first)))
    (conflict,) = explained(
        conflicts := find_conflicts(demands, ground, Budget(10, 60)),
        find_ways(demands, conflicts, ground, Budget(10, 60)),
    )
    assert len(conflict.names) == 2
    assert [way.name for way in conflict.relaxations] == ["a"]


def test_conflicts_that_overlap_without_a_common_demand_need_two():
    ground = ground_of([3] * 3, list(range(3)))
    kinds = [np.arange(3) == kind for kind in range(3)]
    demands = Demands((Count(1, 1, 1), *(Only(name, True, of) for name, of in zip("abc", kinds, strict=True))))
    conflicts = find_conflicts(demands, ground, Budget(10, 60))
    assert len(conflicts) == 1
    (way,) = find_ways(demands, conflicts, ground, Budget(10, 60))
    assert len(way.relaxations) == 2


def test_a_list_of_hardly_anything_is_not_what_comes_nearest():
    """Of twenty minutes one track would be left; without the bound all twenty are."""
    ground = ground_of([4] * 10, list(range(10)))
    demands = Demands((about(20), Only("bpm", [1, 2], np.arange(10) == 0), Cap(1)))
    ways = find_ways(demands, find_conflicts(demands, ground, Budget(10, 60)), ground, Budget(10, 60))
    way = followed(ways, demands, ground)
    assert [(one.name, one.enough) for one in way.relaxations] == [("bpm", {"tracks_without": 4})]


def test_many_tracks_are_decided_by_some_of_them():
    n = 5_000
    ground = ground_of([3] * n, list(range(n)))
    decision = decide(Demands((about(30), Only("any", True, np.arange(n) % 2 == 0))), ground, Budget(5, 20))
    assert decision.answer == "yes"
    assert len(decision.rows) == 10
    assert not (decision.rows % 2).any()


def test_without_a_length_few_tracks_are_enough():
    n = 2_000
    ground = ground_of([3] * n, [k % 700 for k in range(n)])
    decision = decide(Demands((Cap(1),)), ground, Budget(5, 20))
    assert decision.answer == "yes"
    assert len(decision.rows) <= 60


# Of the generator.


def test_the_nearest_list_keeps_to_the_mood_and_the_length(generator):
    found = generator.generate(mood="calm", bpm=(300, 310), minutes=30)
    assert abs(found.duration_s - 1800) <= 30
    assert {track.track_id.split("-")[0] for track in found.tracks} == {"test:track/jazz"}
    assert [one.name for one in found.constraints if not one.met] == ["bpm"]
    assert any("this gives way: tempo" in notice for notice in found.notices)


def test_two_impossible_things_leave_a_list_of_the_length(generator):
    found = generator.generate(mood="calm", bpm=(300, 310), years=(1001, 1002), minutes=30)
    assert abs(found.duration_s - 1800) <= 30
    assert {one.name for conflict in found.conflicts for one in conflict.together} == {"bpm", "years"}
    assert any("tempo and years" in notice for notice in found.notices)


def test_what_is_to_be_in_it_and_not_in_it(generator):
    found = generator.generate(count=5, include=["test:track/jazz-1"], exclude=["calm jazz artist 1"])
    (conflict,) = found.conflicts
    assert len(conflict.names) == 2
    assert [(one.name, one.enough) for one in conflict.relaxations] == [
        ("include calm jazz artist 1 — calm jazz 1", None),
        ("exclude", {"tracks_without": 1}),
    ]


def test_a_theme_at_odds_with_itself_says_what_would_have_to_go(generator):
    found = generator.generate(theme="jazz, techno, 300 BPM, in the 1950s", minutes=12)
    together = {one.name for conflict in found.conflicts for one in conflict.together}
    assert {"bpm", "years"} <= together
    assert abs(found.duration_s - 720) <= 30


@pytest.mark.parametrize("effort", ["fast", "best"])
def test_the_nearest_list_breaks_no_more_than_it_says(generator, effort):
    found = generator.generate(count=12, max_per_artist=1, genres=["jazz"], effort=effort)
    ((conflict),) = found.conflicts
    told = {one.name: one.enough for one in conflict.relaxations}
    broken = {one.name for one in found.constraints if not one.met}
    assert len(broken) == 1
    assert broken <= set(told)
