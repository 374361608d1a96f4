"""Answers that are given again: only while nothing has changed."""

import time

import pytest
from tests.service.conftest import Asker

from ml.foundation.settings import Caching
from ml.service.kept_answers import KeptAnswers

ASKED = {"user_id": "test:calm-1", "count": 4}


@pytest.fixture
def worked_out(client, monkeypatch):
    """Count how often a recommendation is worked out."""
    engine, calls = client.app.state.service.app.engine, []
    recommend = engine.recommend

    def counted(*given, **more):
        calls.append(given)
        return recommend(*given, **more)

    monkeypatch.setattr(engine, "recommend", counted)
    return calls


def test_the_same_question_is_worked_out_once(admin, worked_out):
    first, again = (admin.post("/recommendations", ASKED) for _ in range(2))
    assert first.content == again.content
    assert len(worked_out) == 1
    admin.post("/recommendations", ASKED | {"count": 5})
    admin.post("/recommendations", ASKED | {"user_id": "test:calm-2"})
    assert len(worked_out) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda admin: admin.post("/events", {"user_id": "test:calm-1", "item_id": "calm song 1"}),
        lambda admin: admin.post("/feedback", {"user_id": "test:calm-1", "item_id": "calm song 2", "event": "block"}),
        lambda admin: admin.post("/history/pause?user_id=test:calm-1"),
    ],
)
def test_what_is_told_of_the_listener_makes_it_anew(admin, worked_out, change):
    admin.post("/recommendations", ASKED)
    assert change(admin).status_code in {200, 201}
    admin.post("/recommendations", ASKED)
    assert len(worked_out) == 2


def test_undoing_makes_it_anew(admin, worked_out):
    told = admin.post("/events", {"user_id": "test:calm-1", "item_id": "calm song 1"}).json()
    admin.post("/recommendations", ASKED)
    admin.delete(f"/events/{told['event_id']}?user_id=test:calm-1")
    admin.post("/recommendations", ASKED)
    assert len(worked_out) == 2


def test_what_others_do_does_not(admin, worked_out):
    admin.post("/recommendations", ASKED)
    admin.post("/events", {"user_id": "test:calm-2", "item_id": "calm song 1"})
    admin.post("/recommendations", ASKED)
    assert len(worked_out) == 1


def test_other_models_make_it_anew(admin, client, worked_out):
    app = client.app.state.service.app
    admin.post("/recommendations", ASKED)
    app.train(judge=False, deep=False)
    admin.post("/recommendations", ASKED)
    assert len(worked_out) == 2


def test_nobody_is_answered_from_memory_while_an_experiment_runs(admin, worked_out):
    variants = [{"name": "a"}, {"name": "b", "parameters": {"familiar_ratio": 0.5}}]
    made = admin.post("/experiments", {"name": "dial", "variants": variants, "metric": {"name": "plays"}})
    assert made.status_code == 201, made.text
    assert admin.post("/experiments/dial/start", {"share": 1.0}).status_code == 200
    for _ in range(2):
        admin.post("/recommendations", ASKED)
    assert len(worked_out) == 2


def test_somebody_of_whom_nothing_is_known_is_answered_anew(admin, worked_out):
    for _ in range(2):
        admin.post("/recommendations", {"user_id": "test:nobody", "count": 2})
    assert len(worked_out) == 2


def test_a_cache_that_is_out_of_reach_harms_nobody(serve):
    client = serve(caching={"backend": "redis", "redis_url": "redis://127.0.0.1:1"})
    for _ in range(2):
        assert Asker(client, "admin").post("/recommendations", ASKED).status_code == 200


def test_what_one_process_worked_out_is_there_for_another_and_grows_no_older(redis_url):
    now = [1000.0]
    one, other = (KeptAnswers(Caching(backend="redis", redis_url=redis_url), clock=lambda: now[0]) for _ in range(2))
    one.put("k", b"answer")
    assert one.get("k") == b"answer"
    assert other.get("k") is None
    now[0] += 59.5
    assert other.get_shared("k") == other.get("k") == b"answer"
    time.sleep(0.6)  # of the minute, half a second was left
    assert other.get("k") is None


def test_what_is_no_answer_is_none(redis_server, redis_url):
    kept = KeptAnswers(Caching(backend="redis", redis_url=redis_url))
    redis_server.ask("SET ml:cache:1:k rubbish")
    assert kept.get_shared("k") is None
