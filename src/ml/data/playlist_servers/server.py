"""What every server of playlists can do, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ml.data.exporters.playlists import LeftOut
from ml.data.playlist_files.playlist import Playlist
from ml.foundation.errors import AmbiguousId, UnknownId, did_you_mean
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class RemotePlaylist(Result):
    """A playlist on a server.

    Parameters
    ----------
    playlist_id : str
        Outside id.
    key : str
        What the server itself calls it.
    title : str
    owner : str or None
    tracks : int or None
        How many; None where the server does not say.
    """

    playlist_id: str
    key: str
    title: str
    owner: str | None = None
    tracks: int | None = None


@dataclass(frozen=True, slots=True)
class Pushed(Result):
    """What became of a playlist that was sent.

    Parameters
    ----------
    server : str
        Its address.
    playlist_id : str
        Outside id.
    title : str
    status : str
        ``"created"``, ``"updated"`` or ``"unchanged"``.
    sent : int
        Entries that the list on the server has.
    left_out : tuple of LeftOut
        Entries that the server does not know, by their position from 0.
    notices : tuple of str
    """

    server: str
    playlist_id: str
    title: str
    status: str
    sent: int
    left_out: tuple[LeftOut, ...] = ()
    notices: tuple[str, ...] = ()


class PlaylistServer(Protocol):
    """A server that holds playlists."""

    @property
    def address(self) -> str:
        """Where it is."""
        ...

    def playlists(self) -> list[RemotePlaylist]:
        """List the playlists that the listener may play."""
        ...

    def pull(self, name: str) -> Playlist:
        """Fetch a playlist by its title, its id there or its outside id.

        Raises
        ------
        UnknownId, AmbiguousId, AccessDenied, ServerError
        """
        ...

    def push(self, playlist: Playlist, *, public: bool = False) -> Pushed:
        """Create a playlist, or change the listener's own of the same title.

        Parameters
        ----------
        playlist : Playlist
        public : bool
            Whether others may see one that is created.

        Raises
        ------
        BadInput
            If the server knows none of its tracks.
        AmbiguousId, AccessDenied, ServerError
        """
        ...


def choose(known: Sequence[RemotePlaylist], name: str, *, server: str) -> RemotePlaylist:
    """Choose a playlist by its id or, whatever the case, by its title.

    Raises
    ------
    UnknownId, AmbiguousId
    """
    found = [one for one in known if name in (one.key, one.playlist_id)]
    found = found or [one for one in known if one.title.casefold() == name.casefold()]
    if not found:
        hint = did_you_mean(name, {one.title for one in known}) if known else "there are no playlists"
        raise UnknownId(f"{server}: no playlist {name!r}", hint)
    if len(found) > 1:
        raise AmbiguousId(
            f"{server}: {name!r} names {len(found)} playlists", f"write one of: {', '.join(one.key for one in found)}"
        )
    return found[0]


def former_self(known: Sequence[RemotePlaylist], playlist: Playlist, *, owner: str, server: str) -> str | None:
    """Find what a playlist was before, among the listener's own: by its id, else by its title; give the server's key.

    Raises
    ------
    AmbiguousId
        If several are called so.
    """
    own = [one for one in known if one.owner is None or one.owner.casefold() == owner.casefold()]
    if any(one.playlist_id == playlist.playlist_id for one in own):
        return next(one.key for one in own if one.playlist_id == playlist.playlist_id)
    called = [one for one in own if one.title == playlist.title]
    return choose(called, playlist.title, server=server).key if called else None


def common(one: Sequence[str], other: Sequence[str]) -> int:
    """Count how many members two sequences share from their beginnings on.

    >>> common("abcd", "abxd")
    2
    """
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
