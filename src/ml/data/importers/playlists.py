"""Playlists in files: M3U and M3U8, JSPF, XSPF.

Conventions
-----------
One unit a file. A playlist's id is the one it gives itself (ListenBrainz), else
``playlist:`` and its place: its absolute path, or its name inside an archive. So an
edited file replaces its former self. ``user_id`` is the listener named with the import;
without one, the playlist has no owner. ``position`` counts from 0 over the entries that
could be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any, ClassVar

import polars as pl

from ml.data.frames import PLAYLISTS, conform
from ml.data.importers.base import BATCH_ROWS, DEFAULT_USER, Batch, Options, Reject, Unit
from ml.data.importers.jspf import read_jspf
from ml.data.importers.m3u import read_m3u
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistHeader, PlaylistPart
from ml.data.importers.source import Entry, Source
from ml.data.importers.xspf import read_xspf
from ml.foundation.errors import BadInput

#: The reader of each suffix.
READERS: dict[str, Callable[[Entry], Iterator[PlaylistPart]]] = {
    ".m3u": read_m3u,
    ".m3u8": read_m3u,
    ".jspf": read_jspf,
    ".xspf": read_xspf,
}

_FILLED_LATER = ("playlist_id", "playlist", "user_id")
_ROW_SCHEMA = {name: dtype for name, dtype in PLAYLISTS.items() if name not in _FILLED_LATER}


class Playlists:
    """Reads playlist files into the frame ``playlists``."""

    kind: ClassVar[str] = "playlists"
    title: ClassVar[str] = "playlists (M3U, M3U8, JSPF, XSPF)"

    def claim(self, source: Source) -> Sequence[Unit]:
        """Claim every playlist file, each as a unit of its own."""
        return [Unit(self.kind, entry.name, (entry,)) for entry in source.entries if entry.suffix in READERS]

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:
        """Read the playlists of a unit.

        Raises
        ------
        BadInput
            If a file is empty or not of its format.
        """
        for entry in unit.entries:
            yield from _read_playlist(entry, options)


def _read_playlist(entry: Entry, options: Options) -> Iterator[Batch]:
    if entry.size_bytes == 0:
        raise BadInput(f"{entry.name}: the file is empty", "export the playlist again")
    header = PlaylistHeader()
    rows: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    position = 0
    for part in READERS[entry.suffix](entry):
        if isinstance(part, PlaylistHeader):
            header = header.joined(part)
        elif isinstance(part, Reject):
            rejects.append(part)
        else:
            rows.append(playlist_row(part, position))
            position += 1
        if len(rows) + len(rejects) >= BATCH_ROWS:
            yield _batch(entry, header, options, rows, rejects)
            rows, rejects = [], []
    if rows or rejects:
        yield _batch(entry, header, options, rows, rejects)


def playlist_row(entry: PlaylistEntry, position: int) -> dict[str, Any]:
    """Give an entry as a row of the frame ``playlists``, but for the playlist's own columns."""
    return {
        "kind": "track",
        "item_id": entry.outside_ids[0] if entry.outside_ids else _code(entry),
        "title": entry.title,
        "artist": entry.artist,
        "album": entry.album,
        "duration_ms": entry.duration_ms,
        "isrc": entry.isrc,
        "mbid": entry.mbid,
        "line": entry.line,
        "position": position,
        "path": entry.path,
    }


def _code(entry: PlaylistEntry) -> str | None:
    """Name an entry by its codes, where nothing else says what it is."""
    if entry.title or entry.path or not (entry.mbid or entry.isrc):
        return None
    return f"mbid:{entry.mbid}" if entry.mbid else f"isrc:{entry.isrc}"


def _batch(
    entry: Entry, header: PlaylistHeader, options: Options, rows: list[dict[str, Any]], rejects: list[Reject]
) -> Batch:
    place = str(entry.path or entry.name).encode("utf-8", "backslashreplace").decode()
    user = None if options.user == DEFAULT_USER else options.user
    playlist_id = header.playlist_id or f"playlist:{place}"
    frame = playlist_frame(rows, playlist_id, header.name or PurePosixPath(place).stem, user)
    return Batch(entry.name, len(rows) + len(rejects), {"playlists": frame}, rejects)


def playlist_frame(rows: list[dict[str, Any]], playlist_id: str, name: str, user: str | None) -> pl.DataFrame:
    """Make the frame ``playlists`` of the rows of one playlist.

    Parameters
    ----------
    rows : list of dict
        By :func:`playlist_row`.
    playlist_id : str
        Outside id.
    name : str
    user : str or None
        Outside id of its owner.
    """
    return conform(pl.DataFrame(rows, schema=_ROW_SCHEMA), PLAYLISTS).with_columns(
        pl.lit(playlist_id).alias("playlist_id"),
        pl.lit(name).alias("playlist"),
        pl.lit(user, dtype=pl.String()).alias("user_id"),
    )
