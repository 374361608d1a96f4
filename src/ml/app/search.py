"""A search for settings on a workspace's history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ml.app.results import Search
from ml.evaluation import Budget, tune
from ml.foundation.settings import Recommendation as Settings
from ml.models import tuned
from ml.models.dataset import Dataset
from ml.models.judging import Task
from ml.models.splits import cut


def search(
    dataset: Dataset,
    settings: Settings,
    folder: Path,
    *,
    split: str,
    task: Task,
    models: Sequence[str] | None,
    budget: Budget,
    seed: int,
    on_step: Callable[[str], None],
) -> Search:
    """Cut a history as an evaluation does, search on a part of what is learned from, and keep what was found.

    Parameters
    ----------
    dataset : Dataset
    settings : ml.foundation.settings.Recommendation
    folder : Path
        Where settings and searches lie.
    split, task, models, budget, seed, on_step
        As :meth:`ml.app.App.tune` takes them.
    """
    outer, said = cut(dataset, split, seed=seed)
    inner, _ = cut(outer.train, split, seed=seed)
    found = tune(
        inner, models, settings, budget=budget, task=task, seed=seed, folder=folder / "searches", on_step=on_step
    )
    chosen = {name: tuning.settings for name, tuning in found.items()}
    after = tuned.read(folder, dataset.kind, task).with_models(chosen, said, seed)
    return Search(dataset.kind, task, said, found, tuned.write(folder, dataset.kind, task, after))
