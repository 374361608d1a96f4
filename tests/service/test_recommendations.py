"""Recommendations over HTTP."""

import pytest


def test_a_listener_is_recommended_what_their_kind_hears(admin):
    answer = admin.post("/recommendations", {"user_id": "test:calm-1", "count": 5, "familiar_ratio": 0})
    assert answer.status_code == 200
    tracks = answer.json()["tracks"]
    assert len(tracks) == 5
    assert all(track["title"].startswith("calm") for track in tracks)
    assert answer.headers["cache-control"] == "no-store"


def test_an_event_counts_in_the_next_answer(admin):
    body = {"user_id": "test:calm-1", "count": 3, "familiar_ratio": 0}
    first = admin.post("/recommendations", body).json()["tracks"][0]["item_id"]
    blocked = admin.post("/feedback", {"user_id": "test:calm-1", "item_id": first, "event": "block"})
    assert blocked.status_code == 201
    assert first not in [each["item_id"] for each in admin.post("/recommendations", body).json()["tracks"]]
    undone = admin.delete(f"/events/{blocked.json()['event_id']}?user_id=test:calm-1")
    assert undone.status_code == 200
    assert admin.post("/recommendations", body).json()["tracks"][0]["item_id"] == first


def test_several_listeners_at_once(admin):
    answer = admin.post("/recommendations/batch", {"user_ids": ["test:calm-1", "test:loud-2"], "count": 2})
    assert [each["user_id"] for each in answer.json()] == ["test:calm-1", "test:loud-2"]


def test_why_and_by_what(admin):
    track = admin.post("/recommendations", {"user_id": "test:calm-1", "count": 1}).json()["tracks"][0]
    why = admin.post("/explanations", {"user_id": "test:calm-1", "item_id": track["item_id"], "language": "de"})
    assert why.status_code == 200
    assert why.json()["item_id"] == track["item_id"]
    assert admin.get("/recommendations/parameters").json()


def test_strangers_are_asked_and_answered(admin):
    asked = admin.post("/onboarding", {"answers": [{"item_id": "calm artist 1", "answer": "like"}], "questions": 3})
    assert asked.status_code == 200
    assert len(asked.json()["questions"]) == 3
    found = admin.post("/recommendations/stranger", {"likes": ["loud artist 2"], "count": 3})
    assert all(track["title"].startswith("loud") for track in found.json()["tracks"])


def test_what_goes_with_an_item_is_not_sent_twice(admin):
    first = admin.get("/similar?item_id=calm song 1&count=3")
    assert len(first.json()["items"]) == 3
    again = admin.get("/similar?item_id=calm song 1&count=3", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_pausing_keeps_nothing(admin):
    assert admin.post("/history/pause?user_id=test:calm-1").json()["paused"]
    told = admin.post("/events", {"user_id": "test:calm-1", "item_id": "calm song 1"})
    assert (told.status_code, told.json()["stored"]) == (200, False)
    assert not admin.post("/history/resume?user_id=test:calm-1").json()["paused"]
    assert not admin.get("/history?user_id=test:calm-1").json()["paused"]


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/recommendations", {}, 400, "user_id is missing"),
        ("/recommendations", {"user_id": "test:calm-1", "count": 0}, 422, "count"),
        ("/recommendations", {"user_id": "test:calm-1", "cuont": 1}, 422, "cuont"),
        ("/recommendations", {"user_id": "test:calm-1", "algorithm": "hibrid"}, 400, "did you mean"),
        ("/recommendations", {"user_id": "a\nb"}, 422, "user_id"),
        ("/explanations", {"user_id": "test:nobody", "item_id": "calm song 1"}, 404, "test:nobody"),
        ("/events", {"user_id": "test:calm-1", "item_id": "no such song"}, 404, "no such song"),
        ("/events", {"user_id": "test:calm-1", "item_id": "calm song 1", "at": "2026-01-01T00:00:00"}, 422, "at"),
    ],
)
def test_what_cannot_be_is_a_problem_that_says_so(admin, path, body, status, said):
    answer = admin.post(path, body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert said in answer.text
