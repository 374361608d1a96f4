"""Playlists out: M3U8, XSPF, JSPF, CSV or addresses of Spotify by the suffix, with an account of what was lost.

Conventions
-----------
- The file appears whole or not at all.
- M3U8 names files: an entry without a path is left out. It has no place for ISRC,
  MusicBrainz and outside ids, and its durations are whole seconds. A text file of addresses of Spotify holds
  nothing else.
- XSPF, JSPF and CSV carry every field of an entry; JSPF also what a file said beyond them.
- Control characters, which none of these formats can hold safely, become spaces.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ml.data.exporters.cleaning import cleaned
from ml.data.exporters.places import Places
from ml.data.exporters.playlist_formats import SUFFIXES, WRITERS, Sheet, spotify_id
from ml.data.exporters.playlist_losses import lost_of_entry, lost_of_playlist
from ml.data.exporters.whole_file import whole_file
from ml.data.importers.locations import is_url, is_windows_path
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.foundation.errors import BadInput
from ml.foundation.phrase import Phrase
from ml.foundation.results import Result

__all__ = ["LeftOut", "Loss", "PlaylistEntry", "PlaylistExport", "write_playlist"]

_TEXTS = ("title", "artist", "album")
_REASONS = {
    "no_path": Phrase({"en": "no path: M3U8 names files", "de": "kein Pfad: M3U8 nennt Dateien"}),
    "no_address": Phrase({"en": "no address at Spotify", "de": "keine Adresse bei Spotify"}),
    "no_file": Phrase({"en": "no file", "de": "keine Datei"}),
    "not_there": Phrase({"en": "the file is not there", "de": "die Datei ist nicht da"}),
}


@dataclass(frozen=True, slots=True)
class LeftOut(Result):
    """An entry that was not written."""

    position: int
    title: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Loss(Result):
    """What the format could not hold of an entry that was written.

    Parameters
    ----------
    position : int
        Among the entries that were given, from 0.
    title : str or None
    fields : tuple of str
        Each lost or shortened.
    """

    position: int
    title: str | None
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaylistExport(Result):
    """What was written, and what was lost.

    Parameters
    ----------
    path : str
        The file.
    format : str
        ``"m3u8"``, ``"xspf"``, ``"jspf"``, ``"csv"`` or ``"spotify"``.
    written : int
        Entries in the file.
    left_out : tuple of LeftOut
        Entries that are not in it, by their position from 0.
    not_carried : mapping of str to int
        Field to the number of written entries whose value was lost or shortened.
    losses : tuple of Loss
        The same, entry by entry.
    list_not_carried : tuple of str
        What was lost of the list itself, such as its description.
    """

    path: str
    format: str
    written: int
    left_out: tuple[LeftOut, ...]
    not_carried: Mapping[str, int]
    losses: tuple[Loss, ...] = ()
    list_not_carried: tuple[str, ...] = ()


def write_playlist(
    entries: Iterable[PlaylistEntry],
    path: Path | str,
    *,
    name: str,
    relative_to: Path | str | None = None,
    upward: bool = False,
    only_existing: bool = False,
    description: str | None = None,
    playlist_id: str | None = None,
    extra: Mapping[str, Any] | None = None,
) -> PlaylistExport:
    """Write a playlist in the format that the suffix names.

    Parameters
    ----------
    entries : iterable of PlaylistEntry
        The tracks in order.
    path : Path or str
        Ends in ``.m3u8``, ``.m3u``, ``.xspf``, ``.jspf``, ``.csv``, or ``.txt`` for addresses of Spotify. An existing
        file is replaced.
    name : str
        The playlist's name.
    relative_to : Path or str, optional
        A folder: files below it are named relative to it. For readers to find them it has
        to be the folder of the playlist.
    upward : bool
        Name files outside that folder relative to it too.
    only_existing : bool
        Leave out entries whose file is not there now; addresses of the web are taken as they are.
    description, playlist_id, extra : optional
        What else is known of the list, for the formats that hold it.

    Raises
    ------
    BadInput
        If the suffix is unknown, or the folder does not exist or may not be written.
    DiskFull
        If no space is left; no file is left behind.
    """
    path = Path(path)
    form = SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise BadInput(f"{path}: no playlist format {path.suffix!r}", f"end the name in {', '.join(SUFFIXES)}")
    base = Path(relative_to).absolute() if relative_to is not None else None
    kept, losses, left_out = _keep(entries, form, only_existing=only_existing)
    title = cleaned(name) or path.stem
    sheet = Sheet(kept, title, Places(base, upward), cleaned(description), playlist_id, extra or {})
    with whole_file(path) as unfinished:
        unfinished.write_bytes(WRITERS[form](sheet).encode())
    of_list = lost_of_playlist(replace(sheet, description=description), form, path.stem)
    counts = Counter(field for loss in losses for field in loss.fields)
    return PlaylistExport(
        str(path), form, len(kept), tuple(left_out), dict(counts), tuple(losses), tuple(dict.fromkeys(of_list))
    )


def _keep(
    entries: Iterable[PlaylistEntry], form: str, *, only_existing: bool
) -> tuple[list[PlaylistEntry], list[Loss], list[LeftOut]]:
    kept: list[PlaylistEntry] = []
    losses: list[Loss] = []
    left_out: list[LeftOut] = []
    for position, entry in enumerate(entries):
        path = entry.path if entry.path and _can_exist(entry.path) else None
        if reason := _unfit(entry, path, form, only_existing=only_existing):
            left_out.append(LeftOut(position, entry.title, reason))
            continue
        title, artist, album = (cleaned(getattr(entry, name)) for name in _TEXTS)
        clean = replace(entry, path=path, title=title, artist=artist, album=album)
        kept.append(clean)
        changed = [name for name in (*_TEXTS, "path") if getattr(clean, name) != getattr(entry, name)]
        if fields := tuple(dict.fromkeys([*changed, *lost_of_entry(clean, form)])):
            losses.append(Loss(position, entry.title, fields))
    return kept, losses, left_out


def _unfit(entry: PlaylistEntry, path: str | None, form: str, *, only_existing: bool) -> str | None:
    """Say why an entry cannot be written, if it cannot."""
    if form == "m3u8" and not path:
        return _REASONS["no_path"]
    if form == "spotify" and spotify_id(entry) is None:
        return _REASONS["no_address"]
    here = path and not is_url(path) and not is_windows_path(path)
    if only_existing and not (path and not here) and not (path and Path(path).is_file()):
        return _REASONS["no_file" if path is None else "not_there"]
    return None


def _can_exist(path: str) -> bool:
    # Half a surrogate pair that no file system gave us names nothing.
    try:
        return b"\x00" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False
