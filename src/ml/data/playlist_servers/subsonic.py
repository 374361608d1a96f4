"""Playlists on a server that speaks the Subsonic API, such as Navidrome.

Conventions
-----------
- Who asks is told by name, a salt that is new in every question, and ``md5(password + salt)``; the password itself is
  never sent. Where the server takes forms (the extension ``formPost`` of OpenSubsonic), even these stay out of
  addresses.
- The version told is 1.13.0, the first with salts, so that older servers answer too.
- Songs are named by the server's ids, outside ``subsonic:PLACE/song/ID``.

References
----------
https://opensubsonic.netlify.app/docs/, https://www.subsonic.org/pages/api.jsp
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import md5
from typing import Any

from ml.data.exporters.cleaning import cleaned
from ml.data.exporters.playlists import LeftOut
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.playlist_files.playlist import Playlist
from ml.data.playlist_servers.server import Pushed, RemotePlaylist, choose, common, former_self
from ml.data.playlist_servers.songs import entry_of, find_song, text_of
from ml.foundation.counting import number_of
from ml.foundation.errors import AccessDenied, BadInput, MLError, ServerError, UnknownId
from ml.foundation.http import Answer, Parameters, Server
from ml.foundation.secret import Secret

_VERSION, _CLIENT = "1.13.0", "ml"
#: Songs of one question: addresses may have some 8,000 characters.
_SONGS = 80
_FOUND = "50"
_DENIED = {
    40: "wrong user name or password",
    41: "the server takes no salted passwords of this user (LDAP)",
    42: "the server takes no passwords, only API keys",
    43: "the server is confused by the way to log in",
    44: "wrong user name or API key",
    50: "the user may not do that",
}
_OPEN = "http:// is not encrypted: whoever is on the way can read what is sent"


@dataclass(frozen=True)
class Subsonic:
    """A Subsonic server, seen by one listener.

    Parameters
    ----------
    server : Server
    user : str
    password : Secret
    """

    server: Server
    user: str
    password: Secret
    _forms: list[bool] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def address(self) -> str:
        """Where it is."""
        return self.server.address

    @property
    def notices(self) -> tuple[str, ...]:
        """What is to be said of the way there."""
        return (_OPEN,) if self.server.open_to_listeners else ()

    def ping(self) -> None:
        """See whether the server is there and takes name and password.

        Raises
        ------
        AccessDenied, ServerError
        """
        said = self._ask("ping", [])
        extended = self._ask("getOpenSubsonicExtensions", []) if said.get("openSubsonic") is True else {}
        known = [one.get("name") for one in _list(extended.get("openSubsonicExtensions"))]
        self._forms[:] = ["formPost" in known]

    def playlists(self) -> list[RemotePlaylist]:
        """List the playlists that the listener may play."""
        found = _with_ids(_part(self._ask("getPlaylists", []), "playlists").get("playlist"))
        return [
            RemotePlaylist(
                self._outside("playlist", one["id"]),
                str(one["id"]),
                text_of(one.get("name")) or str(one["id"]),
                text_of(one.get("owner")),
                one["songCount"] if isinstance(one.get("songCount"), int) else None,
            )
            for one in found
        ]

    def pull(self, name: str) -> Playlist:
        """Fetch a playlist by its title, its id there or its outside id."""
        self.ping()
        chosen = choose(self.playlists(), name, server=self.address)
        found = self._fetch(chosen.key)
        tracks = tuple(entry_of(song, self._outside("song", song["id"])) for song in _with_ids(found.get("entry")))
        extra = {"creator": chosen.owner} if chosen.owner else {}
        return Playlist(chosen.title, tracks, text_of(found.get("comment")), chosen.playlist_id, extra)

    def push(self, playlist: Playlist, *, public: bool = False) -> Pushed:
        """Create a playlist, or change the listener's own of the same title; its tracks are looked up there."""
        self.ping()
        songs, left_out = self._songs(playlist.tracks)
        if not songs:
            raise BadInput(
                f"{self.address}: knows none of the {number_of(len(playlist.tracks), 'track')}; nothing was changed",
                "is it the right server, and is its library scanned?",
            )
        key = former_self(self.playlists(), playlist, owner=self.user, server=self.address)
        status = "unchanged"
        if key is None:
            key, status = self._create(playlist.title, songs[:_SONGS]), "created"
            if public:
                self._ask("updatePlaylist", [("playlistId", key), ("public", "true")])
        before = self._fetch(key)
        if self._change(key, _ids(before), songs) and status != "created":
            status = "updated"
        if playlist.description and playlist.description != before.get("comment"):
            self._ask("updatePlaylist", [("playlistId", key), ("comment", playlist.description)])
            status = "updated" if status == "unchanged" else status
        held = _ids(self._fetch(key))
        if held != songs:
            message = f"{self.address}: the playlist has {len(held)} tracks now, not the {len(songs)} that were sent"
            raise ServerError(message, "send it again; if that does not help, remove it there first")
        outside = self._outside("playlist", key)
        return Pushed(self.address, outside, playlist.title, status, len(songs), left_out, self.notices)

    def _songs(self, tracks: Sequence[PlaylistEntry]) -> tuple[list[str], tuple[LeftOut, ...]]:
        """Find the server's song of each track."""
        mine = self._outside("song", "")
        search = lru_cache(maxsize=None)(self._search)
        songs, left_out = [], []
        for position, track in enumerate(tracks):
            own = next((one.removeprefix(mine) for one in track.outside_ids if one.startswith(mine)), None)
            song = own or find_song(track, search)
            if song is None:
                reason = "not on the server" if track.title else "no title to look for"
                left_out.append(LeftOut(position, track.title, reason))
            else:
                songs.append(song)
        return songs, tuple(left_out)

    def _search(self, words: str) -> tuple[dict[str, Any], ...]:
        counts = [("artistCount", "0"), ("albumCount", "0"), ("songCount", _FOUND)]
        return tuple(_with_ids(_part(self._ask("search3", [("query", words), *counts]), "searchResult3").get("song")))

    def _create(self, title: str, songs: Sequence[str]) -> str:
        made = self._ask("createPlaylist", [("name", title), *(("songId", song) for song in songs)])
        key = _part(made, "playlist").get("id")
        if key is None:  # before 1.14 the answer is empty
            called = [one for one in self.playlists() if one.title == title]
            return choose(called, title, server=self.address).key
        return str(key)

    def _change(self, key: str, before: Sequence[str], after: Sequence[str]) -> bool:
        """Change a list from its first difference on; tell whether there was one."""
        same = common(before, after)
        # From the end, so that the places of those before stay what they are.
        for part in _batches([str(at) for at in range(len(before) - 1, same - 1, -1)]):
            self._ask("updatePlaylist", [("playlistId", key), *(("songIndexToRemove", at) for at in part)])
        for part in _batches(after[same:]):
            self._ask("updatePlaylist", [("playlistId", key), *(("songIdToAdd", song) for song in part)])
        return same < max(len(before), len(after))

    def _fetch(self, key: str) -> dict[str, Any]:
        return _part(self._ask("getPlaylist", [("id", key)]), "playlist")

    def _outside(self, what: str, key: object) -> str:
        return f"subsonic:{self.server.place}/{what}/{key}"

    def _ask(self, method: str, parameters: Parameters) -> dict[str, Any]:
        salt = secrets.token_hex(8)
        token = md5(f"{self.password.reveal()}{salt}".encode(), usedforsecurity=False).hexdigest()
        who = [("u", self.user), ("t", token), ("s", salt), ("v", _VERSION), ("c", _CLIENT), ("f", "json")]
        path = f"/rest/{method}.view"
        post = bool(self._forms and self._forms[0])
        answer = (self.server.post_form if post else self.server.get)(path, [*who, *parameters])
        said = answer.document.get("subsonic-response") if isinstance(answer.document, dict) else None
        if not isinstance(said, dict):
            raise self._no_answer(answer, path)
        if said.get("status") != "ok":
            raise self._refusal(said.get("error"), method)
        return said

    def _no_answer(self, answer: Answer, path: str) -> ServerError:
        where = f"{self.address}{path}"
        if answer.status in (401, 403):
            return AccessDenied(
                f"{where}: refused (HTTP {answer.status})", "what stands before the server wants a login"
            )
        hint = "check the address; that of Navidrome may end in a folder, such as /music"
        return ServerError(f"{where}: no server that speaks the Subsonic API (HTTP {answer.status})", hint)

    def _refusal(self, error: Any, method: str) -> MLError:
        code = error.get("code") if isinstance(error, dict) else None
        words = cleaned(str(error.get("message") or "")) if isinstance(error, dict) else None
        said = self.password.hide_in(words or "no reason given")[:200]
        if code in _DENIED:
            return AccessDenied(
                f"{self.address}: {_DENIED[code]}", "check the user, the password and their rights there"
            )
        if code == 70:
            return UnknownId(f"{self.address}: {method} finds nothing ({said})", "it may have been removed there")
        hint = "the server is too old" if code == 30 else "look into the server's log"
        return ServerError(f"{self.address}: {method} failed ({said})", hint)


def _part(said: dict[str, Any], name: str) -> dict[str, Any]:
    part = said.get(name)
    return part if isinstance(part, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    """Read a list; some servers write a list of one without its brackets."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]


def _with_ids(value: Any) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one.get("id"), str | int)]


def _ids(playlist: dict[str, Any]) -> list[str]:
    return [str(song["id"]) for song in _with_ids(playlist.get("entry"))]


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[start : start + _SONGS] for start in range(0, len(values), _SONGS))
