"""Long lists: as many tracks as are asked for, and a search that does not grow with the square of them."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.playlist_generator import composing
from ml.playlist_generator.leading.path import _first_of_each
from ml.playlist_generator.ordering.beam import beam_search
from ml.playlist_generator.ordering.improving import Objective, improve
from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Table


def narrow(monkeypatch, considered=20):
    monkeypatch.setitem(composing.EFFORTS, "fast", replace(composing.EFFORTS["fast"], considered=considered))


def test_more_tracks_than_are_usually_looked_at_are_found(generator, monkeypatch):
    narrow(monkeypatch)
    found = generator.generate(count=60, artist_gap=1)
    assert len(found.tracks) == 60
    assert found.complete
    assert found.considered >= 60


def test_minutes_for_more_tracks_than_are_usually_looked_at_are_filled(generator, monkeypatch):
    narrow(monkeypatch)
    found = generator.generate(minutes=183, artist_gap=0)
    assert found.complete
    assert abs(found.duration_s - 183 * 60) <= 30


def test_more_tracks_than_there_are_is_said(generator):
    found = generator.generate(count=200, artist_gap=0)
    assert len(found.tracks) == 80
    assert [conflict.names for conflict in found.conflicts] == [("count",)]
    assert not found.complete


def test_a_long_path_has_as_many_places_as_asked(generator, monkeypatch):
    narrow(monkeypatch)
    found = generator.path("test:track/jazz-0", "test:track/techno-1", count=60, max_per_artist=10, artist_gap=0)
    assert len(found.tracks) == 60
    assert (found.tracks[0].track_id, found.tracks[-1].track_id) == ("test:track/jazz-0", "test:track/techno-1")
    assert found.complete


def line(n, m, **rules):
    """Tracks on a line: a step costs how far it goes, so that the cheapest order is theirs."""
    places = np.arange(m, dtype=np.float32)
    steps = np.abs(places[:, None] - places[None, :]) / m
    table = Table.of(np.ones(m, np.float32), steps, n)
    same = np.arange(m)
    return Objective(table, Rules(np.full(m, 1000), same, same, same, np.zeros(m, int), **rules))


def test_a_long_list_with_two_tracks_changed_over_is_mended():
    objective = line(120, 120)
    shaken = np.arange(120)
    shaken[[40, 60]] = shaken[[60, 40]]
    np.testing.assert_array_equal(improve(shaken, objective, replacing=False), np.arange(120))


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 10_000), gap=st.integers(0, 6))
def test_long_lists_get_no_worse_repeat_nothing_and_keep_what_is_firm(seed, gap):
    rng = np.random.default_rng(seed)
    m, n = 90, 60
    table = Table.of(rng.random(m).astype(np.float32), rng.random((m, m)).astype(np.float32), n)
    durations = rng.integers(100_000, 300_000, m)
    window = (int(durations.mean()) * n - 30_000, int(durations.mean()) * n + 30_000)
    artists = rng.integers(0, 25, m)
    rules = Rules(
        *(durations, artists, artists, np.arange(m), np.zeros(m, int)),
        window_ms=window,
        artist_gap=gap,
        pinned={30: 7},
        firm=frozenset({30}),
    )
    objective = Objective(table, rules)
    for start in (rng.permutation(m)[:n], beam_search(table, rules, width=4)[0].astype(np.int64)):
        found = improve(start, objective)
        assert objective.worth(found[None, :])[0] <= objective.worth(start[None, :])[0] + 1e-9
        assert len(set(found.tolist())) == n
    assert found[30] == 7


def test_a_stretch_reaches_as_far_as_the_gap_does():
    rng = np.random.default_rng(3)
    n = 80
    artists = np.arange(n) % 10
    table = Table.of(np.ones(n, np.float32), rng.random((n, n)).astype(np.float32), n)
    rules = Rules(np.full(n, 1), artists, np.arange(n), np.arange(n), np.zeros(n, int), artist_gap=9)
    found = improve(np.arange(n), Objective(table, rules), replacing=False)
    assert rules.broken(found[None, :])[0] == 0


def test_what_is_looked_at_for_a_path_is_enough_for_it():
    ranked = np.tile(np.arange(50), (20, 1))
    assert len(_first_of_each(ranked, 30, 1)) >= 30
    assert len(_first_of_each(ranked[:, :5], 30, 1)) == 5
