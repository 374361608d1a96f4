"""From one playlist file to another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ml.data.exporters.playlists import PlaylistExport, write_playlist
from ml.data.playlist_files.playlist import Playlist
from ml.data.playlist_files.reading import LineProblem, read_playlist
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Conversion(Result):
    """What was read and written.

    Parameters
    ----------
    source : str
    read : int
        Entries that were read.
    problems : tuple of LineProblem
        What could not be read.
    written : PlaylistExport
        With what was left out, and what the format could not hold.
    """

    source: str
    read: int
    problems: tuple[LineProblem, ...]
    written: PlaylistExport


def convert(
    source: Path | str, out: Path | str, *, relative: bool = False, only_existing: bool = False, force: bool = False
) -> Conversion:
    """Write a playlist file in the format that another name's suffix says.

    Parameters
    ----------
    source, out : Path or str
    relative : bool
        Name files relative to the folder of ``out``.
    only_existing : bool
        Leave out entries whose file is not there now.
    force : bool
        Replace a file that is there.

    Raises
    ------
    BadInput
        If the file is no playlist, or the other one is there already or cannot be written.
    DiskFull
    """
    found = read_playlist(source)
    written = write(found.playlist, out, relative=relative, only_existing=only_existing, force=force)
    return Conversion(found.path, len(found.playlist.tracks), found.problems, written)


def write(
    playlist: Playlist, out: Path | str, *, relative: bool = False, only_existing: bool = False, force: bool = False
) -> PlaylistExport:
    """Write a playlist to a file; see :func:`convert`."""
    out = expanded(out)
    if out.is_dir():
        raise BadInput(f"{out}: is a folder", "give the name of a file")
    if out.exists() and not force:
        raise BadInput(f"{out}: already there", "give another name, or replace with --force")
    return write_playlist(
        playlist.tracks,
        out,
        name=playlist.title,
        relative_to=out.absolute().parent if relative else None,
        upward=relative,
        only_existing=only_existing,
        description=playlist.description,
        playlist_id=playlist.playlist_id,
        extra=playlist.extra,
    )
