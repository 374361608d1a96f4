"""Playlists as tables: CSV or TSV, one track a row, in the order of the list.

Conventions
-----------
- Columns are known by the names that :mod:`~ml.data.importers.columns` knows, so that tables of Exportify, Soundiiz
  and TuneMyMusic are read as they are. ``ids`` (or ``identifiers``) holds outside ids between blanks, ``location``
  (``path``, ``file``) a path or an address, ``playlist`` the name of the list.
- Durations are milliseconds where the column says so or half of them are above 10,000, else seconds; ``3:05`` is read
  too.
- A table that is not UTF-8 is read as Windows-1252.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from ml.data.importers import columns
from ml.data.importers.base import Reject
from ml.data.importers.columns import ms_per_unit, recognised
from ml.data.importers.delimited import read_rows
from ml.data.importers.encoding import utf8_chunks
from ml.data.importers.header import take_header
from ml.data.importers.identifiers import sort_identifiers
from ml.data.importers.lines import LineReader
from ml.data.importers.locations import resolve_path, storable
from ml.data.importers.playlist_entry import PlaylistEntry, PlaylistHeader, PlaylistPart
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

#: What the writer calls the columns, in their order.
COLUMNS = ("title", "artist", "album", "duration_ms", "isrc", "mbid", "ids", "location", "playlist")
_OURS = ("title", "artist", "album", "duration", "isrc", "mbid", "item")
_ALSO = {
    "ids": ("ids", "identifiers"),
    "location": ("location", "path", "file", "filename"),
    "playlist": ("playlist", "playlist_name", "playlist name"),
}
_IDENTIFYING = ("title", "isrc", "mbid", "item", "ids", "location")
_LONG = 10_000

_Row = Mapping[str, str | None]


def read_playlist_table(entry: Entry) -> Iterator[PlaylistPart]:
    """Read a table of tracks.

    Raises
    ------
    BadInput
        If it is empty, or no column names its tracks.
    """
    encoding = None if _is_utf8(entry) else "cp1252"
    reader = LineReader(utf8_chunks(entry, encoding=encoding))
    header = take_header(reader, delimiter=None, known=_known)
    if header is None:
        raise BadInput(f"{entry.name}: the file is empty", "export the playlist again")
    places = _places(header.names)
    if not places.keys() & set(_IDENTIFYING):
        raise BadInput(
            f"{entry.name}: no column tells the tracks; the first line has {', '.join(header.names[:20])}",
            f"name the columns in the first line, such as {','.join(COLUMNS[:5])}",
        )
    rows: list[tuple[int, dict[str, str | None]]] = []
    rejects: list[Reject] = []
    for read in read_rows(reader, header, file=entry.name, encoding=encoding):
        rejects += read.rejects
        rows += [(row.pop("line"), row) for row in read.named(places).iter_rows(named=True)]
    unit = _unit(header.names, places, [row for _, row in rows])
    yield from _names(entry.name, [row.get("playlist") for _, row in rows])
    parts = [*rejects, *(part for line, row in rows for part in _read(row, line, unit, entry))]
    yield from sorted(parts, key=lambda part: part.line or 0)


def _is_utf8(entry: Entry) -> bool:
    try:
        b"".join(utf8_chunks(entry)).decode()
    except UnicodeDecodeError:
        return False
    return True


def _known(name: str) -> bool:
    return columns.known(name) or any(name.strip().lower() in names for names in _ALSO.values())


def _places(names: Sequence[str]) -> dict[str, int]:
    plain = [name.strip().lower() for name in names]
    also = {ours: plain.index(name) for ours, theirs in _ALSO.items() for name in reversed(theirs) if name in plain}
    found = {ours: at for ours, at in recognised(names).items() if ours in _OURS and at not in also.values()}
    return found | also


def _names(file: str, said: list[str | None]) -> Iterator[PlaylistHeader | Reject]:
    """Name the list, if all rows agree."""
    names = list(dict.fromkeys(name for name in said if name))
    if len(names) == 1:
        yield PlaylistHeader(name=names[0])
    elif names:
        shown = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
        yield Reject(file, None, reason("playlists_joined", n=len(names), names=shown))


def _unit(names: Sequence[str], places: Mapping[str, int], rows: list[dict[str, str | None]]) -> int:
    """Tell how many milliseconds one of the durations' units is."""
    if "duration" not in places:
        return 1
    told = ms_per_unit(names[places["duration"]])
    if told is not None:
        return told
    values = [value for row in rows if (value := _number(row["duration"])) is not None]
    return 1 if values and median(values) > _LONG else 1000


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and 0 <= value < 2**53 else None


def _milliseconds(text: str, unit: int) -> int | None:
    *minutes, seconds = text.split(":")
    values = [_number(part) for part in (*minutes, seconds)]
    if len(values) == 1:
        return None if values[0] is None else round(values[0] * unit)
    total = 0.0
    for value in values:
        if value is None or len(values) > 3:
            return None
        total = total * 60 + value
    return round(total * 1000)


def _read(row: _Row, line: int, unit: int, entry: Entry) -> Iterator[PlaylistEntry | Reject]:
    if not any(row.get(name) for name in _IDENTIFYING):
        yield Reject(entry.name, line, reason("nameless"))
        return
    length, location = row.get("duration"), row.get("location")
    duration = _milliseconds(length, unit) if length else None
    if length and duration is None:
        yield Reject(entry.name, line, reason("not_length_left", given=repr(length)[:150]))
    isrc = sort_identifiers([f"isrc:{row['isrc']}"]).isrc if row.get("isrc") else None
    if row.get("isrc") and isrc is None:
        yield Reject(entry.name, line, reason("not_isrc", given=repr(row["isrc"])[:150]))
    mbid = sort_identifiers([f"mbid:{row['mbid']}"]).mbid if row.get("mbid") else None
    if row.get("mbid") and mbid is None:
        yield Reject(entry.name, line, reason("not_mbid", given=repr(row["mbid"])[:150]))
    ids = sort_identifiers([text for name in ("item", "ids") for text in (row.get(name) or "").split()])
    if row.get("item") and not any(sort_identifiers([row["item"] or ""])):
        yield Reject(entry.name, line, reason("not_outside", given=repr(row["item"])[:150]))
    path = resolve_path(location, entry.path.parent if entry.path else None) if location else None
    if path is not None and not storable(path):
        yield Reject(entry.name, line, reason("path_utf8"), repr(location))
        return
    found = PlaylistEntry(
        title=row.get("title"),
        artist=row.get("artist"),
        album=row.get("album"),
        duration_ms=duration or None,
        isrc=isrc or ids.isrc,
        mbid=mbid or ids.mbid,
        outside_ids=ids.outside_ids,
        path=path,
        line=line,
    )
    if found == PlaylistEntry(artist=found.artist, album=found.album, duration_ms=found.duration_ms):
        yield Reject(entry.name, line, reason("nameless"))
    else:
        yield found
