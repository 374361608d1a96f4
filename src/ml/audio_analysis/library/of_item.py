"""Which scanned files hold the sound of a track, and whether they still lie where they were."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from ml.audio_analysis.library.catalogue import SOURCE
from ml.audio_analysis.library.finding import FoundFile
from ml.data.identity import find_item, outside_ids
from ml.data.identity.lookup import families
from ml.data.schema import aliases, files, scanned_files
from ml.foundation.errors import UnknownId

SCAN = "scan the folder that it lies in: ml audio scan FOLDER"


@dataclass(frozen=True, slots=True)
class ScannedFile:
    """A file as the last scan has left it.

    Parameters
    ----------
    content_hash : str
        Of its sound.
    path : str
    size_bytes, modified_ns : int
    """

    content_hash: str
    path: str
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class NamedTrack:
    """A track that an id or a name led to.

    Parameters
    ----------
    item_id : str
    key : int or None
        None of a scanned file that is no item of the catalogue.
    files : tuple of ScannedFile
        Where it can be heard, by path; empty where no file of it was scanned.
    """

    item_id: str
    key: int | None
    files: tuple[ScannedFile, ...]


def find_track(connection: Connection, item_id: str) -> NamedTrack:
    """Find a track of the catalogue by id or name, or a scanned file that is none by ``file:`` and its hash.

    Raises
    ------
    UnknownId, AmbiguousId, BadInput
        As :func:`ml.data.identity.find_item` does.
    """
    try:
        key = find_item(connection, item_id, kind="track").key
    except UnknownId:
        source, _, content_hash = item_id.partition(":")
        found = _scanned(connection, [content_hash]) if source == SOURCE else ()
        if not found:
            raise
        return NamedTrack(item_id, None, found)
    family = sorted(families(connection, [key])[key])
    named = select(aliases.c.external_id).where(aliases.c.source == SOURCE, aliases.c.item_key.in_(family))
    owned = select(files.c.content_hash).where(files.c.item_key.in_(family))
    hashes = [hashed for wanted in (named, owned) for hashed in connection.execute(wanted).scalars()]
    return NamedTrack(outside_ids(connection, "item", [key])[key], key, _scanned(connection, hashes))


def _scanned(connection: Connection, content_hashes: Sequence[str]) -> tuple[ScannedFile, ...]:
    table = scanned_files.c
    wanted = select(table.content_hash, table.path, table.size_bytes, table.modified_ns).where(
        table.content_hash.in_(content_hashes), table.problem_code.is_(None)
    )
    return tuple(ScannedFile(*row) for row in connection.execute(wanted.order_by(table.path)))


def file_of(track: NamedTrack) -> tuple[ScannedFile, Path]:
    """Give a file that holds the track's sound and is still what was scanned.

    Its path is in the message of no error: whoever asks may not be told where files lie.

    Raises
    ------
    UnknownId
        If there is none: no file of it was ever scanned, or each has gone, was changed, or is another thing now.
    """
    if not track.files:
        raise UnknownId(f"{track.item_id}: no file of this track was scanned", SCAN, code="not_scanned")
    reasons = []
    for file in track.files:
        reason = _why_not(file)
        if reason is None:
            return file, Path(file.path)
        reasons.append(reason)
    raise UnknownId(f"{track.item_id}: {reasons[0]}", SCAN, code="not_scanned")


def _why_not(file: ScannedFile) -> str | None:
    """Say why a file is not to be opened; None where it is what was scanned."""
    path = Path(file.path)
    try:
        # Scans go into no links to folders, so that a path with a link in it is none that a scan has left.
        if not stat.S_ISREG(path.lstat().st_mode) or os.path.realpath(path) != file.path:
            return "what lies where its file was is no plain file"
        now = FoundFile.at(path)
    except OSError as error:
        return f"its file has gone, or cannot be read ({error.strerror})"
    if (now.size_bytes, now.modified_ns) != (file.size_bytes, file.modified_ns):
        return "its file was changed since it was scanned"
    return None
