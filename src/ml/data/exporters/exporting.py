"""From the store to files: a table as one file, playlists as one file each.

Conventions
-----------
- An existing file is replaced only where that was asked for.
- A file appears whole or not at all; so does a folder of playlists that is new.
- What a format cannot carry is counted and said.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from ml.data.exporters.playlist_formats import SUFFIXES
from ml.data.exporters.playlists import PlaylistExport, write_playlist
from ml.data.exporters.selection import SELECTIONS
from ml.data.exporters.stored_playlists import (
    StoredPlaylist,
    find_playlist,
    library_paths,
    list_playlists,
    read_entries,
)
from ml.data.exporters.tables import write_slices
from ml.data.identity import find_user
from ml.data.store import Store
from ml.foundation.atomic import disk_errors
from ml.foundation.errors import BadInput, UnknownId, did_you_mean
from ml.foundation.paths import expanded
from ml.foundation.results import Result

PLAYLISTS = "playlists"
TABLE_SUFFIXES = {".csv": "csv", ".tsv": "tsv", ".parquet": "parquet"}
#: The suffixes of playlists' formats; a new file takes the first of its own.
PLAYLIST_SUFFIXES = SUFFIXES
#: The format where nobody said one: players read it, and it carries every field.
_LOSSLESS = "xspf"
#: All that can be exported.
WHAT = (*SELECTIONS, PLAYLISTS)
# What some file system does not take in a name, and what would leave the folder.
_NOT_IN_A_NAME = re.compile(r'[\s\x00-\x1f\x7f/\\:*?"<>|]+')
_LONGEST_NAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class TableExport(Result):
    """A table that was written.

    Parameters
    ----------
    what : str
    path : str
    format : str
    rows : int
    size_bytes : int
    """

    what: str
    path: str
    format: str
    rows: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PlaylistsExport(Result):
    """Playlists that were written.

    Parameters
    ----------
    what : str
        ``"playlists"``.
    path : str
        The folder, or the file of the one playlist.
    format : str
    written, left_out : int
        Entries, over all playlists.
    playlists : tuple of PlaylistExport
        Each with what it lost.
    """

    what: str
    path: str
    format: str
    written: int
    left_out: int
    playlists: tuple[PlaylistExport, ...]


def export(
    store: Store,
    what: str,
    out: Path | str,
    *,
    form: str | None = None,
    user: str | None = None,
    playlist: str | None = None,
    force: bool = False,
) -> TableExport | PlaylistsExport:
    """Write a table or playlists.

    Parameters
    ----------
    store : Store
    what : str
        One of :data:`WHAT`.
    out : Path or str
        A file; for playlists a folder, or a file where there is one playlist.
    form : str, optional
        ``"csv"``, ``"tsv"``, ``"parquet"``; for playlists ``"m3u8"``, ``"xspf"``, ``"jspf"``, ``"csv"``,
        ``"spotify"``. Left out, the suffix of ``out`` says it, and playlists in a folder are ``"xspf"``.
    user : str, optional
        Outside id of a listener: only what is theirs.
    playlist : str, optional
        Name or outside id of the only playlist wanted.
    force : bool
        Replace files that are there.

    Raises
    ------
    BadInput
        If there is no such thing to export, the format does not fit, or a file is there already.
    UnknownId, AmbiguousId
        If there is no such listener or playlist, or several.
    StoreError
    DiskFull
        If the disk fills up.
    """
    out = expanded(out)
    if what == PLAYLISTS:
        return _export_playlists(store, out, form, user=user, playlist=playlist, force=force)
    if what not in SELECTIONS:
        raise BadInput(f"nothing called {what!r} can be exported", did_you_mean(what, WHAT))
    if playlist is not None:
        raise BadInput(f"{what} are not of one playlist", "ml export playlists --playlist NAME --out FILE.m3u8")
    return _export_table(store, what, out, form, user=user, force=force)


def _export_table(
    store: Store, what: str, path: Path, form: str | None, *, user: str | None, force: bool
) -> TableExport:
    form = _form(path, form, TABLE_SUFFIXES, what="table")
    if form is None:
        raise BadInput(f"{path}: the name tells no table format", "end it in .csv, .tsv or .parquet, or give --format")
    _check_free([path], force=force)
    wanted = SELECTIONS[what]
    with store.read() as connection:
        key = None if user is None else find_user(connection, user)
        rows = write_slices(wanted.read(connection, key), path, columns=wanted.columns, form=form)
    return TableExport(what, str(path), form, rows, path.stat().st_size)


def _export_playlists(
    store: Store, out: Path, form: str | None, *, user: str | None, playlist: str | None, force: bool
) -> PlaylistsExport:
    form = _form(out, form, PLAYLIST_SUFFIXES, what="playlist") or _LOSSLESS
    to_file = PLAYLIST_SUFFIXES.get(out.suffix.lower()) == form and not out.is_dir()
    if not to_file and out.exists() and not out.is_dir():
        raise BadInput(f"{out}: is a file", f"give a folder, or a name that ends in {_suffix(form)}")
    with store.read() as connection:
        wanted = _wanted(connection, user, playlist)
        if to_file and len(wanted) > 1:
            known = ", ".join(one.name for one in wanted[:5])
            raise BadInput(
                f"{out}: {len(wanted)} playlists do not fit into one file",
                f"give a folder, or one of them with --playlist: {known}",
            )
        folder = out.parent if to_file else out
        named = dict(zip([out.name] if to_file else _file_names(wanted, form), wanted, strict=True))
        _check_free([folder / name for name in named], force=force)
        written = _write_all(connection, named, folder)
    lost = sum(len(one.left_out) for one in written)
    return PlaylistsExport(PLAYLISTS, str(out), form, sum(one.written for one in written), lost, written)


def _wanted(connection: Connection, user: str | None, playlist: str | None) -> list[StoredPlaylist]:
    key = None if user is None else find_user(connection, user)
    known = list_playlists(connection, user_key=key)
    if playlist is not None:
        return [find_playlist(known, playlist)]
    if not known:
        whose = "this workspace" if user is None else user
        raise UnknownId(f"{whose} has no playlists", "bring some: ml import PATH")
    return known


def _write_all(connection: Connection, named: Mapping[str, StoredPlaylist], folder: Path) -> tuple[PlaylistExport, ...]:
    paths = library_paths(connection)
    written = []
    with _beside(folder) as place:
        for name, one in named.items():
            entries = read_entries(connection, one.key, paths)
            done = write_playlist(entries, place / name, name=one.name, relative_to=folder)
            written.append(replace(done, path=str(folder / name)))
        folder.mkdir(parents=True, exist_ok=True)
        for name in named:
            (place / name).replace(folder / name)
    return tuple(written)


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give a temporary folder on the disk of another one, which need not be there yet."""
    near = folder if folder.is_dir() else folder.absolute().parent
    try:
        with disk_errors(folder):
            near.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".ml-export-", dir=near) as place:
                yield Path(place)
    except OSError as error:
        raise BadInput(f"{folder}: cannot be written ({error.strerror})", "choose another folder") from error


def _form(out: Path, form: str | None, suffixes: Mapping[str, str], *, what: str) -> str | None:
    """Give the format that was named, or that the suffix names; None for a name without suffix."""
    known = list(dict.fromkeys(suffixes.values()))
    if form is not None and form not in known:
        raise BadInput(f"--format {form}: no format of a {what}", f"give {', '.join(known)}")
    suffix = out.suffix.lower()
    if form is None and suffix and suffix not in suffixes and not out.is_dir():
        raise BadInput(f"{out}: {suffix} is no format of a {what}", f"end the name in {', '.join(suffixes)}")
    said = suffixes.get(suffix)
    if form and said and form != said and not out.is_dir():
        raise BadInput(f"{out}: the name says {said}, --format says {form}", "leave --format out, or change the name")
    return form or said


def _check_free(paths: Sequence[Path], *, force: bool) -> None:
    there = [path for path in paths if path.exists()]
    folders = [path for path in there if path.is_dir()]
    if folders:
        raise BadInput(f"{folders[0]}: is a folder", "give the name of a file")
    if there and not force:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise BadInput(f"{there[0]}{more}: already there", "give another name, or replace with --force")


def _file_names(playlists: Sequence[StoredPlaylist], form: str) -> Iterator[str]:
    """Name a file for each playlist; names that differ in case only get a number."""
    taken: set[str] = set()
    for one in playlists:
        plain = _NOT_IN_A_NAME.sub(" ", one.name).encode()[:_LONGEST_NAME_BYTES].decode(errors="ignore")
        stem = plain.strip(" .") or "playlist"
        name, number = stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem} ({number})"
        taken.add(name.casefold())
        yield f"{name}{_suffix(form)}"


def _suffix(form: str) -> str:
    return next(suffix for suffix, its_form in PLAYLIST_SUFFIXES.items() if its_form == form)
