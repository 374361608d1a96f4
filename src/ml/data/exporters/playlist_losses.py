"""What a playlist format cannot hold, field by field.

Conventions
-----------
Fields are those of :class:`~ml.data.importers.playlist_entry.PlaylistEntry`; what stands in ``extra`` goes by its own
name (``extension``, ``image``). A field is lost where reading the file again would not give its value back.
"""

from __future__ import annotations

from collections.abc import Iterator

from ml.data.exporters.cleaning import cleaned
from ml.data.exporters.playlist_formats import Sheet, identifiers, is_text, spotify_id
from ml.data.importers.identifiers import playlist_identifier, sort_identifiers
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.importers.xspf import PLAYLIST_TEXTS, TRACK_TEXTS

_IDS = ("isrc", "mbid", "outside_ids")
_TEXTS = ("title", "artist", "album")


def lost_of_entry(entry: PlaylistEntry, form: str) -> Iterator[str]:
    """Name the fields of a clean entry that a format loses or shortens."""
    if form == "spotify":
        yield from (name for name in (*_TEXTS, "duration_ms", "isrc", "mbid", "path") if getattr(entry, name))
        if entry.outside_ids != (spotify_id(entry),):
            yield "outside_ids"
    elif form == "m3u8":
        yield from (name for name in _IDS if getattr(entry, name))
        if (entry.duration_ms or 0) % 1000 or (entry.duration_ms or 0) < 0:
            yield "duration_ms"
    else:
        yield from _lost_ids(entry)
        if form == "csv" and (entry.duration_ms or 0) < 0:
            yield "duration_ms"
    yield from _lost_extra(entry, form)


def _lost_ids(entry: PlaylistEntry) -> Iterator[str]:
    read_again = sort_identifiers(identifiers(entry))
    for name in _IDS:
        if (getattr(entry, name) or None) != (getattr(read_again, name) or None):
            yield name


def _lost_extra(entry: PlaylistEntry, form: str) -> Iterator[str]:
    for name, value in entry.extra.items():
        if form == "jspf" or (form == "xspf" and name in ("identifier", "location")):
            continue
        if not (form == "xspf" and name in TRACK_TEXTS and _survives(name, value)):
            yield name


def lost_of_playlist(sheet: Sheet, form: str, stem: str) -> Iterator[str]:
    """Name what a format loses of the list itself.

    Parameters
    ----------
    stem : str
        The file's name, which a list without a title takes.
    """
    held = form in ("jspf", "xspf")
    untitled = form == "spotify" or (form == "csv" and not sheet.entries)
    if untitled and sheet.title != stem:
        yield "title"
    if sheet.description and not (held and cleaned(sheet.description) == sheet.description):
        yield "description"
    if sheet.playlist_id and not (held and playlist_identifier(sheet.playlist_id)):
        yield "playlist_id"
    for name, value in sheet.extra.items():
        kept = form == "xspf" and name in (*PLAYLIST_TEXTS, "identifier") and _survives(name, value)
        if form != "jspf" and not kept:
            yield name


def _survives(name: str, value: object) -> bool:
    """Tell whether a value comes back from an XSPF element as what it was: numbers of tracks are numbers there."""
    if not is_text(value) or cleaned(str(value)) != str(value):
        return False
    digits = str(value).isascii() and str(value).isdecimal() and len(str(value)) < 10
    return isinstance(value, int) == (name == "trackNum" and digits)
