"""Playlists out: M3U8, XSPF or JSPF by the suffix, with an account of what the format could not carry.

Conventions
-----------
- The file appears whole or not at all.
- M3U8 names files: an entry without a path is left out. It has no place for ISRC,
  MusicBrainz and outside ids, and its durations are whole seconds.
- XSPF and JSPF carry every field. ISRCs are written as ``isrc:…`` identifiers, recordings
  by their MusicBrainz address, Spotify tracks by their web address.
- Control characters, which none of these formats can hold safely, become spaces.

References
----------
https://www.xspf.org/spec, https://musicbrainz.org/doc/jspf
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape

import orjson

from ml.data.exporters.whole_file import whole_file
from ml.data.importers.identifiers import sort_identifiers
from ml.data.importers.locations import is_url, is_windows_path
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.foundation.errors import BadInput
from ml.foundation.results import Result

__all__ = ["LeftOut", "PlaylistEntry", "PlaylistExport", "write_playlist"]

# C0 and C1 controls, line and paragraph separators, lone surrogates, non-characters of XML.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]+")
_TEXTS = ("title", "artist", "album")


@dataclass(frozen=True, slots=True)
class LeftOut(Result):
    """An entry that was not written."""

    position: int
    title: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class PlaylistExport(Result):
    """What was written, and what was lost.

    Parameters
    ----------
    path : str
        The file.
    format : str
        ``"m3u8"``, ``"xspf"`` or ``"jspf"``.
    written : int
        Entries in the file.
    left_out : tuple of LeftOut
        Entries that are not in it, by their position from 0.
    not_carried : mapping of str to int
        Field to the number of written entries whose value was lost or shortened.
    """

    path: str
    format: str
    written: int
    left_out: tuple[LeftOut, ...]
    not_carried: Mapping[str, int]


def write_playlist(
    entries: Iterable[PlaylistEntry],
    path: Path | str,
    *,
    name: str,
    relative_to: Path | str | None = None,
) -> PlaylistExport:
    """Write a playlist in the format that the suffix names.

    Parameters
    ----------
    entries : iterable of PlaylistEntry
        The tracks in order.
    path : Path or str
        Ends in ``.m3u8``, ``.m3u``, ``.xspf`` or ``.jspf``. An existing file is replaced.
    name : str
        The playlist's name.
    relative_to : Path or str, optional
        A folder: files below it are named relative to it. For readers to find them it has
        to be the folder of the playlist.

    Raises
    ------
    BadInput
        If the suffix is unknown, or the folder does not exist or may not be written.
    DiskFull
        If no space is left; no file is left behind.
    """
    path = Path(path)
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise BadInput(f"{path}: no playlist format {path.suffix!r}", f"end the name in {', '.join(_WRITERS)}")
    base = Path(relative_to).absolute() if relative_to is not None else None
    lost: Counter[str] = Counter()
    kept, left_out = _keep(entries, lost, for_m3u=writer is _m3u8)
    with whole_file(path) as unfinished:
        unfinished.write_bytes(writer(kept, _clean(name) or path.stem, base).encode())
    form = "m3u8" if writer is _m3u8 else path.suffix.lower()[1:]
    return PlaylistExport(str(path), form, len(kept), tuple(left_out), dict(lost))


def _keep(
    entries: Iterable[PlaylistEntry], lost: Counter[str], *, for_m3u: bool
) -> tuple[list[PlaylistEntry], list[LeftOut]]:
    kept: list[PlaylistEntry] = []
    left_out: list[LeftOut] = []
    for position, entry in enumerate(entries):
        path = entry.path if entry.path and _can_exist(entry.path) else None
        if for_m3u and not path:
            left_out.append(LeftOut(position, entry.title, "no path: M3U8 names files"))
            continue
        clean = replace(
            entry, path=path, title=_clean(entry.title), artist=_clean(entry.artist), album=_clean(entry.album)
        )
        lost.update(field for field in (*_TEXTS, "path") if getattr(clean, field) != getattr(entry, field))
        lost.update(_lost_by_m3u(clean) if for_m3u else _lost_by_identifiers(clean))
        kept.append(clean)
    return kept, left_out


def _can_exist(path: str) -> bool:
    # Half a surrogate pair that no file system gave us names nothing.
    try:
        return b"\x00" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _clean(text: str | None) -> str | None:
    return None if text is None else _UNSAFE.sub(" ", text).strip() or None


def _lost_by_m3u(entry: PlaylistEntry) -> Iterator[str]:
    for field in ("isrc", "mbid", "outside_ids"):
        if getattr(entry, field):
            yield field
    if (entry.duration_ms or 0) % 1000:
        yield "duration_ms"


def _lost_by_identifiers(entry: PlaylistEntry) -> Iterator[str]:
    read_again = sort_identifiers(_identifiers(entry))
    for field in ("isrc", "mbid", "outside_ids"):
        if (getattr(entry, field) or None) != (getattr(read_again, field) or None):
            yield field


def _m3u8(entries: list[PlaylistEntry], name: str, base: Path | None) -> str:
    lines = ["#EXTM3U", f"#PLAYLIST:{name}"]
    for entry in entries:
        lines += _m3u8_lines(entry, base)
    return "\n".join(lines) + "\n"


def _m3u8_lines(entry: PlaylistEntry, base: Path | None) -> Iterator[str]:
    seconds = max(1, round(entry.duration_ms / 1000)) if entry.duration_ms else -1
    title, artist = entry.title or "", entry.artist
    yield f"#EXTINF:{seconds},{f'{artist} - {title}' if artist else title}"
    # Where the dash could be misread, a line of its own says who the artist is.
    if (artist and "-" in artist) or (not artist and " - " in title):
        yield f"#EXTART:{artist or ''}"
    if entry.album:
        yield f"#EXTALB:{entry.album}"
    yield _m3u8_location(entry.path or "", base)


def _m3u8_location(path: str, base: Path | None) -> str:
    if is_url(path) or is_windows_path(path):
        return _UNSAFE.sub("", path)
    place = _relative(path, base)
    plain = place == place.strip() and place == _UNSAFE.sub(" ", place)
    if plain and not place.startswith("#") and "\\" not in place and not is_url(place):
        return place
    return Path(path).absolute().as_uri()


def _relative(path: str, base: Path | None) -> str:
    absolute = Path(path).absolute()
    if base is not None and absolute.is_relative_to(base):
        return absolute.relative_to(base).as_posix()
    return str(absolute)


def _uri(path: str, base: Path | None) -> str:
    if is_url(path):
        return _UNSAFE.sub("", path)
    if is_windows_path(path):
        return "file:///" + quote(path.replace("\\", "/"), safe="/:")
    place = _relative(path, base)
    if place.startswith("/"):
        return Path(place).as_uri()
    # "./" keeps a colon from looking like a scheme, and a backslash from looking like Windows.
    return ("./" if {":", "\\"} & set(place) or place != place.strip() else "") + quote(os.fsencode(place))


def _identifiers(entry: PlaylistEntry) -> list[str]:
    identifiers = [f"https://musicbrainz.org/recording/{entry.mbid}"] if entry.mbid else []
    for outside_id in entry.outside_ids:
        before, _, key = outside_id.partition("spotify:track:")
        identifiers.append(f"https://open.spotify.com/track/{key}" if key and not before else outside_id)
    if entry.isrc:
        identifiers.append(f"isrc:{entry.isrc}")
    # What no reader would understand is not written; the account counts it.
    return [identifier for identifier in identifiers if any(sort_identifiers([identifier]))]


def _jspf(entries: list[PlaylistEntry], name: str, base: Path | None) -> str:
    tracks = [
        {
            field: value
            for field, value in (
                ("title", entry.title),
                ("creator", entry.artist),
                ("album", entry.album),
                ("duration", entry.duration_ms),
                ("identifier", _identifiers(entry)),
                ("location", [_uri(entry.path, base)] if entry.path else []),
            )
            if value
        }
        for entry in entries
    ]
    return orjson.dumps({"playlist": {"title": name, "track": tracks}}, option=orjson.OPT_INDENT_2).decode() + "\n"


def _xspf(entries: list[PlaylistEntry], name: str, base: Path | None) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<playlist version="1" xmlns="http://xspf.org/ns/0/">',
        f"  <title>{escape(name)}</title>",
        "  <trackList>",
    ]
    for entry in entries:
        lines += ["    <track>", *(f"      {element}" for element in _xspf_elements(entry, base)), "    </track>"]
    return "\n".join([*lines, "  </trackList>", "</playlist>"]) + "\n"


def _xspf_elements(entry: PlaylistEntry, base: Path | None) -> Iterator[str]:
    fields = [
        ("location", _uri(entry.path, base) if entry.path else None),
        *(("identifier", identifier) for identifier in _identifiers(entry)),
        ("title", entry.title),
        ("creator", entry.artist),
        ("album", entry.album),
        ("duration", entry.duration_ms),
    ]
    for field, value in fields:
        if value:
            yield f"<{field}>{escape(str(value))}</{field}>"


#: The writer of each suffix.
_WRITERS: dict[str, Callable[[list[PlaylistEntry], str, Path | None], str]] = {
    ".m3u8": _m3u8,
    ".m3u": _m3u8,
    ".xspf": _xspf,
    ".jspf": _jspf,
}
