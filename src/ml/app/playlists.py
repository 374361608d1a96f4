"""Playlists between this workspace, files and servers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ml.data.demo import LABEL
from ml.data.exporters.playlists import PlaylistExport
from ml.data.playlist_files import (
    Playlist,
    PlaylistImport,
    read_playlist,
    resolve,
    store_playlist,
    stored_playlist,
    write,
)
from ml.data.playlist_servers import PlaylistServer, Pushed, configured
from ml.data.workspace import DEMO, REAL, Workspace
from ml.foundation import resolver
from ml.foundation.counting import number_of
from ml.foundation.paths import expanded
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Pulled(Result):
    """A playlist that was fetched.

    Parameters
    ----------
    server : str
        Its address.
    playlist_id : str or None
        Outside id.
    title : str
    tracks : int
    stored : PlaylistImport or None
        What became of it in the store.
    written : PlaylistExport or None
        What became of it as a file.
    """

    server: str
    playlist_id: str | None
    title: str
    tracks: int
    stored: PlaylistImport | None = None
    written: PlaylistExport | None = None


class PlaylistExchange:
    """What :class:`~ml.app.app.App` does with playlists of files and servers; it has the workspace."""

    workspace: Workspace

    def import_playlist(self, path: Path | str, *, user: str | None = None) -> PlaylistImport:
        """Bring a playlist file into the store; its entries are the tracks that they turn out to be.

        Raises
        ------
        BadInput
            If it is no playlist, has no tracks, or this is the demo world's workspace.
        """
        found = read_playlist(path)
        self.workspace.mark(REAL)
        done = store_playlist(
            self.workspace.store, found.playlist, source=found.path, user=user, problems=found.problems
        )
        resolver.reset()
        return done

    def playlist_server(self, kind: str) -> PlaylistServer:
        """Give the server of a kind, ``subsonic`` or ``listenbrainz``, that the environment of this process names.

        Raises
        ------
        BadInput
            If it names none.
        """
        return configured(kind)

    def push_playlist(
        self,
        source: str,
        server: PlaylistServer,
        *,
        title: str | None = None,
        public: bool = False,
        files: bool = True,
    ) -> Pushed:
        """Send a playlist to a server: a file, else one of the workspace by its name or outside id.

        Parameters
        ----------
        source : str
        server : PlaylistServer
        title : str, optional
            Another one, there.
        public : bool
            Whether others may see one that is created.
        files : bool
            Whether ``source`` may be a file.

        Raises
        ------
        BadInput, UnknownId, AmbiguousId, AccessDenied, ServerError
        """
        said: tuple[str, ...] = ()
        if files and (path := expanded(source)).is_file():
            read = read_playlist(path)
            found = read.playlist
            if read.problems:
                lines = number_of(len(read.problems), "line")
                said = (f"{lines} of {path} could not be used: ml playlist read lists them",)
        else:
            found = stored_playlist(self.workspace.store, source)
            said = (LABEL,) if self.workspace.label == DEMO else ()
        done = server.push(found if title is None else replace(found, title=title), public=public)
        return replace(done, notices=(*said, *done.notices))

    def pull_playlist(self, name: str, server: PlaylistServer, *, user: str | None = None) -> Pulled:
        """Fetch a playlist into the store, where fetching it again updates it."""
        found = server.pull(name)
        self.workspace.mark(REAL)
        done = store_playlist(self.workspace.store, found, source=server.address, user=user)
        resolver.reset()
        return Pulled(server.address, found.playlist_id, found.title, len(found.tracks), stored=done)

    def pull_playlist_to_file(
        self, name: str, server: PlaylistServer, out: Path | str, *, relative: bool = False, force: bool = False
    ) -> Pulled:
        """Fetch a playlist into a file; tracks that the library has a file of are named by it."""
        found = server.pull(name)
        done = write(self.with_files(found), out, relative=relative, force=force)
        return Pulled(server.address, found.playlist_id, found.title, len(found.tracks), written=done)

    def with_files(self, playlist: Playlist) -> Playlist:
        """Give the entries without a path the files that the library has of their tracks."""
        if self.workspace.is_empty():
            return playlist
        with self.workspace.store.read() as connection:
            known = resolve(connection, playlist.tracks)
        pairs = zip(playlist.tracks, known, strict=True)
        return replace(playlist, tracks=tuple(replace(track, path=track.path or one.file) for track, one in pairs))
