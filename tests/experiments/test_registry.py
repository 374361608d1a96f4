"""An experiment's life in the store, and who is given what on the way."""

import json

import numpy as np
import pytest
from sqlalchemy import event, func, insert, select, update

from ml.data.schema import experiments, exposures, listens, outcomes, play_counts, users
from ml.experiments import registry
from ml.experiments.assignment import BUCKETS
from ml.experiments.definition import Definition
from ml.experiments.exposure import Running, expose
from ml.experiments.outcomes import record_outcome
from ml.foundation.errors import BadInput, UnknownId

LISTENERS, START = range(1, 401), 1_750_000_000_000

SURFACE = "recommendations"


def given(store, users=LISTENERS, running=None, *, write=True):
    """Ask for every listener's variants; write new ones down."""
    running, found = running or Running(), {}
    for user in users:
        with store.read() as connection:
            found[user] = running.assignments(connection, user, SURFACE)
        if write:
            expose(store, user, found[user], at=START)
    return found


def test_from_a_draft_to_an_end(store, defined):
    made = registry.create(store, defined())
    assert (made.state, made.share, made.exposed) == ("draft", 0.0, 0)
    assert not any(given(store).values()), "a draft touches nobody"
    running = registry.start(store, "warm-start", share=0.3)
    assert (running.state, running.share) == ("running", 0.3)
    found = {user: each[0].variant for user, each in given(store).items() if each}
    assert 0.2 * 400 < len(found) < 0.4 * 400
    assert 0.35 < np.mean([variant == "B" for variant in found.values()]) < 0.65
    with store.read() as connection:
        assert registry.find(connection, "warm-start").exposed == len(found)
    registry.ramp(store, "warm-start", share=0.8)
    more = {user: each[0].variant for user, each in given(store).items() if each}
    assert found.items() <= more.items(), "nobody who was in is out or moved"
    assert len(more) > 2 * len(found)
    ended = registry.stop(store, "warm-start")
    assert ended.state == "stopped"
    assert ended.stopped_at >= ended.started_at
    assert not any(given(store).values())
    with store.read() as connection:
        assert [each.name for each in registry.everything(connection)] == ["warm-start"]


def test_an_exposure_is_written_once(store, started):
    started()
    running = Running()
    first, second = given(store, [7], running)[7], given(store, [7], running)[7]
    assert (first[0].new, second[0].new) == (True, False)
    expose(store, 7, first, at=START + 99)
    with store.read() as connection:
        rows = connection.execute(select(exposures)).all()
    assert [(row.user_key, row.exposed_at, row.variant) for row in rows] == [(7, START, first[0].variant)]


def test_what_is_remembered_follows_the_store(store, started):
    """Another process starts and stops; the one that answers sees it with the next answer."""
    running = Running()
    assert given(store, [7], running)[7] == []
    started()
    assert given(store, [7], running)[7]
    registry.stop(store, "warm-start")
    assert given(store, [7], running)[7] == []


def test_two_of_a_layer_share_nobody_and_fill_it(store, started):
    one, other = started("one", share=0.6), started("other", share=0.4)
    assert not set(one.buckets) & set(other.buckets)
    assert all(len(each) == 1 for each in given(store).values())
    with pytest.raises(BadInput, match=r"has 0\.0% left, and one, other the rest"):
        started("third", share=0.1)
    registry.stop(store, "one")
    assert registry.start(store, "third", share=0.1).share == 0.1


def test_what_two_layers_set_must_differ(store, started):
    started("one")
    with pytest.raises(BadInput, match="one is running and sets algorithm too"):
        started("other", layer="elsewhere")
    started("dial", layer="elsewhere", variants=[{"name": "A"}, {"name": "B", "parameters": {"familiar_ratio": 0.5}}])
    assert all(len(each) == 2 for each in given(store, range(1, 20)).values())


def test_targeting(store, started):
    started(targeting={"countries": ["PE"], "min_listens": 3, "max_listens": 7})
    found = {user for user, each in given(store).items() if each}
    assert found == {user for user in LISTENERS if user % 2 and 3 <= user % 10 <= 7}
    # Who is in stays in, also when they would no longer be targeted.
    with store.write() as connection:
        for number in range(9):
            connection.execute(insert(listens).values(user_key=7, listened_at=START + number, item_key=99))
    assert given(store, [7])[7]
    assert not given(store, [1])[1]


def test_the_holdout_is_never_in(store, started):
    assert registry.hold_out(store, 0.25) == 0.25
    started()
    n = sum(bool(each) for each in given(store, write=False).values())
    assert 0.65 * 400 < n < 0.85 * 400
    with pytest.raises(BadInput, match="while experiments run: warm-start"):
        registry.hold_out(store, 0.1)
    registry.stop(store, "warm-start")
    registry.hold_out(store, 0.0)
    with store.read() as connection:
        assert registry.holdout(connection) == 0


@pytest.mark.parametrize("share", [0.0, -1.0, 1.5])
def test_a_share_that_cannot_be(store, started, share):
    with pytest.raises(BadInput, match="a share of"):
        started(share=share)


def test_steps_that_cannot_be_taken(store, defined, started):
    with pytest.raises(UnknownId, match="no experiment 'warm-start'"):
        registry.start(store, "warm-start")
    registry.create(store, defined())
    with pytest.raises(BadInput, match="there is an experiment 'warm-start' already"):
        registry.create(store, defined())
    with pytest.raises(BadInput, match="is draft"):
        registry.ramp(store, "warm-start", share=0.5)
    registry.start(store, "warm-start", share=0.5)
    with pytest.raises(BadInput, match="is running"):
        registry.start(store, "warm-start")
    with pytest.raises(BadInput, match=r"has 50\.0% of its layer already"):
        registry.ramp(store, "warm-start", share=0.5)
    registry.stop(store, "warm-start")
    with pytest.raises(BadInput, match="was stopped already"):
        registry.stop(store, "warm-start")
    with pytest.raises(UnknownId, match="did you mean 'warm-start'"):
        registry.stop(store, "warm-stat")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"variants": [{"name": "A"}]}, "variants"),
        ({"variants": [{"name": "A"}, {"name": "A"}]}, "two variants have one name"),
        ({"metric": "minuets"}, "did you mean 'minutes'"),
        ({"guardrails": ["minutes"]}, "a metric is named twice"),
        ({"window_days": 0}, "window_days"),
        ({"colour": "red"}, "colour"),
        ({"name": "a b"}, "name"),
        ({"variants": [{"name": "A", "weight": 0}, {"name": "B"}]}, "weight"),
        ({"others": [{"name": "clicks", "sql": "SELECT 1"}]}, "is a known metric"),
    ],
)
def test_definitions_that_cannot_be(defined, changes, said):
    with pytest.raises(BadInput, match=said):
        defined(**changes)


@pytest.mark.parametrize("given", ["abc", [1], None, 3, {1: 2}])
def test_what_is_no_definition(given):
    with pytest.raises(BadInput):
        Definition.of(given)


@pytest.mark.parametrize("share", ["a", None, True, [0.5]])
def test_a_share_that_is_no_number(store, defined, share):
    registry.create(store, defined())
    with pytest.raises(BadInput, match="a holdout of"):
        registry.hold_out(store, share)
    with pytest.raises(BadInput, match="a share of"):
        registry.start(store, "warm-start", share=share)
    registry.start(store, "warm-start", share=0.1)
    with pytest.raises(BadInput, match="a share of"):
        registry.ramp(store, "warm-start", share=share)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"event": 5}, "no name of an event"),
        ({"event": None}, "no name of an event"),
        ({"value": "a"}, "value = 'a'"),
        ({"value": None}, "value = None"),
        ({"value": True}, "value = True"),
    ],
)
def test_an_outcome_that_cannot_be(store, told, said):
    with pytest.raises(BadInput, match=said):
        record_outcome(store, 5, **told)


def test_definitions_of_earlier_versions_are_read(store, defined):
    """Each of them had a full_reward, which says nothing of a split."""
    registry.create(store, defined())
    with store.write() as connection:
        stored = json.loads(connection.execute(select(experiments.c.definition)).scalar_one())
        connection.execute(update(experiments).values(definition=json.dumps({**stored, "full_reward": 1.0})))
    with store.read() as connection:
        assert registry.find(connection, "warm-start").definition == defined()


def test_many_are_let_in_by_as_many_statements_as_one_is(store, started):
    """And the same ones: of Peru, with five to seven plays, totals among them, and a history that is not paused."""
    started(targeting={"countries": ["PE"], "min_listens": 5, "max_listens": 7})
    with store.write() as connection:
        for user in LISTENERS:
            values = {"source": "test", "external_id": str(user), "paused_at": START if user in (5, 7, 25) else None}
            connection.execute(insert(users).values(key=user, **values))
        connection.execute(insert(play_counts).values(user_key=41, item_key=1, plays=4))
        connection.execute(insert(play_counts).values(user_key=57, item_key=1, plays=1))
    asked = []

    def count(_connection, _cursor, statement, *_):
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", count)
    with store.read() as connection:
        alone = {user: bool(Running().assignments(connection, user, SURFACE)) for user in LISTENERS}
        first = len(asked)
        together = Running().assignments_of(connection, LISTENERS, SURFACE)
        many = len(asked) - first
        asked.clear()
        Running().assignments(connection, 15, SURFACE)
    event.remove(store.engine, "before_cursor_execute", count)
    inside = {user for user, found in together.items() if found}
    assert inside == {user for user, found in alone.items() if found}
    assert inside == {user for user in LISTENERS if user % 10 in (5, 7)} - {5, 7, 25, 57} | {41}
    assert many == len(asked), "one listener asks as many questions as four hundred"


def test_a_definition_goes_through_json(defined):
    made = defined(guardrails=["skips", {"metric": "plays", "tolerance": 0.1}], others=["clicks"], salt="x")
    assert type(made).of(json.loads(made.to_json())) == made
    assert made.draw == "x"
    assert [each.rises for each in made.metrics] == [True, False, True, True]


def test_outcomes_are_all_kept(store):
    moments = [record_outcome(store, 5, occurred_at=START) for _ in range(3)]
    assert moments == [START, START + 1, START + 2]
    with store.read() as connection:
        assert connection.execute(select(func.sum(outcomes.c.value))).scalar_one() == 3
    for wrong in ({"event": "a b"}, {"value": float("nan")}, {"occurred_at": 12}):
        with pytest.raises(BadInput):
            record_outcome(store, 5, **wrong)


def test_buckets_are_of_the_layer():
    assert BUCKETS == 1000
