from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.data.demo import PLANTED
from ml.data.demo.layout import Layout
from ml.data.demo.replays import roots


def layout(listener: np.ndarray, replays: np.ndarray, *, breaks: np.ndarray, rng: np.random.Generator) -> Layout:
    """Lay out listens; each session is of one activity."""
    begins = np.diff(listener, prepend=-1) > 0
    opens = begins | breaks
    session = (np.cumsum(opens) - 1).astype(np.int32)
    activity = rng.integers(0, 7, len(listener))[session].astype(np.int8)
    return Layout(session, listener.astype(np.int32), activity, replays & ~begins, opens)


@given(st.integers(1, 60), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_a_replay_goes_back_to_a_kept_discovery_of_its_own_listener(n: int, people: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    listener = np.sort(rng.integers(0, people, n))
    plan = layout(listener, rng.random(n) < 0.6, breaks=rng.random(n) < 0.2, rng=rng)
    kept = plan.replay | (np.diff(listener, prepend=-1) > 0) | (rng.random(n) < 0.7)
    root = roots(plan, kept, PLANTED, rng)
    assert (root[~plan.replay] == np.flatnonzero(~plan.replay)).all()
    assert (root[plan.replay] < np.flatnonzero(plan.replay)).all()
    assert (plan.listener[root] == plan.listener).all()
    assert not plan.replay[root].any()
    assert kept[root[plan.replay]].all()


def test_the_memory_fades_as_documented() -> None:
    # One discovery each at places 0..99, then one replay: 20,000 listeners tell the law of the lag.
    people, past = 20_000, 100
    listener = np.repeat(np.arange(people), past + 1)
    replays = np.tile(np.arange(past + 1) == past, people)
    rng = np.random.default_rng(4)
    plan = layout(listener, replays, breaks=np.zeros(len(listener), dtype=bool), rng=rng)
    root = roots(plan, np.ones(len(listener), dtype=bool), PLANTED, rng)
    lag = (np.arange(len(listener)) - root)[replays]
    assert (lag.min(), lag.max()) == (1, past)
    c = PLANTED.recency
    expected = np.diff(np.log(np.arange(past + 1) + c)) / np.log((past + c) / c)
    seen = np.bincount(lag, minlength=past + 1)[1:] / people
    assert (np.abs(seen - expected) < 5 * np.sqrt(expected / people)).all()


def test_a_run_goes_on_where_the_replay_before_left_off() -> None:
    people, past, more = 50, 40, 6
    listener = np.repeat(np.arange(people), past + more)
    replays = np.tile(np.arange(past + more) >= past, people)
    rng = np.random.default_rng(4)
    plan = layout(listener, replays, breaks=np.zeros(len(listener), dtype=bool), rng=rng)
    root = roots(plan, np.ones(len(listener), dtype=bool), replace(PLANTED, run=1.0), rng)
    heard = root.reshape(people, -1)[:, past:]
    began = (np.arange(people) * (past + more) + past)[:, None] - heard[:, :1]  # the lag of the first replay
    steps = np.diff(heard, axis=1)
    # One listen further each time; a run that catches up with its own beginning starts over.
    first_laps = np.arange(1, more)[None, :] < began
    assert (steps[first_laps] == 1).all()
