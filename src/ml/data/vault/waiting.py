"""Files of a workspace that name people: those that wait for their import, and rows that imports refused.

Conventions
-----------
- A file is written anew beside the old one and takes its place in one step. Whoever is stopped begins again, and
  finds each file in one form or in both.
- A job says where its file lies. It is told of the new place before the old file goes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import orjson
from sqlalchemy import select, update

from ml.data.ingest.rejects import rewrite
from ml.data.jobs.keeping import hidden, read_job
from ml.data.schema import jobs
from ml.data.store import Store
from ml.data.vault.files import CLEAR, SEALED_NAME, SealedWriter, is_sealed, read_sealed
from ml.data.vault.texts import Lines, reject_lines
from ml.data.vault.texts import is_sealed as is_sealed_line
from ml.data.vault.vault import UPLOADS
from ml.foundation.atomic import disk_errors, draft, sync

#: Where they lie in a workspace.
UPLOADS_FOLDER, REJECTS_FOLDER = "uploads", "rejects"
_BLOCK = 1 << 20


def seal_files(store: Store, home: Path) -> Iterator[str]:
    """Seal what lies in clear, giving the folder of each file that was.

    Raises
    ------
    DiskFull, StoreBusy
    """
    key = _uploads_key(store)
    for folder in _folders(home):
        for plain in [path for path in folder.iterdir() if path.is_file() and path.name != SEALED_NAME]:
            if not is_sealed(plain):
                _replaced(store, plain, folder / SEALED_NAME, partial(_seal, plain, key))
                yield UPLOADS_FOLDER
    for file in _refused(home):
        lines = reject_lines(store, file.name)
        if rewrite(file, partial(_hidden_line, lines)):
            yield REJECTS_FOLDER


def open_files(store: Store, home: Path) -> Iterator[str]:
    """Write what is sealed in clear again, giving the folder of each file that was.

    Raises
    ------
    Tampered
        If one is not what was written.
    DiskFull, StoreBusy
    """
    key = _uploads_key(store)
    for folder in _folders(home):
        sealed = folder / SEALED_NAME
        if is_sealed(sealed):
            with sealed.open("rb") as stream:
                name = next(read_sealed(stream, key)).decode()
            _replaced(store, sealed, folder / name, partial(_open, sealed, key))
            yield UPLOADS_FOLDER
    for file in _refused(home):
        if rewrite(file, reject_lines(store, file.name).show):
            yield REJECTS_FOLDER


def _hidden_line(lines: Lines, line: str) -> str:
    return line if is_sealed_line(line) else lines.hide(line)


def _folders(home: Path) -> list[Path]:
    """List the folders of files that wait; what a job that was killed has opened in one is removed by the way."""
    root = home / UPLOADS_FOLDER
    found = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    for folder in found:
        shutil.rmtree(folder / CLEAR, ignore_errors=True)
    return found


def _refused(home: Path) -> list[Path]:
    return sorted((home / REJECTS_FOLDER).glob("import-*.csv"))


def _uploads_key(store: Store) -> bytes:
    with store.read() as connection:
        return store.vault.keys_of(connection, [UPLOADS])[UPLOADS]


def _replaced(store: Store, old: Path, new: Path, write: Callable[[Path], None]) -> None:
    with disk_errors(new), draft(new.parent) as folder:
        made = folder / new.name
        write(made)
        sync(made)
        made.replace(new)
        sync(new.parent)
    _tell_jobs(store, old, new)
    old.unlink()


def _seal(old: Path, key: bytes, new: Path) -> None:
    with old.open("rb") as plain, new.open("wb") as stream:
        writer = SealedWriter(stream, key, old.name)
        while block := plain.read(_BLOCK):
            writer.write(block)
        writer.close()


def _open(old: Path, key: bytes, new: Path) -> None:
    with old.open("rb") as stream, new.open("wb") as plain:
        pieces = read_sealed(stream, key)
        next(pieces)  # its name
        plain.writelines(pieces)


def _tell_jobs(store: Store, old: Path, new: Path) -> None:
    """Write down for the jobs of a file where it lies now."""
    with store.write() as connection:
        for row in connection.execute(select(jobs).where(jobs.c.kind == "import")).all():
            job = read_job(connection, row)
            if job.arguments.get("path") == str(old):
                text = orjson.dumps({**job.arguments, "path": str(new)}).decode()
                values = {"arguments": hidden(connection, row.id, "arguments", text)}
                connection.execute(update(jobs).where(jobs.c.id == row.id).values(values))
