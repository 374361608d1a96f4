"""One entry of a playlist.

Readers (:mod:`~ml.data.importers.m3u`, ``jspf``, ``xspf``, ``playlist_table``, ``spotify_uris``) and the
writer (:mod:`ml.data.exporters.playlists`) share this type, so that a playlist written and
read again is the same list of entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ml.data.importers.base import Reject


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
    extra : mapping
        What a file says beyond that, by the names of JSPF (``extension``, ``annotation``, ``image``, ``trackNum``, …),
        to be written again. ``identifier`` and ``location`` hold those that have no field here.
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
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class PlaylistHeader:
    """What a file says about the playlist as a whole."""

    name: str | None = None
    playlist_id: str | None = None
    description: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def joined(self, later: PlaylistHeader) -> PlaylistHeader:
        """Add what another part of the same file says; what was said first holds."""
        return PlaylistHeader(
            self.name or later.name,
            self.playlist_id or later.playlist_id,
            self.description or later.description,
            {**later.extra, **self.extra},
        )


#: What a reader of a playlist format gives, in the order of the file.
PlaylistPart = PlaylistHeader | PlaylistEntry | Reject
