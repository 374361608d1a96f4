"""M3U and M3U8 playlists.

Conventions
-----------
- A line is UTF-8, or Windows-1252/Latin-1 where it is not; a UTF-16 file is known by its mark.
- ``#EXTINF:seconds,Artist - Title`` describes the next path; ``-1`` and ``0`` seconds mean unknown.
- ``#PLAYLIST:`` names the list. ``#EXTALB:`` and ``#EXTART:`` hold for the next path, or for
  every path when they stand before the first one.
- A path without a description takes title and artist from its file name.
- Other ``#`` lines are comments. A description whose seconds are no number is listed, and its track is kept.

References
----------
https://en.wikipedia.org/wiki/M3U (there is no standard).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ml.data.importers.base import Reject
from ml.data.importers.encoding import decode_line, utf8_chunks
from ml.data.importers.identifiers import sort_identifiers
from ml.data.importers.lines import LineReader
from ml.data.importers.locations import is_url, resolve_path, storable
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistHeader, PlaylistPart
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry
from ml.data.importers.track_names import parse_track_name
from ml.foundation.errors import BadInput

MAX_LINE_BYTES = 1 << 16
_STRETCH_ROWS = 10_000
# Attributes of IPTV lists (tvg-id="…") may stand between the seconds and the comma.
_EXTINF = re.compile(r'#EXTINF:\s*([^,\s]*)((?:[^,"]|"[^"]*")*)(?:,(.*))?$', re.IGNORECASE)
#: Bytes that no text has, and the greatest share of them among the first so many bytes.
_CONTROLS, _MOST_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"), 0.03
_ENOUGH, _LOOKED_AT = 256, 8192
_HLS = ("#EXT-X-TARGETDURATION", "#EXT-X-STREAM-INF", "#EXT-X-MEDIA-SEQUENCE")


@dataclass(frozen=True, slots=True)
class _Notes:
    """What directives have said about the next path."""

    text: str | None = None
    duration_ms: int | None = None
    artist: str | None = None
    album: str | None = None


def read_m3u(entry: Entry) -> Iterator[PlaylistPart]:
    """Read an M3U file in one pass.

    Raises
    ------
    BadInput
        If a line is absurdly long, or the file is no text, or the segment list of a stream.
    """
    folder = entry.path.parent if entry.path else None
    standing, notes, begun = _Notes(), _Notes(), False
    for number, line in _lines(entry):
        if line.startswith(_HLS):
            raise BadInput(f"{entry.name}:{number}: a stream's list of segments, not a playlist of songs")
        if "\x00" in line:
            yield Reject(entry.name, number, reason("not_text"), repr(line[:80]))
        elif not line.strip():
            continue
        elif line.startswith("#PLAYLIST:"):
            yield PlaylistHeader(name=line.partition(":")[2].strip() or None)
        elif line.startswith("#"):
            if wrong := _unread_length(line):
                yield Reject(entry.name, number, wrong, line[:200])
            # Before the first track, an album's line speaks for the whole list.
            header = not begun and notes == _Notes() and not line.upper().startswith("#EXTINF")
            if header:
                standing = _note(standing, line)
            else:
                notes = _note(notes, line)
        else:
            yield _entry(line.strip(), _with_defaults(notes, standing), folder, entry.name, number)
            notes, begun = _Notes(), True


def _lines(entry: Entry) -> Iterator[tuple[int, str]]:
    reader = LineReader(utf8_chunks(entry), max_line=MAX_LINE_BYTES)
    looked_at, controls = 0, 0
    for stretch in reader.stretches(_STRETCH_ROWS):
        for number, raw in enumerate(stretch.lines(), stretch.first):
            if looked_at < _LOOKED_AT:
                looked_at += len(raw)
                controls += len(_CONTROLS.findall(raw))
                if looked_at > _ENOUGH and controls > _MOST_CONTROLS * looked_at:
                    raise BadInput(f"{entry.name}: not a text, and no playlist", "is it another kind of file?")
            if len(raw) > MAX_LINE_BYTES:
                message = f"{entry.name}:{number}: a line of more than {MAX_LINE_BYTES:,} bytes; no playlist"
                raise BadInput(message, "is it another kind of file?")
            yield number, decode_line(raw).rstrip("\r\n")


def _note(notes: _Notes, line: str) -> _Notes:
    word, _, value = line.partition(":")
    if word.upper() == "#EXTALB":
        return replace(notes, album=value.strip())
    if word.upper() == "#EXTART":
        return replace(notes, artist=value.strip())
    if found := _EXTINF.match(line):
        return replace(notes, duration_ms=_milliseconds(found[1]), text=found[3] or "")
    return notes


def _unread_length(line: str) -> str | None:
    """Say what is wrong with the length in a description, if anything; a track without one is fine."""
    if not line.upper().startswith("#EXTINF"):
        return None
    found = _EXTINF.match(line)
    if found is None:
        return reason("not_extinf")
    try:
        fine = not found[1] or math.isfinite(float(found[1]))
    except ValueError:
        fine = False
    return None if fine else reason("not_length", given=repr(found[1])[:200])


def _milliseconds(text: str) -> int | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return round(seconds * 1000) if math.isfinite(seconds) and 0 < seconds < 1e9 else None


def _with_defaults(notes: _Notes, standing: _Notes) -> _Notes:
    return replace(
        notes,
        artist=standing.artist if notes.artist is None else notes.artist,
        album=standing.album if notes.album is None else notes.album,
    )


def _entry(location: str, notes: _Notes, folder: Path | None, file: str, number: int) -> PlaylistEntry | Reject:
    ids = sort_identifiers([location])
    # file:… and a drive letter are places on disk, never ids.
    named = (ids.mbid or ids.outside_ids) and not location.lower().startswith("file:")
    path = None if named else resolve_path(location, folder)
    if path is not None and not storable(path):
        return Reject(file, number, reason("path_utf8"), repr(location))
    title, artist = _title_and_artist(notes, path)
    return PlaylistEntry(
        title=title,
        artist=artist,
        album=notes.album or None,
        duration_ms=notes.duration_ms,
        mbid=ids.mbid if named else None,
        outside_ids=ids.outside_ids if named else (),
        path=path,
        line=number,
    )


def _title_and_artist(notes: _Notes, path: str | None) -> tuple[str | None, str | None]:
    text = notes.text or ""
    if notes.artist and text.startswith(f"{notes.artist} - "):
        return text[len(notes.artist) + 3 :].strip() or None, notes.artist
    if text.strip():
        artist, dash, title = text.partition(" - ")
        # An empty #EXTART says that the dash belongs to the title.
        if notes.artist == "" or not dash or not artist.strip() or not title.strip():
            return text.strip(), notes.artist or None
        return title.strip(), artist.strip()
    if path is None:
        return None, notes.artist or None
    name = parse_track_name(PurePosixPath(path.replace("\\", "/") if not is_url(path) else path).stem)
    return name.title or None, notes.artist or name.artist
