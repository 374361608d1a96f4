"""Playlists as text: M3U8, XSPF, JSPF, CSV and plain addresses of Spotify.

Conventions
-----------
- Entries are clean (:func:`~ml.data.exporters.cleaning.cleaned`) and such as the format takes.
- ISRCs are written as ``isrc:…`` identifiers, recordings by their MusicBrainz address, Spotify tracks by their web
  address.
- What a file said beyond our fields is written again where the format has a place for it: all of it in JSPF, text alone
  in XSPF.

References
----------
https://www.xspf.org/spec, https://www.xspf.org/jspf, https://musicbrainz.org/doc/jspf
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import orjson

from ml.data.exporters.cleaning import cleaned
from ml.data.exporters.places import Places
from ml.data.importers.identifiers import playlist_identifier, sort_identifiers
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.importers.playlist_table import COLUMNS
from ml.data.importers.xspf import PLAYLIST_TEXTS, TRACK_TEXTS

_SPOTIFY = "spotify:track:"
#: Values of an entry's ``extra`` that are written with its own.
_JOINED = ("identifier", "location")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A playlist about to be written.

    Parameters
    ----------
    entries : sequence of PlaylistEntry
    title : str
    places : Places
    description : str or None
    playlist_id : str or None
        Outside id.
    extra : mapping
        As of :class:`~ml.data.importers.playlist_entry.PlaylistHeader`.
    """

    entries: Sequence[PlaylistEntry]
    title: str
    places: Places = field(default_factory=Places)
    description: str | None = None
    playlist_id: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def identifiers(entry: PlaylistEntry) -> list[str]:
    """Write the identifiers of an entry; those that no reader would understand are left out."""
    found = [f"https://musicbrainz.org/recording/{entry.mbid}"] if entry.mbid else []
    for outside_id in entry.outside_ids:
        before, _, key = outside_id.partition(_SPOTIFY)
        found.append(f"https://open.spotify.com/track/{key}" if key and not before else outside_id)
    if entry.isrc:
        found.append(f"isrc:{entry.isrc}")
    return [identifier for identifier in found if any(sort_identifiers([identifier]))]


def spotify_id(entry: PlaylistEntry) -> str | None:
    """Give an entry's address at Spotify, if it has one."""
    return next((one for one in entry.outside_ids if one.startswith(_SPOTIFY)), None)


def m3u8(sheet: Sheet) -> str:
    """Write M3U8; whole seconds, ``-1`` where the length is unknown."""
    lines = ["#EXTM3U", f"#PLAYLIST:{sheet.title}"]
    for entry in sheet.entries:
        lines += _m3u8_lines(entry, sheet.places)
    return "\n".join(lines) + "\n"


def _m3u8_lines(entry: PlaylistEntry, places: Places) -> Iterator[str]:
    known = entry.duration_ms is not None and entry.duration_ms > 0
    seconds = max(1, round((entry.duration_ms or 0) / 1000)) if known else -1
    title, artist = entry.title or "", entry.artist
    yield f"#EXTINF:{seconds},{f'{artist} - {title}' if artist and title else title}"
    # Where the dash could be misread, a line of its own says who the artist is.
    if (artist and ("-" in artist or not title)) or (not artist and " - " in title):
        yield f"#EXTART:{artist or ''}"
    if entry.album:
        yield f"#EXTALB:{entry.album}"
    yield places.plain(entry.path or "")


def jspf(sheet: Sheet) -> str:
    """Write JSPF."""
    return orjson.dumps(jspf_document(sheet), option=orjson.OPT_INDENT_2).decode() + "\n"


def jspf_document(sheet: Sheet) -> dict[str, Any]:
    """Make the document of a JSPF file, as servers take it too."""
    head = {"title": sheet.title, "annotation": sheet.description, "identifier": _own_identifier(sheet)}
    playlist = {**sheet.extra, **{name: value for name, value in head.items() if value}}
    return {"playlist": playlist | {"track": [_jspf_track(entry, sheet.places) for entry in sheet.entries]}}


def _own_identifier(sheet: Sheet) -> str | None:
    return playlist_identifier(sheet.playlist_id) if sheet.playlist_id else None


def _jspf_track(entry: PlaylistEntry, places: Places) -> dict[str, Any]:
    values = {
        "title": entry.title,
        "creator": entry.artist,
        "album": entry.album,
        "duration": entry.duration_ms,
        "identifier": identifiers(entry) + list(entry.extra.get("identifier", [])),
        "location": _locations(entry, places),
    }
    others = {name: value for name, value in entry.extra.items() if name not in _JOINED}
    return {name: value for name, value in values.items() if value} | others


def _locations(entry: PlaylistEntry, places: Places) -> list[str]:
    paths = [entry.path] if entry.path else []
    return [places.uri(path) for path in (*paths, *entry.extra.get("location", []))]


def xspf(sheet: Sheet) -> str:
    """Write XSPF."""
    own = _own_identifier(sheet)
    head = [("title", sheet.title), ("annotation", sheet.description), ("identifier", own)]
    head += [(name, sheet.extra.get(name)) for name in (*PLAYLIST_TEXTS, *([] if own else ["identifier"]))]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<playlist version="1" xmlns="http://xspf.org/ns/0/">']
    lines += [f"  {element}" for element in _elements(head)]
    lines.append("  <trackList>")
    for entry in sheet.entries:
        elements = (f"      {element}" for element in _elements(_xspf_values(entry, sheet.places)))
        lines += ["    <track>", *elements, "    </track>"]
    return "\n".join([*lines, "  </trackList>", "</playlist>"]) + "\n"


def _xspf_values(entry: PlaylistEntry, places: Places) -> list[tuple[str, Any]]:
    named = [*identifiers(entry), *entry.extra.get("identifier", [])]
    return [
        *(("location", location) for location in _locations(entry, places)),
        *(("identifier", identifier) for identifier in named),
        ("title", entry.title),
        ("creator", entry.artist),
        ("album", entry.album),
        ("duration", entry.duration_ms),
        *((name, entry.extra.get(name)) for name in TRACK_TEXTS),
    ]


def _elements(values: Sequence[tuple[str, Any]]) -> Iterator[str]:
    for name, value in values:
        text = cleaned(str(value)) if value is not None and is_text(value) else None
        if text:
            yield f"<{name}>{escape(text)}</{name}>"


def is_text(value: Any) -> bool:
    """Tell whether a value of JSPF can be the text of an XSPF element."""
    return isinstance(value, str | int) and not isinstance(value, bool)


def table(sheet: Sheet) -> str:
    """Write CSV, with the columns of :data:`~ml.data.importers.playlist_table.COLUMNS`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in sheet.entries:
        place = sheet.places.plain(entry.path) if entry.path else None
        named = [entry.title, entry.artist, entry.album, entry.duration_ms, entry.isrc, entry.mbid]
        ids = " ".join(one for one in entry.outside_ids if sort_identifiers([one]).outside_ids)
        writer.writerow([*named, ids, place, sheet.title])
    return text.getvalue()


def spotify_uris(sheet: Sheet) -> str:
    """Write the addresses at Spotify, one a line."""
    return "".join(f"{spotify_id(entry)}\n" for entry in sheet.entries)


#: The writer of each format, and of each suffix its format.
WRITERS: dict[str, Callable[[Sheet], str]] = {
    "m3u8": m3u8,
    "xspf": xspf,
    "jspf": jspf,
    "csv": table,
    "spotify": spotify_uris,
}
SUFFIXES = {".m3u8": "m3u8", ".m3u": "m3u8", ".xspf": "xspf", ".jspf": "jspf", ".csv": "csv", ".txt": "spotify"}
