"""What stands out of mixes, in one file that is read without pickle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.foundation.array_files import packed, read_arrays, unpacked, write_arrays
from ml.foundation.errors import CorruptIndex
from ml.models.retrieval.melodies.mixes import Salience

#: Whatever changes what a salience is raises it.
FORMAT = 1


def write_saliences(path: Path, saliences: Mapping[str, Salience]) -> None:
    """Write saliences by id, whole or not at all; 200 bytes a second of a mix.

    Raises
    ------
    ml.foundation.errors.DiskFull
    """
    values = np.concatenate(list(saliences.values())) if saliences else np.empty((0, 1), dtype=np.uint8)
    lengths = np.array([len(one) for one in saliences.values()], dtype=np.int64)
    ids = packed("\n".join(saliences))
    write_arrays(path, {"form": np.array([FORMAT]), "ids": ids, "lengths": lengths, "values": values})


def read_saliences(path: Path) -> dict[str, Salience]:
    """Read saliences by id; none where there is no file, or one of another format.

    Raises
    ------
    ml.foundation.errors.CorruptIndex
        If the file is damaged.
    """
    if not path.exists():
        return {}
    try:
        arrays = read_arrays(path)
        if int(arrays["form"][0]) != FORMAT:
            return {}
        text = unpacked(arrays["ids"])
        return _taken_apart(text.split("\n") if text else [], arrays["lengths"], arrays["values"])
    except (KeyError, ValueError, IndexError) as error:
        raise CorruptIndex(f"{path}: no melodies can be read from it ({error})", "it is made anew") from error


def _taken_apart(ids: list[str], lengths: NDArray[np.int64], values: Salience) -> dict[str, Salience]:
    if len(ids) != len(lengths) or (lengths < 0).any() or int(lengths.sum()) != len(values):
        raise ValueError("its lengths do not fit")
    if values.dtype != np.uint8 or values.ndim != 2:
        raise ValueError("its values are of another kind")
    parts = np.split(values, np.cumsum(lengths)[:-1]) if ids else []
    return dict(zip(ids, parts, strict=True))
