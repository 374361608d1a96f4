"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl

from ml.foundation.errors import BadInput, DiskFull

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT}
#: polars tells a failure of the system by its number within the text.
_SYSTEM_ERROR = re.compile(r"\(os error (\d+)\)")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a file beside the path to write to; give it the path's name at the end, or remove it.

    Raises
    ------
    BadInput
        If the folder does not exist or may not be written.
    DiskFull
        If no space is left; what was there under the path stays as it was.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
        _sync(unfinished)
        unfinished.replace(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _translated(error, path) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()


def check_folder(path: Path) -> None:
    """Refuse a file whose folder is missing or may not be written; no command makes one unasked.

    Raises
    ------
    BadInput
    """
    folder = path.absolute().parent
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder", f"make it first: mkdir -p {shlex.quote(str(folder))}")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"{folder}: cannot be written", "choose another folder, or change its permissions")


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _translated(error: OSError | pl.exceptions.PolarsError, path: Path) -> Exception:
    """Say in our words what the system said; a fault of ours stays what it is."""
    told = _SYSTEM_ERROR.search(str(error))
    number = error.errno if isinstance(error, OSError) and error.errno else int(told[1]) if told else None
    if number in _NO_SPACE:
        return DiskFull(f"{path}: no space left on the disk", "free some space, or choose another folder")
    if number is None:
        return error
    return BadInput(f"{path}: cannot be written ({os.strerror(number)})", "choose another file name or folder")
