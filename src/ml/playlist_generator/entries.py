"""A generated list as the entries that playlist files hold."""

from __future__ import annotations

from ml.data.importers.playlist_entry import PlaylistEntry
from ml.playlist_generator.results import Playlist


def entries(playlist: Playlist) -> list[PlaylistEntry]:
    """Give the tracks of a list as entries of :func:`ml.data.exporters.playlists.write_playlist`."""
    return [
        PlaylistEntry(
            title=track.title,
            artist=track.artist,
            album=track.album,
            duration_ms=round(track.duration_s * 1000),
            isrc=track.isrc,
            mbid=track.mbid,
            # An id that only this store knows says nothing elsewhere.
            outside_ids=() if track.track_id.startswith(("key:", "file:")) else (track.track_id,),
            path=track.path,
        )
        for track in playlist.tracks
    ]
