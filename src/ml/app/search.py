"""A search for settings on a workspace's history."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ml.app.results import Search
from ml.data.workspace import Workspace
from ml.evaluation import Budget, tune
from ml.foundation.settings import Recommendation as Settings
from ml.models import judging, tuned
from ml.models.dataset import Dataset
from ml.models.judging import Task
from ml.models.splits import cut


def search(
    dataset: Dataset,
    settings: Settings,
    workspace: Workspace,
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
    workspace : ml.data.workspace.Workspace
        Where settings and searches lie.
    split, task, models, budget, seed, on_step
        As :meth:`ml.app.App.tune` takes them.
    """
    folder = workspace.tuning
    tuned.read(folder, dataset.kind, task)  # a damaged file is said before the minutes are spent
    outer, said = cut(dataset, split, seed=seed)
    judging.require_repeats(outer, task)
    inner, _ = cut(outer.train, split, seed=seed)
    place = workspace.searches
    found = tune(inner, settings, budget=budget, models=models, task=task, seed=seed, folder=place, on_step=on_step)
    chosen = {name: tuning.settings for name, tuning in found.models.items()}
    # Read again: another search may have ended meanwhile.
    after = tuned.read(folder, dataset.kind, task).with_models(chosen, outer, said)
    file = tuned.write(folder, dataset.kind, task, after)
    return Search(dataset.kind, task, said, found.models, found.not_reached, file)
