"""Gaps and numbers of tracks count every artist that a track is credited to."""

from itertools import permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.app import App
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation.settings import Settings
from ml.playlist_generator.holding.budget import Budget
from ml.playlist_generator.holding.deciding import decide, keeps
from ml.playlist_generator.holding.demands import Cap, Count, Demands, Gap, Ground
from ml.playlist_generator.ordering.beam import beam_search
from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Table


def credits_of(rng, m, artists=5):
    """Two artists, or one and a number of no other track."""
    first = rng.integers(0, artists, m)
    second = np.where(rng.random(m) < 0.5, rng.integers(0, artists, m), -1 - np.arange(m))
    return first, np.stack([first, np.where(second == first, -1 - np.arange(m), second)], axis=1)


def rules_of(rng, m, **asked):
    first, named = credits_of(rng, m)
    none = np.zeros(m, dtype=np.int64)
    return Rules(none + 1000, first, np.arange(m), np.arange(m), none, credits=named, **asked)


def broken_by_hand(rules, one):
    """Pairs of a common artist too near, and tracks by an artist beyond the most."""
    sets = [set(rules.credits[track].tolist()) for track in one]
    near = sum(
        bool(sets[a] & sets[b]) for a in range(len(one)) for b in range(a + 1, min(len(one), a + rules.artist_gap + 1))
    )
    counts = {}
    for each in sets:
        for artist in each:
            counts[artist] = counts.get(artist, 0) + 1
    return near + sum(max(0, count - rules.max_per_artist) for count in counts.values())


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_what_is_broken_is_what_hands_count(seed):
    rng = np.random.default_rng(seed)
    m = int(rng.integers(5, 10))
    rules = rules_of(rng, m, artist_gap=int(rng.integers(1, 4)), max_per_artist=int(rng.integers(1, 3)))
    one = rng.permutation(m)[: int(rng.integers(2, m))]
    assert rules.broken(one[None, :])[0] == broken_by_hand(rules, one)
    changed = rules.broken_by_replacing(one)
    for position in range(len(one)):
        for track in set(range(m)) - set(one.tolist()):
            other = one.copy()
            other[position] = track
            assert changed[position, track] == pytest.approx(broken_by_hand(rules, other))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_what_is_decided_is_so(seed):
    rng = np.random.default_rng(seed)
    m, n = 6, 4
    first, named = credits_of(rng, m, artists=4)
    ground = Ground(np.full(m, 180_000), first, np.arange(m), np.arange(m), named)
    demands = Demands((Count(n, n, n), Gap("artist", int(rng.integers(1, 3))), Cap(int(rng.integers(1, 3)))))
    rules = demands.rules(ground, np.arange(m))
    there = any(rules.broken(np.array(order)[None, :])[0] == 0 for order in permutations(range(m), n))
    decision = decide(demands, ground, Budget(10, 60))
    assert decision.answer == ("yes" if there else "no")
    if there:
        assert keeps(demands.rules(ground, decision.rows), np.arange(n))


def test_the_beam_keeps_to_it():
    rng = np.random.default_rng(4)
    first, named = credits_of(rng, 60, artists=30)
    none = np.zeros(60, dtype=np.int64)
    rules = Rules(none + 1000, first, np.arange(60), np.arange(60), none, artist_gap=2, max_per_artist=2, credits=named)
    table = Table.of(np.ones(60, np.float32), rng.random((60, 60)).astype(np.float32), 12)
    for one in beam_search(table, rules, width=5):
        assert rules.broken(one[None, :])[0] == 0


@pytest.fixture
def duets(tmp_path):
    """Twelve tracks: six by Ann, and six by others, each with Ann as a guest; and six without her."""
    tracks = [
        *({"item_id": f"t:{n}", "title": f"alone {n}", "artist": "Ann"} for n in range(3)),
        *({"item_id": f"t:1{n}", "title": f"duet {n}", "artist": f"Other {n} feat. Ann"} for n in range(6)),
        *({"item_id": f"t:2{n}", "title": f"without {n}", "artist": f"Else {n}"} for n in range(6)),
    ]
    frame = pl.DataFrame([{**each, "duration_ms": 180_000, "genres": ["pop"]} for each in tracks])
    app = App(Settings(), home=tmp_path / "duets")
    load(app.workspace.store, [Batch("duets", 0, {"items": frame})])
    yield app
    app.close()


def with_ann(found):
    return [place for place, track in enumerate(found.tracks) if "Ann" in str(track.artist)]


def test_guests_count_for_the_most_tracks_of_an_artist(duets):
    found = duets.playlists.generate(count=8, max_per_artist=2, artist_gap=0, variety=0)
    assert found.complete
    assert len(with_ann(found)) == 2


def test_guests_keep_their_distance(duets):
    found = duets.playlists.generate(count=9, artist_gap=2)
    assert found.complete
    assert (np.diff(with_ann(found)) > 2).all()


def test_what_guests_make_impossible_is_said(duets):
    found = duets.playlists.generate(count=9, max_per_artist=2)
    (conflict,) = found.conflicts
    assert set(conflict.names) == {"count", "max_per_artist"}
    assert {one.name: one.enough for one in conflict.relaxations}["max_per_artist"] == 3
    held = duets.playlists.edit(duets.playlists.generate(count=6, artist_gap=2), pin={2: "t:10"})
    assert held.tracks[1].track_id == "t:10"
