"""Playlists over HTTP."""

from dataclasses import replace

import pytest

from ml.data.identity import find_user


@pytest.fixture
def secret(client):
    """A stored playlist of a listener whom nobody else asks for."""
    app = client.app.state.service.app
    made = app.playlists.generate(seeds=["loud song 1"], count=5, max_per_artist=5)
    app.playlists.save(made, "My secret list", user_id="test:loud-2")
    with app.workspace.store.read() as connection:
        assert find_user(connection, "test:loud-2")
    return "My secret list"


def test_a_playlist_is_made_for_a_listener(admin):
    answer = admin.post("/playlists/generate", {"user_id": "test:calm-1", "count": 5, "max_per_artist": 5})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["tracks"]) == 5


@pytest.mark.parametrize("field", ["seeds", "away", "exclude"])
def test_the_stored_lists_of_others_cannot_be_named(as_role, secret, field):
    body = {"count": 5, "max_per_artist": 5, field: [secret]}
    assert as_role("service").post("/playlists/generate", body).status_code == 200
    for role in ("listener", "analyst"):
        refused = as_role(role).post("/playlists/generate", body)
        assert refused.status_code == 404, refused.text


def test_ones_own_can(client, as_role):
    app = client.app.state.service.app
    made = app.playlists.generate(seeds=["calm song 1"], count=5, max_per_artist=5)
    app.playlists.save(made, "Mine", user_id="test:calm-1")
    answer = as_role("listener").post("/playlists/generate", {"count": 5, "max_per_artist": 5, "seeds": ["Mine"]})
    assert answer.status_code == 200, answer.text


def test_it_is_written_as_a_file_that_players_read(admin):
    asked = {"playlist": {"count": 5, "max_per_artist": 5}, "title": "Für dich", "form": "xspf"}
    answer = admin.post("/playlists/export", asked)
    assert answer.status_code == 200, answer.text
    assert "F%C3%BCr%20dich.xspf" in answer.headers["content-disposition"]
    assert (answer.text.count("<track>"), answer.headers["x-left-out"]) == (5, "0")
    answer = admin.post("/playlists/export", asked | {"form": "m3u8"})
    assert (answer.status_code, answer.headers["x-left-out"]) == (200, "5")


def test_listeners_are_not_told_where_files_lie(client, as_role, monkeypatch):
    generator = client.app.state.service.app.playlists
    generate = generator.generate

    def with_files(**asked):
        found = generate(**asked)
        return replace(found, tracks=tuple(replace(one, path="/music/a.flac") for one in found.tracks))

    monkeypatch.setattr(generator, "generate", with_files)
    body = {"count": 3, "max_per_artist": 5}
    assert "/music/" in as_role("service").post("/playlists/generate", body).text
    told = as_role("listener").post("/playlists/generate", body)
    assert told.json()["tracks"][0]["path"] is None
    assert "/music/" not in told.text


@pytest.fixture
def made(admin):
    return admin.post("/playlists/generate", {"count": 5, "max_per_artist": 5, "artist_gap": 0}).json()


def ids(playlist):
    return [each["track_id"] for each in playlist["tracks"]]


def test_a_list_that_was_changed_by_hand_is_told_what_it_breaks(admin, made):
    made["tracks"] = made["tracks"][3:0:-1]
    made["request"]["language"] = "de"
    shown = admin.post("/playlists/show", {"playlist": made}).json()
    assert ids(shown) == ids(made)
    count = next(each for each in shown["constraints"] if each["name"] == "count")
    assert (count["met"], count["said"]) == (False, "Zahl der Titel: verlangt 5, erreicht 3")
    assert shown["tracks"][0]["transition_cost"] is None
    made["tracks"].append({"track_id": "test:track/gone"})
    assert "1" in admin.post("/playlists/show", {"playlist": made}).json()["notices"][-1]
    made["tracks"] = [{"track_id": "test:track/gone"}]
    assert admin.post("/playlists/show", {"playlist": made}).status_code == 400


def test_what_is_removed_makes_room_for_another_at_its_place(admin, made):
    edited = admin.post("/playlists/edit", {"playlist": made, "remove": [ids(made)[2]]}).json()
    assert len(edited["tracks"]) == 5
    assert [place for place in range(5) if ids(edited)[place] != ids(made)[place]] == [2]
    assert ids(made)[2] not in ids(edited)
    kept = admin.post("/playlists/edit", {"playlist": made, "keep": [ids(made)[0]]}).json()
    assert set(ids(kept)) & set(ids(made)) == {ids(made)[0]}
    longer = admin.post("/playlists/resize", {"playlist": made, "count": 7, "played": 2}).json()
    assert ids(longer)[:2] == ids(made)[:2]
    assert len(longer["tracks"]) == 7


def test_a_stored_list_goes_on_for_those_who_may_know_of_it(as_role, secret):
    asked = {"playlist": secret, "count": 2, "asked": {"language": "de"}}
    added = as_role("admin").post("/playlists/extend", asked)
    assert added.status_code == 200, added.text
    assert as_role("listener").post("/playlists/extend", asked).status_code == 404
    told = {"playlist_id": added.json()["playlist_id"], "tracks": [each["track_id"] for each in added.json()["added"]]}
    assert as_role("admin").post("/playlists/append", told).json()["tracks"] == 7
    assert as_role("listener").post("/playlists/append", told).status_code == 403


def test_tracks_are_written_in_the_order_in_which_they_are_sent(admin, made):
    sent = ids(made)[::-1]
    answer = admin.post("/playlists/export", {"tracks": sent, "title": "Mine", "form": "jspf"})
    assert answer.status_code == 200, answer.text
    titles = {each["track_id"]: each["title"] for each in made["tracks"]}
    assert [each["title"] for each in answer.json()["playlist"]["track"]] == [titles[each] for each in sent]
    both = {"tracks": sent, "playlist": {"count": 2}, "title": "Mine"}
    assert admin.post("/playlists/export", both).status_code == 422


def test_what_there_is_to_choose_from_is_told(admin):
    told = admin.get("/playlists/choices?language=de").json()
    assert {"name": "calm", "label": "ruhig"} in told["moods"]
    assert told["arcs"]["plateau"] == [0.6] * 9
    assert told["arcs"]["peak"][0] < max(told["arcs"]["peak"])
    # Of these tracks nothing is known but their names.
    assert (told["tracks"], told["playable"], told["features"], told["years"]) == (60, 0, [], None)


def test_what_was_understood_is_told_piece_by_piece(admin, made):
    theme = {"theme": '5 songs, like "calm song 1"', "max_per_artist": 5, "artist_gap": 0}
    found = admin.post("/playlists/generate", theme).json()
    assert found["understood"] == ["tracks: 5", "like: calm song 1"]
    assert made["understood"] == []
    assert not any(each["playable"] for each in found["tracks"])


def test_what_would_be_possible_is_told_in_words(admin):
    found = admin.post("/playlists/generate", {"count": 25, "max_per_artist": 1, "language": "de"}).json()
    said = [each["said"] for conflict in found["conflicts"] for each in conflict["relaxations"]]
    assert "Titel je Künstler: 2 statt 1" in said
