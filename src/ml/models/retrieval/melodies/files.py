"""Contours in one file, read without pickle."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.foundation.atomic import draft
from ml.foundation.errors import CorruptIndex

#: Whatever changes what a contour is raises it.
FORMAT = 1


def write_contours(path: Path, contours: Mapping[str, Floats]) -> None:
    """Write contours by id, whole or not at all; two bytes a value.

    Raises
    ------
    ml.foundation.errors.DiskFull
    """
    ids = np.frombuffer("\n".join(contours).encode(), dtype=np.uint8)
    values = np.concatenate([np.empty(0, dtype=np.float32), *contours.values()]).astype(np.float16)
    lengths = np.array([len(one) for one in contours.values()], dtype=np.int64)
    with draft(path.parent) as folder:
        new = folder / path.name
        with new.open("wb") as out:
            np.savez(out, form=np.array([FORMAT]), ids=ids, lengths=lengths, values=values, allow_pickle=False)
        new.replace(path)


def read_contours(path: Path) -> dict[str, Floats]:
    """Read contours by id; none where there is no file, or one of another format.

    Raises
    ------
    ml.foundation.errors.CorruptIndex
        If the file is damaged.
    """
    if not path.exists():
        return {}
    try:
        with path.open("rb") as source, np.load(source, allow_pickle=False) as archive:
            if int(archive["form"][0]) != FORMAT:
                return {}
            text, lengths, values = archive["ids"].tobytes().decode(), archive["lengths"], archive["values"]
        return _taken_apart(text.split("\n") if text else [], lengths, values.astype(np.float32))
    except (OSError, KeyError, ValueError, IndexError, EOFError, zipfile.BadZipFile) as error:
        raise CorruptIndex(f"{path}: no melodies can be read from it ({error})", "it is made anew") from error


def _taken_apart(ids: list[str], lengths: NDArray[np.int64], values: Floats) -> dict[str, Floats]:
    if len(ids) != len(lengths) or (lengths < 0).any() or int(lengths.sum()) != len(values):
        raise ValueError("its lengths do not fit")
    if not np.isfinite(values).all():
        raise ValueError("some values are no numbers")
    parts = np.split(values, np.cumsum(lengths)[:-1]) if ids else []
    return dict(zip(ids, parts, strict=True))
