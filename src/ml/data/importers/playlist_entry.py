"""One entry of a playlist, and what its identifiers and locations mean.

Readers (:mod:`~ml.data.importers.m3u`, ``jspf``, ``xspf``) and the writer
(:mod:`ml.data.exporters.playlists`) share this type, so that a playlist written and
read again is the same list of entries.

Conventions
-----------
- ``path`` is an absolute path or a URL. A relative location is resolved against the
  playlist's folder; where that is unknown (inside an archive) it stays as written.
- ``outside_ids`` are ``source:id`` strings; a Spotify address becomes ``spotify:track:…``.
- A MusicBrainz recording address becomes ``mbid``, ``isrc:…`` becomes ``isrc``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from ml.data.importers.base import Reject

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_MBID = re.compile(rf"(?:(?:https?://)?(?:beta\.)?musicbrainz\.org/recording/|mbid:)({_UUID})/?$", re.IGNORECASE)
_SPOTIFY = re.compile(r"(?:spotify:track:|https?://open\.spotify\.com/(?:intl-\w+/)?track/)([0-9A-Za-z]+)(?:[/?#].*)?$")
_ISRC = re.compile(r"(?:urn:)?isrc:([A-Z]{2}-?[A-Z0-9]{3}-?\d{2}-?\d{5})$", re.IGNORECASE)
# A scheme of two letters or more: "C:\Music" is a Windows path, no URL.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_WEB = ("http:", "https:")
_WINDOWS_ROOT = re.compile(r"[A-Za-z]:[\\/]|\\\\")


@dataclass(frozen=True, slots=True)
class PlaylistEntry:
    """A track as a playlist describes it; every field may be unknown.

    Parameters
    ----------
    title, artist, album : str or None
        As written; ``artist`` is the whole credit.
    duration_ms : int or None
        Length in milliseconds.
    isrc : str or None
        Twelve characters without hyphens.
    mbid : str or None
        MusicBrainz recording id.
    outside_ids : tuple of str
        ``source:id`` strings, the most telling first.
    path : str or None
        Absolute path or URL of the sound.
    line : int or None
        Where it stood in its file, from 1; takes no part in equality.
    """

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    duration_ms: int | None = None
    isrc: str | None = None
    mbid: str | None = None
    outside_ids: tuple[str, ...] = ()
    path: str | None = None
    line: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class PlaylistHeader:
    """What a file says about the playlist as a whole."""

    name: str | None = None
    playlist_id: str | None = None


#: What a reader of a playlist format gives, in the order of the file.
PlaylistPart = PlaylistHeader | PlaylistEntry | Reject


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
        elif found := _SPOTIFY.match(identifier):
            outside.append(f"spotify:track:{found[1]}")
        elif _is_outside_id(identifier):
            outside.append(identifier)
    return Identifiers(mbid, isrc, tuple(dict.fromkeys(outside)))


def _is_outside_id(identifier: str) -> bool:
    scheme = _SCHEME.match(identifier)
    if not scheme or identifier.lower().startswith((*_WEB, "urn:", "data:", "isrc:", "mbid:")):
        return False
    rest = identifier[scheme.end() :]
    return bool(rest) and not rest.startswith("//") and not any(mark.isspace() for mark in rest)


def is_url(location: str) -> bool:
    """Tell a URL from a path; a drive letter makes no URL."""
    return _SCHEME.match(location) is not None


def is_windows_path(location: str) -> bool:
    """Tell whether a path begins at a drive letter or a network share."""
    return _WINDOWS_ROOT.match(location) is not None


def resolve_path(location: str, folder: Path | None) -> str:
    """Give the absolute path of a location, or the URL as it is.

    Parameters
    ----------
    location : str
        A path, a ``file:`` URL or another URL.
    folder : Path or None
        Where the playlist lies; None leaves relative paths as they are.

    Examples
    --------
    >>> resolve_path("../a/song.mp3", Path("/music/lists"))
    '/music/a/song.mp3'
    >>> resolve_path("file:///music/caf%C3%A9.mp3", None)
    '/music/café.mp3'
    """
    if location.lower().startswith("file:"):
        location = _file_url_path(location)
    elif is_url(location):
        return location
    if is_windows_path(location):
        return location
    if "\\" in location and "/" not in location:
        location = location.replace("\\", "/")
    if folder is None:
        return location
    return os.path.normpath(folder / location)


def _file_url_path(url: str) -> str:
    # Not urlsplit: a file name may hold "#" and "?" that careless writers leave unescaped.
    rest = url[len("file:") :]
    if rest.startswith("//"):
        _host, slash, tail = rest[2:].partition("/")
        rest = slash + tail
    path = os.fsdecode(unquote_to_bytes(rest))
    # file:///C:/Music is a Windows path behind a slash.
    return path[1:] if path.startswith("/") and _WINDOWS_ROOT.match(path[1:]) else path


def relative_url_path(location: str) -> str:
    """Undo the percent-encoding of a URI reference without a scheme; anything else stays.

    XSPF and JSPF locations are URIs, so ``a%20b.mp3`` beside the playlist is ``a b.mp3``.
    """
    if is_url(location) or is_windows_path(location):
        return location
    return os.fsdecode(unquote_to_bytes(location))


def listenbrainz_playlist(identifier: str) -> str | None:
    """Give a playlist's outside id from its address, where it is one we know.

    >>> listenbrainz_playlist("https://listenbrainz.org/playlist/8a5f0e0e-5f0a-4f6e-9d57-0f3f4d0a5f3b/")
    'listenbrainz:playlist/8a5f0e0e-5f0a-4f6e-9d57-0f3f4d0a5f3b'
    """
    parts = urlsplit(identifier)
    found = re.fullmatch(rf"/playlist/({_UUID})/?", parts.path, re.IGNORECASE)
    if parts.netloc.endswith("listenbrainz.org") and found:
        return f"listenbrainz:playlist/{found[1].lower()}"
    return None


def storable(text: str) -> bool:
    """Tell whether a text can be stored: file names need not be valid UTF-8."""
    return not any("\ud800" <= mark <= "\udfff" for mark in text)
