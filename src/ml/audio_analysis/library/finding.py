"""The audio files under a folder."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ml.data.audio_files.forms import SUFFIXES, printable
from ml.data.importers.locations import storable
from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded

#: Suffixes of what is watched rather than heard; a film is analysed where it is named.
VIDEO = frozenset({".3g2", ".3gp", ".asf", ".avi", ".f4v", ".flv", ".m2p", ".m2ts", ".m4v", ".mks", ".mkv", ".mov"}) | {
    *(".mpeg", ".mpg", ".mts", ".ogv", ".ogx", ".qt", ".ts", ".vob", ".webm", ".wmv"),
}
AUDIO = frozenset(suffix for suffixes in SUFFIXES.values() for suffix in suffixes) - VIDEO
# The most that a database holds; file systems know times after 2262 too.
_LATEST_NS = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as it stood when it was found.

    Parameters
    ----------
    path : str
        Absolute.
    size_bytes, modified_ns : int
    """

    path: str
    size_bytes: int
    modified_ns: int

    @classmethod
    def at(cls, path: Path | str) -> FoundFile:
        """Look at a file; OSError if it cannot be done."""
        status = os.stat(path)  # noqa: PTH116
        return cls(str(path), status.st_size, max(-_LATEST_NS, min(status.st_mtime_ns, _LATEST_NS)))


@dataclass(frozen=True, slots=True)
class Found:
    """What lies under a folder.

    Parameters
    ----------
    files : list of FoundFile
        By path.
    unnamed : list of tuple of str
        Files whose names no database takes, as they can be printed, with the reason.
    closed : list of tuple of str
        Folders and files that could not be looked into, as the system names them, with the reason.
    """

    files: list[FoundFile] = field(default_factory=list)
    unnamed: list[tuple[str, str]] = field(default_factory=list)
    closed: list[tuple[str, str]] = field(default_factory=list)


def folder_of(path: Path | str) -> Path:
    """Give a folder by its one real path.

    Raises
    ------
    BadInput
        If it is none, may not be read, or has a name that no database takes.
    """
    given = expanded(path)
    try:
        folder = given.resolve(strict=True)
        if folder.is_dir():
            os.scandir(folder).close()
            if not storable(str(folder)):
                raise BadInput(f"{printable(folder)}: the folder's name is not valid UTF-8", "rename it")
            return folder
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadInput(f"{printable(given)}: cannot be scanned ({why})", "give a folder that may be read") from error
    raise BadInput(f"{printable(given)}: not a folder", "scan the folder that it lies in, or: ml audio analyze FILE")


def find_audio(folder: Path) -> Found:
    """Find every audio file under a folder, by suffix; hidden ones are left out, links to folders are not followed."""
    found = Found()

    def closed(error: OSError) -> None:
        found.closed.append((str(error.filename), error.strerror or str(error)))

    for root, folders, names in os.walk(folder, onerror=closed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in _audio_in(root, names):
            try:
                if reason := _unnameable(path):
                    found.unnamed.append((printable(path), reason))
                elif path.is_file():
                    found.files.append(FoundFile.at(path))
            except OSError as error:
                closed(error)
    return found


def _audio_in(root: str, names: list[str]) -> Iterator[Path]:
    for name in sorted(names):
        if not name.startswith(".") and os.path.splitext(name)[1].lower() in AUDIO:  # noqa: PTH122  # of every file
            yield Path(root, name)


def _unnameable(path: Path) -> str | None:
    if not storable(str(path)):
        return "the file's name is not valid UTF-8: rename it"
    if any(unicodedata.category(mark) == "Cc" for mark in str(path)):
        return "the file's name holds control characters: rename it"
    return None
