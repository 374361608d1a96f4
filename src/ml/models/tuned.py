"""Settings of models that a search has found, kept in a file that people can read.

Conventions
-----------
One file for each kind of item and task, ``track-discovery.json``. It says on which split of which plays the settings
were chosen: only an evaluation on that very split, whose test part the search never saw, may use them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from scipy.sparse import csr_matrix

from ml.foundation.atomic import replace_text
from ml.foundation.errors import BadInput
from ml.models.base import TrainingData
from ml.models.dataset import Split
from ml.models.judging import Task
from ml.models.making import members_of
from ml.models.plays import Plays
from ml.models.registry import MODELS


@dataclass(frozen=True)
class Tuned:
    """What a search has found.

    Parameters
    ----------
    split : str
        In words; settings were chosen on the part of it that is learned from.
    data : str
        The split's fingerprint.
    models : mapping of str to mapping
        The settings by model: those that were better than the defaults for sure.
    """

    split: str = ""
    data: str = ""
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def fits(self, split: Split) -> bool:
        """Tell whether the search saw nothing of what this split tests on: it put the same plays aside."""
        return bool(self.models) and self.data == split.fingerprint

    def with_models(self, found: Mapping[str, Mapping[str, Any]], split: Split, said: str) -> Tuned:
        """Add what was found for some models; what was found on another split, or other plays, goes."""
        kept = self.models if self.data == split.fingerprint else {}
        merged = {**kept, **found}
        return Tuned(said, split.fingerprint, {name: settings for name, settings in merged.items() if settings})


#: What there is before any search.
NOTHING = Tuned()


def place(folder: Path, kind: str, task: Task) -> Path:
    """Name the file."""
    return folder / f"{kind}-{task}.json"


def write(folder: Path, kind: str, task: Task, tuned: Tuned) -> Path:
    """Keep what was found; the file appears whole."""
    path = place(folder, kind, task)
    said = {"split": tuned.split, "data": tuned.data, "models": tuned.models}
    replace_text(path, orjson.dumps(said, option=orjson.OPT_INDENT_2).decode() + "\n")
    return path


def read(folder: Path, kind: str, task: Task = "discovery") -> Tuned:
    """Read what was found; nothing where no search was made.

    Raises
    ------
    BadInput
        If the file is damaged, or sets what a model does not have.
    """
    path = place(folder, kind, task)
    if not path.is_file():
        return NOTHING
    try:
        said = orjson.loads(path.read_bytes())
        tuned = Tuned(str(said["split"]), str(said["data"]), dict(said["models"]))
        for name, settings in tuned.models.items():
            _try(name, settings)
    except (ValueError, KeyError, TypeError, ArithmeticError, MemoryError, np.linalg.LinAlgError) as error:
        reason = f"{path}: these are no settings of models ({type(error).__name__}: {error})"
        raise BadInput(reason, f"forget them, and search anew: ml tune --forget --kind {kind}") from error
    return tuned


def _try(name: str, settings: Mapping[str, Any]) -> None:
    """Fit a model on next to nothing, rather than find out in the middle of training that it cannot be fitted."""
    if members_of(name) != (name,):
        raise ValueError(f"{name} has the settings of its members")
    nothing = np.zeros(2, dtype=np.int32)
    data = TrainingData(Plays.of([[0, 1], [0]], n_items=2), csr_matrix(np.zeros((2, 1), dtype=np.float32)), nothing)
    MODELS[name](**settings).fit(data, rng=np.random.default_rng(0))


def forget(folder: Path, kind: str | None = None) -> int:
    """Remove what was found, of every task, for one kind of item or all; return how many files that were."""
    found = [path for path in folder.glob(f"{kind or '*'}-*.json") if path.is_file()]
    for path in found:
        path.unlink()
    return len(found)


def words(settings: Mapping[str, Any]) -> str:
    """Write settings down, those of members in brackets.

    >>> words({"ease": {"regularization": 512.3456}, "factors": 32})
    'ease (regularization 512.3), factors 32'
    """
    return ", ".join(f"{key} {_said(value)}" for key, value in settings.items())


def _said(value: object) -> str:
    if isinstance(value, Mapping):
        return f"({words(value)})"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
