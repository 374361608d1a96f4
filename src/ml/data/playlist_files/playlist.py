"""A playlist outside the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ml.data.importers.playlist_entry import PlaylistEntry
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Playlist(Result):
    """A playlist as a file or a server describes it.

    Parameters
    ----------
    title : str
    tracks : tuple of PlaylistEntry
        In order.
    description : str or None
    playlist_id : str or None
        Outside id, where a server gave one.
    extra : mapping
        What else was said of it, by the names of JSPF, to be written again.
    """

    title: str
    tracks: tuple[PlaylistEntry, ...] = ()
    description: str | None = None
    playlist_id: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
