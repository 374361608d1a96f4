"""Lists and recipes that are kept, over HTTP: each listener's own; and a radio, whose state the listener has."""

import pytest
from tests.service.conftest import Asker, key_of

LOUD = "test:loud-2"
CALM = {"seeds": ["calm song 1"], "count": 4, "max_per_artist": 4}


@pytest.fixture
def listener(as_role):
    return as_role("listener")


@pytest.fixture
def other(client):
    asker = Asker(client)
    asker.headers = {"X-API-Key": key_of(client, "listener", user_id=LOUD)}
    return asker


def keep(asker, name, *tracks, **more):
    return asker.post("/playlists", {"name": name, "tracks": list(tracks), **more})


def test_a_list_is_kept_and_found_by_its_name(listener):
    kept = keep(listener, "Sunday", "test:track/calm-1", "test:track/calm-2")
    assert (kept.status_code, kept.json()["playlist_id"], kept.json()["tracks"]) == (201, "ml:Sunday", 2)
    assert keep(listener, "Sunday", "test:track/calm-1", "test:track/calm-2").json()["changed"] is False
    assert keep(listener, "Sunday", "test:track/calm-3").json()["changed"] is True
    made = listener.post("/playlists/generate", {"seeds": ["Sunday"], "count": 3, "max_per_artist": 5})
    assert made.status_code == 200, made.text


def test_nobody_writes_over_the_list_of_somebody_else(client, listener, other, admin, as_role):
    assert keep(listener, "Mine", "test:track/calm-1").status_code == 201
    for asker in (other, as_role("analyst"), admin):
        refused = keep(asker, "Mine", "test:track/loud-1")
        assert (refused.status_code, refused.json()["hint"]) == (400, "choose another name"), refused.text
    assert keep(admin, "Mine", "test:track/calm-2", user_id="test:calm-1").status_code == 201
    assert keep(as_role("analyst"), "Ours", "test:track/loud-1").status_code == 201
    assert keep(listener, "Ours", "test:track/loud-1").status_code == 400


def test_a_recipe_is_its_listeners_own(listener, other, admin):
    assert listener.post("/playlists/recipes", {"name": "my day", "playlist": CALM}).status_code == 201
    (recipe,) = listener.get("/playlists/recipes").json()
    assert (recipe["name"], recipe["request"]["user_id"], recipe["lists"]) == ("my day", "test:calm-1", 0)
    first = listener.post("/playlists/recipes/refresh", {"name": "my day", "on": "2026-07-01"}).json()
    assert (first["made"], first["day"], len(first["playlist"]["tracks"])) == (True, "2026-07-01", 4)
    again = listener.post("/playlists/recipes/refresh", {"name": "my day", "on": "2026-07-01"}).json()
    assert again["made"] is False
    assert [each["track_id"] for each in again["playlist"]["tracks"]] == [
        each["track_id"] for each in first["playlist"]["tracks"]
    ]
    for asker, whose in ((other, ""), (admin, ""), (admin, f"&user_id={LOUD}")):
        assert asker.get(f"/playlists/recipes?{whose}").json() == []
        assert asker.delete(f"/playlists/recipes?name=my day{whose}").status_code == 404
    assert other.post("/playlists/recipes/refresh", {"name": "my day"}).status_code == 404
    taken = other.post("/playlists/recipes", {"name": "my day", "playlist": CALM, "replace": True})
    assert taken.status_code == 400
    assert admin.delete("/playlists/recipes?name=my day&user_id=test:calm-1&lists=true").json()["lists"] == 1
    assert listener.get("/playlists/recipes").json() == []
    whom = [each["whom"] for each in admin.get("/audit?what=playlists.recipes.delete&result=ok").json()["records"]]
    assert len(whom) == 1
    assert whom[0] is not None


def test_a_recipe_is_for_one_or_for_nobody(admin, client):
    several = {"name": "ours", "playlist": {"user_ids": ["test:calm-1", LOUD], "count": 3}}
    assert admin.post("/playlists/recipes", several).status_code == 400
    assert admin.post("/playlists/recipes", {"name": "ours", "playlist": CALM}).status_code == 201
    assert [each["name"] for each in admin.get("/playlists/recipes").json()] == ["ours"]
    new = Asker(client)
    new.headers = {"X-API-Key": key_of(client, "listener", user_id="test:new")}
    # Nobody's are not theirs, and with nothing stored of them there is nobody whose a list could be.
    assert new.get("/playlists/recipes").status_code == 404
    assert keep(new, "Mine", "test:track/calm-1").status_code == 404


def test_a_radio_goes_on_from_its_state_and_hears_what_was_skipped(listener):
    begun = listener.post("/playlists/radio", {"playlist": {"seeds": ["calm song 1"], "seed": 3}}).json()
    seen = [begun["track"]["track_id"]]
    skipped = begun["track"]
    heard = [{"track_id": skipped["track_id"], "what": "skipped", "ms_played": 4000}]
    for _ in range(4):
        answer = listener.post("/playlists/radio", {"state": begun["state"], "heard": heard})
        assert answer.status_code == 200, answer.text
        begun, heard = answer.json(), []
        seen.append(begun["track"]["track_id"])
        assert begun["track"]["artist"] != skipped["artist"]
    assert len(set(seen)) == 5
    assert begun["state"]["events"][0] == {"track_id": skipped["track_id"], "what": "skipped", "ms": 4000}
    assert begun["state"]["request"]["user_id"] == "test:calm-1"


def test_the_state_of_a_radio_for_somebody_else_is_of_no_use(listener, admin):
    asked = {"playlist": {"user_id": LOUD, "minutes": 20}}
    begun = admin.post("/playlists/radio", asked).json()
    assert listener.post("/playlists/radio", {"state": begun["state"]}).status_code == 403
    assert admin.post("/playlists/radio", {"state": begun["state"]}).status_code == 200
    assert admin.post("/playlists/radio", {}).status_code == 422
