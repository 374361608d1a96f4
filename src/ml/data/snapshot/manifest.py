"""What a snapshot says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from ml.data.snapshot.tables import READABLE, SCHEMA_VERSION
from ml.foundation.errors import CorruptSnapshot
from ml.foundation.results import Result

MANIFEST = "manifest.json"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BLOCK = 1 << 20
MEND = "take a new one: ml snapshot"


@dataclass(frozen=True, slots=True)
class FileFacts(Result):
    """Size and SHA-256 (hex) of a file."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Manifest(Result):
    """The content of ``manifest.json``.

    Parameters
    ----------
    hash : str
        SHA-256 of the content, 64 hex digits; see :mod:`ml.data.snapshot.hashing`.
    schema_version : int
    package_version : str
    taken_at : datetime
        UTC.
    listens_from, listens_until : datetime or None
        UTC times of the first and the last listen; None where there is none.
    rows : dict of str to int
        By table.
    files : dict of str to FileFacts
        By path inside the snapshot's folder.
    """

    hash: str
    schema_version: int
    package_version: str
    taken_at: datetime
    listens_from: datetime | None
    listens_until: datetime | None
    rows: dict[str, int]
    files: dict[str, FileFacts]

    def write(self, folder: Path) -> None:
        """Write ``manifest.json`` into a folder."""
        (folder / MANIFEST).write_text(self.to_json(indent=True) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a snapshot.

        Raises
        ------
        CorruptSnapshot
            If it is missing, is not a manifest, or was written by a newer version.
        """
        path = folder / MANIFEST
        try:
            raw = orjson.loads(path.read_bytes())
            version = raw["schema_version"]
            if version not in READABLE:
                raise CorruptSnapshot(f"{path}: schema version {version}, this package reads {SCHEMA_VERSION}", MEND)
            return cls(
                **raw
                | {name: _time(raw[name]) for name in ("taken_at", "listens_from", "listens_until")}
                | {"files": {name: FileFacts(**facts) for name, facts in raw["files"].items()}}
            )
        except FileNotFoundError as error:
            raise CorruptSnapshot(f"{folder}: not a snapshot, it has no {MANIFEST}", MEND) from error
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise CorruptSnapshot(f"{path}: not the manifest of a snapshot ({error})", MEND) from error

    def check(self, folder: Path) -> None:
        """Compare every file with what the manifest says about it.

        Raises
        ------
        CorruptSnapshot
            Names the first file that is missing or different.
        """
        for name, facts in self.files.items():
            path = folder / name
            try:
                found = file_facts(path)
            except FileNotFoundError as error:
                raise CorruptSnapshot(f"{path}: missing from the snapshot", MEND) from error
            if found != facts:
                raise CorruptSnapshot(f"{path}: not the file that the snapshot was taken with", MEND)


def file_facts(path: Path) -> FileFacts:
    """Measure a file."""
    digest, size = sha256(), 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileFacts(digest.hexdigest(), size)


def moment(time_ms: int) -> datetime:
    """Give a time in UTC milliseconds as a datetime.

    >>> moment(1_000).isoformat()
    '1970-01-01T00:00:01+00:00'
    """
    return _EPOCH + timedelta(milliseconds=time_ms)


def milliseconds(time: datetime) -> int:
    """Give a datetime as UTC milliseconds; the inverse of :func:`moment`."""
    return (time - _EPOCH) // timedelta(milliseconds=1)


def _time(text: Any) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
