"""A workspace out of a backup: checked first, then put in its place in one step."""

from __future__ import annotations

import errno
import shutil
import tarfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from sqlalchemy import select

from ml.data.schema import facts, metadata, sequences
from ml.data.snapshot.manifest import FileFacts
from ml.data.store import Store
from ml.data.workspace.archive import AREAS, DATABASE, MANIFEST, Backup
from ml.data.workspace.transfer import transfer
from ml.data.workspace.workspace import AUDIT, Workspace
from ml.foundation.atomic import draft, is_full, publish
from ml.foundation.errors import BadInput, StoreError
from ml.foundation.paths import expanded
from ml.foundation.results import Result

_BLOCK = 1 << 20
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)
_ANOTHER = "use another backup of this workspace"


@dataclass(frozen=True, slots=True)
class Restored(Result):
    """What a restore did.

    Parameters
    ----------
    home : Path
    moved_aside : Path or None
        Where the workspace that was there before is now.
    backup : Backup
        What the archive said about itself.
    """

    home: Path
    moved_aside: Path | None
    backup: Backup


def restore(file: Path, home: Path, *, database_url: str = "", force: bool = False) -> Restored:
    """Put the workspace of a backup into a folder.

    Everything is unpacked beside the folder and checked against the archive's hashes before anything
    else is touched. What is not part of a workspace, such as ``ml.toml`` or a demo workspace inside, stays.

    Parameters
    ----------
    file : Path
        An archive by :func:`~ml.data.workspace.backup`.
    home : Path
        Absent, or a workspace without data.
    database_url : str
        Where the store's rows go: a PostgreSQL database without data; empty means SQLite in the folder.
    force : bool
        Move a workspace that is there aside, to ``<home>.before-restore-<time>``.

    Raises
    ------
    BadInput
        If the archive is truncated, changed, or no backup, or if the target holds data.
    StoreError
        If the archive's database was written by a newer version.
    DiskFull
        If the disk fills up; what was there before is untouched.
    """
    home = expanded(home).absolute()
    occupied = _is_occupied(home)
    if occupied and not force:
        raise BadInput(f"{home}: holds a workspace already", "restore elsewhere, or move it aside with --force")
    with draft(home.parent) as place:
        fresh = place / "workspace"
        made = unpack(file, fresh)
        packed = Store.at(fresh, locked=True)  # brings a database of an earlier version up to date
        try:
            if not database_url:
                packed.close()
                aside = _settle(fresh, home, keep_old=occupied)
            else:
                aside = _settle_with_database(packed, database_url, fresh, home, keep_old=occupied)
        finally:
            packed.close()
    return Restored(home, aside, made)


def _settle_with_database(packed: Store, url: str, fresh: Path, home: Path, *, keep_old: bool) -> Path | None:
    """Fill a database and put the files in place, both or neither."""
    store = Store(url, locked=True)
    try:
        if not _is_free(store):
            raise BadInput(f"{store.where}: the database holds data already", "give an empty database")
        with store.write() as writing:
            with packed.read() as reading:
                transfer(reading, writing)
            packed.close()
            for path in fresh.glob(f"{DATABASE}*"):
                path.unlink()
            return _settle(fresh, home, keep_old=keep_old)
    finally:
        store.close()


def _is_free(store: Store) -> bool:
    """Tell whether a database has no rows but those that every new one has."""
    with store.read() as connection:
        tables = [table for table in metadata.sorted_tables if table not in {facts, sequences}]
        return not any(connection.execute(select(table).limit(1)).first() for table in tables)


def unpack(file: Path, folder: Path) -> Backup:
    """Unpack a backup into a new folder and check every file against the manifest.

    Raises
    ------
    BadInput
        If the archive is not whole, or holds anything but plain files of a workspace.
    """
    folder.mkdir()
    found: dict[str, FileFacts] = {}
    try:
        with tarfile.open(file, "r:") as tar:
            for member in tar:
                path = _path_of(member, folder, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                found[member.name] = _extract(tar, member, path)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BadInput(f"{file}: not a backup, or a damaged one ({error})", _ANOTHER) from error
    except OSError as error:
        if is_full(error):
            raise
        raise BadInput(f"{file}: cannot be unpacked ({error})", "check the path, or " + _ANOTHER) from error
    return _verified(file, folder, found)


def _path_of(member: tarfile.TarInfo, folder: Path, file: Path) -> Path:
    """Give a member's place, if it is one that a backup may have."""
    parts = PurePosixPath(member.name).parts
    ours = parts in {(DATABASE,), (MANIFEST,)} or (len(parts) > 1 and parts[0] in AREAS)
    if member.type not in _PLAIN or not ours or ".." in parts or "\\" in member.name:
        raise BadInput(f"{file}: holds {member.name!r}, which no backup does; nothing was unpacked", _ANOTHER)
    return folder.joinpath(*parts)


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> FileFacts:
    source = tar.extractfile(member)
    digest, size = sha256(), 0
    with path.open("xb") as target:
        while source is not None and (block := source.read(_BLOCK)):
            digest.update(block)
            size += len(block)
            target.write(block)
    return FileFacts(digest.hexdigest(), size)


def _verified(file: Path, folder: Path, found: dict[str, FileFacts]) -> Backup:
    if found.pop(MANIFEST, None) is None:
        raise BadInput(f"{file}: truncated, or not a backup: its manifest is missing", _ANOTHER)
    try:
        made = Backup.parse((folder / MANIFEST).read_bytes())
    except ValueError as error:
        raise BadInput(f"{file}: {error}", _ANOTHER) from error
    (folder / MANIFEST).unlink()
    if DATABASE not in made.files:
        raise BadInput(f"{file}: a backup without a database", _ANOTHER)
    for name in sorted(found.keys() | made.files.keys()):
        if found.get(name) != made.files.get(name):
            raise BadInput(f"{file}: {name} is not what the archive's manifest says: damaged", _ANOTHER)
    return made


def _settle(fresh: Path, home: Path, *, keep_old: bool) -> Path | None:
    """Put the new folder in the place of the old one; tell where the old one went."""
    if not home.exists():
        publish(fresh, home)
        return None
    aside = home.with_name(f"{home.name}.before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}")
    try:
        home.rename(aside)
    except OSError as error:
        if error.errno not in {errno.EBUSY, errno.EXDEV, errno.EPERM, errno.EACCES}:
            raise
        hint = "restore into a folder inside it, and let ML_HOME name that"
        raise BadInput(f"{home}: cannot be replaced ({error.strerror}); is it a mount point?", hint) from error
    try:
        publish(fresh, home)
    except BaseException:
        aside.rename(home)
        raise
    _keep_audit(aside / AUDIT, home / AUDIT)
    for path in aside.iterdir():
        if not _is_part(path):
            path.rename(home / path.name)
    if keep_old:
        return aside
    shutil.rmtree(aside, ignore_errors=True)
    return None


def _keep_audit(here: Path, there: Path) -> None:
    """Let what was recorded here stand: no restoring undoes that. Chains that both have go on here."""
    if here.is_dir():
        there.mkdir(exist_ok=True, mode=0o700)
        for path in here.iterdir():
            path.replace(there / path.name)


def _is_part(path: Path) -> bool:
    """Tell whether something in a workspace's folder is part of the workspace."""
    return path.name in {*AREAS, "indexes"} or path.name in {DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"}


def _is_occupied(home: Path) -> bool:
    """Tell whether a folder holds anything that a restore would replace."""
    if not home.exists():
        return False
    if not home.is_dir():
        raise BadInput(f"{home}: not a folder", "give a folder, there or not")
    if any(path.is_file() for area in AREAS if area != AUDIT for path in (home / area).rglob("*")):
        return True
    if not (home / DATABASE).exists():
        return False
    with suppress(StoreError):
        workspace = Workspace.at(home)
        try:
            return not workspace.is_bare()
        finally:
            workspace.close()
    return True  # a database that cannot be opened may still be somebody's data
