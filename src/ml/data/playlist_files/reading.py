"""A playlist file as a playlist."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ml.data.importers.base import Reject
from ml.data.importers.jspf import read_jspf
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistHeader, PlaylistPart
from ml.data.importers.playlist_table import read_playlist_table
from ml.data.importers.playlists import READERS
from ml.data.importers.source import Entry, Source
from ml.data.importers.spotify_uris import read_spotify_uris
from ml.data.playlist_files.playlist import Playlist
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded
from ml.foundation.results import Result

#: The reader of each suffix: those of :mod:`~ml.data.importers.playlists`, and of files that could be something else.
ALL_READERS: dict[str, Callable[[Entry], Iterator[PlaylistPart]]] = READERS | {
    ".json": read_jspf,
    ".csv": read_playlist_table,
    ".tsv": read_playlist_table,
    ".txt": read_spotify_uris,
}


@dataclass(frozen=True, slots=True)
class LineProblem(Result):
    """What could not be used of a file.

    Parameters
    ----------
    line : int or None
        Line of a text, or number of the entry of JSPF and XSPF, from 1.
    reason : str
    raw : str
        What stands there.
    """

    line: int | None
    reason: str
    raw: str = ""


@dataclass(frozen=True, slots=True)
class PlaylistFile(Result):
    """A playlist file that was read.

    Parameters
    ----------
    path : str
    playlist : Playlist
        Its title is the file's name where the file gives none.
    problems : tuple of LineProblem
    """

    path: str
    playlist: Playlist
    problems: tuple[LineProblem, ...]


def read_playlist(path: Path | str) -> PlaylistFile:
    """Read a playlist in the format that the suffix names.

    Raises
    ------
    BadInput
        If there is no such file, or it is no playlist.
    """
    path = expanded(path)
    reader = ALL_READERS.get(path.suffix.lower())
    source = Source.of(path)
    if source.path.is_dir() or reader is None:
        what = "is a folder" if source.path.is_dir() else f"no playlist format {path.suffix!r}"
        raise BadInput(f"{path}: {what}", f"name a file that ends in {', '.join(ALL_READERS)}")
    entry = source.entries[0]
    if entry.size_bytes == 0:
        raise BadInput(f"{entry.name}: the file is empty", "export the playlist again")
    playlist, problems = gather(reader(entry), title=entry.stem)
    return PlaylistFile(str(source.path), playlist, problems)


def gather(parts: Iterable[PlaylistPart], *, title: str) -> tuple[Playlist, tuple[LineProblem, ...]]:
    """Put the parts that a reader gives together.

    Parameters
    ----------
    parts : iterable
    title : str
        For a list that has none.
    """
    header, tracks, problems = PlaylistHeader(), [], []
    for part in parts:
        if isinstance(part, PlaylistHeader):
            header = header.joined(part)
        elif isinstance(part, PlaylistEntry):
            tracks.append(part)
        elif isinstance(part, Reject):
            problems.append(LineProblem(part.line, part.reason, part.raw))
    playlist = Playlist(header.name or title, tuple(tracks), header.description, header.playlist_id, header.extra)
    return playlist, tuple(problems)
