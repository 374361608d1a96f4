"""Playlists to and from the server that the environment names, and no other."""

import pytest
from tests.data.playlist_servers.conftest import PASSWORD, USER, SubsonicService


@pytest.fixture
def subsonic(monkeypatch):
    service = SubsonicService()
    for number in (1, 2):
        title = f"calm song {number}"
        artist = f"calm artist {number}"
        service.songs[f"{number}"] = {"id": f"{number}", "title": title, "artist": artist, "duration": 200}
    monkeypatch.setenv("ML_SUBSONIC_URL", service.url)
    monkeypatch.setenv("ML_SUBSONIC_USER", USER)
    monkeypatch.setenv("ML_SUBSONIC_PASSWORD", PASSWORD)
    yield service
    service.stop()


def test_a_list_is_sent_seen_there_and_fetched_again(admin, as_role, subsonic):
    tracks = ["test:track/calm-1", "test:track/calm-2"]
    assert admin.post("/playlists", {"name": "Sunday", "tracks": tracks}).status_code == 201
    sent = as_role("service").post("/playlists/push", {"name": "Sunday", "server": "subsonic"})
    assert (sent.status_code, sent.json()["status"], sent.json()["sent"]) == (200, "created", 2), sent.text
    assert [each["title"] for each in admin.get("/playlists/servers/subsonic").json()] == ["Sunday"]
    pulled = admin.post("/playlists/pull", {"name": "Sunday", "server": "subsonic"})
    assert (pulled.status_code, pulled.json()["tracks"]) == (200, 2), pulled.text
    assert PASSWORD not in sent.text + pulled.text
    assert as_role("listener").post("/playlists/push", {"name": "Sunday", "server": "subsonic"}).status_code == 403


def test_a_request_names_no_file_and_no_server(admin, subsonic, tmp_path, monkeypatch):
    (tmp_path / "secret.m3u").write_text("#EXTM3U\n#EXTINF:200,calm artist 1 - calm song 1\n1.mp3\n")
    file = {"name": str(tmp_path / "secret.m3u"), "server": "subsonic"}
    assert admin.post("/playlists/push", file).status_code == 404
    assert admin.post("/playlists/push", file | {"server": "http://169.254.169.254/"}).status_code == 422
    assert admin.post("/playlists/push", file | {"address": "http://169.254.169.254/"}).status_code == 422
    monkeypatch.delenv("ML_SUBSONIC_URL")
    unset = admin.get("/playlists/servers/subsonic")
    assert (unset.status_code, "ML_SUBSONIC_URL" in unset.json()["hint"]) == (400, True)
    assert not [each for each in subsonic.requests if "createPlaylist" in each[1]]


def test_a_server_that_is_away_is_told_without_where_it_is(admin, subsonic):
    subsonic.stop()
    answer = admin.get("/playlists/servers/subsonic")
    assert answer.status_code == 502
    assert "127.0.0.1" not in answer.text
