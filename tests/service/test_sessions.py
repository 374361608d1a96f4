"""Logging in as a browser does, and what other sites cannot make a browser do."""

import pytest
from tests.service.conftest import Asker

from ml.service.gate import COOKIE
from ml.service.server import set_up_link
from ml.service.state import MOST_PASSWORDS

PASSWORD = "a long enough phrase 7"


@pytest.fixture
def first(client):
    """Somebody who has followed the link of the first start."""
    link = set_up_link(client.app.state.service.app, "http://here")
    asker = Asker(client)
    made = asker.post("/invitation", {"token": link.partition("#")[2], "name": "ada", "password": PASSWORD})
    assert made.status_code == 201, made.text
    asker.headers = {"X-CSRF-Token": made.json()["csrf"]}
    return asker


def test_the_first_start_makes_one_admin_by_one_link(client, first):
    assert first.get("/session").json()["role"] == "admin"
    assert not first.get("/setup").json()["due"]
    assert set_up_link(client.app.state.service.app, "http://here") is None
    cookie = client.cookies.jar._cookies["testserver.local"]["/"][COOKIE]
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite") == "strict"


def test_a_link_serves_once(client, first):
    token = first.post("/invitations", {"role": "analyst"}).json()["token"]
    stranger = Asker(client)
    client.cookies.clear()
    body = {"token": token, "name": "bob", "password": PASSWORD}
    assert stranger.post("/invitation/look", {"token": token}).json()["role"] == "analyst"
    assert stranger.post("/invitation", body).status_code == 201
    assert stranger.post("/invitation", body | {"name": "eve"}).status_code == 401


def test_what_changes_something_needs_the_pages_own_token(client, first):
    asked = {"name": "robot", "role": "service"}
    assert Asker(client).post("/keys", asked).status_code == 403  # the cookie alone, as another site would send it
    assert first.post("/keys", asked).status_code == 201
    assert Asker(client).get("/keys").status_code == 200  # nothing changes by reading


def test_the_pages_token_in_an_address_is_of_no_use(client, first):
    token = first.headers["X-CSRF-Token"]
    asked = {"name": "robot", "role": "service"}
    assert Asker(client).post(f"/keys?csrf={token}", asked).status_code == 403


def test_many_passwords_at_once_leave_threads_for_answers(client, first, monkeypatch):
    service = client.app.state.service
    monkeypatch.setattr(service, "_waiting", MOST_PASSWORDS)
    wanted = {"name": "ada", "password": PASSWORD}
    assert Asker(client).post("/session", wanted).status_code == 429
    monkeypatch.setattr(service, "_waiting", 0)
    assert Asker(client).post("/session", wanted).status_code == 201
    assert service._waiting == 0


def test_logging_out_ends_it(client, first):
    kept = client.cookies[COOKIE]
    assert first.delete("/session").status_code == 204
    client.cookies.set(COOKIE, kept)
    assert first.get("/session").status_code == 401


def logged_in(client, name="ada"):
    """Somebody who logs in once more; their cookie, and the token of their pages."""
    client.cookies.clear()
    made = Asker(client).post("/session", {"name": name, "password": PASSWORD})
    return client.cookies[COOKIE], made.json()["csrf"]


def shown(asker, cookie):
    """Ask who is logged in with a cookie, and no other."""
    asker.client.cookies.clear()
    asker.client.cookies.set(COOKIE, cookie)
    return asker.get("/session")


def test_ones_sessions_are_listed_and_ended(client, first):
    before = client.cookies[COOKIE]
    logged_in(client)
    cookie, csrf = logged_in(client)
    first.headers = {"X-CSRF-Token": csrf}
    listed = first.get("/sessions").json()
    assert [each["here"] for each in listed] == [True, False, False]
    assert first.delete(f"/sessions/{listed[1]['id']}").status_code == 204
    assert first.delete(f"/sessions/{listed[1]['id']}").status_code == 404
    assert first.delete("/sessions?others=true").json() == {"ended": 1}
    assert shown(first, before).status_code == 401
    assert shown(first, cookie).status_code == 200
    assert first.delete("/sessions").json() == {"ended": 1}
    assert shown(first, cookie).status_code == 401


def test_the_sessions_of_others_are_nobodys_business(client, first):
    token = first.post("/invitations", {"role": "analyst"}).json()["token"]
    theirs = first.get("/sessions").json()[0]["id"]
    client.cookies.clear()
    made = Asker(client).post("/invitation", {"token": token, "name": "bob", "password": PASSWORD})
    bob = Asker(client)
    bob.headers = {"X-CSRF-Token": made.json()["csrf"]}
    assert theirs not in str(bob.get("/sessions").json())
    assert bob.delete(f"/sessions/{theirs}").status_code == 404
    client.cookies.clear()
    program = Asker(client, "admin")
    assert program.get("/sessions").json() == []
    assert program.delete("/sessions").json() == {"ended": 0}
    assert client.app.state.service.app.access.sessions.list(client.app.state.service.app.access.accounts.find("ada"))


def test_wrong_passwords_are_refused_in_one_message_and_written_down(client, first):
    client.cookies.clear()
    asker = Asker(client)
    wrong = asker.post("/session", {"name": "ada", "password": "wrong"})
    nobody = asker.post("/session", {"name": "nobody", "password": "wrong"})
    assert (wrong.status_code, wrong.json()["detail"]) == (nobody.status_code, nobody.json()["detail"])
    assert wrong.status_code == 401
    right = asker.post("/session", {"name": "ada", "password": PASSWORD})
    assert right.status_code == 201
    asker.headers = {"X-CSRF-Token": right.json()["csrf"]}
    results = [each["result"] for each in asker.get("/audit?what=sessions.begin").json()["records"]]
    assert results == ["ok", "error:NotAuthenticated", "error:NotAuthenticated"]


def test_a_changed_password_ends_the_other_sessions(client, first):
    before = client.cookies[COOKIE]
    changed = first("PUT", "/session/password", json={"old": PASSWORD, "new": "another long phrase 8"})
    assert changed.status_code == 200
    client.cookies.clear()
    client.cookies.set(COOKIE, before)
    assert Asker(client).get("/session").status_code == 401


def test_a_wrong_old_password_is_refused_and_the_session_goes_on(client, first):
    refused = first("PUT", "/session/password", json={"old": "wrong", "new": "another long phrase 8"})
    assert (refused.status_code, refused.json()["hint"][:10]) == (403, "after five")
    assert first.get("/session").status_code == 200


def test_what_is_done_is_written_down_without_names(client, admin):
    admin.post("/recommendations", {"user_id": "test:calm-1", "count": 1})
    admin.post("/events", {"user_id": "test:calm-1", "item_id": "calm song 1"})
    found = admin.get("/audit?user_id=test:calm-1").json()["records"]
    assert [each["what"] for each in found] == ["events.record", "recommendations.read"]
    assert all(each["who"].startswith("key:") and each["how"] == "api" and each["result"] == "ok" for each in found)
    assert "calm" not in str(found)
    assert admin.get("/audit/verification").json()["sound"]


def test_refusals_are_written_down(as_role):
    as_role("listener").get("/keys")
    as_role(None).get("/keys")
    records = as_role("admin").get("/audit?what=list_keys").json()["records"]
    assert [(each["who"] == "nobody", each["result"]) for each in records] == [(True, "denied"), (False, "denied")]
