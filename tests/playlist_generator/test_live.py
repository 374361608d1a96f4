"""Lists that grow and shrink, are edited and continued; radios; what is held stays where it is."""

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.store import Store
from ml.foundation.errors import BadInput, UnknownId
from ml.playlist_generator import GeneratorParts, PlaylistGenerator
from ml.playlist_generator.live.differences import difference
from ml.playlist_generator.live.planning import opened
from ml.playlist_generator.live.session import Session
from ml.playlist_generator.ordering.improving import Objective, improve
from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Table

TRACKS, ARTISTS = 120, 30
# Each example is a search: to shrink one takes minutes.
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
NOW = 1_795_600_000_000  # 2026-11-25


class Nobody:
    """Knows no listener."""

    def taste(self, user_id):
        return None

    def beside(self, keys):
        return None


def kind(number: int) -> str:
    return ("rock", "jazz")[number % 2]


def catalogue() -> pl.DataFrame:
    """Rock is fast and loud, jazz slow and calm; each artist plays one of them, four tracks of it."""
    numbers = range(TRACKS)
    return pl.DataFrame(
        {
            "kind": ["track"] * TRACKS,
            "item_id": [f"test:track/{number}" for number in numbers],
            "title": [f"{kind(number)} {number}" for number in numbers],
            "artist": [f"artist {number % ARTISTS}" for number in numbers],
            "duration_ms": [170_000 + 1000 * (number * 7 % 41) for number in numbers],
            "genres": [[kind(number)] for number in numbers],
        }
    )


def world() -> list[Batch]:
    tracks = catalogue()
    rng = np.random.default_rng(0)
    features = {
        "tempo_bpm": [(140.0, 80.0)[number % 2] + rng.normal() * 4 for number in range(TRACKS)],
        "energy": [(0.85, 0.2)[number % 2] + rng.uniform(-0.1, 0.1) for number in range(TRACKS)],
        "valence": [(0.8, 0.3)[number % 2] + rng.uniform(-0.1, 0.1) for number in range(TRACKS)],
        "danceability": [(0.8, 0.3)[number % 2] + rng.uniform(-0.1, 0.1) for number in range(TRACKS)],
        "acousticness": [(0.1, 0.9)[number % 2] + rng.uniform(-0.1, 0.1) for number in range(TRACKS)],
        "key": [float(rng.integers(12)) for _ in range(TRACKS)],
        "minor": [float(rng.integers(2)) for _ in range(TRACKS)],
    }
    names = tracks.select("kind", "item_id", "title", "artist")
    sounds = [
        names.with_columns(
            pl.lit("x").alias("extractor"), pl.lit("1").alias("version"), pl.lit(name).alias("feature")
        ).with_columns(pl.Series("value", values))
        for name, values in features.items()
    ]
    listens = names.head(1).with_columns(user_id=pl.lit("test:ann"), listened_at=pl.lit(NOW - 1000))
    entries = names.head(6).with_columns(
        playlist_id=pl.lit("test:list/1"), playlist=pl.lit("Given"), position=pl.int_range(6, dtype=pl.Int64)
    )
    frames = {"items": tracks, "features": pl.concat(sounds), "listens": listens, "playlists": entries}
    return [Batch("world", TRACKS, frames)]


def generator_of(store) -> PlaylistGenerator:
    return PlaylistGenerator(GeneratorParts(store, Nobody(), clock=lambda: NOW))


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    store = Store.at(tmp_path_factory.mktemp("world"))
    load(store, world())
    yield generator_of(store)
    store.close()


def ids(playlist) -> list[str]:
    return [track.track_id for track in playlist.tracks]


def number(track_id: str) -> int:
    return int(track_id.rpartition("/")[2])


def met(playlist, name: str) -> bool:
    return next(one.met for one in playlist.constraints if one.name == name)


# --- longer and shorter


@pytest.mark.parametrize(("minutes", "played"), [(60, 5), (20, 3), (30, 10), (30, 0)])
def test_another_length_keeps_what_was_played(generator, minutes, played):
    before = generator.generate(minutes=30, mood="energetic", seed=1)
    if minutes < 30:
        assert played < len(before.tracks)
    played = min(played, len(before.tracks))
    after = generator.resize(before, minutes=minutes, played=played)
    assert ids(after)[:played] == ids(before)[:played]
    assert abs(after.duration_s - 60 * minutes) <= 30
    assert after.complete
    assert len(set(ids(after))) == len(after.tracks)
    assert after.request["minutes"] == minutes


def test_a_list_that_grows_keeps_most_of_what_was_ahead(generator):
    before = generator.generate(count=8, mood="energetic", seed=1)
    after = generator.resize(before, count=14, played=2)
    assert len(after.tracks) == 14
    assert set(ids(before)) <= set(ids(after))


def test_pins_ahead_stay_and_those_behind_are_history(generator):
    pins = {2: "test:track/4", 9: "test:track/10"}
    before = generator.generate(count=10, genres=["rock"], pins=pins)
    after = generator.resize(before, count=12, played=4)
    assert ids(after)[1] == "test:track/4"
    assert ids(after)[8] == "test:track/10"
    assert after.complete


def test_what_was_played_since_may_stay_though_a_new_list_would_leave_it_out(generator):
    before = generator.generate(count=5, include=["test:track/0"])
    at = ids(before).index("test:track/0") + 1
    request = {**before.request, "include": [], "user_id": "test:ann", "not_played_days": 1}
    after = generator.resize(
        {"tracks": [one.to_dict() for one in before.tracks], "request": request}, count=8, played=5
    )
    assert at <= 5
    assert ids(after)[:5] == ids(before)
    assert after.complete


def test_a_prefix_that_breaks_the_rules_is_nobodys_fault(generator):
    """Artist 0 plays 0, 30, 60 and 90: twice in a row, and one track twice."""
    tracks = [{"track_id": f"test:track/{each}"} for each in (0, 30, 0, 2)]
    after = generator.resize({"tracks": tracks, "request": {"artist_gap": 3, "max_per_artist": 2}}, count=9, played=4)
    assert ids(after)[:4] == [one["track_id"] for one in tracks]
    assert not after.conflicts
    assert [one.name for one in after.constraints if not one.met] == ["artist_gap", "max_per_artist"]
    # Two of artist 0 are the most that were asked for, and three were played.
    assert all(number(one) % ARTISTS != 0 for one in ids(after)[4:])


def test_tracks_that_are_gone_are_left_out_and_said(generator):
    tracks = [{"track_id": "test:track/0"}, {"track_id": "gone:1"}, {"track_id": "test:track/2"}]
    after = generator.resize({"tracks": tracks, "request": {}}, count=5, played=3)
    assert ids(after)[:2] == ["test:track/0", "test:track/2"]
    assert "1 tracks of the list are not here any more and are left out" in after.notices


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "a new length"),
        ({"minutes": 10, "count": 3}, "a new length"),
        ({"minutes": 10, "played": 99}, "played = 99"),
        ({"minutes": 10, "played": True}, "played = True"),
        ({"minutes": 5, "played": 8}, "were played already"),
        ({"count": 3, "played": 8}, "were played already"),
    ],
)
def test_a_length_that_cannot_be_is_refused(generator, asked, said):
    before = generator.generate(count=8)
    with pytest.raises(BadInput, match=said):
        generator.resize(before, **asked)


def test_what_cannot_be_met_behind_what_was_played_is_named(generator):
    before = generator.generate(count=4, genres=["rock"])
    after = generator.resize(
        {"tracks": [one.to_dict() for one in before.tracks], "request": {"bpm": [1, 2]}}, count=8, played=4
    )
    assert not after.complete
    assert ids(after)[:4] == ids(before)
    assert {"bpm", "count"} <= {name for one in after.conflicts for name in one.names}


@settings(phases=QUICK, max_examples=12)
@given(
    count=st.integers(1, 20),
    to=st.integers(1, 24),
    played=st.integers(0, 20),
    gap=st.integers(0, 4),
    seed=st.integers(0, 5),
)
def test_held_tracks_never_move_and_nothing_comes_twice(generator, count, to, played, gap, seed):
    before = generator.generate(count=count, artist_gap=gap, seed=seed)
    played = min(played, count, to)
    after = generator.resize(before, count=to, played=played)
    assert ids(after)[:played] == ids(before)[:played]
    assert len(set(ids(after))) == len(after.tracks) == to
    artists = [number(one) % ARTISTS for one in ids(after)]
    assert all(artists[at] not in artists[max(0, at - gap) : at] for at in range(to))


def _rules(firm):
    """Four tracks; 0, 1 and 2 are by one artist, and 1 is pinned between two others of it."""
    n = 4
    return Rules(
        duration_ms=np.full(n, 180_000),
        artist=np.array([7, 7, 7, 8]),
        album=np.arange(n),
        song=np.arange(n),
        refused=np.zeros(n, dtype=np.int64),
        artist_gap=2,
        pinned={0: 0, 1: 1, 2: 2},
        firm=frozenset(firm),
    )


def test_what_is_held_is_not_given_up_for_other_rules():
    """With track 3 in the middle, two pairs less are too near: worth more than one pin, and less than a firm one."""
    table = Table(np.zeros((3, 4), np.float32), np.zeros((4, 4), np.float32))
    start = np.array([0, 1, 2])
    given_up = improve(start, Objective(table, _rules(())))
    assert given_up.tolist() != start.tolist()
    held = improve(start, Objective(table, _rules((0, 1, 2))))
    assert held.tolist() == start.tolist()


@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
def test_firm_positions_count_the_same_both_ways(order, firm):
    rules = replace(_rules(firm), pinned={0: 0, 1: 1, 3: 2})
    one = np.array(order[:3])
    replaced = rules.broken_by_replacing(one)
    for position in range(3):
        for track in range(4):
            changed = one.copy()
            changed[position] = track
            assert replaced[position, track] == pytest.approx(rules.broken(changed[None, :])[0])


# --- edited


def test_a_removed_track_is_replaced_and_the_others_stay(generator):
    before = generator.generate(count=8, mood="energetic")
    after = generator.edit(before, remove=[ids(before)[3]])
    assert [at for at, (old, new) in enumerate(zip(ids(before), ids(after), strict=True)) if old != new] == [3]
    assert ids(after)[3] not in ids(before)
    assert after.complete
    assert after.tracks[0].why.startswith("kept")
    # It does not come back in the next edit either.
    assert ids(before)[3] not in ids(generator.edit(after, keep=[]))


def test_a_pin_moves_a_track_and_what_stood_there_is_welcome_elsewhere(generator):
    before = generator.generate(count=8, mood="energetic")
    after = generator.edit(before, pin={1: ids(before)[5]})
    assert ids(after)[0] == ids(before)[5]
    assert set(ids(after)) == set(ids(before))
    assert ids(after)[1:5] == ids(before)[1:5]
    assert generator.edit(after, remove=[ids(after)[2]]).tracks[0].track_id == ids(before)[5]


def test_what_is_not_kept_is_made_anew_of_other_tracks(generator):
    before = generator.generate(count=8, mood="energetic")
    kept = [ids(before)[0], ids(before)[6]]
    after = generator.edit(before, keep=kept)
    assert [ids(after)[0], ids(after)[6]] == kept
    assert set(ids(after)) & set(ids(before)) == set(kept)
    assert after == generator.edit(before, keep=kept)
    assert not any(one.name == "others" for one in after.constraints)


def test_tracks_that_were_let_go_come_again_where_there_are_too_few_others(generator):
    before = generator.generate(count=40, genres=["rock"], artist_gap=0)
    after = generator.edit(before, keep=ids(before)[:1])
    assert len(after.tracks) == 40
    assert after.complete
    assert "there are too few others: tracks that were let go come again" in after.notices


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"remove": ["test:track/119"]}, "not in the list"),
        ({"keep": ["test:track/119"]}, "not in the list"),
        ({"pin": {1: "test:track/2", 2: "test:track/2"}}, "a track comes once"),
        ({"pin": {0: "test:track/2"}}, "a pinned position"),
    ],
)
def test_an_edit_that_cannot_be_is_refused(generator, change, said):
    before = generator.generate(count=5, exclude=["test:track/119"])
    with pytest.raises(BadInput, match=said):
        generator.edit(before, **change)
    with pytest.raises(BadInput, match="removed, and kept or pinned"):
        generator.edit(before, remove=[ids(before)[0]], pin={1: ids(before)[0]})
    with pytest.raises(UnknownId):
        generator.edit(before, pin={1: "nobody:knows"})


@settings(phases=QUICK, max_examples=12)
@given(data=st.data())
def test_an_edit_does_what_it_says(generator, data):
    before = generator.generate(count=10, seed=data.draw(st.integers(0, 3)))
    old = ids(before)
    removed = data.draw(st.sets(st.sampled_from(old), max_size=4))
    kept = data.draw(st.none() | st.sets(st.sampled_from(old), max_size=6))
    positions = data.draw(st.sets(st.integers(1, 10), max_size=3))
    free = [one for one in old if one not in removed] + ["test:track/100", "test:track/101"]
    pin = dict(zip(sorted(positions), data.draw(st.permutations(free)), strict=False))
    if kept is not None:
        kept -= removed
    after = generator.edit(before, pin=pin, remove=sorted(removed), keep=None if kept is None else sorted(kept))
    assert len(set(ids(after))) == len(after.tracks) == 10
    assert not removed & set(ids(after))
    assert all(ids(after)[position - 1] == one for position, one in pin.items())
    stay = set(old) - removed if kept is None else kept
    for at, one in enumerate(old):
        if one in stay and one not in pin.values() and at + 1 not in pin:
            assert ids(after)[at] == one


# --- as it stands


def test_a_list_in_another_order_is_the_same_but_for_its_flow(generator):
    made = generator.generate(genres=["rock"], count=8, arc="warm-up", artist_gap=0, seed=2)
    turned = generator.show(replace(made, tracks=made.tracks[::-1]))
    assert [track.track_id for track in turned.tracks] == [track.track_id for track in made.tracks[::-1]]
    assert turned.cost > generator.show(made).cost
    assert all(one.met for one in turned.constraints)
    assert [track.energy_wanted for track in turned.tracks] == [track.energy_wanted for track in made.tracks]
    plain = generator.generate(genres=["rock"], count=8)
    same = generator.show(plain.to_dict())
    assert (same.cost, same.tracks) == (plain.cost, plain.tracks)


def test_a_list_that_was_cut_no_longer_has_its_length(generator):
    made = generator.generate(minutes=30)
    cut = generator.show(replace(made, tracks=made.tracks[:3]))
    broken = [one for one in cut.constraints if not one.met]
    assert [one.name for one in broken] == ["duration"]
    assert broken[0].said.startswith("length: asked for 30:00 (within 30 s), got ")
    with pytest.raises(BadInput, match="nothing of the list is here"):
        generator.show({"tracks": [{"track_id": "test:track/gone"}]})


def test_reasons_call_what_a_list_is_like_by_its_name(generator):
    found = generator.generate(seeds=["test:track/4"], count=3)
    said = [track.why for track in found.tracks]
    assert any("rock 4" in each for each in said), said
    assert not any("test:track" in each for each in said)


def test_choices_tell_what_there_is(generator):
    told = generator.choices(language="de")
    assert {one.name for one in told.genres} == {"rock", "jazz"}
    assert (told.tracks, told.playable, told.years) == (TRACKS, 0, None)
    assert {"tempo_bpm", "energy", "key"} <= set(told.features)
    assert "loudness_lufs" not in told.features
    with pytest.raises(BadInput):
        generator.choices(language="fr")


# --- extended


def test_a_stored_list_goes_on_with_what_is_like_it(generator):
    """The stored list has three of each: only what is like one of them may follow, and both kinds are."""
    found = generator.extend("Given", count=6, threshold=0.6)
    assert found.playlist_id == "test:list/1"
    assert (found.before, len(found.added)) == (6, 6)
    assert not {track.track_id for track in found.added} & {f"test:track/{each}" for each in range(6)}


def test_a_threshold_lets_nothing_else_in(generator):
    rock = generator.generate(count=6, genres=["rock"], seed=2)
    rock = {"tracks": [one.to_dict() for one in rock.tracks], "request": {}}
    near = generator.extend(rock, count=10, threshold=0.6)
    assert len(near.added) == 10
    assert all(number(track.track_id) % 2 == 0 for track in near.added)
    assert met(near, "threshold")
    assert generator.extend(rock, threshold=1.0).added == ()
    assert len(generator.extend(rock, minutes=20).added) > 0
    few = generator.extend(rock, count=60, threshold=0.6)
    assert len(few.added) < 60
    assert any("more tracks are so much like the list" in one for one in few.notices)


def test_a_threshold_alone_takes_all_that_fit(generator):
    rock = generator.generate(count=6, genres=["rock"], seed=2)
    rock = {"tracks": [one.to_dict() for one in rock.tracks], "request": {"artist_gap": 0}}
    assert len(generator.extend(rock, threshold=0.6).added) == 50
    assert not generator.extend(rock, threshold=0.6).conflicts


def test_a_length_of_an_extension_is_that_of_what_is_added(generator):
    found = generator.extend("given", minutes=15)
    assert abs(found.added_s - 900) <= 30
    assert abs(found.before_s - 6 * 180) < 120


@pytest.mark.parametrize(
    "asked", [{}, {"minutes": 3, "count": 2}, {"threshold": 2}, {"threshold": True}, {"count": 0}, {"count": 1, "x": 1}]
)
def test_an_extension_that_cannot_be_is_refused(generator, asked):
    with pytest.raises(BadInput):
        generator.extend("Given", **asked)
    with pytest.raises(UnknownId):
        generator.extend("No such list", count=1)


# --- radio


def test_a_radio_never_repeats_itself_and_ends_when_all_was_played(generator):
    radio = generator.radio(seed=4)
    given = []
    while (track := radio.next()) is not None:
        given.append(track.track_id)
        assert len(given) <= TRACKS
    assert sorted(given) == sorted(f"test:track/{each}" for each in range(TRACKS))
    assert radio.next() is None


def test_a_radio_is_the_same_by_its_seed_and_goes_on_from_its_state(generator):
    def some(radio, n):
        return [radio.next().track_id for _ in range(n)]

    first, second = generator.radio(seed=7, mood="calm"), generator.radio(seed=7, mood="calm")
    assert some(first, 7) == some(second, 7)
    first.skipped(first.history[-1][0], 2_000)
    second.skipped(second.history[-1][0], 2_000)
    third = generator.radio(state=json.loads(json.dumps(first.state())))
    assert some(first, 6) == some(second, 6) == some(third, 6)
    assert first.state() == third.state()


def test_what_is_like_a_skipped_track_sinks_and_its_artist_rests(generator):
    first = number(generator.radio(seed=1).next().track_id) % 2
    for skipped in (0, 1):
        radio = generator.radio(seed=1)
        for each in range(3):
            radio.skipped(f"test:track/{20 * each + skipped}", 3_000)
        come = [number(radio.next().track_id) for _ in range(7)]
        # Without a skip, all of a plan are of one kind, for the sake of the transitions.
        assert all(each % 2 != skipped for each in come)
        assert not {(20 * each + skipped) % ARTISTS for each in range(3)} & {each % ARTISTS for each in come}
    assert [number(one.track_id) % 2 for one in _five(generator.radio(seed=1))] == [first] * 5


def _five(radio):
    return [radio.next() for _ in range(5)]


def test_what_was_heard_speaks_for_its_kind(generator):
    """A skip among many tracks of one kind that were heard sinks that kind less than a skip alone."""
    with opened(generator._parts, generator._read) as desk:
        events = [("test:track/0", "skipped", 1_000)]
        alone = Session.of(desk, events, 0).unlike_skipped(())
        heard = [(f"test:track/{each}", "played", None) for each in (2, 4, 6, 8)]
        among = Session.of(desk, [*events, *heard], 0).unlike_skipped(())
        cut = [(track, what, 10_000) for track, what, _ in heard]
        hardly = Session.of(desk, [*events, *cut], 0).unlike_skipped(())
    rock, jazz = np.arange(TRACKS) % 2 == 0, np.arange(TRACKS) % 2 == 1
    assert alone[rock].max() < alone[jazz].min()
    assert among[rock].mean() > alone[rock].mean() + 0.2
    assert np.array_equal(hardly, alone)


def test_a_skip_changes_what_is_ahead(generator):
    radio = generator.radio(genres=["rock"], seed=3)
    track = radio.next()
    planned = [one.track_id for one in radio.ahead]
    artist = number(track.track_id) % ARTISTS
    radio.skipped(track.track_id, 1_000)
    assert radio.ahead == ()
    following = [radio.next().track_id for _ in range(8)]
    assert following != planned
    assert all(number(one) % ARTISTS != artist for one in following)
    assert track.track_id not in following


def test_a_radio_with_an_end_plays_as_long_as_was_said(generator):
    radio = generator.radio(minutes=30, mood="energetic", arc="peak", seed=2)
    total = 0.0
    place = 0
    while (track := radio.next()) is not None:
        if place in (1, 4):
            radio.skipped(track.track_id, 20_000)
            total += 20
        else:
            radio.played(track.track_id)
            total += track.duration_s
        place += 1
    assert abs(total - 1800) <= 30


def test_a_track_that_took_longer_moves_the_end_of_the_others(generator):
    radio = generator.radio(minutes=30, seed=2)
    track = radio.next()
    radio.played(track.track_id, 60_000)
    rest = []
    while (following := radio.next()) is not None:
        rest.append(following.duration_s)
    assert abs(60 + sum(rest) - 1800) <= 30


def test_a_radio_is_planned_to_another_end(generator):
    radio = generator.radio(mood="energetic", seed=2)
    for _ in range(4):
        radio.next()
    heard = {track_id for track_id, _ in radio.history}
    ahead = radio.replan(20)
    assert abs(sum(track.duration_s for track in ahead) - 1200) <= 30
    assert not heard & {track.track_id for track in ahead}
    shorter = radio.replan(9)
    assert abs(sum(track.duration_s for track in shorter) - 540) <= 30
    radio.replan(None)
    assert len([radio.next() for _ in range(12)]) == 12


def test_a_radio_of_so_many_tracks_counts_what_was_not_skipped(generator):
    radio = generator.radio(count=5, seed=2)
    given = 0
    while (track := radio.next()) is not None:
        given += 1
        if given == 2:
            radio.skipped(track.track_id)
    assert given == 6


@pytest.mark.parametrize("asked", [{"arc": "peak"}, {"pins": {1: "test:track/1"}}, {"include": ["test:track/1"]}])
def test_a_radio_that_cannot_be_is_refused(generator, asked):
    with pytest.raises(BadInput):
        generator.radio(**asked)


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"request": 3},
        {"request": {}, "mood": 1},
        {"request": {}, "events": [{"track_id": "a", "what": "eaten"}]},
        {"request": {}, "events": [{"what": "played"}]},
        {"request": {}, "events": 5},
        {"request": {}, "ahead": [{"title": "x"}]},
        {"request": {}, "since": "x"},
    ],
)
def test_a_damaged_state_is_refused(generator, state):
    with pytest.raises(BadInput):
        generator.radio(state=state)


def test_a_radio_refuses_what_it_does_not_know(generator):
    radio = generator.radio()
    with pytest.raises(UnknownId):
        radio.skipped("nobody:knows")
    with pytest.raises(BadInput):
        radio.played("test:track/1", -1)
    with pytest.raises(BadInput):
        generator.radio(state=radio.state(), mood="calm")


@settings(phases=QUICK, max_examples=10)
@given(st.lists(st.sampled_from(["play", "skip", "part", "outside"]), max_size=20), st.integers(0, 3))
def test_whatever_happens_a_radio_does_not_repeat_itself(generator, happenings, seed):
    radio = generator.radio(seed=seed)
    songs = []
    for each in happenings:
        track = radio.next()
        assert track.track_id not in songs
        songs.append(track.track_id)
        if each == "skip":
            radio.skipped(track.track_id, 1_000)
        elif each == "part":
            radio.played(track.track_id, 30_000)
        elif each == "outside":
            other = next(f"test:track/{n}" for n in range(TRACKS) if f"test:track/{n}" not in songs)
            radio.played(other)
            songs.append(other)
    assert len({track_id for track_id, _ in radio.history}) == len(radio.history)


# --- differences


def test_a_difference_says_as_few_moves_as_explain_it():
    old, new = "abcdef", "bcdaxf"
    found = difference([(one, one) for one in old], [(one, one) for one in new])
    assert [one.track_id for one in found.moved] == ["a"]
    assert [(one.track_id, one.before, one.after) for one in found.added] == [("x", None, 5)]
    assert [(one.track_id, one.before) for one in found.removed] == [("e", 5)]
    assert [one.track_id for one in found.kept] == list("bcdf")


@given(st.lists(st.sampled_from("abcdefgh"), max_size=10), st.lists(st.sampled_from("abcdefgh"), max_size=10))
def test_a_difference_makes_the_new_list_of_the_old(old, new):
    found = difference([(one, one) for one in old], [(one, one) for one in new])
    assert list(found.apply(old)) == new
    assert len(found.kept) + len(found.moved) + len(found.removed) == len(old)
    assert len(found.kept) + len(found.moved) + len(found.added) == len(new)


def test_a_difference_of_another_list_is_refused():
    found = difference([("a", "a")], [("b", "b")])
    with pytest.raises(ValueError, match="not one of this list"):
        found.apply(["c"])
