"""Playlists at ListenBrainz, which are lists of MusicBrainz recordings.

Conventions
-----------
- Who asks is told by the header ``Authorization: Token …``, never by an address; without encryption it is sent to
  nobody but this machine.
- Playlists travel as JSPF; of a track only the recording counts. At most 100 are added in one question.
- Where the server asks to wait (429), we wait as long as it says, up to a minute.

References
----------
https://listenbrainz.readthedocs.io/en/latest/users/api/playlist.html, https://musicbrainz.org/doc/jspf
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ml.data.exporters.cleaning import cleaned
from ml.data.exporters.playlists import LeftOut
from ml.data.importers.identifiers import UUID, listenbrainz_playlist
from ml.data.importers.jspf import jspf_parts
from ml.data.playlist_files.playlist import Playlist
from ml.data.playlist_files.reading import gather
from ml.data.playlist_servers.server import Pushed, RemotePlaylist, choose, common, former_self
from ml.data.playlist_servers.songs import text_of
from ml.foundation.errors import AccessDenied, BadInput, MLError, ServerError, UnknownId
from ml.foundation.http import Answer, Parameters, Server
from ml.foundation.secret import Secret

#: Where it is, where nobody says otherwise.
ADDRESS = "https://api.listenbrainz.org"
EXTENSION = "https://musicbrainz.org/doc/jspf#playlist"
_RECORDING = "https://musicbrainz.org/recording/"
_TRACKS = 100
_PAGE = 100
#: Playlists that are listed; nobody reads more.
_MOST = 10_000
_LONGEST_WAIT_S = 60.0
_TRIES = 5


@dataclass(frozen=True)
class ListenBrainz:
    """ListenBrainz, seen by one listener.

    Parameters
    ----------
    server : Server
    token : Secret
        The user token of their settings.
    sleep : callable
        Waits so many seconds.

    Raises
    ------
    BadInput
        If the token would travel unencrypted, or cannot be one.
    """

    server: Server
    token: Secret
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        if self.server.open_to_listeners:
            raise BadInput(f"{self.server.address}: is not encrypted", "give an address that begins with https://")
        if not re.fullmatch(r"[!-~]+", self.token.reveal()):
            raise BadInput("the token holds characters that no token has", "copy it again from the settings there")

    @property
    def address(self) -> str:
        """Where it is."""
        return self.server.address

    def user(self) -> str:
        """Ask whose token it is.

        Raises
        ------
        AccessDenied
            If it is nobody's.
        ServerError
        """
        said = self._get("/1/validate-token")
        if not said.get("valid") or not isinstance(said.get("user_name"), str):
            raise AccessDenied(f"{self.address}: nobody has this token", "copy it again from the settings there")
        return str(said["user_name"])

    def playlists(self) -> list[RemotePlaylist]:
        """List the listener's own playlists."""
        return self._playlists(self.user())

    def _playlists(self, user: str) -> list[RemotePlaylist]:
        found: list[RemotePlaylist] = []
        while True:
            of_page = [("count", str(_PAGE)), ("offset", str(len(found)))]
            page = self._get(f"/1/user/{quote(user, safe='')}/playlists", of_page)
            listed, total = page.get("playlists"), page.get("playlist_count")
            heads = [one.get("playlist") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
            found += [_remote(one) for one in heads if isinstance(one, dict)]
            if not heads or not isinstance(total, int) or len(found) >= total or len(found) >= _MOST:
                return found

    def pull(self, name: str) -> Playlist:
        """Fetch a playlist by its title, its id or its address."""
        key = _key(name) or choose(self.playlists(), name, server=self.address).key
        return self._fetch(key)

    def push(self, playlist: Playlist, *, public: bool = False) -> Pushed:
        """Create a playlist, or change the listener's own of the same title; tracks need a MusicBrainz id."""
        user = self.user()
        after = [track.mbid for track in playlist.tracks if track.mbid]
        left_out = tuple(
            LeftOut(position, track.title, "no MusicBrainz id")
            for position, track in enumerate(playlist.tracks)
            if not track.mbid
        )
        if not after:
            raise BadInput(
                f"none of the {len(playlist.tracks)} tracks has a MusicBrainz id; nothing was changed",
                "tag the files with MusicBrainz Picard and import them again",
            )
        key = former_self(self._playlists(user), playlist, owner=user, server=self.address)
        status = "unchanged"
        if key is None:
            key, status = self._create(playlist, after[:_TRACKS], public=public), "created"
        before = self._fetch(key)
        if self._change(key, [track.mbid or "" for track in before.tracks], after) and status != "created":
            status = "updated"
        if self._edit(key, before, playlist) and status != "created":
            status = "updated"
        held = len(self._fetch(key).tracks)
        if held != len(after):
            message = f"{self.address}: the playlist has {held} tracks now, not the {len(after)} that were sent"
            raise ServerError(message, "send it again")
        outside = f"listenbrainz:playlist/{key}"
        return Pushed(self.address, outside, playlist.title, status, len(after), left_out)

    def _create(self, playlist: Playlist, mbids: Sequence[str], *, public: bool) -> str:
        document = {"title": playlist.title, "extension": {EXTENSION: {"public": public}}, "track": _tracks(mbids)}
        if playlist.description:
            document["annotation"] = playlist.description
        made = self._post("/1/playlist/create", {"playlist": document})
        key = str(made.get("playlist_mbid", "")).lower()
        if not re.fullmatch(UUID, key):
            raise ServerError(f"{self.address}: does not say which playlist it made", "look for it there")
        return key

    def _change(self, key: str, before: Sequence[str], after: Sequence[str]) -> bool:
        """Change a list from its first difference on; tell whether there was one."""
        same = common(before, after)
        if same < len(before):
            self._post(f"/1/playlist/{key}/item/delete", {"index": same, "count": len(before) - same})
        for start in range(same, len(after), _TRACKS):
            part = _tracks(after[start : start + _TRACKS])
            self._post(f"/1/playlist/{key}/item/add", {"playlist": {"track": part}})
        return same < max(len(before), len(after))

    def _edit(self, key: str, before: Playlist, after: Playlist) -> bool:
        """Change title and description where they differ; tell whether they did."""
        description = after.description or before.description
        if (before.title, before.description) == (after.title, description):
            return False
        # What an edit does not repeat is taken away.
        extensions = before.extra.get("extension")
        kept = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
        extension = {name: kept[name] for name in ("public", "collaborators") if name in kept} if kept else {}
        document = {"title": after.title, "annotation": description, "extension": {EXTENSION: extension}}
        self._post(f"/1/playlist/edit/{key}", {"playlist": document})
        return True

    def _fetch(self, key: str) -> Playlist:
        parts = jspf_parts(self._get(f"/1/playlist/{key}"), folder=None, file=f"{self.address}/1/playlist/{key}")
        playlist, _ = gather(parts, title=key)
        return playlist

    def _get(self, path: str, parameters: Parameters = ()) -> dict[str, Any]:
        return self._ask(lambda headers: self.server.get(path, parameters, headers=headers), path)

    def _post(self, path: str, document: dict[str, Any]) -> dict[str, Any]:
        return self._ask(lambda headers: self.server.post_json(path, document, headers=headers), path)

    def _ask(self, ask: Callable[[dict[str, str]], Answer], path: str) -> dict[str, Any]:
        for wait in self._waits():
            answer = ask({"Authorization": f"Token {self.token.reveal()}"})
            if answer.status == 200 and isinstance(answer.document, dict):
                return answer.document
            if answer.status != 429 or wait is None:
                break
            self.sleep(min(wait, _seconds(answer.headers.get("x-ratelimit-reset-in"))))
        raise self._refusal(answer, path)

    def _waits(self) -> Iterator[float | None]:
        """Give how long to wait at most after each try; None after the last."""
        yield from [_LONGEST_WAIT_S] * (_TRIES - 1)
        yield None

    def _refusal(self, answer: Answer, path: str) -> MLError:
        where, status = f"{self.address}{path}", answer.status
        error = answer.document.get("error") if isinstance(answer.document, dict) else None
        said = self.token.hide_in(cleaned(str(error)) or "") if error else "no reason given"
        if status in (401, 403):
            hint = "check the token, and whose playlist it is"
            return AccessDenied(f"{where}: refused ({said[:200]})", hint)
        if status == 404:
            return UnknownId(f"{where}: not found ({said[:200]})", "it may have been removed there, or be private")
        if status == 429:
            return ServerError(f"{where}: too many questions", "try again in some minutes")
        if status == 200:
            return ServerError(f"{where}: answers in no JSON", "check the address")
        return ServerError(f"{where}: failed with HTTP {status} ({said[:200]})", "try again later")


def _key(name: str) -> str | None:
    """Read the id of a playlist from its address, its outside id or itself."""
    outside = listenbrainz_playlist(name) or name
    key = outside.removeprefix("listenbrainz:playlist/").lower()
    return key if re.fullmatch(UUID, key) else None


def _remote(playlist: dict[str, Any]) -> RemotePlaylist:
    outside = listenbrainz_playlist(str(playlist.get("identifier", ""))) or ""
    key = outside.rpartition("/")[2]
    return RemotePlaylist(outside, key, text_of(playlist.get("title")) or key, text_of(playlist.get("creator")))


def _tracks(mbids: Sequence[str]) -> list[dict[str, Any]]:
    return [{"identifier": [_RECORDING + mbid]} for mbid in mbids]


def _seconds(text: str | None) -> float:
    try:
        return max(1.0, float(text or "10"))
    except ValueError:
        return 10.0
