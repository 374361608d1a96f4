"""Without profiling nothing that is known of a listener is read, and everybody gets the same answer."""

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from ml.data.schema import exposures
from ml.experiments import registry
from ml.experiments.definition import Definition
from ml.foundation.errors import BadInput

PERSONAL = ("listens", "play_counts", "feedback", "subjects", "blocks", "users", "exposures", "outcomes")


@contextmanager
def statements(store):
    """Collect the SQL that is run."""
    seen = []

    def listen(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", listen)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", listen)


def tables(seen):
    return {name for name in PERSONAL for statement in seen if re.search(rf"\b{name}\b", statement)}


def known(desk, user="test:calm-1"):
    """Let something of every kind be known of a listener."""
    desk.tell(user, "test:track/odd-1")
    desk.tell(user, "test:track/odd-2", "like")
    desk.tell(user, "test:track/loud-1", "block")
    desk.tell(user, "test:track/loud-2", "dislike")
    return user


OPTIONS = [
    {},
    {"context": {"activity": "workout"}},
    {"preferences": {"genres": ["odd"]}},
    {"algorithm": "hybrid", "familiar_ratio": 0.5},
    {"algorithm": "popularity_by_country"},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_nothing_personal_is_read(desk, options):
    user = known(desk)
    desk.ask(user)  # the models are there
    with statements(desk.parts.store) as seen:
        desk.ask(user, profiling=False, **options)
    assert seen
    assert tables(seen) == set()
    with statements(desk.parts.store) as seen:
        desk.ask(user, **options)
    assert {"listens", "feedback", "blocks", "users"} <= tables(seen)


def test_of_a_batch_either(desk):
    user = known(desk)
    desk.ask(user)
    with statements(desk.parts.store) as seen:
        first, second = desk.engine.recommend_batch([user, "test:loud-1"], profiling=False)
    assert tables(seen) == set()
    assert first.tracks == second.tracks


@pytest.mark.parametrize("options", OPTIONS)
def test_everybody_gets_the_same(desk, options):
    answers = [
        desk.ask(user, profiling=False, **options) for user in (known(desk), "test:loud-3", "test:nobody at all")
    ]
    assert answers[0].tracks
    for answer in answers[1:]:
        assert answer.tracks == answers[0].tracks
        assert answer.notices == answers[0].notices
    assert {track.familiar for track in answers[0].tracks} == {None}


def test_popularity_is_what_ranks(desk):
    plain = desk.ask("test:calm-1", profiling=False)
    assert plain.algorithm == "popularity"
    assert plain.familiar_ratio == 0
    assert plain.tracks == desk.ask("test:nobody", algorithm="popularity").tracks
    assert plain.notices == ("without profiling: nothing that is known of the listener was read; ranked by popularity",)


def test_what_the_request_says_counts(desk):
    asked = desk.ask("test:calm-1", profiling=False, preferences={"genres": ["odd"]})
    assert all(track.title.startswith("odd") for track in asked.tracks)
    assert asked.notices[0].endswith("ranked by popularity and by what the request itself says")


def test_what_would_need_a_history_is_said(desk):
    answer = desk.ask("test:calm-1", profiling=False, algorithm="ials", familiar_ratio=0.5, language="de")
    assert answer.notices[1:] == (
        "ials bräuchte den Verlauf des Hörers: ohne Profiling antwortet popularity",
        "familiar_ratio ändert ohne Profiling nichts: von nichts ist bekannt, dass es vertraut ist",
    )
    with pytest.raises(BadInput, match="'ials' needs the listener's history"):
        desk.ask("test:calm-1", profiling=False, algorithm="ials", strict=True)
    assert desk.ask("test:calm-1", profiling=False, algorithm="popularity_recent").algorithm == "popularity_recent"


def test_the_setting(desk):
    desk.parts.settings.profiling = False
    assert desk.ask("test:calm-1").algorithm == "popularity"
    assert desk.ask("test:calm-1", profiling=True, algorithm="item_knn").algorithm == "item_knn"


def test_no_experiment_is_met(desk):
    variants = [{"name": "A"}, {"name": "B", "parameters": {"max_per_artist": 1}}]
    registry.create(desk.parts.store, Definition.of({"name": "cap", "variants": variants, "metric": "plays"}))
    registry.start(desk.parts.store, "cap", share=1.0)

    def exposed():
        with desk.parts.store.read() as connection:
            return connection.execute(select(func.count()).select_from(exposures)).scalar_one()

    desk.engine.recommend("test:calm-1", profiling=False)
    assert exposed() == 0
    desk.engine.recommend("test:calm-1")
    assert exposed() == 1


def test_a_score_reads_nothing_either(desk):
    user, item = known(desk), "test:track/calm-1"
    with statements(desk.app.workspace.store) as seen:
        alone = desk.engine.score(user, item, profiling=False)
    assert not tables(seen)
    desk.parts.settings.profiling = False
    assert desk.engine.score("test:loud-3", item) == alone
    listed = desk.engine.recommend(user, count=100, max_per_artist=100).tracks
    assert alone == next(track.score for track in listed if track.item_id == item)


def test_an_evaluation_says_that_profiling_is_off(desk):
    desk.app.settings.recommendation_engine.profiling = False
    found = desk.app.evaluate(models=["popularity"])
    assert "profiling is off" in found.protocol.split
