"""Who may call what: the whole table, against the application."""

import re

import pytest
from fastapi.routing import APIRoute
from tests.service.conftest import Asker, key_of

from ml.data.access import LOCAL
from ml.service.application import PREFIX
from ml.service.foreign import ForeignRoute
from ml.service.gate import Caller, GuardedRoute
from ml.service.policy import RULES
from ml.service.routes import FOREIGN, ROUTERS

ROLES = ("admin", "analyst", "service", "listener")
MADE_FOR_SOMEBODY_ELSE = {"tracks": [{"track_id": "loud song 1"}], "request": {"user_id": "test:loud-2", "count": 1}}
#: Bodies with which an operation comes as far as its listener.
FOR_SOMEBODY_ELSE = {
    "recommend": ("POST", "/recommendations", {"user_id": "test:loud-2"}),
    "recommend_batch": ("POST", "/recommendations/batch", {"user_ids": ["test:loud-1", "test:loud-2"]}),
    "explain": ("POST", "/explanations", {"user_id": "test:loud-2", "item_id": "loud song 1"}),
    "record_event": ("POST", "/events", {"user_id": "test:loud-2", "item_id": "loud song 1"}),
    "record_feedback": ("POST", "/feedback", {"user_id": "test:loud-2", "item_id": "loud song 1", "event": "like"}),
    "undo_event": ("DELETE", "/events/1?user_id=test:loud-2", None),
    "list_listens": ("GET", "/listens?user_id=test:loud-2", None),
    "export_listener": ("GET", "/listeners/export?user_id=test:loud-2", None),
    "erase_listener": ("DELETE", "/listeners?user_id=test:loud-2&confirm=test:loud-2", None),
    "history_state": ("GET", "/history?user_id=test:loud-2", None),
    "pause_history": ("POST", "/history/pause?user_id=test:loud-2", None),
    "resume_history": ("POST", "/history/resume?user_id=test:loud-2", None),
    "generate_playlist": ("POST", "/playlists/generate", {"user_id": "test:loud-2"}),
    "export_playlist": ("POST", "/playlists/export", {"title": "a", "playlist": {"user_ids": ["test:loud-2", "a"]}}),
    "save_playlist": ("POST", "/playlists", {"name": "a", "tracks": ["loud song 1"], "user_id": "test:loud-2"}),
    "list_recipes": ("GET", "/playlists/recipes?user_id=test:loud-2", None),
    "save_recipe": ("POST", "/playlists/recipes", {"name": "a", "playlist": {"user_id": "test:loud-2"}}),
    "refresh_recipe": ("POST", "/playlists/recipes/refresh", {"name": "b", "user_id": "test:loud-2"}),
    "delete_recipe": ("DELETE", "/playlists/recipes?name=b&user_id=test:loud-2", None),
    "radio": ("POST", "/playlists/radio", {"playlist": {"user_id": "test:loud-2"}}),
    **{
        f"{verb}_playlist": ("POST", f"/playlists/{verb}", {"playlist": MADE_FOR_SOMEBODY_ELSE} | more)
        for verb, more in {"show": {}, "edit": {}, "resize": {"count": 2}, "extend": {"count": 1}}.items()
    },
    "record_outcome": ("POST", "/outcomes", {"user_id": "test:loud-2", "event": "click"}),
    "search": ("POST", "/search", {"text": "loud", "user_id": "test:loud-2"}),
    "recent_searches": ("GET", "/search/recent?user_id=test:loud-2", None),
    "forget_searches": ("DELETE", "/search/recent?user_id=test:loud-2", None),
    "choose_hit": ("POST", "/search/choices", {"search_id": 1, "hit": "a", "user_id": "test:loud-2"}),
    "saved_searches": ("GET", "/search/saved?user_id=test:loud-2", None),
    "save_search": ("POST", "/search/saved", {"name": "a", "text": "loud", "user_id": "test:loud-2"}),
    "ask_saved_search": ("POST", "/search/saved/again", {"name": "a", "user_id": "test:loud-2"}),
    "delete_saved_search": ("DELETE", "/search/saved?name=a&user_id=test:loud-2", None),
}


SOCKETS = {"stream_audio"}
#: Operations of other protocols; whom they let in is tested as their players see it.
PLAYERS = {route.name: route for _, router in FOREIGN for route in router.routes}
ROUTES = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def test_every_route_is_guarded_and_every_rule_has_its_route(client):
    assert all(isinstance(route, GuardedRoute) for route in ROUTES)
    assert all(isinstance(route, ForeignRoute) for route in PLAYERS.values())
    assert sorted([*(route.name for route in ROUTES), *PLAYERS]) == sorted(set(RULES) - SOCKETS)
    described = client.get(f"{PREFIX}/openapi.json").json()["paths"]
    assert sorted(described) == sorted({f"{PREFIX}{route.path}" for route in ROUTES})


def test_each_role_is_let_in_where_the_table_says_so_and_nowhere_else(as_role):
    assert ROUTES
    for route in ROUTES:
        path = re.sub(r"\{\w+\}", "1", route.path)
        method = min(route.methods)
        rule = RULES[route.name]
        for role in (None, *ROLES):
            answer = as_role(role)(method, path, json={} if method == "POST" else None)
            if not rule.roles or role in rule.roles:
                assert answer.status_code not in {401, 403}, (route.name, role, answer.text)
            else:
                assert answer.status_code == (401 if role is None else 403), (route.name, role, answer.text)


def test_a_listener_asks_for_nobody_else(as_role):
    assert sorted(FOR_SOMEBODY_ELSE) == sorted(name for name, rule in RULES.items() if rule.own and name not in PLAYERS)
    for name, (method, path, body) in FOR_SOMEBODY_ELSE.items():
        assert as_role("listener")(method, path, json=body).status_code == 403, name
        refused = as_role("service")(method, path, json=body).status_code == 403
        assert refused == ("service" not in RULES[name].roles), name


def test_a_listener_of_whom_nothing_is_stored_is_told_of_nobody_else(client):
    new = Asker(client)
    new.headers = {"Authorization": f"Bearer {key_of(client, 'listener', user_id='test:new')}"}
    for answer in (new.get("/history"), new.post("/explanations", {"item_id": "calm song 1"})):
        assert (answer.status_code, answer.json()["detail"]) == (404, "no listener 'test:new'")
        assert "test:calm" not in answer.text
    assert "test:calm" in Asker(client, "admin").get("/history?user_id=test:new").text


def test_a_listener_of_whom_nothing_is_stored_is_nobody_whose_id_ends_so(client):
    """An id is whole: `local:ann` is not short for `other:local:ann`."""
    app = client.app.state.service.app
    app.engine.record("other:local:ann", item_id="calm song 1", event="like")
    new = Asker(client)
    new.headers = {"Authorization": f"Bearer {key_of(client, 'listener', user_id='local:ann')}"}
    assert new.get("/history").status_code == 404
    assert new.post("/events", {"item_id": "calm song 2"}).status_code == 201
    assert app.count_listens("other:local:ann") == 0
    assert app.count_listens("local:ann") == 1


def test_who_judges_models_learns_nothing_of_single_listeners(as_role):
    for path, body in (
        ("/search", {"text": "calm", "user_id": "test:calm-1"}),
        ("/playlists/generate", {"user_id": "test:calm-1", "count": 3}),
        ("/playlists/generate", {"user_ids": ["test:calm-1", "test:loud-2"], "count": 3}),
    ):
        assert as_role("analyst").post(path, body).status_code == 403, path
    assert as_role("analyst").post("/search", {"text": "calm"}).status_code == 200


def test_a_listener_need_not_say_who_they_are(as_role):
    answer = as_role("listener").post("/recommendations", {"count": 2})
    assert answer.json()["user_id"] == "test:calm-1"


def test_a_key_that_was_narrowed_does_no_more(client):
    narrow = Asker(client)
    narrow.headers = {"X-API-Key": key_of(client, "service", scopes=["search:read"])}
    assert narrow.post("/search", {"text": "calm"}).status_code == 200
    assert narrow.post("/recommendations", {"user_id": "test:calm-1"}).status_code == 403


def test_a_key_that_was_revoked_is_of_no_use_at_once(client):
    keys = client.app.state.service.app.access.keys
    key, token = keys.create("gone", role="admin")
    asker = Asker(client)
    asker.headers = {"Authorization": f"Bearer {token}"}
    assert asker.get("/status").status_code == 200
    keys.revoke(key.id)
    assert asker.get("/status").status_code == 401


def test_an_operation_that_speaks_of_nobody_may_not_ask_for_whom():
    caller = Caller(LOCAL, RULES["similar"], "similar")
    with pytest.raises(RuntimeError, match="does not say"):
        caller.listener("test:calm-1")


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer "}, {"X-API-Key": " "}]
)
def test_without_a_key_nothing_is_told(as_role, header):
    answer = as_role(None).get("/similar?item_id=calm song 1", headers=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "calm" not in answer.text


def test_a_key_may_come_in_either_header(client, as_role):
    headers = {"X-API-Key": key_of(client, "analyst")}
    answer = as_role(None).get("/similar?item_id=calm song 1", headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("value", [rb'"\ud800"', b"9" * 30, b"[" * 500 + b"]" * 500])
def test_what_could_not_be_given_back_is_not_understood(admin, value):
    sent = {"content": b'{"user_id": "test:calm-1", "context": {"mood": ' + value + b"}}"}
    answer = admin("POST", "/recommendations", headers={"Content-Type": "application/json"}, **sent)
    assert (answer.status_code, answer.json()["fields"][0]["field"]) == (422, "context")


def test_a_key_ends_before_the_calendar_does(admin):
    asked = {"name": "a", "role": "service", "expires_at": "9999-12-31T23:59:59-14:00"}
    assert admin.post("/keys", asked).status_code == 400
