"""The odds of a bandit hold no answer back, and what was drawn by is what is written down."""

import threading

import pytest
from sqlalchemy import func, insert, select

from ml.data.schema import exposures, outcomes
from ml.experiments import odds as module
from ml.experiments.allocation import Earned
from ml.experiments.exposure import Running
from ml.experiments.odds import REFRESH_MS, Odds
from ml.foundation.errors import BadInput

DAY, START = 86_400_000, 1_750_000_000_000 // REFRESH_MS * REFRESH_MS
SURFACE = "recommendations"
BANDIT = {"design": "bandit", "metric": "clicks", "full_reward": 1, "window_days": 0.5}
# Both pass while nobody is exposed.
SLOW = "SELECT user_key, (SELECT COUNT(*) FROM {}) AS value FROM exposed".format(
    ", ".join(f"listens AS {name}" for name in "abcdef")
)
BY_ZERO = "SELECT user_key, CASE WHEN MOD(1, user_key - user_key) IS NULL THEN 'none' END AS value FROM exposed"


@pytest.fixture
def learned(store, started):
    """Of sixty whose window is over by START, half had B; all of them clicked."""
    experiment = started(**BANDIT)
    columns = {"experiment_id": experiment.id, "exposed_at": START - DAY, "propensity": 0.5}
    with store.write() as connection:
        for user in range(1, 61):
            values = {"user_key": user, "variant": "AB"[user % 2]}
            connection.execute(insert(exposures).values(**columns, **values))
            if user % 2:
                clicked = {"user_key": user, "occurred_at": START - DAY + 1, "event": "click", "value": 1.0}
                connection.execute(insert(outcomes).values(clicked))
    return experiment


def drawn(store, running, at):
    with store.read() as connection:
        found = running.assignments_of(connection, range(100, 120), SURFACE, at=at)
        # The transaction is as good as before.
        connection.execute(select(func.count()).select_from(exposures)).scalar_one()
    return {each.variant: each.propensity for (each,) in found.values()}


@pytest.mark.parametrize("statement", [SLOW, BY_ZERO], ids=["slow", "by zero"])
def test_a_metric_that_fails_or_takes_long_breaks_no_answer(store, started, monkeypatch, statement):
    monkeypatch.setattr(module, "PROMPT_S", 0.02)
    experiment = started(**{**BANDIT, "metric": {"name": "own", "sql": statement}})
    with store.write() as connection:
        values = {"experiment_id": experiment.id, "variant": "A", "exposed_at": START - DAY, "propensity": 0.5}
        connection.execute(insert(exposures).values(**values, user_key=1))
    running = Running()
    assert set(drawn(store, running, START).values()) == {0.5}


def test_one_works_odds_out_and_others_draw_by_those_of_the_hour_before(store, learned, monkeypatch):
    odds, inside, go_on = Odds(), threading.Event(), threading.Event()
    with store.read() as connection:
        before = odds.now(connection, learned, START)
    assert before[1] > 0.8
    real, calls = Earned.read, []

    def held(*given, **options):
        calls.append(options["patience_s"])
        inside.set()
        assert go_on.wait(30)
        return real(*given, **options)

    monkeypatch.setattr(Earned, "read", held)
    with store.write() as connection:
        connection.execute(outcomes.delete())
    found = []

    def first():
        with store.read() as connection:
            found.append(odds.now(connection, learned, START + REFRESH_MS))

    worker = threading.Thread(target=first)
    worker.start()
    assert inside.wait(30)
    with store.read() as connection:
        assert odds.now(connection, learned, START + REFRESH_MS) == pytest.approx(before)
    go_on.set()
    worker.join(30)
    assert calls == [module.PROMPT_S], "one of them, and not for long"
    with store.read() as connection:
        after = odds.now(connection, learned, START + REFRESH_MS)
    assert found == [pytest.approx(after)]
    assert after == pytest.approx([0.5, 0.5], abs=0.01)


def test_what_no_answer_waits_for_is_worked_out_beside_them(store, learned, monkeypatch):
    """Each answer gives the odds that it drew by: even ones first, what was earned when that is known."""
    real, go_on, patience = Earned.read, threading.Event(), []

    def slow(connection, experiment, until, *, patience_s=None):
        patience.append(patience_s)
        if patience_s is not None:
            raise BadInput("too slow")
        assert go_on.wait(30)
        return real(connection, experiment, until)

    monkeypatch.setattr(Earned, "read", slow)
    running = Running(store)
    assert set(drawn(store, running, START).values()) == {0.5}
    assert set(drawn(store, running, START + 1).values()) == {0.5}
    go_on.set()
    for thread in threading.enumerate():
        if thread.name == "odds":
            thread.join(30)
    assert drawn(store, running, START + 2)["B"] > 0.8
    assert patience == [module.PROMPT_S, None]


def test_odds_that_cannot_be_worked_out_are_in_the_log_once_an_hour(store, learned, monkeypatch, caplog):
    def broken(*_, **__):
        raise BadInput("the metric divides by zero")

    monkeypatch.setattr(Earned, "read", broken)
    running = Running()
    for moment in (START, START + 1, START + REFRESH_MS):
        drawn(store, running, moment)
    said = [record.getMessage() for record in caplog.records]
    drawn_by = f"experiment {learned.name} draws by the odds it had, for this hour"
    assert said == [f"{drawn_by}: the metric divides by zero"] * 2
