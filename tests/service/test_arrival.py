"""From whom a request comes, by which name, and whether encrypted: what a proxy says, and what a stranger makes up."""

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from tests.service.conftest import Asker, key_of, settings_of

from ml.app import App
from ml.foundation.errors import SettingsError
from ml.foundation.service_settings import Service
from ml.service import state as service_state
from ml.service.application import create
from ml.service.cookies import PLAIN, SECURE

PASSWORD = "a long enough phrase 7"
PROXY = "10.0.0.5"
NAME = {"name": "ada", "password": PASSWORD}


@pytest.fixture
def behind(tmp_path):
    """Ask a service that knows a network of proxies, from some address, by some name."""
    app = App(settings_of(tmp_path / "home", hosts=["music.example"], trusted_proxies=["10.0.0.0/8"]))
    app.access.accounts.create("ada", role="admin", password=PASSWORD)
    service = create(app)
    with TestClient(service, "http://music.example"):  # one for all, which begins and ends it
        yield lambda peer=PROXY, at="http://music.example": TestClient(
            service, at, client=(peer, 1), raise_server_exceptions=False
        )


def tried(client, **headers):
    return client.post("/api/v1/session", json=NAME | {"password": "wrong"}, headers=headers).status_code


@pytest.fixture
def one_try(monkeypatch):
    monkeypatch.setattr(service_state, "TRIES_PER_MINUTE", 6)  # one at once


def test_who_stands_behind_a_proxy_is_counted_by_themself(one_try, behind):
    client = behind()
    assert tried(client, **{"X-Forwarded-For": "203.0.113.1"}) == 401
    assert tried(client, **{"X-Forwarded-For": "203.0.113.1"}) == 429
    # What a client has written itself stands before what the proxies write, and changes nothing.
    assert tried(client, **{"X-Forwarded-For": "198.51.100.77, 203.0.113.1"}) == 429
    assert tried(client, **{"X-Forwarded-For": "198.51.100.77, 203.0.113.1, 10.9.9.9"}) == 429
    assert tried(client, **{"X-Forwarded-For": "203.0.113.2"}) == 401


def test_from_others_such_headers_are_only_words(one_try, behind):
    client = behind("203.0.113.50")
    assert tried(client, **{"X-Forwarded-For": "203.0.113.1"}) == 401
    assert tried(client, **{"X-Forwarded-For": "203.0.113.2"}) == 429
    answer = client.post("/api/v1/session", json=NAME, headers={"X-Forwarded-Proto": "https"})
    assert "strict-transport-security" not in answer.headers


def test_one_household_has_one_share_however_many_addresses(one_try, behind):
    client = behind()
    assert tried(client, **{"X-Forwarded-For": "2001:db8::1"}) == 401
    assert tried(client, **{"X-Forwarded-For": "2001:db8::2"}) == 429
    assert tried(client, **{"X-Forwarded-For": "2001:db8:0:1::1"}) == 401


def test_over_tls_the_cookie_is_one_that_nobody_else_can_set(behind):
    told = {"X-Forwarded-Proto": "https"}
    client = behind()
    answer = client.post("/api/v1/session", json=NAME, headers=told)
    assert answer.status_code == 201
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SECURE}=mls_")
    assert {"Secure", "Path=/", "HttpOnly", "SameSite=strict"} <= {each.strip() for each in cookie.split(";")}
    assert "domain" not in cookie.lower()
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    token = cookie.partition("=")[2].partition(";")[0]
    # Under the plain name it may have been set by anybody on the way, and counts for nothing over TLS.
    for name, status in ((SECURE, 200), (PLAIN, 401)):
        shown = {"Cookie": f"{name}={token}"}
        assert behind().get("/api/v1/session", headers=told | shown).status_code == status
    left = behind().delete(
        "/api/v1/session", headers=told | {"Cookie": f"{SECURE}={token}", "X-CSRF-Token": answer.json()["csrf"]}
    )
    assert left.headers["set-cookie"].startswith(f'{SECURE}="";')


def test_without_tls_there_is_no_word_of_it(behind):
    answer = behind().post("/api/v1/session", json=NAME)
    assert answer.headers["set-cookie"].startswith(f"{PLAIN}=")
    assert "strict-transport-security" not in answer.headers


@pytest.mark.parametrize("at", ["https://localhost", "https://127.0.0.1"])
def test_of_this_machine_nothing_is_said_that_holds_for_all_its_services(behind, at):
    assert "strict-transport-security" not in behind(at=at).get("/api/v1/health").headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("MUSIC.example.", 200),
        ("evil.example", 421),
        ("music.example.evil.example", 421),
        ("music.example@evil.example", 421),
        ("192.0.2.1", 421),  # it listens at 127.0.0.1 only
        ("", 421),
    ],
)
def test_who_asks_for_another_name_is_refused(behind, host, status):
    answer = behind().get("/api/v1/health", headers={"Host": host})
    assert answer.status_code == status
    assert answer.headers["x-request-id"]
    if status == 421:
        assert answer.headers["content-type"] == "application/problem+json"
        assert "service.hosts" in answer.json()["hint"]


def test_a_name_from_a_proxy_has_to_be_ours_and_does_not_hide_another(behind):
    def ask(host, told, peer=PROXY):
        return behind(peer).get("/api/v1/health", headers={"Host": host, "X-Forwarded-Host": told}).status_code

    assert ask("localhost:8000", "music.example") == 200
    assert ask("localhost:8000", "evil.example") == 421
    # A page whose own name was made to mean this machine sends whatever headers it likes.
    assert ask("evil.example", "music.example") == 421
    assert ask("evil.example", "music.example", "203.0.113.1") == 421


def test_a_socket_is_asked_for_by_name_too(behind):
    client, key = behind(), key_of(behind(), "admin")
    headers = {"Authorization": f"Bearer {key}"}
    where = "/api/v1/audio/stream?rate=8000"
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(where, headers=headers | {"Host": "evil.example"}),
    ):
        pass
    assert refused.value.code == 1008
    with client.websocket_connect(where, headers=headers | {"Host": "localhost"}):
        pass


def test_listening_everywhere_an_address_in_figures_is_ours(tmp_path):
    app = App(settings_of(tmp_path / "home", host="0.0.0.0"))
    with TestClient(create(app), "http://192.0.2.1:8000") as client:
        assert client.get("/api/v1/health").status_code == 200
        assert client.get("/api/v1/health", headers={"Host": "evil.example"}).status_code == 421


def test_a_network_that_is_none_is_refused():
    with pytest.raises(SettingsError, match="trusted_proxies"):
        Service(trusted_proxies=["10.0.0.0/99"])


def test_what_is_kept_with_a_mark_is_kept_for_who_asked(as_role):
    assert "Authorization" in as_role("admin").get("/similar?item_id=calm song 1").headers["vary"]
    assert as_role("admin").get("/keys").headers["cache-control"] == "no-store"


def test_an_invitation_is_in_no_address(client, caplog):
    _, token = client.app.state.service.app.access.invitations.invite(role="analyst")
    asker = Asker(client)
    assert asker.post("/invitation/look", {"token": token}).json()["role"] == "analyst"
    assert asker.get(f"/invitation?token={token}").status_code == 405
    assert asker.post("/invitation/look", {"token": "mli_nonsense"}).status_code == 401
    assert token not in caplog.text
