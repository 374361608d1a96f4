"""Servers that answer what nobody expects: an error in words at worst, and never a secret in it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.playlist_files import Playlist
from ml.data.playlist_servers import ListenBrainz, Subsonic
from ml.foundation.errors import MLError
from ml.foundation.http import Server
from ml.foundation.secret import Secret

ODD = Playlist("x", (PlaylistEntry("x", "a", mbid="e97f805a-ab48-4c52-855e-07049142113d"),))
NAMES = [
    *("playlists", "playlist", "entry", "id", "name", "title", "owner", "song", "searchResult3", "artists", "isrc"),
    *("track", "identifier", "extension", "playlist_count", "playlist_mbid", "valid", "user_name", "error", "code"),
    *("openSubsonic", "openSubsonicExtensions", "duration", "status", "comment", "musicBrainzId", "creator"),
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.sampled_from(["x", "ok", "a", "formPost", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=8,
)
ANSWERS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5)


@pytest.fixture
def odd(service_of):
    class Odd(service_of.base):
        status, document = 200, None

        def respond(self, method, path, query, body, headers):
            return self.status, self.document, {}

    return service_of(Odd)


def verbs(client):
    return client.playlists, lambda: client.pull("x"), lambda: client.push(ODD)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=ANSWERS, status=st.sampled_from([200, 200, 200, 400, 503]), bare=st.booleans())
def test_any_answer_is_understood_or_refused_in_words(odd, answer, status, bare):
    odd.status = status
    server = Server.at(odd.url)
    odd.document = answer if bare else {"subsonic-response": {**answer, "status": "ok"}}
    refused = []
    for verb in verbs(Subsonic(server, "joe", Secret("swordfish"))):
        refused += told(verb)
    odd.document = answer if bare else {**answer, "valid": True, "user_name": "joe"}
    for verb in verbs(ListenBrainz(server, Secret("swordfish"))):
        refused += told(verb)
    assert not any("swordfish" in words for words in refused)


def told(verb):
    try:
        verb()
    except MLError as error:
        return [str(error)]
    return []
