"""Playlists on servers: Subsonic and its kin (Navidrome, Gonic, Airsonic, …), and ListenBrainz.

Conventions
-----------
- A server lists playlists, gives one (pull), and takes one (push). Taking one twice changes nothing; a list that is
  there already is changed from its first difference on.
- A track is sent by what the server knows it by: a song of its own library, or a MusicBrainz id. What it does not know
  is left out and listed.
- Secrets are :class:`~ml.foundation.secret.Secret`; no message, log or result holds one.
"""

from ml.data.playlist_servers.configured import configured
from ml.data.playlist_servers.listenbrainz import ListenBrainz
from ml.data.playlist_servers.server import PlaylistServer, Pushed, RemotePlaylist, choose
from ml.data.playlist_servers.subsonic import Subsonic

__all__ = ["ListenBrainz", "PlaylistServer", "Pushed", "RemotePlaylist", "Subsonic", "choose", "configured"]
