"""Playlists and saved tracks of Spotify's account data, as playlists.

Conventions
-----------
- ``Playlist*.json`` holds playlists with their entries; the saved tracks of
  ``YourLibrary.json`` become the playlist :data:`SAVED`. Saved albums, artists and shows are
  not read.
- The export gives playlists no ids: the owner and the name serve as one, with ``#2`` … for
  playlists of the same name in a file.
- ``line`` counts the entries of the file from 1, ``position`` those of the playlist that could
  be used from 0.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson
import polars as pl

from ml.data.frames import PLAYLISTS
from ml.data.importers.base import Batch, Reject
from ml.data.importers.json_columns import text
from ml.data.importers.json_stream import STRETCH_ROWS, json_document
from ml.data.importers.lines import excerpt
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

#: The playlist that holds the saved tracks.
SAVED = "Liked Songs"

_NAMES = re.compile(r"(Playlist\d*|YourLibrary)\.json", re.IGNORECASE)
_COLUMNS = ("line", "playlist_id", "playlist", "position", "item_id", "title", "artist", "album")
_SCHEMA = {name: PLAYLISTS[name] for name in _COLUMNS}


class _Listed(NamedTuple):
    """An entry of the file: its playlist, and the track or whatever else it holds."""

    playlist_id: str
    playlist: str
    raw: Any


def is_library(entry: Entry) -> bool:
    """Tell by its name whether a file holds playlists or saved tracks."""
    return bool(_NAMES.fullmatch(entry.basename))


def library(entry: Entry, user: str) -> Iterator[Batch]:
    """Read playlists or saved tracks, in stretches.

    Parameters
    ----------
    entry : Entry
    user : str
        Outside id of the owner.

    Raises
    ------
    BadInput
        If the file is not JSON or holds neither.
    """
    document = json_document(entry)
    found = document if isinstance(document, dict) else {}
    if isinstance(found.get("playlists"), list):
        entries = list(_playlists(found["playlists"], user))
    elif isinstance(found.get("tracks"), list):
        entries = [_Listed(_id(user, SAVED), SAVED, raw) for raw in found["tracks"]]
    else:
        message = f"{entry.name}: neither playlists nor saved tracks of Spotify"
        raise BadInput(message, "check that it is the file of the account data")
    positions: Counter[str] = Counter()
    for start in range(0, len(entries), STRETCH_ROWS):
        yield _batch(entry.name, entries[start : start + STRETCH_ROWS], start + 1, positions, user)


def _id(user: str, name: str) -> str:
    return f"spotify:playlist/{user}/{name}"


def _playlists(playlists: list[Any], user: str) -> Iterator[_Listed]:
    seen: Counter[str] = Counter()
    for playlist in playlists:
        held = playlist if isinstance(playlist, dict) else {}
        name = text(held.get("name")) or "untitled"
        seen[name] += 1
        playlist_id = _id(user, name if seen[name] == 1 else f"{name}#{seen[name]}")
        items = held.get("items")
        for raw in items if isinstance(items, list) else []:
            yield _Listed(playlist_id, name, raw)


def _batch(file: str, entries: list[_Listed], first: int, positions: Counter[str], user: str) -> Batch:
    rows, rejects = [], []
    for line, listed in enumerate(entries, first):
        track = _track(listed.raw)
        if track is None:
            rejects.append(Reject(file, line, reason("no_library_track"), excerpt(orjson.dumps(listed.raw))))
            continue
        rows.append((line, listed.playlist_id, listed.playlist, positions[listed.playlist_id], *track))
        positions[listed.playlist_id] += 1
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row").with_columns(user_id=pl.lit(user))
    return Batch(file, len(entries), {"playlists": frame}, rejects)


def _track(raw: Any) -> tuple[str | None, str, str | None, str | None] | None:
    """Give id, title, artist and album of a playlist's entry or a saved track; None where it is no track."""
    held = raw if isinstance(raw, dict) else {}
    inner = held.get("track")
    if isinstance(inner, dict):
        keys, held = ("trackUri", "trackName", "artistName", "albumName"), inner
    else:
        keys = ("uri", "track", "artist", "album")
    item, title, artist, album = (text(held.get(key)) for key in keys)
    if title is None:
        return None
    return (item if item and item.startswith("spotify:") else None), title, artist, album
