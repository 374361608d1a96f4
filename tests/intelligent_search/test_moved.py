"""What moves hits a little: the situation, the listener's languages, and plays that were recorded since."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from ml.foundation.errors import BadInput, NotTrained
from ml.intelligent_search import SearchEngine
from ml.models.tastes import Scores


class Situations:
    """Knows one track that is eight times as likely."""

    def __init__(self, key):
        self._key = key

    def suited(self, context):
        assert context == {"activity": "workout"}
        return Scores(np.array([self._key]), np.log(np.array([8.0], np.float32)), np.zeros(1, np.bool_))

    def beside(self, keys):
        raise NotTrained("no models", "ml train")


@pytest.fixture
def parts(app):
    return app.search_parts()


@pytest.fixture
def track(parts):
    with parts.store.read() as connection:
        return connection.exec_driver_sql("SELECT key FROM items WHERE name = 'Группа крови'").scalar_one()


def scores(found):
    return {hit.id: hit.score for hit in found.hits}


def test_a_situation_moves_hits_by_a_twentieth_at_most_and_says_so(parts, track):
    engine = SearchEngine(replace(parts, tastes=Situations(track)))
    plain, moved = engine.search("sad rock"), engine.search("sad rock", context={"activity": "Joggen"})
    hit = next(hit for hit in moved.hits if hit.name == "Группа крови")
    assert hit.parts["situation"] == pytest.approx(1 - 1 / 8, abs=1e-4)
    assert "suits the situation" in hit.why
    for name, score in scores(moved).items():
        assert score - scores(plain)[name] == pytest.approx(0.05 * 7 / 8 * (name == hit.id), abs=1e-3)


def test_what_is_called_so_stays_first(parts, track):
    engine = SearchEngine(replace(parts, tastes=Situations(track)))
    assert engine.search("yesterday", context={"activity": "workout"}).hits[0].name == "Yesterday"


def test_it_can_be_switched_off(parts, track):
    engine = SearchEngine(replace(parts, tastes=Situations(track), personal=False))
    assert engine.search("rock", context={"activity": "workout"}).hits == engine.search("rock").hits


def test_models_know_what_suits(search):
    found = search("rock", kinds=["track"], context={"activity": "workout"})
    suited = {hit.name: hit.parts.get("situation", 0.0) for hit in found.hits}
    assert suited["Группа крови"] > suited["No Surprises"]


@pytest.mark.parametrize(
    ("context", "says"),
    [({"weather": "rain"}, "unknown context 'weather'"), ({"activity": "xqz"}, "xqz"), ("workout", "context")],
)
def test_a_situation_that_cannot_be_asked_is_said(search, context, says):
    with pytest.raises(BadInput, match=says):
        search("rock", context=context)


def test_without_models_a_situation_has_no_say_and_that_is_said(parts):
    class Untrained(Situations):
        def suited(self, context):
            raise NotTrained("no models", "ml train")

    engine = SearchEngine(replace(parts, tastes=Untrained(1)))
    found = engine.search("rock", context={"activity": "workout"}, language="de")
    assert any("die Situation zählt nicht" in notice for notice in found.notices)
    assert scores(found) == scores(engine.search("rock"))


def test_songs_in_a_language_that_a_listener_plays_come_up_a_little(search):
    found = search("rock", kinds=["track"], user_id="test:user/0")
    plain = search("rock", kinds=["track"])
    spoken = {hit.name: hit.parts.get("language", 0.0) for hit in found.hits}
    assert spoken["Creep"] == 1.0 > spoken["Группа крови"] > 0
    assert all(0 <= score - scores(plain)[name] <= 0.05 + 1e-4 for name, score in scores(found).items())


def test_plays_that_were_recorded_move_hits_without_anything_else_after_a_while(app, monkeypatch):
    search = app.search_engine.search
    before = search("", kinds=["track"], genres=["rock"])
    assert before.hits[0].name == "Help!" != before.hits[-1].name
    last = before.hits[-1]
    begin = datetime(2026, 7, 1, tzinfo=UTC)
    for minutes in range(0, 60, 5):
        app.engine.record("test:user/1", last.id, at=begin + timedelta(minutes=minutes), ms_played=200_000)
    assert search("", kinds=["track"], genres=["rock"]).hits[0].name == "Help!"
    monkeypatch.setattr("ml.intelligent_search.engine._PLAYS_S", 0.0)
    after = search("", kinds=["track"], genres=["rock"])
    assert (after.hits[0].name, after.hits[0].plays) == (last.name, last.plays + 12)
