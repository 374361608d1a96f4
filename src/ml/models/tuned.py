"""Settings of models that a search has found, kept in a file that people can read.

Conventions
-----------
One file for each kind of item and task, ``track-discovery.json``. It says on which split the settings were chosen: only
an evaluation on that very split, whose test part the search never saw, may use them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from ml.foundation.atomic import replace_text
from ml.foundation.errors import BadInput
from ml.models.judging import Task
from ml.models.registry import MODELS


@dataclass(frozen=True)
class Tuned:
    """What a search has found.

    Parameters
    ----------
    split : str
        In words; settings were chosen on the part of it that is learned from.
    seed : int
        Of that split.
    models : mapping of str to mapping
        The settings by model: those that were better than the defaults for sure.
    """

    split: str = ""
    seed: int = 0
    models: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def fits(self, split: str, seed: int) -> bool:
        """Tell whether the search saw nothing of what this split tests on."""
        return bool(self.models) and (split, seed) == (self.split, self.seed)

    def with_models(self, found: Mapping[str, Mapping[str, Any]], split: str, seed: int) -> Tuned:
        """Add what was found for some models; what was found on another split goes."""
        kept = self.models if (split, seed) == (self.split, self.seed) else {}
        merged = {**kept, **found}
        return Tuned(split, seed, {name: settings for name, settings in merged.items() if settings})


def place(folder: Path, kind: str, task: Task) -> Path:
    """Name the file."""
    return folder / f"{kind}-{task}.json"


def write(folder: Path, kind: str, task: Task, tuned: Tuned) -> Path:
    """Keep what was found; the file appears whole."""
    path = place(folder, kind, task)
    said = {"split": tuned.split, "seed": tuned.seed, "models": tuned.models}
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
        return Tuned()
    try:
        said = orjson.loads(path.read_bytes())
        tuned = Tuned(str(said["split"]), int(said["seed"]), dict(said["models"]))
        for name, settings in tuned.models.items():
            MODELS[name](**settings)
    except (ValueError, KeyError, TypeError) as error:
        reason = f"{path}: these are no settings of models ({type(error).__name__}: {error})"
        raise BadInput(reason, f"forget them and search anew: ml tune --forget --kind {kind}") from error
    return tuned


def forget(folder: Path) -> int:
    """Remove what was found for any kind and task; return how many files that were."""
    found = [path for path in folder.glob("*-*.json") if path.is_file()]
    for path in found:
        path.unlink()
    return len(found)
