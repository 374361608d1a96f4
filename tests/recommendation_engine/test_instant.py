"""What is told counts in the next answer, and is as if it had never been when it is taken back."""

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.recommendation_engine.conftest import MORNING

from ml.data.identity import merge
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation.errors import BadInput, UnknownId
from ml.models.plays import UNDATED, Plays
from ml.recommendation_engine import RecommendationEngine
from ml.recommendation_engine.session import MINUTE_MS, artist_damping, weigh

ME = "test:calm-0"
EVERYTHING = {"count": 91, "max_per_artist": 91, "familiar_ratio": 0.5}


def new_and_known(desk):
    """A track that a listener does not know, and one that they do."""
    tracks = desk.ask(ME, **EVERYTHING).tracks
    return [next(track for track in tracks if track.familiar is known) for known in (False, True)]


@pytest.mark.parametrize(
    ("event", "more"),
    [
        ("play", {}),
        ("skip", {"ms_played": 2_000}),
        ("skip", {"ms_played": 90_000}),
        ("like", {}),
        ("dislike", {}),
        ("block", {}),
        ("hide_artist", {}),
        ("not_now", {}),
        ("add_to_playlist", {}),
        ("seek", {"ms_played": 60_000, "to_ms": 5_000}),
    ],
)
@pytest.mark.parametrize("known", [False, True])
def test_every_event_changes_the_next_answer_and_undo_restores_the_one_before(desk, event, more, known):
    track = new_and_known(desk)[known]
    before = desk.ask(ME, **EVERYTHING)
    recorded = desk.engine.record(ME, track.item_id, event=event, at=desk.clock.now, **more)
    after = desk.ask(ME, **EVERYTHING)
    if (event, known, more.get("ms_played")) != ("skip", True, 90_000):  # says nothing new of what is known
        assert after.tracks != before.tracks
    undone = desk.engine.record(ME, event="undo", event_id=recorded.event_id)
    assert (undone.event, undone.event_id, undone.item_id) == ("undo", recorded.event_id, recorded.item_id)
    assert desk.ask(ME, **EVERYTHING) == before


@pytest.mark.parametrize(("event", "back"), [("block", "unblock"), ("hide_artist", "show_artist")])
def test_what_lifts_a_block_can_be_undone_too(desk, event, back):
    track = new_and_known(desk)[0]
    free = desk.ask(ME, **EVERYTHING)
    desk.tell(ME, track.item_id, event, minutes=0)
    blocked = desk.ask(ME, **EVERYTHING)
    desk.tell(ME, track.item_id, back, minutes=0)
    assert desk.ask(ME, **EVERYTHING) == free
    desk.engine.undo(ME)
    assert desk.ask(ME, **EVERYTHING) == blocked


def test_a_hidden_artist_is_gone_with_all_tracks_and_comes_back(desk):
    track = new_and_known(desk)[0]
    hidden = desk.engine.record(ME, track.item_id, event="hide_artist")
    assert hidden.title == track.artist
    assert track.artist not in {each.artist for each in desk.ask(ME, **EVERYTHING).tracks}
    desk.engine.record(ME, track.artist, event="show_artist")
    assert track.artist in {each.artist for each in desk.ask(ME, **EVERYTHING).tracks}


def test_not_now_comes_back_after_a_week_or_when_it_is_said(desk):
    new, known = new_and_known(desk)
    desk.tell(ME, new.item_id, "not_now", minutes=0)
    desk.tell(ME, known.item_id, "not_now", minutes=0, until=MORNING + timedelta(hours=3))

    def offered():
        return {new.item_id, known.item_id} & {track.item_id for track in desk.ask(ME, **EVERYTHING).tracks}

    assert offered() == set()
    desk.clock.pass_(hours=4)
    assert offered() == {known.item_id}
    desk.clock.pass_(days=6, hours=19)
    assert offered() == {known.item_id}
    desk.clock.pass_(hours=1)
    assert offered() == {new.item_id, known.item_id}


def test_a_like_speaks_for_what_goes_with_it_and_the_last_word_counts(desk):
    odd = "test:track/odd-1"
    without = desk.share(ME, "odd", count=20)
    desk.tell(ME, odd, "like", minutes=0)
    liked = desk.ask(ME, familiar_ratio=1.0, count=40)
    assert "you liked it, kept it or went back in it" in [track.why for track in liked.tracks]
    assert desk.share(ME, "odd", count=20) > without
    reasons = [track for track in desk.ask(ME).tracks if any(each.item_id == odd for each in track.because)]
    assert reasons
    assert all(track.why.startswith("because you played, liked or kept") for track in reasons)
    desk.tell(ME, odd, "dislike", minutes=0)
    assert desk.share(ME, "odd", count=20) == without
    assert "odd 1" not in desk.titles(ME, **EVERYTHING)
    desk.tell(ME, odd, "like", minutes=0)
    assert desk.ask(ME, familiar_ratio=1.0, count=40) == liked


def score_of(desk, title, **options):
    return next(track.score for track in desk.ask(ME, **EVERYTHING, **options).tracks if track.title == title)


def test_a_skip_within_30_s_counts_against_the_item_and_a_later_one_does_not(desk):
    known = new_and_known(desk)[1]
    before = score_of(desk, known.title)
    desk.engine.record(ME, known.item_id, event="skip", ms_played=30_000, at=MORNING - timedelta(hours=1))
    assert score_of(desk, known.title) == before
    desk.tell(ME, known.item_id, "skip", ms_played=29_999, minutes=0)
    assert score_of(desk, known.title) == pytest.approx(before / 2)
    desk.clock.pass_(days=300)
    later = score_of(desk, known.title)
    desk.engine.undo(ME)
    assert later == pytest.approx(score_of(desk, known.title), rel=1e-3)  # it has faded


def test_early_skips_of_an_artist_who_is_never_played_push_the_others_of_that_artist_down(desk):
    skipped = [f"test:track/odd-{number}" for number in (0, 6, 12)]
    for number in (1, 2):
        desk.tell(ME, f"test:track/odd-{number}")
    before = {title: score_of(desk, title) for title in ("odd 18", "odd 24", "odd 3")}
    for track in skipped:
        desk.tell(ME, track, "skip", ms_played=1_000, minutes=0)
    assert score_of(desk, "odd 18") < 0.8 * before["odd 18"]
    assert score_of(desk, "odd 24") < 0.8 * before["odd 24"]
    assert score_of(desk, "odd 3") == pytest.approx(before["odd 3"])


def test_scores_and_reasons_stay_exact_whatever_is_told(desk):
    for number in (1, 2):
        desk.tell(ME, f"test:track/odd-{number}")
    for number in (0, 6):
        desk.tell(ME, f"test:track/odd-{number}", "skip", ms_played=1_000)
    desk.tell(ME, "test:track/loud-1", "like")
    desk.tell(ME, "test:track/calm-1", "dislike")
    answer, checked = desk.ask(ME, count=80, max_per_artist=80), 0
    assert "odd artist 0" in {track.artist for track in answer.tracks}
    for track in answer.tracks:
        assert desk.engine.score(ME, track.item_id) == pytest.approx(track.score, abs=1e-6)
        for reason in track.because:
            again = desk.engine.score(ME, track.item_id, without=reason.item_id)
            assert again == pytest.approx(reason.score_without, abs=1e-6)
            assert reason.effect == pytest.approx(track.score - again, abs=1e-6)
            checked += 1
    assert checked > 30


def test_a_batch_knows_what_each_listener_said(desk):
    desk.tell(ME, "test:track/odd-1", "like")
    desk.tell("test:loud-0", "test:track/loud-1", "dislike")
    desk.tell("test:odd-0", "test:track/odd-2", "skip", ms_played=100)
    desk.engine.pause_history("test:odd-1")
    people = [ME, "test:odd-1", "test:loud-0", "nobody", "test:odd-0", ME]
    together = list(desk.engine.recommend_batch(people, count=20, reasons=3))
    for person, answer in zip(people, together, strict=True):
        alone = desk.engine.recommend(person, count=20, reasons=3)
        assert [track.item_id for track in answer.tracks] == [track.item_id for track in alone.tracks]
        assert answer.notices == alone.notices


def test_words_about_an_item_that_was_merged_are_words_about_what_it_became(desk):
    desk.tell(ME, "test:track/odd-1", "dislike", minutes=0)
    desk.tell(ME, "test:track/odd-7", "not_now", minutes=0)
    with desk.parts.store.write() as connection:
        merge(connection, "test:track/odd-2", "test:track/odd-1")
        merge(connection, "test:track/odd-8", "test:track/odd-7")
    for engine in (desk.engine, RecommendationEngine(desk.parts)):
        shown = {track.title for track in engine.recommend(ME, **EVERYTHING).tracks}
        assert not {"odd 1", "odd 2", "odd 7", "odd 8"} & shown
        assert {"odd 3", "odd 4"} <= shown


def test_a_paused_history_is_said_and_changes_no_answer(desk):
    before = desk.ask(ME, **EVERYTHING)
    state = desk.engine.pause_history(ME)
    assert state.paused
    assert datetime.fromisoformat(state.since).tzinfo is not None
    for event, more in (("play", {}), ("skip", {"ms_played": 5}), ("seek", {"ms_played": 9, "to_ms": 1})):
        recorded = desk.tell(ME, "test:track/odd-1", event, minutes=0, **more)
        assert recorded.event_id is None
        assert "history of this listener is paused" in recorded.notices[0]
        assert not recorded.stored
    paused = desk.ask(ME, **EVERYTHING)
    assert paused.tracks == before.tracks
    assert [note for note in paused.notices if note.startswith("the history is paused since 20")]
    block = desk.tell(ME, "test:track/odd-1", "block", minutes=0)
    # What was played just now was not kept: the last event that was is not what somebody means.
    with pytest.raises(BadInput, match="paused"):
        desk.engine.undo(ME)
    desk.engine.undo(ME, block.event_id)
    assert desk.engine.resume_history(ME).since is None
    assert desk.ask(ME, **EVERYTHING) == before
    assert desk.tell(ME, "test:track/odd-1").event_id


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"event": "lick"}, "unknown event 'lick'"),
        ({"event": None}, "unknown event None"),
        ({"event": "play", "ms_played": 2.5}, "2.5"),
        ({"event": "play", "ms_played": True}, "True"),
        ({"event": "play", "device": 3}, "3 is no text"),
        ({"event": "play", "at": "2026-01-01"}, "at = '2026-01-01'"),
        ({"event": "seek"}, "from where to where"),
        ({"event": "not_now", "at": MORNING, "until": MORNING - timedelta(1)}, "past"),
        ({"event": "like", "ms_played": 5}, "ms_played says nothing about 'like'"),
        ({"event": "play", "to_ms": 5}, "to_ms says nothing about 'play'"),
        ({"event": "block", "until": MORNING}, "until says nothing about 'block'"),
        ({"event": "not_now", "until": datetime(2026, 1, 1)}, "has no time zone"),
        ({"event": "undo"}, "undo takes back an event"),
        ({"event": "seek", "ms_played": -3}, "place in a track of -3 ms"),
    ],
)
def test_what_says_nothing_is_refused(desk, arguments, message):
    with pytest.raises(BadInput, match=message):
        desk.engine.record(ME, "test:track/odd-1", **arguments)
    with pytest.raises(UnknownId, match="nothing that was recorded"):
        desk.engine.undo(ME)


def test_an_event_needs_a_thing_and_an_artist_needs_to_be_known(desk):
    with pytest.raises(BadInput, match="'like' of what"):
        desk.engine.record(ME, event="like")
    with pytest.raises(UnknownId, match="no listener"):
        desk.engine.undo("nobody-at-all")


def test_a_kill_between_recording_and_asking_loses_nothing(desk):
    before = desk.titles(ME)
    assert desk.share(ME, "odd") == 0
    script = """
        import os, signal, sys
        from pathlib import Path
        from ml.app import App
        from ml.foundation.settings import Settings
        engine = App(Settings(), home=Path(sys.argv[1])).engine
        for number in (1, 2, 3):
            engine.record(sys.argv[2], f"test:track/odd-{number}")
        engine.record(sys.argv[2], sys.argv[3], event="dislike")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(desk.home), ME, new_and_known(desk)[0].item_id]
    killed = subprocess.run(command, env={**os.environ, "ML_HOME": str(desk.home)}, timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL
    after = RecommendationEngine(replace(desk.parts, clock=desk.clock)).recommend(
        ME, count=12, max_per_artist=12, familiar_ratio=0.0
    )
    assert before[0] not in [track.title for track in after.tracks]
    assert sum(track.title.startswith("odd") for track in after.tracks) >= 2


# --- the profile of the moment


def history(*plays, now=20_000 * MINUTE_MS):
    """Plays of one listener: (item, weight, age in minutes or None for no date)."""
    items, weights, ages = zip(*plays, strict=True)
    times = [UNDATED if age is None else now - int(age * MINUTE_MS) for age in ages]
    return Plays(
        np.array([0, len(plays)]),
        np.array(items, np.int32),
        np.array(weights, np.float32),
        np.array(times, np.int64),
        n_items=9,
        now=now,
    )


def test_a_play_of_this_moment_is_as_loud_as_asked_and_half_as_loud_later():
    old = [(0, 1.0, None)] * 10
    for age, loud in ((0, 20), (30, 10), (60, 5)):
        weighed = weigh(history(*old, (1, 1.0, age)), strength=2.0, half_life_ms=30 * MINUTE_MS)
        rest = 1 - 2 ** (-age / 30)  # of the play itself, in the long-term profile
        assert weighed.counts[0, 1] == pytest.approx(1 + loud + 2 * rest * 2 ** (-age / 30), rel=1e-3)
        assert weighed.counts[0, 0] == 10


def test_where_nothing_is_recent_or_everything_is_nothing_changes():
    old, today = history((0, 1.0, 10_000), (1, 2.0, None)), history((0, 1.0, 0), (1, 3.0, 0))
    assert weigh(old, strength=2, half_life_ms=30 * MINUTE_MS) is old
    assert weigh(today, strength=2, half_life_ms=30 * MINUTE_MS).weights.tolist() == [1, 3]
    assert weigh(today, strength=0, half_life_ms=30 * MINUTE_MS) is today


def test_within_a_minute_nothing_fades():
    plays = history((0, 1.0, None), (1, 1.0, 40), (2, 1.0, 0))
    first, later, next_minute = (
        weigh(replace(plays, now=plays.now + ms), strength=4, half_life_ms=30 * MINUTE_MS).weights.tolist()
        for ms in (0, MINUTE_MS - 1, MINUTE_MS)
    )
    assert first == later != next_minute


@given(
    st.lists(
        st.tuples(
            st.integers(0, 8),
            st.floats(0, 100, width=32),
            st.none() | st.floats(-5, 1e5),
        ),
        min_size=1,
        max_size=30,
    ),
    st.floats(0, 50),
)
def test_weights_only_grow_stay_finite_and_grow_with_freshness(plays, strength):
    given_ = history(*plays)
    weighed = weigh(given_, strength=strength, half_life_ms=30 * MINUTE_MS)
    assert np.isfinite(weighed.weights).all()
    assert (weighed.weights >= given_.weights * (1 - 1e-6)).all()
    assert (weighed.weights[given_.times == UNDATED] == given_.weights[given_.times == UNDATED]).all()
    loud = np.divide(weighed.weights, given_.weights, out=np.ones(len(plays)), where=given_.weights > np.float32(1e-20))
    said = given_.weights > np.float32(1e-20)
    order = np.argsort(given_.times[said], kind="stable")
    assert (np.diff(loud[said][order]) >= -1e-4 * loud[said][order][:-1]).all()


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_an_artist_is_never_damped_for_being_played_more_than_skipped(skips, plays):
    (factor,) = artist_damping(np.array([skips]), np.array([plays]))
    assert 0.6 < factor <= 1
    assert (factor == 1) == (skips <= plays or factor == 1)
    if skips <= plays:
        assert factor == 1


def test_a_skip_told_after_the_play_it_ends_is_added_to_it(desk):
    at = desk.clock.now
    play = desk.engine.record(ME, "test:track/odd-1", at=at)
    before = desk.ask(ME, **EVERYTHING)
    skip = desk.engine.record(ME, "test:track/odd-1", event="skip", at=at, ms_played=4_000)
    assert skip.event_id == play.event_id
    assert desk.ask(ME, **EVERYTHING).tracks != before.tracks


def test_a_like_of_what_the_models_do_not_know_yet_breaks_no_answer(desk):
    new = {"item_id": "test:track/new", "title": "A new one", "artist": "Somebody new"}
    load(desk.parts.store, [Batch("new", 0, {"items": pl.DataFrame([new])})])
    before = desk.ask(ME, **EVERYTHING)
    desk.tell(ME, "test:track/new", "like", minutes=0)
    assert desk.ask(ME, **EVERYTHING).tracks == before.tracks


@pytest.mark.parametrize("event_id", ["x", 1.5, True])
def test_an_event_is_named_by_its_number(desk, event_id):
    with pytest.raises(BadInput, match="event_id = "):
        desk.engine.undo(ME, event_id)


def test_a_language_that_nothing_is_said_in_is_refused_before_anything_is_stored(desk):
    desk.tell(ME, "test:track/odd-3", "like")
    before = [(track.item_id, track.score) for track in desk.ask(ME).tracks]
    with pytest.raises(BadInput, match="language"):
        desk.engine.record(ME, "test:track/odd-3", event="block", language="fr")
    with pytest.raises(BadInput, match="language"):
        desk.engine.undo(ME, language="fr")
    with pytest.raises(BadInput, match="language"):
        desk.engine.pause_history(ME, language="fr")
    assert [(track.item_id, track.score) for track in desk.ask(ME).tracks] == before


def test_replay_has_no_dial_and_says_so(desk):
    assert desk.tell(ME, "test:track/calm-3")
    assert any("nothing with replay" in each for each in desk.ask(ME, algorithm="replay", familiar_ratio=0).notices)
    assert not any("nothing with replay" in each for each in desk.engine.recommend(ME, algorithm="replay").notices)


def test_an_artist_is_not_played_where_tracks_are(desk):
    for event in ("play", "skip"):
        with pytest.raises(BadInput, match="'calm artist 0' is an artist, and what is played is a track"):
            desk.engine.record(ME, "calm artist 0", event=event)
    assert desk.engine.record(ME, "calm artist 0", event="like").stored


def test_whether_a_history_is_kept_can_be_asked(desk):
    assert desk.engine.history_state(ME).paused is False
    since = desk.engine.pause_history(ME).since
    assert (desk.engine.history_state(ME).paused, desk.engine.history_state(ME).since) == (True, since)
    with pytest.raises(UnknownId):
        desk.engine.history_state("test:nobody")


def test_nobody_has_an_empty_id(desk):
    with pytest.raises(BadInput, match="a listener's id is empty"):
        desk.engine.recommend("  ")
