"""Tracks, artists and playlists that a request names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from ml.data.exporters.stored_playlists import StoredPlaylist, list_playlists
from ml.data.identity import find_item
from ml.data.schema import playlist_items, track_artists
from ml.foundation.errors import BadInput, UnknownId
from ml.foundation.paths import expanded
from ml.playlist_generator.library.tracks import Tracks

Rows = NDArray[np.int64]
_FILE = "file:"


@dataclass(frozen=True)
class Named:
    """What one name stands for.

    Parameters
    ----------
    label : str
    kind : {"track", "artist", "playlist"}
    rows : int64 [shape=(k,)]
        Tracks; of a playlist in its order.
    key : int or None
        Of the item.
    """

    label: str
    kind: str
    rows: Rows
    key: int | None = None


#: No listener's key: of whoever may name what is nobody's, and nothing else.
NOBODY = -1
#: Whose stored playlists can be named, beside those that are nobody's; None is everybody's.
_READER: ContextVar[int | None] = ContextVar("reader of playlists", default=None)


@contextmanager
def read_by(user_key: int) -> Iterator[None]:
    """Let only one listener's stored playlists be named inside the block, and those that are nobody's.

    Written are only the listener's own, or nobody's where ``user_key`` is :data:`NOBODY`, and so it is with recipes.
    It holds for what worker threads do for the block too: they have its context.
    """
    token = _READER.set(user_key)
    try:
        yield
    finally:
        _READER.reset(token)


def is_readers(owner: int | None) -> bool:
    """Tell whether what somebody owns is for whoever reads to change: theirs, or nobody's where they are nobody."""
    reader = _READER.get()
    return reader is None or owner == (None if reader == NOBODY else reader)


def readable_playlists(connection: Connection) -> list[StoredPlaylist]:
    """List the stored playlists that may be named."""
    return list_playlists(connection, user_key=_READER.get(), unowned=True)


def track_named(connection: Connection, tracks: Tracks, text: str) -> Named:
    """Find a track: by outside id, name, the path of its file, or ``file:`` and the hash of its sound.

    Raises
    ------
    UnknownId, AmbiguousId
    BadInput
        If it is an artist.
    """
    own = _own(tracks, text)
    if own is not None:
        return own
    found = find_item(connection, text)
    if found.kind != "track":
        raise BadInput(
            f"{text!r} is an artist, and a track is wanted",
            "name one of their tracks: 'Artist - Title'",
            code="artist_not_track",
            values={"text": text},
        )
    rows = tracks.rows_of(np.array([found.key]))
    if rows[0] < 0:
        raise UnknownId(
            f"{text!r} is not among the tracks",
            "import its file or its history again: ml import PATH",
            code="track_gone",
            values={"text": text},
        )
    return Named(found.label, "track", rows, found.key)


def anything_named(connection: Connection, tracks: Tracks, text: str) -> Named:
    """Find a track, an artist or a stored playlist.

    Raises
    ------
    UnknownId, AmbiguousId
    """
    own = _own(tracks, text)
    if own is not None:
        return own
    for one in readable_playlists(connection):
        if text in (one.playlist_id, f"playlist:{one.name}") or one.name.casefold() == text.casefold():
            statement = select(playlist_items.c.item_key).where(playlist_items.c.playlist_key == one.key)
            keys = connection.execute(statement.order_by(playlist_items.c.position)).scalars().all()
            rows = tracks.rows_of(np.array(keys, dtype=np.int64))
            return Named(one.name, "playlist", rows[rows >= 0])
    found = find_item(connection, text)
    if found.kind == "track":
        return track_named(connection, tracks, text)
    statement = select(track_artists.c.track_key).where(track_artists.c.artist_key == found.key)
    rows = tracks.rows_of(np.array(connection.execute(statement).scalars().all(), dtype=np.int64))
    return Named(found.label, "artist", np.unique(rows[rows >= 0]), found.key)


def all_named(connection: Connection, tracks: Tracks, texts: Sequence[str]) -> list[Named]:
    """Find several; see :func:`anything_named`."""
    return [anything_named(connection, tracks, text) for text in texts]


def _own(tracks: Tracks, text: str) -> Named | None:
    """Find a file of the library by its path or its sound."""
    if text.startswith(_FILE):
        places = np.flatnonzero((tracks.labels["content_hash"] == text.removeprefix(_FILE)).fill_null(value=False))
    elif "/" in text or "\\" in text:
        path = str(expanded(text).absolute())
        places = np.flatnonzero(tracks.labels["path"].is_in([text, path]).fill_null(value=False))
    else:
        return None
    if not len(places):
        return None
    row = int(places[0])
    key = int(tracks.keys[row])
    return Named(tracks.labels["title"][row], "track", places[:1].astype(np.int64), key if key >= 0 else None)
