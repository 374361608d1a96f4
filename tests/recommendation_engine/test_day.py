"""A day of a listener: answers shift as one would expect, and the same day gives the same answers."""

from datetime import timedelta

import polars as pl
from tests.recommendation_engine.conftest import RELEASE

from ml.data.importers.base import Batch
from ml.data.ingest import load

ME = "test:both-0"


def unheard(desk, user, genre, count):
    """Ids of tracks of a genre that a listener does not know."""
    found = desk.ask(user, count=60, max_per_artist=60).tracks
    return [track.item_id for track in found if track.title.startswith(genre)][:count]


def test_a_day_shifts_the_answers(desk):
    loud, calm = unheard(desk, ME, "loud", 3), unheard(desk, ME, "calm", 4)
    before = desk.share(ME, "loud")

    # On the way to work, loud things.
    for track in loud:
        desk.tell(ME, track)
    on_the_way = desk.share(ME, "loud")
    assert on_the_way > before

    # At noon the mood changes: two loud tracks are skipped at once, four calm ones are heard.
    desk.clock.pass_(hours=4)
    for track in unheard(desk, ME, "loud", 2):
        desk.tell(ME, track, "skip", ms_played=4_000)
    for track in calm:
        desk.tell(ME, track)
    assert desk.share(ME, "loud") < on_the_way
    assert desk.share(ME, "calm") > 0.5

    # The evening is another session: the mood of noon has faded, what was heard stays.
    noon = desk.share(ME, "calm")
    desk.clock.pass_(hours=9)
    assert desk.share(ME, "calm") < noon
    assert not {*loud, *calm} & {track.item_id for track in desk.ask(ME, count=60).tracks}


def test_the_mood_changes_within_a_session(desk):
    shares = [desk.share(ME, "loud")]
    for track in unheard(desk, ME, "loud", 3):
        desk.tell(ME, track)
        shares.append(desk.share(ME, "loud"))
    up = shares[-1]
    for track in unheard(desk, ME, "calm", 6):
        desk.tell(ME, track)
    assert up > shares[0]
    assert desk.share(ME, "loud") < up


def test_plays_of_another_genre_bring_that_genre(desk):
    assert desk.share("test:calm-1", "odd") == 0
    shares = [desk.tell("test:calm-1", f"test:track/odd-{n}") and desk.share("test:calm-1", "odd") for n in range(4)]
    assert shares == sorted(shares)
    assert shares[-1] > 1 / 3


def test_a_session_of_a_stranger_grows_into_a_taste(desk):
    assert desk.ask("test:new").algorithm == "popularity"
    for number in range(2):
        desk.tell("test:new", f"test:track/odd-{number}")
    assert desk.share("test:new", "odd") == 1


def test_a_release_that_nobody_has_heard_is_offered_to_those_who_like_its_artist(desk):
    similar = [item.item_id for item in desk.engine.similar("test:track/calm-0", count=30).items]
    assert RELEASE in similar  # of its genre, behind those that somebody heard, and before all others
    before = desk.titles("test:calm-2", algorithm="content", count=20).index("calm new")
    desk.tell("test:calm-2", "calm artist 0", "like")
    after = desk.titles("test:calm-2", algorithm="content", count=20)
    assert after.index("calm new") < before
    assert after.index("calm new") < 3
    assert "calm new" in desk.titles("test:calm-2")


def test_a_release_of_today_is_offered_once_the_models_have_learned_of_it(desk):
    release = {"item_id": "test:track/odd-new", "title": "odd new", "artist": "odd artist 0", "genres": ["odd"]}
    load(desk.app.workspace.store, [Batch("release", 0, {"items": pl.DataFrame([release])})])
    assert "odd new" not in desk.titles("test:odd-3", count=60, max_per_artist=60)
    desk.app.train(judge=False)
    assert "odd new" in desk.titles("test:odd-3", count=20)
    assert "odd new" not in desk.titles("test:calm-3", count=20)


def test_the_same_day_gives_the_same_answers(desk):
    def day():
        answers = []
        for number, event in enumerate(("play", "like", "skip", "play", "dislike", "not_now")):
            desk.tell(ME, f"test:track/odd-{number}", event, **({"ms_played": 9_000} if event == "skip" else {}))
            answers.append(desk.ask(ME, familiar_ratio=0.3))
        return answers

    first, end = day(), desk.clock.now
    for _ in first:
        desk.engine.undo(ME)
    desk.clock.now = end - timedelta(minutes=18)
    assert day() == first


def test_the_same_seed_gives_the_same_list(desk):
    before = desk.ask(ME, familiar_ratio=0.3)
    version = desk.app.model_card()["version"]
    desk.app.train(judge=False)
    assert desk.app.model_card()["version"] != version
    assert desk.ask(ME, familiar_ratio=0.3) == before
