"""JSPF playlists: XSPF in JSON, as ListenBrainz writes them.

Conventions
-----------
``duration`` is milliseconds. ``identifier`` and ``location`` are a string or a list of strings.
``line`` counts the entries of ``track`` from 1. ``annotation`` of the list is its description. Every other key is
kept as it is, such as the ``extension`` in which ListenBrainz tells who added a track.

References
----------
https://musicbrainz.org/doc/jspf
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ml.data.importers.base import Reject
from ml.data.importers.identifiers import Identifiers, playlist_outside_id, sort_identifiers
from ml.data.importers.json_stream import json_document
from ml.data.importers.locations import relative_url_path, resolve_path, storable
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistHeader, PlaylistPart
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

#: JSON is read whole; a playlist of a million tracks is a quarter of this.
MAX_BYTES = 1 << 30
_PLAYLIST_FIELDS = frozenset({"title", "annotation", "identifier", "track"})
_TRACK_FIELDS = frozenset({"title", "creator", "album", "duration", "identifier", "location"})


def read_jspf(entry: Entry) -> Iterator[PlaylistPart]:
    """Read a JSPF file.

    Raises
    ------
    BadInput
        If it is not JSON, or not a playlist.
    """
    folder = entry.path.parent if entry.path else None
    yield from jspf_parts(json_document(entry, most=MAX_BYTES), folder=folder, file=entry.name)


def jspf_parts(document: Any, *, folder: Path | None, file: str) -> Iterator[PlaylistPart]:
    """Read a JSPF document that was parsed, such as a server's answer.

    Parameters
    ----------
    document : Any
    folder : Path or None
        What relative locations are relative to.
    file : str
        For messages.

    Raises
    ------
    BadInput
        If it is not a playlist.
    """
    playlist = _playlist(document, file)
    identifiers = _texts(playlist.get("identifier"))
    own_id = next(filter(None, map(playlist_outside_id, identifiers)), None)
    known = _PLAYLIST_FIELDS if own_id else _PLAYLIST_FIELDS - {"identifier"}
    yield PlaylistHeader(
        _text(playlist.get("title")), own_id, _text(playlist.get("annotation")), _others(playlist, known)
    )
    tracks = playlist.get("track", [])
    if not isinstance(tracks, list):
        raise BadInput(f"{file}: 'track' is {type(tracks).__name__}, not a list", "check the file's producer")
    for number, track in enumerate(tracks, start=1):
        yield _read_track(track, folder, file, number)


def _others(found: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in known and value is not None}


def _playlist(document: Any, file: str) -> dict[str, Any]:
    playlist = document.get("playlist", document) if isinstance(document, dict) else None
    if not isinstance(playlist, dict) or not playlist.keys() & {"track", "title"}:
        raise BadInput(f"{file}: no playlist in this JSON", "a JSPF file holds {'playlist': {'track': […]}}")
    return playlist


def _read_track(track: Any, folder: Path | None, file: str, number: int) -> PlaylistEntry | Reject:
    if not isinstance(track, dict):
        return Reject(file, number, reason("entry_object", found=type(track).__name__), repr(track)[:200])
    locations = _texts(track.get("location"))
    return make_entry(
        title=_text(track.get("title")),
        artist=_text(track.get("creator")),
        album=_text(track.get("album")),
        duration=track.get("duration"),
        identifiers=_texts(track.get("identifier")),
        locations=locations,
        folder=folder,
        file=file,
        number=number,
        extra=_others(track, _TRACK_FIELDS),
    )


def make_entry(
    *,
    title: str | None,
    artist: str | None,
    album: str | None,
    duration: object,
    identifiers: list[str],
    locations: list[str],
    folder: Path | None,
    file: str,
    number: int,
    extra: Mapping[str, Any] | None = None,
) -> PlaylistEntry | Reject:
    """Make an entry of the fields that JSPF and XSPF share; a bad duration rejects the entry."""
    milliseconds = _milliseconds(duration)
    if duration not in (None, "") and milliseconds is None:
        return Reject(file, number, reason("not_ms", given=repr(duration)[:160]), title or "")
    # An address of MusicBrainz or Spotify names the track, wherever it is written.
    addresses = [place for place in locations if not place.lower().startswith("file:")]
    ids = sort_identifiers([*identifiers, *addresses])
    places = [place for place in locations if not any(sort_identifiers([place])) or place.lower().startswith("file:")]
    paths = [resolve_path(relative_url_path(place), folder) for place in places]
    for place, path in zip(places, paths, strict=True):
        if not storable(path):
            return Reject(file, number, reason("path_utf8"), repr(place))
    more = {"identifier": _unnamed(identifiers, ids), "location": paths[1:]}
    return PlaylistEntry(
        title=title,
        artist=artist,
        album=album,
        # Writers put 0 where they do not know.
        duration_ms=milliseconds or None,
        isrc=ids.isrc,
        mbid=ids.mbid,
        outside_ids=ids.outside_ids,
        path=paths[0] if paths else None,
        line=number,
        extra={**(extra or {}), **{name: values for name, values in more.items() if values}},
    )


def _unnamed(identifiers: list[str], ids: Identifiers) -> list[str]:
    """Give the identifiers that none of an entry's fields holds."""
    left = []
    for identifier in identifiers:
        alone = sort_identifiers([identifier])
        if not any(alone) or (alone.mbid or ids.mbid, alone.isrc or ids.isrc) != (ids.mbid, ids.isrc):
            left.append(identifier)
    return left


def _milliseconds(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return round(number) if math.isfinite(number) and abs(number) < 2**53 else None


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    # A title such as 1999 is sometimes written as a number.
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for item in values if isinstance(item, str) and (text := item.strip())]
