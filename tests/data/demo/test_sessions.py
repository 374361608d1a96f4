import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.data.demo import DemoSize, World, make_world
from ml.data.demo.activities import hours
from ml.data.demo.clock import DAY_MS, END_MS, HOUR_MS
from ml.data.demo.listeners import FADE_DAYS, make_listeners
from ml.data.demo.sessions import LENGTH, SLOT_MS, make_sessions


def local_ms(world: World) -> np.ndarray:
    return world.sessions.start_ms + world.listeners.offset_ms[world.sessions.listener]


def test_sessions_never_overlap(world: World) -> None:
    sessions = world.sessions
    same = np.diff(sessions.listener) == 0
    gap = np.diff(sessions.start_ms) - sessions.length[:-1] * SLOT_MS
    assert (gap[same] >= 0).all()


def test_session_lengths_are_geometric(world: World) -> None:
    # A listener's end cuts the last session short, so the mean is a little below.
    assert 0.85 * LENGTH < world.sessions.length.mean() <= LENGTH
    assert world.sessions.length.sum() == world.size.listens


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 4), st.integers(28, 60), st.integers(0, 1000))
def test_the_busiest_worlds_still_fit_into_their_days(listeners: int, days: int, seed: int) -> None:
    size = DemoSize(listeners=listeners, tracks=30, artists=5, listens=10 * listeners * days, days=days)
    world = make_world(size, seed=seed)
    people, sessions = world.listeners, world.sessions
    local = local_ms(world)
    assert (local >= people.first_day[sessions.listener].astype(np.int64) * DAY_MS).all()
    ends = local + sessions.length * SLOT_MS
    assert (ends <= people.last_day[sessions.listener].astype(np.int64) * DAY_MS).all()


def test_commutes_are_in_the_morning_and_the_evening_of_working_days(world: World) -> None:
    local = local_ms(world)
    hour, weekend = local // HOUR_MS % 24, (local // DAY_MS + 3) % 7 >= 5
    commute = world.sessions.activity == 0
    seen = np.bincount(hour[commute & ~weekend], minlength=24) / (commute & ~weekend).sum()
    assert np.abs(seen - hours()[0, 0]).max() < 0.03
    assert seen[[7, 8, 9, 16, 17, 18]].sum() > 0.75
    assert commute[~weekend].mean() > 3 * commute[weekend].mean()


def test_the_null_world_breaks_the_tie_of_hour_and_activity(null: World) -> None:
    hour = local_ms(null) // HOUR_MS % 24
    rush, commute = np.isin(hour, [7, 8, 9, 16, 17, 18]), null.sessions.activity == 0
    error = np.sqrt(rush.mean() * (1 - rush.mean()) / commute.sum())
    assert abs(rush[commute].mean() - rush.mean()) < 4 * error


def test_cars_are_for_commutes(world: World, null: World) -> None:
    def in_cars(some: World) -> float:
        return float((some.sessions.activity[some.sessions.device == 3] == 0).mean())

    assert in_cars(world) > 0.9
    assert in_cars(null) < 0.25


def test_listeners_who_leave_fade_first(world: World) -> None:
    rng = np.random.default_rng(6)
    people = make_listeners(20_000, world.artists, 360, rng)
    sessions = make_sessions(600_000, people, clock_matters=True, rng=rng)
    who = sessions.listener
    day = (sessions.start_ms + people.offset_ms[who]) // DAY_MS
    mine = (people.churned & (people.last_day - people.first_day > 3 * FADE_DAYS))[who]
    left = people.last_day[who] - day
    final, before = (mine & (left <= 20)).sum(), (mine & (left > FADE_DAYS) & (left <= FADE_DAYS + 20)).sum()
    # The rate falls in a line from 1 to 0.1 over 60 days: 0.25 on average over the last 20.
    assert final / before == pytest.approx(0.25, abs=0.03)


def test_every_listener_s_days_lie_inside_the_world(world: World) -> None:
    people = world.listeners
    first = people.first_day.astype(np.int64) * DAY_MS - people.offset_ms
    last = people.last_day.astype(np.int64) * DAY_MS - people.offset_ms
    assert (first >= END_MS - world.size.days * DAY_MS).all()
    assert (last <= END_MS).all()
    assert (last > END_MS - DAY_MS)[~people.churned].all()
