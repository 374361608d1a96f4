"""RecTools' SASRec on a split, in the interpreter named by ``ML_RECTOOLS_PYTHON``.

Where ``ML_PEERS_KEPT`` names a folder, what it came to is kept there under the hash of what it was given (plays,
listeners, settings, script), and taken from there the next time: it takes long, and what changes is ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.models.dataset import Split
from ml.models.judging import Task
from ml.models.sequential.sequences import Sequences

INTERPRETER = os.environ.get("ML_RECTOOLS_PYTHON")
SCRIPT = Path(__file__).parent / "peers" / "train_sasrec.py"
SETTINGS = {"patience": 3, "most_epochs": 30, "n_factors": 128}
QUICK = {"most_epochs": 2, "n_factors": 16}


def fit(
    split: Split, judges: Mapping[Task, NDArray[np.int64]], quick: bool
) -> tuple[dict[Task, NDArray[np.int32]], list[float]] | None:
    """Give the rankings of the judges by task, and the processor seconds of each epoch; None without an interpreter."""
    sequences = Sequences.of(split.train.plays)
    users = np.repeat(np.arange(sequences.n_users), sequences.lengths)
    asked = np.unique(np.concatenate(list(judges.values())))
    given = {"users": users, "items": sequences.items, "times": sequences.times, "ask": asked}
    found = _kept(given, SETTINGS | (QUICK if quick else {}))
    if found is None:
        return None
    rankings = {task: found[task][np.searchsorted(asked, own)] for task, own in judges.items()}
    return rankings, found["seconds"].tolist()


def _kept(given: Mapping[str, NDArray[Any]], settings: Mapping[str, float]) -> dict[str, NDArray[Any]] | None:
    kept = os.environ.get("ML_PEERS_KEPT")
    if not kept:
        return _train(given, settings) if INTERPRETER else None
    digest = sha256(SCRIPT.read_bytes() + json.dumps(settings, sort_keys=True).encode())
    for array in given.values():
        digest.update(np.ascontiguousarray(array).data)
    place = Path(kept) / f"sasrec-{digest.hexdigest()[:16]}.npz"
    if not place.is_file():
        if not INTERPRETER:
            return None
        place.parent.mkdir(parents=True, exist_ok=True)
        np.savez(place, allow_pickle=False, **_train(given, settings))
    with np.load(place) as found:
        return dict(found)


def _train(given: Mapping[str, NDArray[Any]], settings: Mapping[str, float]) -> dict[str, NDArray[Any]]:
    assert INTERPRETER is not None
    with tempfile.TemporaryDirectory() as folder:
        plays, said, out = (Path(folder) / name for name in ("plays.npz", "settings.json", "out.npz"))
        np.savez(plays, allow_pickle=False, **given)
        said.write_text(json.dumps(settings), encoding="utf-8")
        command = [INTERPRETER, str(SCRIPT), str(plays), str(said), str(out)]
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=clean, cwd=folder)
        with np.load(out) as found:
            rankings = dict(found)
    seconds = json.loads(done.stdout.strip().splitlines()[-1])["seconds"]
    return rankings | {"seconds": np.array(seconds)}
