"""What was searched for, over HTTP: everybody's own, and nobody else's."""

import orjson
import pytest
from tests.service.conftest import Asker, key_of

LOUD = "test:loud-2"


@pytest.fixture
def listener(as_role):
    return as_role("listener")


def asks(asker, *texts, **more):
    """Search for texts; give the numbers of the searches."""
    found = [asker.post("/search", {"text": text, "count": 1, **more}) for text in texts]
    return [each.json()["search_id"] for each in found]


def test_a_listener_looks_back_in_parts_and_forgets(listener, admin):
    asks(listener, "calm song 1", "calm song 2", "Calm Song 1", "calm song 3")
    asks(admin, "loud song 1", user_id=LOUD)
    first = listener.get("/search/recent?count=2")
    assert [each["text"] for each in first.json()] == ["calm song 3", "Calm Song 1"]
    rest = listener.get(first.links["next"]["url"].removeprefix("/api/v1"))
    assert [each["text"] for each in rest.json()] == ["calm song 2"]
    assert "next" not in rest.links
    assert admin.get(f"/search/recent?user_id={LOUD}").json()[0]["text"] == "loud song 1"
    assert listener.delete("/search/recent").json() == {"forgotten": 4}
    assert listener.get("/search/recent").json() == []
    assert len(admin.get(f"/search/recent?user_id={LOUD}").json()) == 1


def test_a_choice_is_of_ones_own_search(listener, admin):
    (own,) = asks(listener, "song 1")
    (other,) = asks(admin, "song 1", user_id=LOUD)
    assert listener.post("/search/choices", {"search_id": own, "hit": "test:track/calm-1"}).status_code == 204
    assert listener.post("/search/choices", {"search_id": other, "hit": "test:track/calm-1"}).status_code == 404
    assert admin.post("/search/choices", {"search_id": other, "hit": "test:track/loud-1"}).status_code == 204
    assert [each["what"] for each in admin.get("/audit?what=search.choose&result=ok").json()["records"]] == [
        "search.choose",
        "search.choose",
    ]


def test_analysts_are_told_of_what_three_have_searched_for(client, admin, as_role):
    asks(admin, "my own name", "loud song 1", user_id=LOUD)
    for n in range(3):
        asks(admin, "loud song 1", "qqzzxx", user_id=f"test:calm-{n}")
    admin_sees = {each["text"]: each["times"] for each in admin.get("/search/trending").json()}
    assert admin_sees["loud song 1"] == 4
    analyst = as_role("analyst")
    assert [each["text"] for each in analyst.get("/search/trending").json()] == ["loud song 1"]
    unanswered = [each["text"] for each in admin.get("/search/unanswered").json()]
    assert "qqzzxx" in unanswered
    assert [each["text"] for each in analyst.get("/search/unanswered").json()] == ["qqzzxx"]


def test_a_saved_search_is_its_listeners_own(client, listener, admin):
    assert listener.post("/search/saved", {"name": "mine", "text": "calm song 1", "count": 1}).status_code == 201
    (kept,) = listener.get("/search/saved").json()
    assert (kept["name"], kept["request"]["user_id"]) == ("mine", "test:calm-1")
    again = listener.post("/search/saved/again", {"name": "mine"})
    assert again.json()["hits"][0]["name"] == "calm song 1"
    other = Asker(client)
    other.headers = {"X-API-Key": key_of(client, "listener", user_id=LOUD)}
    assert other.get("/search/saved").json() == []
    assert other.post("/search/saved/again", {"name": "mine"}).status_code == 404
    assert other.delete("/search/saved?name=mine").status_code == 404
    taken = other.post("/search/saved", {"name": "mine", "text": "loud"})
    assert (taken.status_code, taken.json()["hint"]) == (400, "choose another name")
    assert listener.post("/search/saved", {"name": "mine", "text": "calm song 2"}).status_code == 201
    assert admin.get("/search/saved").json() == []  # those that are nobody's
    assert [each["name"] for each in admin.get("/search/saved?user_id=test:calm-1").json()] == ["mine"]
    assert listener.delete("/search/saved?name=mine").status_code == 204
    assert listener.get("/search/saved").json() == []


def test_what_is_nobodys_is_shared_by_those_who_run_the_place(admin, as_role, listener):
    assert as_role("analyst").post("/search/saved", {"name": "ours", "text": "loud"}).status_code == 201
    assert [each["name"] for each in admin.get("/search/saved").json()] == ["ours"]
    assert listener.get("/search/saved").json() == []
    assert admin.delete("/search/saved?name=ours").status_code == 204
    records = admin.get("/audit?what=search.unsave").json()["records"]
    assert [each["result"] for each in records] == ["ok"]  # though it is of no listener


def test_a_saved_search_is_given_and_erased_with_its_listener(client, listener):
    app = client.app.state.service.app
    for name in ("mine", "mine too"):
        assert listener.post("/search/saved", {"name": name, "text": "calm"}).status_code == 201
    app.search_engine.save("of another", "loud", user_id=LOUD)
    app.search_engine.save("ours", "loud")
    told = orjson.loads(b"".join(app.export_listener("test:calm-1")))["saved_searches"]
    assert [each["name"] for each in told] == ["mine", "mine too"]
    receipt = app.erase_listener("test:calm-1", confirm="test:calm-1")
    assert receipt.rows["saved_searches"] == 2
    assert [each.name for each in app.search_engine.saved()] == ["of another", "ours"]
