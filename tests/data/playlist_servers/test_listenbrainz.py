"""Playlists at ListenBrainz: created, changed, fetched, waited for, refused."""

from __future__ import annotations

import uuid

import pytest

from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.playlist_files import Playlist
from ml.data.playlist_servers import ListenBrainz
from ml.foundation.errors import AccessDenied, BadInput, ServerError, UnknownId
from ml.foundation.http import Server
from ml.foundation.secret import Secret

MBIDS = [str(uuid.UUID(int=number)) for number in range(1, 251)]


@pytest.fixture
def client(listenbrainz, login):
    waits = []
    made = ListenBrainz(Server.at(listenbrainz.url, timeout_s=5), Secret(login["token"]), waits.append)
    object.__setattr__(made, "waits", waits)
    return made


def tracks(*mbids):
    return tuple(PlaylistEntry(f"T {mbid}", mbid=mbid) for mbid in mbids)


def test_a_list_is_created_changed_and_left_alone(listenbrainz, client):
    done = client.push(Playlist("Mine", (*tracks(*MBIDS[:3]), PlaylistEntry("no id")), "about"))
    (key,) = listenbrainz.lists
    one = listenbrainz.lists[key]
    assert (one["mbids"], one["annotation"], one["public"]) == (MBIDS[:3], "about", False)
    assert (done.status, done.sent, done.playlist_id) == ("created", 3, f"listenbrainz:playlist/{key}")
    assert [(left.position, left.reason) for left in done.left_out] == [(3, "no MusicBrainz id")]
    posts = sum(method == "POST" for method, _, _ in listenbrainz.requests)
    assert client.push(Playlist("Mine", tracks(*MBIDS[:3]), "about")).status == "unchanged"
    assert sum(method == "POST" for method, _, _ in listenbrainz.requests) == posts
    one["collaborators"] = ["eve"]
    changed = Playlist("Mine", tracks(MBIDS[0], MBIDS[9], MBIDS[1]), "else")
    assert client.push(changed).status == "updated"
    assert (one["mbids"], one["annotation"]) == ([MBIDS[0], MBIDS[9], MBIDS[1]], "else")
    assert one["collaborators"] == ["eve"], "an edit takes nobody away"


def test_long_lists_go_by_the_hundred(listenbrainz, client):
    client.push(Playlist("Long", tracks(*MBIDS)), public=True)
    (one,) = listenbrainz.lists.values()
    assert (one["mbids"], one["public"]) == (MBIDS, True)
    client.push(Playlist("Long", tracks(*MBIDS[100:])))
    assert one["mbids"] == MBIDS[100:]


def test_fetching_by_title_id_and_address(listenbrainz, client):
    for number in range(5):
        client.push(Playlist(f"L{number}", tracks(MBIDS[number])))
    listenbrainz.names[MBIDS[4]] = {"title": "Jóga", "creator": "Björk", "duration": 305_000}
    key = list(listenbrainz.lists)[4]
    found = client.pull("l4")
    assert found.tracks == (PlaylistEntry("Jóga", "Björk", duration_ms=305_000, mbid=MBIDS[4]),)
    assert (found.title, found.playlist_id) == ("L4", f"listenbrainz:playlist/{key}")
    assert client.pull(key) == client.pull(f"https://listenbrainz.org/playlist/{key}/") == found
    assert [one.title for one in client.playlists()] == [f"L{number}" for number in range(5)]
    with pytest.raises(UnknownId, match="not found"):
        client.pull(MBIDS[0])


def test_it_waits_as_long_as_it_is_told_and_not_for_ever(listenbrainz, client):
    listenbrainz.busy = 2
    assert client.playlists() == []
    assert client.waits == [7.0, 7.0]
    listenbrainz.busy = 99
    with pytest.raises(ServerError, match="too many questions"):
        client.playlists()


def test_a_token_of_nobody_is_told_without_it(listenbrainz):
    server = Server.at(listenbrainz.url)
    other = ListenBrainz(server, Secret("swordfish"))
    with pytest.raises(AccessDenied, match="nobody has this token"):
        other.push(Playlist("x", tracks(MBIDS[0])))
    with pytest.raises(AccessDenied, match="refused") as caught:
        other.pull(MBIDS[0])
    assert "swordfish" not in f"{caught.value} {other!r}"
    with pytest.raises(BadInput) as caught:
        ListenBrainz(server, Secret("sword\nfish"))
    assert "fish" not in str(caught.value)


def test_a_list_of_somebody_else_may_not_be_changed(listenbrainz, client):
    client.push(Playlist("Mine", tracks(MBIDS[0])))
    (key,) = listenbrainz.lists
    listenbrainz.lists[key]["creator"] = "eve"
    theirs = Playlist("Mine", tracks(MBIDS[1]), playlist_id=f"listenbrainz:playlist/{key}")
    assert client.push(theirs).status == "created"
    assert listenbrainz.lists[key]["mbids"] == [MBIDS[0]]


def test_nothing_is_sent_where_no_track_has_an_id(listenbrainz, client):
    with pytest.raises(BadInput, match="none of the 1 tracks has a MusicBrainz id"):
        client.push(Playlist("x", (PlaylistEntry("a"),)))
    assert listenbrainz.lists == {}


def test_the_token_does_not_travel_in_the_open(login):
    with pytest.raises(BadInput, match="not encrypted"):
        ListenBrainz(Server.at("http://listenbrainz.example"), Secret(login["token"]))
