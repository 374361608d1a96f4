import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.demo import LABEL, DemoSize, World, make_world
from ml.data.demo.clock import DAY_MS, END_MS
from ml.data.demo.names import fold


@st.composite
def sizes(draw: st.DrawFn) -> DemoSize:
    artists, listeners, days = draw(st.integers(1, 30)), draw(st.integers(1, 40)), draw(st.integers(28, 200))
    return DemoSize(
        listeners=listeners,
        artists=artists,
        tracks=artists + draw(st.integers(0, 80)),
        days=days,
        listens=draw(st.integers(1, min(3_000, 10 * listeners * days))),
    )


def check(world: World) -> None:
    size, people, listens = world.size, world.listeners, world.listens
    assert len(world.artists) == size.artists == len(world.artists.names)
    assert len(world.tracks) == size.tracks == len(world.tracks.titles)
    assert len(people) == size.listeners
    assert len(listens) == size.listens
    at, who = listens.listened_at, listens.listener
    assert (np.diff(at) >= 0).all()
    assert (at >= people.registered_at[who]).all(), "no listen before sign-up"
    assert (at >= world.tracks.released[listens.track].astype(np.int64) * DAY_MS).all(), "no listen before release"
    gone = people.churned[who]
    ends = at + listens.ms_played
    assert (ends[gone] <= people.churned_at[who][gone]).all(), "no listen after churn"
    assert ends.max() <= END_MS
    assert at.min() >= END_MS - size.days * DAY_MS
    order = np.lexsort((at, who))
    same = np.diff(who[order]) == 0
    assert (np.diff(at[order]) - listens.ms_played[order][:-1] >= 0)[same].all(), "one listen at a time"
    assert (listens.ms_played <= world.tracks.duration_ms[listens.track]).all()
    titles = [fold(title) for title in world.tracks.titles]
    assert len(set(zip(world.tracks.artist.tolist(), titles, strict=True))) == size.tracks


@settings(max_examples=25, deadline=None)
@given(sizes(), st.integers(0, 2**31), st.booleans())
def test_any_world_keeps_its_laws(size: DemoSize, seed: int, null: bool) -> None:
    check(make_world(size, seed=seed, null=null))


def test_the_worlds_of_these_tests_keep_them_too(world: World, null: World) -> None:
    check(world)
    check(null)


def test_a_replay_was_heard_before(world: World) -> None:
    listens = world.listens
    pair = listens.listener.astype(np.int64) * len(world.tracks) + listens.track
    seen_first = np.zeros(len(pair), dtype=bool)
    seen_first[np.unique(pair, return_index=True)[1]] = True
    assert not (seen_first & listens.replay).any()


def test_affinity_is_the_nearest_taste_s_cosine(world: World) -> None:
    listens, people = world.listens, world.listeners
    for row in range(0, 90_000, 9_001):
        tastes = people.tastes[listens.listener[row]][people.weights[listens.listener[row]] > 0]
        cosines = tastes @ world.tracks.vectors[listens.track[row]]
        assert listens.affinity[row] == pytest.approx(cosines.max(), abs=1e-5)


def test_the_null_twin_has_the_same_people_at_the_same_times(world: World, null: World) -> None:
    assert world.artists.names.to_list() == null.artists.names.to_list()
    assert (world.tracks.vectors == null.tracks.vectors).all()
    assert (world.listeners.tastes == null.listeners.tastes).all()
    assert (world.sessions.start_ms == null.sessions.start_ms).all()
    counts = [np.bincount(each.listens.listener, minlength=len(each.listeners)) for each in (world, null)]
    assert (counts[0] == counts[1]).all()


def test_it_is_labelled_wherever_it_appears(world: World, null: World) -> None:
    assert world.label == LABEL == "synthetic demo world"
    assert null.label.startswith(LABEL)
    assert null.label != LABEL


def test_everybody_listens_where_there_is_enough(world: World) -> None:
    assert np.bincount(world.listens.listener, minlength=len(world.listeners)).min() >= 1


def test_some_come_late_and_some_tracks_are_new(world: World) -> None:
    begin = END_MS - world.size.days * DAY_MS
    assert 0.25 < (world.listeners.registered_at >= begin).mean() < 0.35
    assert 0.05 < (world.tracks.released.astype(np.int64) * DAY_MS >= begin).mean() < 0.2
