"""One file that holds a workspace."""

from __future__ import annotations

import io
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson

from ml.data.audit.segment import held
from ml.data.migrations import HEAD
from ml.data.snapshot.manifest import FileFacts
from ml.data.store import Store
from ml.data.store.faults import translated
from ml.data.workspace.transfer import transfer
from ml.data.workspace.workspace import AUDIT, Workspace
from ml.foundation.atomic import draft, sync
from ml.foundation.errors import BadInput
from ml.foundation.extras import DISTRIBUTION
from ml.foundation.results import Result

FORMAT = 1
DATABASE = "ml.db"
MANIFEST = "manifest.json"
#: What a backup holds beside the database. Indexes can be derived again; settings may hold passwords.
AREAS = ("snapshots", "models", "audio_heads", "reports", "rejects", AUDIT)


@dataclass(frozen=True, slots=True)
class Backup(Result):
    """A backup that was written, or the manifest of one.

    Parameters
    ----------
    format : int
    created_at : datetime
        UTC.
    package_version : str
    revision : str
        Of the database.
    label : str
        ``"real"`` or ``"demo"``.
    files : dict of str to FileFacts
        By path inside the archive.
    """

    format: int
    created_at: datetime
    package_version: str
    revision: str
    label: str
    files: dict[str, FileFacts]

    @classmethod
    def parse(cls, text: bytes) -> Backup:
        """Read a manifest.

        Raises
        ------
        ValueError
            If it is none, or of another format.
        """
        try:
            raw: dict[str, Any] = orjson.loads(text)
            if raw["format"] != FORMAT:
                raise ValueError(f"format {raw['format']}, this version reads {FORMAT}")
            files = {name: FileFacts(**facts) for name, facts in raw["files"].items()}
            return cls(**raw | {"created_at": datetime.fromisoformat(raw["created_at"]), "files": files})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not the manifest of a backup: {error!r}") from error


def backup(workspace: Workspace, file: Path) -> Backup:
    """Write a workspace into one tar archive; others may go on writing meanwhile.

    The database is copied as it is at one moment. The archive appears under its name when it is whole.

    Raises
    ------
    BadInput
        If the file exists already, or there is no workspace.
    StoreError
        If the database cannot be read.
    DiskFull
        If the disk fills up; nothing is left behind.
    """
    if file.exists():
        raise BadInput(f"{file}: exists already", "give another name, or remove it first")
    if not workspace.database_url and not (workspace.home / DATABASE).exists():
        raise BadInput(f"{workspace.home}: no workspace there", "check ML_HOME, or: ml status")
    label = workspace.label
    with draft(file.absolute().parent) as place:
        database = place / DATABASE
        _copy_database(workspace.store, database)
        archive = place / "archive.tar"
        # No process may note meanwhile where another's records end: the archive could have the note and not the record.
        with _audit_held(workspace.audit), tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as tar:
            files = {name: _add(tar, name, path) for name, path in _members(workspace.home, database)}
            made = Backup(FORMAT, datetime.now(UTC), version(DISTRIBUTION), HEAD, label, files)
            _add_text(tar, MANIFEST, made.to_json(indent=True))
        sync(archive)
        archive.rename(file)
        sync(file.absolute().parent)
    return made


def _audit_held(folder: Path) -> AbstractContextManager[object]:
    return held(folder) if folder.is_dir() else nullcontext()


def _copy_database(store: Store, file: Path) -> None:
    if store.engine.dialect.name == "sqlite":
        with translated(store.where), store.engine.connect() as connection, closing(sqlite3.connect(file)) as target:
            source: Any = connection.connection.driver_connection
            source.backup(target)
        return
    copy = Store(f"sqlite:///{file}")
    try:
        with store.read() as source, copy.write() as target_connection:
            transfer(source, target_connection)
    finally:
        copy.close()


def _members(home: Path, database: Path) -> Iterator[tuple[str, Path]]:
    yield DATABASE, database
    for area in AREAS:
        folder = home / area
        # Pointer files lie on top. Read before the folders, they point to nothing that is missing.
        paths = sorted(folder.rglob("*"), key=lambda path: (len(path.relative_to(folder).parts), path))
        for path in paths:
            name = path.relative_to(home)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                yield name.as_posix(), path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> FileFacts:
    with path.open("rb") as stream:
        member = tar.gettarinfo(arcname=name, fileobj=stream)
        # Who owns a file, and how it was linked, is of this machine.
        member = member.replace(uid=0, gid=0, uname="", gname="", mode=0o644, deep=False)
        member.type = tarfile.REGTYPE
        member.size = path.stat().st_size
        hashed = _Hashed(stream)
        tar.addfile(member, hashed)
    return FileFacts(hashed.digest.hexdigest(), member.size)


class _Hashed:
    """A stream that hashes what is read from it."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self.stream = stream
        self.digest = sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.stream.read(size)
        self.digest.update(block)
        return block


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))
