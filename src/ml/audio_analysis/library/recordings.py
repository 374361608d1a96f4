"""Which recordings the library has: an index of the fingerprints of its files, kept up to date."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from sqlalchemy import Connection, select

from ml.data import audio_files
from ml.data.audio_files import Source
from ml.data.schema import audio_fingerprints, scanned_files
from ml.data.store import Store
from ml.data.workspace import Workspace
from ml.features.audio.fingerprint import PEAKS_VERSION, FingerprintIndex, Peaks
from ml.features.audio.fingerprint.peaks import FRAMING
from ml.features.audio.framing import Floats
from ml.foundation.atomic import discard, draft, publish
from ml.foundation.errors import EmptyWorkspace
from ml.foundation.progress import progress

RATE = FRAMING.rate
#: More of an excerpt than that says nothing new.
MOST_S = 30.0
_ROWS = 500
#: What to do where nothing is known of any file.
SCAN_FIRST = "scan a folder of music first: ml audio scan FOLDER"


def listed(connection: Connection) -> dict[str, list[str]]:
    """List the sounds with a fingerprint that files of the library hold, by content hash, with those files."""
    files, prints = scanned_files.c, audio_fingerprints.c
    wanted = (
        select(files.content_hash, files.path)
        .join_from(scanned_files, audio_fingerprints, prints.content_hash == files.content_hash)
        .where(prints.version == PEAKS_VERSION, files.problem_code.is_(None))
        .order_by(files.path)
    )
    found: dict[str, list[str]] = {}
    for content_hash, path in connection.execute(wanted):
        found.setdefault(content_hash, []).append(path)
    return found


def peaks_of_sounds(store: Store, content_hashes: Sequence[str]) -> Iterator[tuple[str, Peaks]]:
    """Read fingerprints, some hundred at a time, each time for itself; one that is damaged is left out."""
    table = audio_fingerprints.c
    for start in range(0, len(content_hashes), _ROWS):
        wanted = select(table.content_hash, table.peaks).where(
            table.content_hash.in_(content_hashes[start : start + _ROWS])
        )
        with store.read() as connection:
            page = sorted(map(tuple, connection.execute(wanted)))
        for content_hash, text in page:
            with suppress(ValueError):
                yield content_hash, Peaks.from_bytes(b64decode(text))


def open_index(workspace: Workspace, *, watched: bool = False) -> tuple[FingerprintIndex, dict[str, list[str]]]:
    """Open the index as the library is now, with what is new and without what is gone, and the files of each sound.

    Raises
    ------
    EmptyWorkspace
        If no file was scanned yet that has a fingerprint.
    """
    if not workspace.is_there:
        raise EmptyWorkspace("no audio file was scanned yet", SCAN_FIRST, code="nothing_scanned")
    with workspace.store.read() as connection:
        files = listed(connection)
    if not files:
        raise EmptyWorkspace(
            "no audio file was scanned yet, or none since there are fingerprints", SCAN_FIRST, code="nothing_scanned"
        )
    place = workspace.indexes / "fingerprints"
    target = place / _name(files)
    index = _opened(target)
    if index is None:
        index = _made(workspace.store, _before(place), sorted(files), target, watched=watched)
    return index, files


def excerpt(source: Source, start_s: float = 0.0) -> Floats:
    """Read the first seconds of a sound from a moment on, mono at 22,050 Hz.

    Raises
    ------
    BadInput, MissingExtra
        As :class:`~ml.data.audio_files.AudioReader` does, or if the moment lies before the beginning.
    """
    return audio_files.excerpt(source, RATE, start_s=start_s, most_s=MOST_S)


def _name(files: dict[str, list[str]]) -> str:
    return blake2b(f"{PEAKS_VERSION} {' '.join(sorted(files))}".encode(), digest_size=12).hexdigest()


def _opened(folder: Path) -> FingerprintIndex | None:
    if not folder.is_dir():
        return None
    try:
        return FingerprintIndex.open(folder)
    except (OSError, ValueError):  # it can be made again
        discard(folder)
        return None


def _before(place: Path) -> FingerprintIndex:
    """Open the index as it was last, an empty one where there was none."""
    folders = [folder for folder in place.glob("[0-9a-f]*") if folder.is_dir()]
    for folder in sorted(folders, key=lambda one: one.stat().st_mtime, reverse=True):
        if (index := _opened(folder)) is not None:
            return index
    return FingerprintIndex()


def _made(
    store: Store, before: FingerprintIndex, wanted: list[str], target: Path, *, watched: bool
) -> FingerprintIndex:
    """Write the index that is wanted, and remove those before it; whoever has one of them open keeps it."""
    there = set(before.tracks)
    lacking = [one for one in wanted if one not in there]
    new = peaks_of_sounds(store, lacking)
    bar = progress(total=len(lacking), label="indexing")
    with draft(target.parent) as folder:
        index = before.write(folder, without=there.difference(wanted), tracks=bar.over(new) if watched else new)
        with suppress(OSError):  # another process was here first
            publish(folder, target)
    for other in target.parent.glob("[0-9a-f]*"):
        if other != target:
            discard(other)
    return index
