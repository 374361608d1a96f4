"""Identifiers of recordings, as files and addresses write them.

Conventions
-----------
- A MusicBrainz recording address becomes ``mbid`` (lower case), ``isrc:…`` becomes ``isrc``
  (twelve characters, no hyphens).
- Outside ids are ``source:id`` strings; a Spotify address becomes ``spotify:track:…``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

import polars as pl

from ml.data.importers.locations import is_url

#: Pattern of a MusicBrainz id in lower case.
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_UUIDS = f"^{UUID}(?:,{UUID})*$"
_MBID = re.compile(rf"(?:(?:https?://)?(?:beta\.)?musicbrainz\.org/recording/|mbid:)({UUID})/?$", re.IGNORECASE)
_SPOTIFY = re.compile(r"(?:spotify:track:|https?://open\.spotify\.com/(?:intl-\w+/)?track/)([0-9A-Za-z]+)(?:[/?#].*)?$")
_ISRC = re.compile(r"(?:urn:)?isrc:([A-Z]{2}-?[A-Z0-9]{3}-?\d{2}-?\d{5})$", re.IGNORECASE)
_NO_IDS = ("http:", "https:", "urn:", "data:", "isrc:", "mbid:")


def mbids(column: str | pl.Expr) -> pl.Expr:
    """Keep MusicBrainz ids, in lower case, or lists of them joined by commas; null where any is none.

    >>> found = pl.DataFrame({"id": ["8C538F11-C141-4588-8ECB-931083524186", "unknown"]})
    >>> found.select(mbids("id"))["id"].to_list()
    ['8c538f11-c141-4588-8ecb-931083524186', None]
    """
    lower = (pl.col(column) if isinstance(column, str) else column).str.to_lowercase()
    return pl.when(lower.str.contains(_UUIDS)).then(lower)


def spotify_track(text: str) -> str | None:
    """Give the outside id of a track of Spotify from its address or URI; None where it is neither.

    >>> spotify_track("https://open.spotify.com/intl-de/track/4uLU6hMCjMI75M1A2tKUQC?si=1")
    'spotify:track:4uLU6hMCjMI75M1A2tKUQC'
    """
    found = _SPOTIFY.match(text)
    return f"spotify:track:{found[1]}" if found else None


class Identifiers(NamedTuple):
    """Identifiers of one track, sorted by what they are."""

    mbid: str | None = None
    isrc: str | None = None
    outside_ids: tuple[str, ...] = ()


def sort_identifiers(identifiers: Iterable[str]) -> Identifiers:
    """Tell MusicBrainz ids, ISRCs and outside ids apart; web addresses of others are left out.

    >>> sort_identifiers(["https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC?si=1"]).outside_ids
    ('spotify:track:4uLU6hMCjMI75M1A2tKUQC',)
    >>> sort_identifiers(["isrc:GB-AYE-06-01498"]).isrc
    'GBAYE0601498'
    """
    mbid = isrc = None
    outside: list[str] = []
    for identifier in map(str.strip, identifiers):
        if found := _MBID.match(identifier):
            mbid = mbid or found[1].lower()
        elif found := _ISRC.match(identifier):
            isrc = isrc or found[1].replace("-", "").upper()
        elif track := spotify_track(identifier):
            outside.append(track)
        elif _is_outside_id(identifier):
            outside.append(identifier)
    return Identifiers(mbid, isrc, tuple(dict.fromkeys(outside)))


def _is_outside_id(identifier: str) -> bool:
    if not is_url(identifier) or identifier.lower().startswith(_NO_IDS):
        return False
    rest = identifier.partition(":")[2]
    return bool(rest) and not rest.startswith("//") and not any(mark.isspace() for mark in rest)


def playlist_outside_id(identifier: str) -> str | None:
    """Give a playlist's outside id from what its file calls it, where a server that we know gave it.

    >>> playlist_outside_id("subsonic:music.example/playlist/7")
    'subsonic:music.example/playlist/7'
    """
    if identifier.startswith("subsonic:") and _is_outside_id(identifier):
        return identifier
    return listenbrainz_playlist(identifier)


def playlist_identifier(outside_id: str) -> str | None:
    """Write a playlist's outside id as :func:`playlist_outside_id` reads it; None where it names a place on disk.

    >>> playlist_identifier("listenbrainz:playlist/8a5f0e0e-5f0a-4f6e-9d57-0f3f4d0a5f3b")
    'https://listenbrainz.org/playlist/8a5f0e0e-5f0a-4f6e-9d57-0f3f4d0a5f3b'
    """
    source, _, key = outside_id.partition(":")
    identifier = f"https://listenbrainz.org/{key}" if source == "listenbrainz" else outside_id
    return identifier if playlist_outside_id(identifier) == outside_id else None


def listenbrainz_playlist(identifier: str) -> str | None:
    """Give a playlist's outside id from its address, where it is one we know.

    >>> listenbrainz_playlist("https://listenbrainz.org/playlist/8a5f0e0e-5f0a-4f6e-9d57-0f3f4d0a5f3b/")
    'listenbrainz:playlist/8a5f0e0e-5f0a-4f6e-9d57-0f3f4d0a5f3b'
    """
    parts = urlsplit(identifier)
    found = re.fullmatch(rf"/playlist/({UUID})/?", parts.path, re.IGNORECASE)
    if parts.netloc.endswith("listenbrainz.org") and found:
        return f"listenbrainz:playlist/{found[1].lower()}"
    return None
