"""Folders that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ml.foundation.errors import DiskFull

_PREFIX = ".new-"
# A draft this old belongs to a process that was killed.
_ABANDONED_S = 86_400


@contextmanager
def draft(parent: Path) -> Iterator[Path]:
    """Give an empty temporary folder in ``parent``; whatever is still there at the end is removed.

    Raises
    ------
    DiskFull
        If the disk fills up inside the block.
    """
    with disk_errors(parent):
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent)
        folder = parent / f"{_PREFIX}{uuid.uuid4().hex}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def disk_errors(where: Path) -> Iterator[None]:
    """Turn the system's complaint about a full disk into :class:`~ml.foundation.errors.DiskFull`."""
    try:
        yield
    except OSError as error:
        if not is_full(error):
            raise
        raise DiskFull(f"{where}: no space left on the disk", "free some space and run the command again") from error


def is_full(error: OSError) -> bool:
    """Tell whether an error of the system says that the disk, or this user's share of it, is full."""
    return error.errno in {errno.ENOSPC, errno.EDQUOT}


def publish(source: Path, target: Path) -> None:
    """Give a draft its final name, after everything in it has reached the disk.

    Raises
    ------
    OSError
        If ``target`` exists and is a folder with something in it.
    """
    for path in [*source.rglob("*"), source]:
        sync(path)
    source.rename(target)
    sync(target.parent)


def discard(folder: Path) -> None:
    """Remove a folder, in one step for whoever looks: nobody finds half of it, even if this process is killed."""
    gone = folder.with_name(f"{_PREFIX}{uuid.uuid4().hex}")
    with suppress(OSError):  # somebody else has removed it
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def replace_text(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    with draft(path.parent) as folder:
        new = folder / path.name
        new.write_text(text, encoding="utf-8")
        sync(new)
        new.replace(path)
        sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file or a folder's list of names has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(folder, ignore_errors=True)
