"""Maps on the disk: places, whose they are, and what they were laid out by."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from ml.foundation.array_files import packed, read_arrays, unpacked, write_arrays
from ml.foundation.errors import CorruptModel

FORMAT = 1
_AGAIN = "lay it out again: ml map build"


@dataclass(frozen=True)
class KeptMap:
    """A map as it was laid out.

    Parameters
    ----------
    uids : list of str
    points : float32 [shape=(len(uids), 2)]
    version, model : str
    laid_out_at_ms : int
        UTC.
    kept_of_10 : float
    """

    uids: list[str]
    points: NDArray[np.float32]
    version: str
    model: str
    laid_out_at_ms: int
    kept_of_10: float

    def save(self, path: Path) -> None:
        """Write it whole or not at all.

        Raises
        ------
        ml.foundation.errors.DiskFull
        """
        about = {
            "format": FORMAT,
            "version": self.version,
            "model": self.model,
            "laid_out_at_ms": self.laid_out_at_ms,
            "kept_of_10": self.kept_of_10,
        }
        arrays: dict[str, NDArray[Any]] = {
            "about": packed(orjson.dumps(about)),
            "uids": packed("\n".join(self.uids)),
            "points": self.points,
        }
        write_arrays(path, arrays, durable=True)

    @classmethod
    def load(cls, path: Path) -> KeptMap:
        """Read it.

        Raises
        ------
        CorruptModel
            If it is damaged or of a later format.
        """
        try:
            arrays = read_arrays(path)
            about = orjson.loads(unpacked(arrays["about"]))
            text, points = unpacked(arrays["uids"]), arrays["points"]
            form = int(about.pop("format"))
            uids = text.split("\n") if text else []
            if points.shape != (len(uids), 2) or not np.isfinite(points).all():
                raise ValueError(f"{len(uids)} names, and places of the shape {points.shape}")  # noqa: TRY301
        except (KeyError, ValueError, TypeError) as error:
            raise CorruptModel(f"{path}: no map can be read from it ({error})", _AGAIN) from error
        if form > FORMAT:
            raise CorruptModel(f"{path}: written by a later version of this package", _AGAIN)
        return cls(uids, points.astype(np.float32), **about)
