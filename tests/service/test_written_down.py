"""What the audit log has of requests that end otherwise than they should, and of those that are of several people."""

import time

import pytest
from starlette.websockets import WebSocketDisconnect
from tests.service.conftest import Asker

from ml.data.audit import Wanted, last
from ml.data.identity import find_user
from ml.service.limits import RateLimit
from ml.service.policy import RULES

EVENT = {"user_id": "test:calm-1", "item_id": "calm song 1"}


def written(client, what):
    """Give the records of one kind, the oldest first."""
    log = client.app.state.service.audit
    log.flush()
    return list(reversed(last(log.folder, Wanted(what=what), 100)))


def pseudonym(client, user_id):
    service = client.app.state.service
    with service.app.workspace.store.read() as connection:
        return service.audit.pseudonym(find_user(connection, user_id))


def test_what_was_given_up_is_written_down_since_it_may_be_done_all_the_same(serve, monkeypatch):
    client = serve(timeout_s=0.2)
    engine = client.app.state.service.app.engine
    record = engine.record

    def slowly(*given, **more):
        time.sleep(0.5)
        return record(*given, **more)

    monkeypatch.setattr(engine, "record", slowly)
    assert Asker(client, "service").post("/events", EVENT).status_code == 503
    assert [each["result"] for each in written(client, "events.record")] == ["error:CancelledError"]


def test_what_a_fault_broke_off_is_written_down(client, monkeypatch):
    def breaks(*_given, **_more):
        raise ZeroDivisionError

    monkeypatch.setattr(client.app.state.service.app.engine, "record", breaks)
    assert Asker(client, "service").post("/events", EVENT).status_code == 500
    (found,) = written(client, "events.record")
    assert (found["result"], found["whom"]) == ("error:ZeroDivisionError", pseudonym(client, "test:calm-1"))


def test_what_could_not_be_read_was_not_done(client):
    assert Asker(client, "service").post("/events", {"nothing": 1}).status_code == 422
    assert written(client, "events.record") == []


def test_of_several_listeners_each_has_a_record(client):
    several = ["test:calm-1", "test:loud-2"]
    service = Asker(client, "service")
    assert service.post("/recommendations/batch", {"user_ids": several, "count": 1}).status_code == 200
    assert [each["whom"] for each in written(client, "recommendations.read")] == [
        pseudonym(client, each) for each in several
    ]


def test_the_first_that_a_listener_tells_is_of_that_listener(client):
    key = client.app.state.service.app.access.keys.create("new", role="listener", user_id="test:new")[1]
    new = Asker(client)
    new.headers = {"Authorization": f"Bearer {key}"}
    assert new.post("/events", {"item_id": "calm song 1"}).status_code == 201
    assert [each["whom"] for each in written(client, "events.record")] == [pseudonym(client, "test:new")]


def test_strangers_cannot_hide_the_refusals_of_somebody_known(client, monkeypatch):
    monkeypatch.setattr(client.app.state.service, "_refusals", RateLimit(6))  # one at once
    for _ in range(3):
        assert Asker(client).get("/keys").status_code == 401
    assert Asker(client, "listener").get("/keys").status_code == 403
    assert written(client, "list_keys")[-1]["role"] == "listener"


def test_what_has_a_large_effect_is_written_down_before_it_is_done(client, monkeypatch):
    """What a crash leaves: `begun`, and nothing after it."""
    app, seen = client.app.state.service.app, []

    def dies(*given, **more):
        seen.extend(each["result"] for each in written(client, "keys.create"))
        raise ZeroDivisionError

    admin = Asker(client, "admin")
    monkeypatch.setattr(type(app.access.keys), "create", dies)
    monkeypatch.setattr(client.app.state.service, "tell_soon", lambda *_: None)  # nor does it get to this
    assert admin.post("/keys", {"name": "a", "role": "service"}).status_code == 500
    assert seen == ["begun"]
    (left,) = written(client, "keys.create")
    assert (left["result"], left["who"][:4], left["role"]) == ("begun", "key:", "admin")


def test_what_was_begun_has_an_end(client):
    admin = Asker(client, "admin")
    assert admin.post("/keys", {"name": "a", "role": "service"}).status_code == 201
    assert admin.post("/keys", {"name": "a", "role": "nobody"}).status_code == 422
    assert admin.post("/models/nothing/promote").status_code >= 400
    assert [each["result"] for each in written(client, "keys.create")] == [
        *("begun", "ok"),
        *("begun", "error:RequestValidationError"),
    ]
    first, second = written(client, "models.promote")
    assert (first["result"], second["result"][:6]) == ("begun", "error:")
    assert first["request"] == second["request"]


def test_what_happens_often_is_written_down_once():
    often = {name for name, rule in RULES.items() if rule.own} - {"erase_listener"}
    assert not {name for name in often if RULES[name].begun}
    assert all(rule.audited for rule in RULES.values() if rule.begun)


def test_what_a_verb_refuses_is_a_refusal(client):
    listener = Asker(client, "listener")
    assert listener.post("/recommendations", {"user_id": "test:loud-2"}).status_code == 403
    (found,) = written(client, "recommendations.read")
    assert (found["result"], found["role"]) == ("denied", "listener")


def test_whoever_reads_what_was_written_of_a_listener_is_written_down_with_them(client):
    admin = Asker(client, "admin")
    assert admin.get("/audit?user_id=test:calm-1").status_code == 200
    assert admin.get("/audit").status_code == 200
    of_one, of_all = written(client, "audit.read")
    assert (of_one["whom"], of_all["whom"]) == (pseudonym(client, "test:calm-1"), None)


def test_who_was_refused_a_socket_is_known_and_the_request_too(client):
    listener = Asker(client, "listener")
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/api/v1/audio/stream?rate=8000", headers=listener.headers),
    ):
        pass
    (found,) = written(client, "stream_audio")
    assert (found["result"], found["role"], found["who"][:4]) == ("denied", "listener", "key:")
    assert found["request"]
