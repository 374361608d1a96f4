"""Files of arrays (``.npz``): written whole or not at all, read without pickle.

Conventions
-----------
- What the arrays mean, and which format of it a file has, is up to who writes it; what cannot be read is one error.
- A text lies among arrays as its UTF-8 bytes (:func:`packed`): NumPy's own texts take four bytes a letter.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from ml.foundation.atomic import draft, sync

# Each of them is what some changed byte makes zipfile or NumPy raise.
_DAMAGES = (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error, OverflowError)


class Unreadable(ValueError):
    """No arrays can be read from a file."""


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], *, durable: bool = False) -> None:
    """Write arrays by name to a file, which appears whole; uncompressed, so that reading costs no more than its bytes.

    Parameters
    ----------
    path : Path
    arrays : mapping of str to array
    durable : bool
        Whether it must survive a power cut; what can be made again need not wait for the disk.

    Raises
    ------
    ml.foundation.errors.DiskFull
    """
    with draft(path.parent) as folder:
        new = folder / path.name
        with new.open("wb") as out:
            np.savez(out, allow_pickle=False, **arrays)
        if durable:
            sync(new)
        new.replace(path)
        if durable:
            sync(path.parent)


def read_arrays(source: Path | bytes) -> dict[str, NDArray[Any]]:
    """Read the arrays of a file by name.

    Parameters
    ----------
    source : Path or bytes
        The file, or what is in it.

    Raises
    ------
    Unreadable
        If it is not there, is damaged, or holds something else than arrays of numbers.
    """
    try:
        with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream:
            archive = np.load(stream, allow_pickle=False)
            if not isinstance(archive, NpzFile):
                raise Unreadable("it is one array, not an archive of them")
            with archive:
                return {name: archive[name] for name in archive.files}
    except _DAMAGES as error:
        raise Unreadable(str(error)) from error


def packed(text: str | bytes) -> NDArray[np.uint8]:
    """Make an array of a text.

    >>> packed("ab").tolist()
    [97, 98]
    """
    return np.frombuffer(text.encode() if isinstance(text, str) else text, dtype=np.uint8)


def unpacked(array: NDArray[Any]) -> str:
    """Give the text of an array that :func:`packed` made.

    >>> unpacked(packed("Björk"))
    'Björk'

    Raises
    ------
    UnicodeDecodeError
        A ``ValueError``; if it is none.
    """
    return array.tobytes().decode()
