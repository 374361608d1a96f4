"""A folder of audio files.

Conventions
-----------
- ``item_id`` is ``file:`` and the hash of the sound (:mod:`~ml.data.importers.audio_payload`),
  so a moved, renamed or retagged file is the same item.
- Title and artist come from the tags; a file without a title tag takes them from its name
  (:mod:`~ml.data.importers.track_names`).
- Artwork is ``"embedded"``, else the folder's ``cover``, ``folder`` or ``front`` picture.
- Lyrics: timed before plain, the ``.lrc`` beside the file before what is embedded, a
  ``.txt`` of the same name last. Timed lyrics are kept as LRC with the offset applied.
- ``line`` counts the audio files of the unit from 1, the rejected ones included; a reject
  carries the file's own name.
- The files must lie on disk: an archive is refused, for its members have no path to play from.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

import polars as pl

from ml.data.frames import FILES, ITEMS, conform
from ml.data.importers.audio_payload import Payload, hash_payload
from ml.data.importers.audio_tags import AudioTags, UnreadableTags, read_tags
from ml.data.importers.base import Batch, Options, Reject, Unit
from ml.data.importers.encoding import decode_text
from ml.data.importers.locations import storable
from ml.data.importers.lyrics import Lyrics, parse_lyrics
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry, Source
from ml.data.importers.track_names import looks_numbered, parse_track_name
from ml.foundation.errors import BadInput

AUDIO_SUFFIXES = frozenset(
    {".mp3", ".flac", ".ogg", ".opus", ".oga", ".m4a", ".mp4", ".aac", ".wav", ".aif", ".aiff", ".wma"}
)
_LYRICS_SUFFIXES = (".lrc", ".txt")
_PICTURE_STEMS = ("cover", "folder", "front")
_PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
_ITEM_ROWS = {name: dtype for name, dtype in ITEMS.items() if name not in ("explicit", "country")}
#: Files of one batch: few enough that the lyrics of all of them are little memory.
FILES_PER_BATCH = 500
#: A larger text beside a song is not its lyrics.
MAX_LYRICS_BYTES = 1 << 18


class MusicFolder:
    """Reads the audio files of a folder into the frames ``items`` and ``files``."""

    kind: ClassVar[str] = "music_folder"
    title: ClassVar[str] = "audio files with their tags (MP3, FLAC, Ogg, Opus, M4A, AAC, WAV, AIFF, WMA)"

    def claim(self, source: Source) -> Sequence[Unit]:
        """Claim all audio files, with the lyrics and pictures beside them, as one unit."""
        songs = [entry for entry in source.entries if entry.suffix in AUDIO_SUFFIXES]
        if not songs:
            return []
        stems = {str(PurePosixPath(song.name).with_suffix("")) for song in songs}
        folders = {PurePosixPath(song.name).parent for song in songs}
        entries = [entry for entry in source.entries if _belongs(entry, stems, folders)]
        return [Unit(self.kind, source.path.name, tuple(entries))]

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:  # noqa: ARG002 (the protocol's signature)
        """Read the audio files of a unit.

        Raises
        ------
        BadInput
            If the files lie in an archive.
        """
        songs = [entry for entry in unit.entries if entry.suffix in AUDIO_SUFFIXES]
        if any(song.path is None for song in songs):
            raise BadInput(
                f"{unit.name}: audio files inside an archive cannot be played from there",
                "unpack it and import the folder",
            )
        # Files come sorted, so a few folders at a time are enough.
        surroundings = lru_cache(maxsize=16)(_Surroundings.of)
        for start in range(0, len(songs), FILES_PER_BATCH):
            numbered = enumerate(songs[start : start + FILES_PER_BATCH], start=start + 1)
            outcomes = [outcome for line, song in numbered for outcome in _read_song(song, line, surroundings)]
            yield _batch(unit.name, outcomes)


def _belongs(entry: Entry, stems: set[str], folders: set[PurePosixPath]) -> bool:
    place = PurePosixPath(entry.name)
    if entry.suffix in AUDIO_SUFFIXES:
        return True
    if entry.suffix in _LYRICS_SUFFIXES:
        return str(place.with_suffix("")) in stems
    return place.parent in folders and _is_picture(place.name)


def _is_picture(name: str) -> bool:
    place = PurePosixPath(name.lower())
    return place.stem in _PICTURE_STEMS and place.suffix in _PICTURE_SUFFIXES


@dataclass(frozen=True)
class _Surroundings:
    """What lies in one folder of the disk.

    Parameters
    ----------
    files : dict
        Lower-case name to path, so that ``Song.LRC`` belongs to ``song.mp3``.
    picture : Path or None
    numbered : bool
        The audio files' names begin with track numbers.
    """

    files: dict[str, Path]
    picture: Path | None
    numbered: bool

    @classmethod
    def of(cls, folder: Path) -> _Surroundings:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        pictures = sorted((_PICTURE_STEMS.index(path.stem.lower()), path) for path in paths if _is_picture(path.name))
        songs = [path for path in paths if path.suffix.lower() in AUDIO_SUFFIXES]
        return cls(
            files={path.name.lower(): path for path in paths},
            picture=pictures[0][1] if pictures else None,
            numbered=any(looks_numbered(song.stem) for song in songs),
        )


@dataclass(frozen=True, slots=True)
class _Song:
    """One readable file: what both frames say of it, and what each adds."""

    item: dict[str, Any]
    details: dict[str, Any]
    file: dict[str, Any]


def _read_song(entry: Entry, line: int, surroundings: Callable[[Path], _Surroundings]) -> Iterator[_Song | Reject]:
    path = entry.path
    if path is None or not storable(str(path)):
        yield _reject(entry.name, reason("name_utf8"))
        return
    try:
        status, nearby = path.stat(), surroundings(path.parent)
        payload = hash_payload(path)
        if why := _unusable(status.st_size, payload):
            yield _reject(entry.name, why)
            return
        tags = read_tags(path, with_duration=payload.form != "aac")
        beside, unread = _lyrics_beside(entry, nearby)
    except OSError as error:
        yield _reject(entry.name, reason("not_readable", problem=error.strerror or error))
        return
    except UnreadableTags as error:
        yield _reject(entry.name, reason("damaged_tags", problem=error))
        return
    yield from unread
    song = tags if tags.title else _named_by_file(tags, path, nearby)
    yield _describe(path, line, payload, song, nearby, _best_lyrics(beside, tags.lyrics), status)


def _reject(name: str, why: str) -> Reject:
    return Reject(name.encode("utf-8", "backslashreplace").decode(), None, why)


def _unusable(size_bytes: int, payload: Payload) -> str | None:
    if size_bytes == 0:
        return reason("file_empty")
    if payload.form is None:
        return reason("not_audio")
    if payload.size_bytes == 0:
        return reason("no_sound")
    return None


def _lyrics_beside(entry: Entry, nearby: _Surroundings) -> tuple[dict[str, Lyrics], list[Reject]]:
    found: dict[str, Lyrics] = {}
    rejects: list[Reject] = []
    for suffix in _LYRICS_SUFFIXES:
        path = nearby.files.get(f"{entry.stem}{suffix}".lower())
        if path is None or not path.is_file():
            continue
        if path.stat().st_size > MAX_LYRICS_BYTES:
            name = str(PurePosixPath(entry.name).with_name(path.name))
            rejects.append(_reject(name, reason("long_lyrics", most=f"{MAX_LYRICS_BYTES:,}")))
        elif lyrics := parse_lyrics(decode_text(path.read_bytes())):
            found[suffix] = lyrics
    return found, rejects


def _best_lyrics(beside: dict[str, Lyrics], embedded: Lyrics | None) -> Lyrics | None:
    candidates = [lyrics for lyrics in (beside.get(".lrc"), embedded, beside.get(".txt")) if lyrics]
    return next((lyrics for lyrics in candidates if lyrics.synced), candidates[0] if candidates else None)


def _named_by_file(tags: AudioTags, path: Path, nearby: _Surroundings) -> AudioTags:
    name = parse_track_name(path.stem, numbered=nearby.numbered)
    return replace(tags, title=name.title, artist=tags.artist or name.artist, album=tags.album or name.album)


def _describe(
    path: Path,
    line: int,
    payload: Payload,
    tags: AudioTags,
    nearby: _Surroundings,
    lyrics: Lyrics | None,
    status: os.stat_result,
) -> _Song:
    item = {
        "kind": "track",
        "item_id": f"file:{payload.content_hash}",
        "title": tags.title,
        "artist": tags.artist,
        "album": tags.album,
        "duration_ms": tags.duration_ms,
        "isrc": tags.isrc,
        "mbid": tags.mbid,
        "line": line,
    }
    details = {
        "year": tags.year,
        "language": tags.language,
        "genres": list(tags.genres) or None,
        "artist_mbids": list(tags.artist_mbids) or None,
    }
    picture = str(nearby.picture) if nearby.picture and storable(str(nearby.picture)) else None
    file = {
        "path": str(path),
        "content_hash": payload.content_hash,
        "size_bytes": status.st_size,
        "modified_at": status.st_mtime_ns // 1_000_000,
        "track_gain_db": tags.track_gain_db,
        "album_gain_db": tags.album_gain_db,
        "artwork": "embedded" if tags.has_artwork else picture,
        "lyrics": lyrics.to_lrc() if lyrics else None,
        "lyrics_synced": lyrics.synced if lyrics else None,
    }
    return _Song(item, details, file)


def _batch(name: str, outcomes: Sequence[_Song | Reject]) -> Batch:
    songs = [outcome for outcome in outcomes if isinstance(outcome, _Song)]
    rejects = [outcome for outcome in outcomes if isinstance(outcome, Reject)]
    frames = {
        "items": conform(pl.DataFrame([song.item | song.details for song in songs], schema=_ITEM_ROWS), ITEMS),
        "files": conform(pl.DataFrame([song.item | song.file for song in songs], schema=FILES), FILES),
    }
    return Batch(name, len(outcomes), frames, rejects)
