"""Playlists between files, servers and the store.

The formats are read by :mod:`ml.data.importers` and written by :mod:`ml.data.exporters`; here is one type for
a playlist outside the store, and the verbs that use it.

Conventions
-----------
- Reading goes on past what it cannot use, and lists it with its line; only a file that is no playlist at all is an
  error.
- Writing says what was left out and what the format could not hold.
- An entry is the track that the store knows by one of its ids, by ISRC, by MusicBrainz id, as the file of that path, or
  by artist, title and length, in this order.
"""

from ml.data.playlist_files.conversion import Conversion, convert, write
from ml.data.playlist_files.playlist import Playlist
from ml.data.playlist_files.reading import PlaylistFile, read_playlist
from ml.data.playlist_files.resolution import ResolvedEntry, resolve
from ml.data.playlist_files.storing import PlaylistImport, store_playlist, stored_playlist

__all__ = [
    "Conversion",
    "Playlist",
    "PlaylistFile",
    "PlaylistImport",
    "ResolvedEntry",
    "convert",
    "read_playlist",
    "resolve",
    "store_playlist",
    "stored_playlist",
    "write",
]
