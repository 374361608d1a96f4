"""How far a training is, on disk, so that one that was killed goes on where it was.

Conventions
-----------
One folder holds ``progress.npz`` (arrays of numbers) and is replaced whole: a kill in the middle of writing leaves the
last one. It belongs to one training, named by the hash of its data, settings and seed; another's is not gone on with.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import orjson

from ml.foundation.array_files import packed, read_arrays, unpacked, write_arrays
from ml.models.base import Arrays, TrainingData
from ml.models.sequential.progress import Progress

FILE = "progress.npz"
_GROUPS = ("best", "weights", "moments")


def training_id(data: TrainingData, settings: object, seed: int) -> str:
    """Name a training: hash of what it learns from, its settings and its seed, 64 hex digits."""
    plays = data.plays
    digest = sha256(orjson.dumps([settings, seed, data.n_items]))
    arrays = [plays.indptr, plays.items, plays.weights, plays.times]
    arrays += [data.tags.indptr, data.tags.indices, data.tags.data, data.artists]
    if plays.situations is not None:
        arrays += [plays.situations.activities, plays.situations.devices]
    if data.held_out is not None:
        arrays += [data.held_out.indptr, data.held_out.indices]
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def save(folder: Path, training: str, progress: Progress) -> None:
    """Write how far a training is; the file appears whole.

    Raises
    ------
    ml.foundation.errors.DiskFull
        If there is no room.
    """
    said = packed(orjson.dumps({"training": training, "epoch": progress.epoch, "best": progress.best_epoch}))
    arrays: Arrays = {"about": said, "scores": np.array(progress.scores, dtype=np.float64)}
    for group in _GROUPS:
        arrays |= {f"{group}:{name}": array for name, array in getattr(progress, group).items()}
    write_arrays(folder / FILE, arrays, durable=True)


def load(folder: Path, training: str) -> Progress:
    """Read how far a training is; the beginning, where there is nothing, or something of another training."""
    try:
        arrays = read_arrays(folder / FILE)
        said = orjson.loads(unpacked(arrays["about"]))
        if said["training"] != training:
            return Progress()
        groups = {
            group: {name.partition(":")[2]: array for name, array in arrays.items() if name.startswith(f"{group}:")}
            for group in _GROUPS
        }
        return Progress(int(said["epoch"]), list(arrays["scores"]), int(said["best"]), **groups)
    except (ValueError, KeyError):
        return Progress()  # nothing there, or damaged: training begins anew


def remove(folder: Path) -> None:
    """Throw away what a finished training no longer needs."""
    (folder / FILE).unlink(missing_ok=True)
