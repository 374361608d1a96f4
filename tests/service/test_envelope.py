"""What surrounds every request: ids, limits, headers, counts, logs, faults."""

import logging

import orjson
import pytest
from tests.service.conftest import Asker

from ml.foundation.errors import StoreError
from ml.service.envelope import HEADERS


def test_every_answer_has_an_id_and_the_secure_headers(as_role):
    for asker, path in ((as_role(None), "/health"), (as_role("admin"), "/nothing"), (as_role(None), "/similar")):
        answer = asker.get(path)
        assert answer.headers["x-request-id"]
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert as_role(None).get("/health", headers={"X-Request-ID": "mine-1"}).headers["x-request-id"] == "mine-1"
    bad = as_role(None).get("/health", headers={"X-Request-ID": "a b<c>"})
    assert bad.headers["x-request-id"] != "a b<c>"


def test_a_body_that_is_too_large_is_refused_however_it_comes(serve):
    admin = Asker(serve(max_body="1kb"), "admin")
    declared = admin("POST", "/search", content=b'{"text": "' + b"a" * 2000 + b'"}')
    streamed = admin("POST", "/search", content=iter([b'{"text": "', b"a" * 2000, b'"}']))
    for answer in (declared, streamed):
        assert answer.status_code == 413
        assert "1,024 bytes" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["audio/x", "multipart/form-data; boundary=a"])
def test_only_where_files_are_sent_a_body_may_be_as_large_as_one(serve, kind):
    body, sent = b"a" * 2000, {"Content-Type": kind}
    client = serve(max_body="1kb")
    assert Asker(client)("POST", "/session", content=body, headers=sent).status_code == 413
    assert Asker(client, "admin")("POST", "/audio/analyze", files={"file": ("a.wav", body)}).status_code == 400


def test_what_is_wrong_inside_is_for_the_log(client, monkeypatch, caplog):
    def fails(*_args, **_kwargs):
        raise StoreError("/home/somebody/ml.db: disk I/O error", "check it: ml doctor")

    app = client.app.state.service.app
    monkeypatch.setattr(app.engine, "similar", fails)
    monkeypatch.setattr(app, "scrobble", fails)
    monkeypatch.setattr(type(app.workspace.store), "fact", fails)
    listener = Asker(client, "listener")
    listen = {"listened_at": 1_700_000_000, "track_metadata": {"artist_name": "a", "track_name": "b"}}
    sent = {"listen_type": "single", "payload": [listen]}
    with caplog.at_level(logging.ERROR, "ml"):
        answers = [
            listener.get("/similar?item_id=x"),
            Asker(client).get("/ready"),
            client.post("/1/submit-listens", json=sent, headers=listener.headers),
        ]
    for answer in answers:
        assert answer.status_code == 503
        assert "somebody" not in answer.text
        assert "database cannot be used" in answer.text
    assert caplog.text.count("/home/somebody/ml.db") == len(answers)


def test_a_method_that_somebody_made_up_is_counted_with_others_like_it(client, admin):
    client.request("BREW", "/api/v1/health")
    text = admin.get("/metrics").text
    assert 'method="other"' in text
    assert "BREW" not in text


def test_nobody_is_sent_to_a_host_that_the_request_made_up(client, admin):
    assert admin.get("/keys/", headers={"Host": "evil.example"}, follow_redirects=False).status_code == 421


def test_who_asks_too_fast_is_told_when_to_come_back(serve):
    admin = Asker(serve(rate_per_minute=6), "admin")
    answers = [admin.get("/search/suggest?text=ca") for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_an_answer_that_takes_too_long_is_given_up(serve, monkeypatch):
    client = serve(timeout_s=0.2)
    engine = client.app.state.service.app.engine

    def slowly(*_args, **_kwargs):
        import time

        time.sleep(1)

    monkeypatch.setattr(engine, "similar", slowly)
    answer = Asker(client, "admin").get("/similar?item_id=calm song 1")
    assert answer.status_code == 503
    assert "0.2 s" in answer.json()["detail"]


def test_what_waits_for_other_servers_or_gives_much_may_take_longer(serve, monkeypatch):
    client = serve(timeout_s=0.2, long_timeout_s=20)
    app = client.app.state.service.app
    export = app.export_listener

    def slowly(*given, **named):
        import time

        time.sleep(0.6)
        return export(*given, **named)

    monkeypatch.setattr(app, "export_listener", slowly)
    answer = Asker(client, "admin").get("/listeners/export?user_id=test:calm-1")
    assert answer.status_code == 200
    client = serve(timeout_s=0.1, long_timeout_s=0.2)
    monkeypatch.setattr(client.app.state.service.app, "playlist_server", slowly)
    answer = Asker(client, "admin").get("/playlists/servers/subsonic")
    assert (answer.status_code, "0.2 s" in answer.json()["detail"]) == (503, True)


def test_a_fault_tells_nothing_but_its_number(client, monkeypatch, caplog):
    def fails(*_args, **_kwargs):
        raise ZeroDivisionError("listener test:calm-1 has a secret")

    monkeypatch.setattr(client.app.state.service.app.engine, "similar", fails)
    with caplog.at_level(logging.ERROR, "ml"):
        answer = Asker(client, "admin").get("/similar?item_id=x", headers={"X-Request-ID": "number-7"})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"] == "number-7"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert 'operation="similar",status="500"' in Asker(client, "admin").get("/metrics").text
    assert "secret" not in answer.text
    assert "number-7" in caplog.text


def test_the_log_names_routes_and_not_listeners(client, caplog):
    with caplog.at_level(logging.INFO, "ml"):
        Asker(client, "admin").get("/history?user_id=test:calm-1")
    (line,) = [orjson.loads(each.getMessage()) for each in caplog.records if each.name == "ml"]
    assert (line["operation"], line["status"]) == ("history_state", 200)
    assert line["caller"].startswith("key:")
    assert "calm" not in caplog.text


def test_requests_are_counted(as_role):
    as_role("admin").get("/similar?item_id=calm song 1")
    as_role(None).get("/similar?item_id=calm song 1")
    text = as_role("analyst").get("/metrics").text
    assert 'ml_requests_total{method="GET",operation="similar",status="200"} 1.0' in text
    assert 'ml_denied_total{why="NotAuthenticated"} 1.0' in text


def test_readiness_names_the_models_that_answer(as_role):
    ready = as_role(None).get("/ready")
    assert (ready.status_code, ready.json()["store"]) == (200, "ok")
    assert ready.json()["models"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing", 404), ("PUT", "/recommendations", 405), ("POST", "/health", 405)]
)
def test_where_nothing_is_there_is_a_problem(admin, method, path, status):
    answer = admin(method, path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert answer.headers["content-type"] == "application/problem+json"


def test_other_sites_may_ask_only_where_the_settings_name_them(serve):
    asked = {"Origin": "https://player.example", "Access-Control-Request-Method": "POST"}
    closed = serve().options("/api/v1/recommendations", headers=asked)
    assert "access-control-allow-origin" not in closed.headers
    opened = serve(cors_origins=["https://player.example"]).options("/api/v1/recommendations", headers=asked)
    assert opened.headers["access-control-allow-origin"] == "https://player.example"
