"""Playlists on a Subsonic server: looked up, created, changed from the first difference on, fetched, refused."""

from __future__ import annotations

import pytest

from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.playlist_files import Playlist
from ml.data.playlist_servers import Subsonic
from ml.foundation.errors import AccessDenied, AmbiguousId, BadInput, ServerError, UnknownId
from ml.foundation.http import Server
from ml.foundation.secret import Secret

MBID = "e97f805a-ab48-4c52-855e-07049142113d"


def add(service, key, title, artist="A", **more):
    service.songs[key] = {"id": key, "title": title, "artist": artist, "album": "X", "isDir": False, **more}


@pytest.fixture
def songs(subsonic):
    add(subsonic, "1", "One", duration=200)
    add(subsonic, "2", "One", duration=300, isrc=["GBAYE0601498"])
    add(subsonic, "3", "Two (feat. B)", "A & B", duration=100, musicBrainzId=MBID, artists=[{"name": "A"}])
    add(subsonic, "4", "Twofold", duration=100)
    return subsonic


@pytest.fixture
def client(login):
    def make(service, password=None, folder="", **more):
        server = Server.at(service.url + folder, timeout_s=more.pop("timeout_s", 5))
        return Subsonic(server, login["user"], Secret(password or login["password"]))

    return make


def tracks(*titles, **more):
    return tuple(PlaylistEntry(title, "A", **more) for title in titles)


def test_songs_are_found_by_the_surest_sign(songs, client):
    entries = (
        PlaylistEntry("One", "A", duration_ms=301_000),
        PlaylistEntry("One", "A", duration_ms=198_500),
        PlaylistEntry("one", "a", isrc="GBAYE0601498", duration_ms=200_000),
        PlaylistEntry("Two", "A"),
        PlaylistEntry("Two", "Z", mbid=MBID),
        PlaylistEntry("One", "A", duration_ms=250_000),
        PlaylistEntry("Unheard of", "Nobody"),
        PlaylistEntry(path="/m/x.mp3"),
    )
    done = client(songs).push(Playlist("Mine", entries))
    assert songs.lists["pl-1"]["songs"] == ["2", "1", "2", "3", "3"]
    assert [(left.position, left.reason) for left in done.left_out] == [
        (5, "not on the server"),
        (6, "not on the server"),
        (7, "no title to look for"),
    ]
    assert (done.status, done.sent, done.title) == ("created", 5, "Mine")
    assert done.playlist_id == f"subsonic:127.0.0.1:{songs.server_port}/playlist/pl-1"


def test_sending_it_again_changes_nothing_and_a_change_begins_at_the_first_difference(songs, client):
    server = client(songs)
    server.push(Playlist("Mine", tracks("One", "Two", "Twofold"), "about"))
    assert (songs.lists["pl-1"]["comment"], songs.lists["pl-1"]["public"]) == ("about", False)
    writes = len([one for one in songs.requests if "updatePlaylist" in one[1]])
    assert server.push(Playlist("Mine", tracks("One", "Two", "Twofold"), "about")).status == "unchanged"
    assert len([one for one in songs.requests if "updatePlaylist" in one[1]]) == writes
    assert server.push(Playlist("Mine", tracks("One", "Twofold"))).status == "updated"
    assert songs.lists["pl-1"]["songs"] == ["1", "4"]
    assert server.push(Playlist("Mine", tracks("Twofold", "One", "Two", "Two"))).sent == 4
    assert songs.lists["pl-1"]["songs"] == ["4", "1", "3", "3"]
    assert list(songs.lists) == ["pl-1"]


def test_what_was_fetched_goes_back_to_where_it_came_from(songs, client):
    server = client(songs)
    server.push(Playlist("Mine", tracks("One", "Two"), "about"))
    found = server.pull("mine")
    assert found.description == "about"
    assert found.tracks[1] == PlaylistEntry(
        "Two (feat. B)",
        "A & B",
        "X",
        100_000,
        mbid=MBID,
        outside_ids=(f"subsonic:127.0.0.1:{songs.server_port}/song/3",),
    )
    assert server.pull(found.playlist_id) == server.pull("pl-1") == found
    renamed = Playlist("Other", found.tracks[:1], playlist_id=found.playlist_id)
    assert server.push(renamed).status == "updated"
    assert (len(songs.lists), songs.lists["pl-1"]["songs"]) == (1, ["1"])


def test_an_old_server_is_spoken_to_as_it_understands(old_subsonic, client):
    add(old_subsonic, "1", "One")
    server = client(old_subsonic, folder="/music/")
    assert server.playlists() == []
    assert server.push(Playlist("Mine", tracks("One"))).sent == 1
    assert [track.title for track in server.pull("Mine").tracks] == ["One"]
    assert {method for method, _, _ in old_subsonic.requests} == {"GET"}


def test_long_lists_go_in_parts(old_subsonic, client):
    for number in range(200):
        add(old_subsonic, f"song-{number:030}", f"T{number:03}")
    long = Playlist("Long", tracks(*(f"T{number:03}" for number in range(200))))
    server = client(old_subsonic, folder="/music")
    server.push(long)
    assert old_subsonic.lists["pl-1"]["songs"] == list(old_subsonic.songs)
    server.push(Playlist("Long", long.tracks[:20]))
    assert old_subsonic.lists["pl-1"]["songs"] == list(old_subsonic.songs)[:20]
    assert max(len(path) for _, path, _ in old_subsonic.requests) < 8_000


def test_a_modern_server_gets_no_secrets_in_addresses(songs, client):
    client(songs).push(Playlist("Mine", tracks("One")), public=True)
    later = [path for method, path, _ in songs.requests[2:]]
    assert later
    assert not [path for path in later if "?" in path]
    assert songs.lists["pl-1"]["public"] is True


def test_a_wrong_password_is_told_without_it(songs, client):
    with pytest.raises(AccessDenied, match="wrong user name or password") as caught:
        client(songs, password="swordfish").push(Playlist("Mine", tracks("One")))
    said = f"{caught.value} {caught.value!r} {client(songs, password='swordfish')!r}"
    assert "swordfish" not in said
    assert "?" not in said


def test_nothing_of_it_there_changes_nothing(songs, client):
    with pytest.raises(BadInput, match="knows none of the 1 track;"):
        client(songs).push(Playlist("Mine", tracks("Unheard of")))
    assert songs.lists == {}


def test_names_that_nobody_or_several_have(songs, client):
    for key in ("a", "b"):
        songs.lists[key] = {"id": key, "name": "Twice", "owner": "joe", "songs": []}
    with pytest.raises(UnknownId, match="no playlist 'Twise'") as caught:
        client(songs).pull("Twise")
    assert "did you mean 'Twice'" in caught.value.hint
    with pytest.raises(AmbiguousId, match="names 2 playlists"):
        client(songs).push(Playlist("Twice", tracks("One")))


def test_lists_of_others_are_not_touched(songs, client):
    songs.lists["x"] = {"id": "x", "name": "Mine", "owner": "eve", "songs": ["4"]}
    assert client(songs).push(Playlist("Mine", tracks("One"))).status == "created"
    assert songs.lists["x"]["songs"] == ["4"]


def test_what_is_no_such_server_says_so(songs, listenbrainz, client):
    with pytest.raises(ServerError, match=r"/no/rest/ping.view: no server that speaks the Subsonic API \(HTTP 404\)"):
        client(songs, folder="/no").ping()
    with pytest.raises(AccessDenied, match=r"refused \(HTTP 401\)"):
        client(listenbrainz).ping()


@pytest.mark.parametrize(("code", "kind"), [(50, AccessDenied), (70, UnknownId), (0, ServerError), (30, ServerError)])
def test_errors_of_the_server_have_kinds(songs, client, monkeypatch, code, kind):
    error = {"error": {"code": code, "message": "odd\x00 sesame äö"}}
    monkeypatch.setattr(type(songs), "_said", lambda *_: error)
    with pytest.raises(kind) as caught:
        client(songs).playlists()
    assert "sesame" not in str(caught.value)
