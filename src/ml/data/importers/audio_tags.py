"""The tags of an audio file, by tinytag, in our terms.

Conventions
-----------
- ``artist`` is the credit as written. Several artist fields become one credit, unless a
  written credit already names them all.
- Genres are split at ``;``, ``/``, ``|`` and ``,``; the same genre in another case counts once.
- Gains are ReplayGain 2 in dB; Opus gains, which aim 5 dB lower, are brought to the same scale.
- A value that is not what its field asks for (an ISRC of nine letters) is left out.

References
----------
https://picard-docs.musicbrainz.org/en/appendices/tag_mapping.html (where MusicBrainz ids
are kept), RFC 7845 §5.2.1 (Opus gains).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tinytag import TinyTag, TinyTagException, UnsupportedFormatError

from ml.data.importers.identifiers import UUID
from ml.data.importers.lyrics import Lyrics, parse_lyrics

_UUID = re.compile(UUID, re.IGNORECASE)
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_GENRE_BREAK = re.compile(r"[;/|,\x00]+")
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
_VARIOUS = frozenset({"various artists", "various", "va"})
#: Opus aims at -23 LUFS, ReplayGain 2 at -18.
_OPUS_OFFSET_DB = 5.0
_MAX_GAIN_DB = 60.0


class UnreadableTags(Exception):
    """The file is damaged, or of a format that tinytag does not know."""


@dataclass(frozen=True, slots=True)
class AudioTags:
    """What a file says about itself.

    Parameters
    ----------
    duration_ms : int or None
        Null where the container does not say.
    year : int or None
        Of the release, 1000 to 2099.
    language : str or None
        ISO 639-1, where the tag has two letters.
    track_gain_db, album_gain_db : float or None
        ReplayGain.
    has_artwork : bool
        A picture is embedded.
    """

    title: str | None = None
    artist: str | None = None
    album: str | None = None
    duration_ms: int | None = None
    year: int | None = None
    language: str | None = None
    genres: tuple[str, ...] = ()
    isrc: str | None = None
    mbid: str | None = None
    artist_mbids: tuple[str, ...] = ()
    track_gain_db: float | None = None
    album_gain_db: float | None = None
    has_artwork: bool = False
    lyrics: Lyrics | None = None


def read_tags(path: Path, *, with_duration: bool = True) -> AudioTags:
    """Read the tags of a file.

    Parameters
    ----------
    path : Path
        The file; its bytes tell the format, and its suffix only where they do not.
    with_duration : bool
        Look for the duration. Not for bare AAC: tinytag would search it for MPEG frames byte by byte.

    Raises
    ------
    UnreadableTags
        If the file is not what its name or its first bytes say.
    OSError
        If the file cannot be read.
    """
    tag = _open(path, with_duration=with_duration)
    if tag.mime_type and tag.mime_type.startswith("audio/mp4") and with_duration and tag.duration is None:
        raise UnreadableTags("no table of contents (moov); is the download complete?")
    more = _by_plain_name(tag.other)
    return AudioTags(
        title=_clean(tag.title),
        artist=_credit([tag.artist, *tag.other.get("artist", [])], tag.albumartist),
        album=_clean(tag.album),
        duration_ms=round(tag.duration * 1000) if tag.duration else None,
        year=_year([tag.year, *more.get("year", []), *more.get("date", []), *more.get("originaldate", [])]),
        language=next((text.lower() for text in more.get("language", []) if re.fullmatch("[A-Za-z]{2}", text)), None),
        genres=_genres([tag.genre, *tag.other.get("genre", [])]),
        isrc=_isrc(more.get("isrc", [])),
        mbid=_recording(more),
        artist_mbids=_uuids(more.get("musicbrainzartistid", [])),
        track_gain_db=_gain_db(more, "track"),
        album_gain_db=_gain_db(more, "album"),
        has_artwork=tag.images.any is not None,
        lyrics=_lyrics([*more.get("syncedlyrics", []), *more.get("lyrics", [])]),
    )


def _open(path: Path, *, with_duration: bool) -> TinyTag:
    try:
        with path.open("rb") as stream:
            try:
                return TinyTag.get(file_obj=stream, image=True, duration=with_duration)
            except UnsupportedFormatError:
                return TinyTag.get(path, image=True, duration=with_duration)
    except TinyTagException as error:
        raise UnreadableTags(str(error) or type(error).__name__) from error


def _by_plain_name(other: Mapping[str, list[str]]) -> dict[str, list[str]]:
    # "MusicBrainz Track Id", "MUSICBRAINZ_TRACKID" and "MusicBrainz/Track Id" are one field.
    plain: dict[str, list[str]] = {}
    for name, values in other.items():
        plain.setdefault(re.sub(r"[^a-z0-9]", "", name.lower()), []).extend(values)
    return plain


def _clean(text: str | None) -> str | None:
    # A damaged tag may hold zeros and half surrogate pairs, which no database takes.
    plain = (text or "").replace("\x00", " ").encode("utf-8", "replace").decode().strip()
    return plain or None


def _credit(artists: Iterable[str | None], album_artist: str | None) -> str | None:
    names = list(dict.fromkeys(name for artist in artists if (name := _clean(artist))))
    if not names:
        fallback = _clean(album_artist)
        return None if fallback and fallback.casefold() in _VARIOUS else fallback
    for name in names:
        if all(other.casefold() in name.casefold() for other in names):
            return name
    return " & ".join(names)


def _genres(genres: Iterable[str | None]) -> tuple[str, ...]:
    first_spelling: dict[str, str] = {}
    for genre in genres:
        for piece in _GENRE_BREAK.split(genre or ""):
            if name := _clean(piece):
                first_spelling.setdefault(name.casefold(), name)
    return tuple(first_spelling.values())


def _year(dates: Iterable[str | None]) -> int | None:
    found = next((found for date in dates if (found := _YEAR.search(date or ""))), None)
    return int(found[0]) if found else None


def _isrc(values: Iterable[str]) -> str | None:
    plain = (re.sub(r"[\s-]", "", value).upper() for value in values)
    return next((value for value in plain if _ISRC.fullmatch(value)), None)


def _recording(more: Mapping[str, list[str]]) -> str | None:
    # ID3 keeps the recording in a UFID frame whose owner is MusicBrainz; others in a field that,
    # for historical reasons, is called track id.
    owned = [value for value in more.get("ufid", []) if "musicbrainz.org" in value]
    return next(
        iter(_uuids([*owned, *more.get("musicbrainztrackid", []), *more.get("musicbrainzrecordingid", [])])), None
    )


def _uuids(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found.lower() for value in values for found in _UUID.findall(value)))


def _gain_db(more: Mapping[str, list[str]], scope: str) -> float | None:
    for name, scale, offset in ((f"replaygain{scope}gain", 1.0, 0.0), (f"r128{scope}gain", 1 / 256, _OPUS_OFFSET_DB)):
        for value in more.get(name, []):
            found = re.match(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*(?:dB)?\s*$", value, re.IGNORECASE)
            gain = float(found[1].replace(",", ".")) * scale + offset if found else math.nan
            if abs(gain) <= _MAX_GAIN_DB:
                return gain
    return None


def _lyrics(texts: Iterable[str]) -> Lyrics | None:
    songs = [song for text in texts if (song := parse_lyrics(_clean(text) or ""))]
    return next((song for song in songs if song.synced), songs[0] if songs else None)
