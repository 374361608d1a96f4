"""Addresses of Spotify, one a line."""

from __future__ import annotations

import pytest

from ml.data.importers.base import Reject
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.importers.source import Source
from ml.data.importers.spotify_uris import read_spotify_uris
from ml.foundation.errors import BadInput


def parts(folder, content):
    path = folder / "list.txt"
    path.write_text(content)
    return list(read_spotify_uris(Source.of(path).entries[0]))


def test_addresses_comments_and_what_is_none(tmp_path):
    found = parts(
        tmp_path, "# mine\nspotify:track:4u\n\nhttps://open.spotify.com/intl-de/track/5v?si=1\nspotify:album:1\n"
    )
    assert found == [
        PlaylistEntry(outside_ids=("spotify:track:4u",)),
        PlaylistEntry(outside_ids=("spotify:track:5v",)),
        Reject("list.txt", 5, "no track of Spotify (spotify:track:…)", "spotify:album:1"),
    ]
    assert [part.line for part in found] == [2, 4, 5]


def test_another_text_says_what_is_missing(tmp_path):
    with pytest.raises(BadInput, match=r"(?s)list.txt: not one line.*spotify:track:…"):
        parts(tmp_path, "dear diary\n")
