"""Covers in folders and tables: which albums there are, and where the picture of each lies.

Conventions
-----------
- Audio files of one folder with the same album tag are one album. Its cover is the picture beside them (``cover``,
  ``folder``, ``front``, …), else the front cover that the first of them holds.
- A picture with such a name in a folder without audio files is the cover of an album called like the folder; any other
  picture is one called like the file.
- In a table (CSV, with a heading) ``path`` is the picture, relative to the table; ``id``, ``name`` (or ``album``) and
  ``artist`` are optional.
"""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from ml.data.identity import normalise
from ml.data.images import PICTURE_STEMS, PICTURE_SUFFIXES, embedded_pictures, picture_beside
from ml.data.importers.audio_tags import AudioTags, UnreadableTags, read_tags
from ml.data.importers.encoding import decode_text
from ml.data.importers.music_folder import AUDIO_SUFFIXES
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded
from ml.intelligent_search.covers.results import Album, Refused

_TABLES = (".csv", ".tsv")
_MOST_TABLE_BYTES = 1 << 28


@dataclass(frozen=True, slots=True)
class CoverSource:
    """An album and the file that its cover is in.

    Parameters
    ----------
    album : Album
    file : Path
        A picture, or an audio file that holds one.
    embedded : bool
    """

    album: Album
    file: Path
    embedded: bool = False

    def stamp(self) -> str:
        """Say what the file is like: another stamp, another picture perhaps.

        Raises
        ------
        OSError
            If there is no such file.
        """
        status = self.file.stat()
        return f"{status.st_size}-{status.st_mtime_ns}-{int(self.embedded)}"

    def read(self) -> bytes:
        """Read the picture.

        Raises
        ------
        BadInput
            If the audio file holds none.
        OSError
            If the file cannot be read.
        """
        if not self.embedded:
            return self.file.read_bytes()
        pictures = embedded_pictures(self.file)
        if not pictures:
            raise BadInput(f"{printable(self.file)}: holds no picture")
        return pictures[0]


def printable(path: Path | str) -> str:
    """Write a path whose bytes are no text, too."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def album_id(name: str, artist: str | None) -> str:
    """Make an id of artist and title, the same however they are spelled.

    >>> album_id("The Wall", "Pink Floyd") == album_id("wall", "PINK FLOYD")
    True
    """
    text = f"{normalise(artist or '')}|{normalise(name)}"
    return f"album:{blake2b(text.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def covers_in(places: Sequence[Path | str]) -> Iterator[CoverSource | Refused]:
    """List the covers of folders, tables and single pictures.

    Parameters
    ----------
    places : sequence of Path or str

    Yields
    ------
    CoverSource or Refused
        What cannot be read never stops the rest.

    Raises
    ------
    BadInput
        If a place does not exist.
    """
    for place in map(expanded, places):
        if place.is_dir():
            yield from _in_folder(place)
        elif place.is_file() and place.suffix.lower() in _TABLES:
            yield from _in_table(place)
        elif place.is_file():
            yield _of_picture(place)
        else:
            raise BadInput(
                f"{printable(place)}: no such file or folder", "give folders, pictures, or a CSV of pictures"
            )


def _in_folder(place: Path) -> Iterator[CoverSource | Refused]:
    closed: list[OSError] = []
    for root, folders, names in os.walk(place, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files = [Path(root, name) for name in sorted(names) if not name.startswith(".")]
        songs = [file for file in files if file.suffix.lower() in AUDIO_SUFFIXES]
        if songs:
            yield from _of_songs(Path(root), songs)
        else:
            yield from (_of_picture(file) for file in files if file.suffix.lower() in PICTURE_SUFFIXES)
    yield from (Refused(printable(error.filename or place), f"cannot be read: {error.strerror}") for error in closed)


def _of_songs(folder: Path, songs: Sequence[Path]) -> Iterator[CoverSource | Refused]:
    albums: dict[str, list[tuple[Path, AudioTags]]] = {}
    for song in songs:
        try:
            tags = read_tags(song, with_duration=False)
        except (UnreadableTags, OSError, ValueError) as error:
            yield Refused(printable(song), f"its tags cannot be read ({error})")
            continue
        albums.setdefault(normalise(tags.album) if tags.album else "", []).append((song, tags))
    beside = picture_beside(folder)
    for key, tracks in albums.items():
        name = tracks[0][1].album if key else folder.name
        artist = _artist([tags for _, tags in tracks])
        holder = next((song for song, tags in tracks if tags.has_artwork), None)
        file = beside if beside is not None and (len(albums) == 1 or holder is None) else holder
        if file is not None:
            path, called = printable(file), printable(name or folder.name)
            one = album_id(called, artist) if key else album_id(printable(folder.absolute()), None)
            yield CoverSource(Album(one, called, artist, path), file, file is not beside)


def _artist(tags: Sequence[AudioTags]) -> str | None:
    """Name who most of the tracks are by; nobody, where they are by many."""
    (most, times), *_ = Counter(one.artist for one in tags).most_common(1)
    return most if times * 2 > len(tags) else None


def _of_picture(file: Path) -> CoverSource:
    name = file.parent.name if file.stem.lower() in PICTURE_STEMS and file.parent.name else file.stem
    one = album_id(printable(file.absolute()), None)
    return CoverSource(Album(one, printable(name), None, printable(file)), file)


def _in_table(table: Path) -> Iterator[CoverSource | Refused]:
    if table.stat().st_size > _MOST_TABLE_BYTES:
        raise BadInput(f"{printable(table)}: too large for a table of covers")
    text = decode_text(table.read_bytes()).replace("\0", "")
    lines = text.splitlines()
    if not lines:
        raise BadInput(
            f"{printable(table)}: the table is empty", "its first line names the columns: path, id, name, artist"
        )
    rows = csv.DictReader(lines, delimiter="\t" if "\t" in lines[0] else ";" if ";" in lines[0] else ",")
    columns = {(name or "").strip().casefold(): name for name in rows.fieldnames or []}
    if "path" not in columns:
        raise BadInput(
            f"{printable(table)}: has no column 'path'", "its first line names the columns: path, id, name, artist"
        )
    try:
        for row in rows:
            told = {key: str(row.get(name) or "").strip() for key, name in columns.items()}
            yield _of_row(table, rows.line_num, told)
    except csv.Error as error:
        raise BadInput(f"{printable(table)}, line {rows.line_num}: {error}") from error


def _of_row(table: Path, line: int, told: dict[str, str]) -> CoverSource | Refused:
    if not told["path"]:
        return Refused(printable(table), f"line {line}: names no picture")
    file = table.parent / told["path"]
    name = told.get("name") or told.get("album") or file.stem
    artist = told.get("artist") or None
    one = told.get("id") or (album_id(name, artist) if artist else album_id(printable(file.absolute()), None))
    return CoverSource(
        Album(one, printable(name), artist, printable(file)), file, file.suffix.lower() in AUDIO_SUFFIXES
    )
