"""Playlists that are nothing but addresses of Spotify: one a line, as its desktop program copies them.

Conventions
-----------
A line is ``spotify:track:…`` or ``https://open.spotify.com/track/…``. Lines that begin with ``#`` are comments.
"""

from __future__ import annotations

from collections.abc import Iterator

from ml.data.importers.base import Reject
from ml.data.importers.encoding import decode_line, utf8_chunks
from ml.data.importers.identifiers import spotify_track
from ml.data.importers.lines import LineReader, excerpt
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistPart
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

_STRETCH_ROWS = 10_000


def read_spotify_uris(entry: Entry) -> Iterator[PlaylistPart]:
    """Read a list of addresses in one pass.

    Raises
    ------
    BadInput
        If not one line is the address of a track.
    """
    found = False
    for stretch in LineReader(utf8_chunks(entry)).stretches(_STRETCH_ROWS):
        for number, raw in enumerate(stretch.lines(), stretch.first):
            line = decode_line(raw).strip()
            if not line or line.startswith("#"):
                continue
            if track := spotify_track(line):
                found = True
                yield PlaylistEntry(outside_ids=(track,), line=number)
            else:
                yield Reject(entry.name, number, reason("not_spotify"), excerpt(line))
    if not found:
        raise BadInput(
            f"{entry.name}: not one line is the address of a track of Spotify",
            "write one a line: spotify:track:… or https://open.spotify.com/track/…",
        )
