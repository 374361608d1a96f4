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
    assert answer.text.count("<track>") == 5


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
