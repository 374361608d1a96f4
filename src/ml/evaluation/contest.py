"""The verbs: models against each other on one split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType

from ml.evaluation.budget import Budget
from ml.evaluation.contenders import contenders, require_known
from ml.evaluation.interactions import read_split
from ml.evaluation.results import Evaluation
from ml.evaluation.running import measure
from ml.evaluation.tuning import Searched, tunable, tune
from ml.foundation.errors import BadInput
from ml.foundation.progress import OnStep, unwatched
from ml.foundation.settings import Recommendation as Settings
from ml.models import judging
from ml.models.dataset import Split
from ml.models.gate import FEWEST
from ml.models.judging import Task
from ml.models.making import BySettings, members_of

#: How long settings are searched where there is a validation file: on small data, the trials are over first.
SEARCH = Budget(minutes=20, trials=20)


def evaluate(
    split: Split,
    settings: Settings,
    *,
    said: str,
    models: Sequence[str] | None = None,
    ks: Sequence[int] = (10, 20),
    task: str = "discovery",
    seed: int = 0,
    tuned: BySettings = MappingProxyType({}),
    command: str = "",
    on_step: OnStep = unwatched,
) -> Evaluation:
    """Fit models on one half of a split and measure them on the other; nothing is kept.

    Parameters
    ----------
    split : Split
    settings : ml.foundation.settings.Recommendation
        Of the models.
    said : str
        The split in words.
    models : sequence of str, optional
        Names; None is all that the data have something for. The task's baseline always takes part.
    ks : sequence of int >= 1
        Lengths of the rankings.
    task : str
        ``discovery`` or ``next_listen``.
    seed : int
        Of every model's generator and of the intervals.
    tuned : mapping of str to mapping
        Settings that a search has found, by model, without a look at what is tested on.
    command : str
        The line that gives this result again, for whoever reads it; see :class:`~ml.evaluation.results.Protocol`.
    on_step : callable
        Told which model is at work.

    Raises
    ------
    BadInput
        If there is no such model or task, a length is below 1, or there is nobody to judge by.
    """
    chosen = check(split, models, ks, task)
    makers = contenders(models, split.train, settings, task=chosen, tuned=tuned)
    found = measure(makers, split, said=said, task=chosen, ks=ks, seed=seed, command=command, on_step=on_step)
    for name in found.models:
        if own := {member: tuned[member] for member in members_of(name, chosen) if member in tuned}:
            found.models[name]["settings"] = own.get(name, own)
    return found


def check(split: Split, models: Sequence[str] | None, ks: Sequence[int], task: str) -> Task:
    """Refuse what cannot be measured, before anything is searched or fitted; give the task."""
    chosen = judging.task_named(task)
    if not ks or min(ks) < 1:
        raise BadInput(f"k = {list(ks)}", "give lengths of at least 1")
    require_known(models)
    judging.require_repeats(split, chosen)
    judging.require_judges(split, chosen)
    return chosen


def evaluate_files(
    settings: Settings,
    train: Path,
    test: Path,
    valid: Path | None = None,
    *,
    budget: Budget | None = SEARCH,
    folder: Path | None = None,
    models: Sequence[str] | None = None,
    ks: Sequence[int] = (10, 20),
    task: str = "discovery",
    seed: int = 0,
    on_step: OnStep = unwatched,
    command: str = "",
) -> Evaluation:
    """Measure models on a published split in files of ``user item item …`` lines.

    Parameters
    ----------
    settings : ml.foundation.settings.Recommendation
    train, test : Path
    valid : Path, optional
        Its pairs are left out of the ranking too; settings of models and weights of the portfolio are chosen by it.
    budget : Budget, optional
        Of the search for settings, where there is a validation file; None leaves them as they are.
    folder : Path, optional
        Where the search is kept, to go on from; None keeps nothing.
    models, ks, task, seed, on_step, command
        As :func:`evaluate` takes them.

    Raises
    ------
    BadInput
        Also if a file is missing or a line of it is not of the format.
    MissingExtra
        If there is something to search for and Optuna is not installed.
    """
    split = read_split(train, test, valid)
    chosen = check(split, models, ks, task)
    said, found = f"published: {train.name} / {test.name}", Searched({}, ())
    if valid is not None:
        said += f", {valid.name} left out"
        inner = split.train.split_held_out()
        names = tunable(models, inner, chosen)
        if budget is not None and names:
            obstacle = _obstacle(inner, chosen)
            said += f"; {obstacle or f'settings searched on it: {budget}'}"
            if not obstacle:
                found = tune(
                    inner, settings, budget=budget, models=names, task=chosen, seed=seed, folder=folder, on_step=on_step
                )
    evaluation = evaluate(
        split,
        settings,
        said=said,
        models=models,
        ks=ks,
        task=task,
        seed=seed,
        tuned=found.settings,
        command=command,
        on_step=on_step,
    )
    for name in evaluation.models.keys() & found.models.keys():
        evaluation.models[name]["tuning"] = found.models[name]
    return evaluation


def _obstacle(inner: Split, task: Task) -> str:
    """Say why settings cannot be searched on a validation part; nothing where they can."""
    judges = judging.count_judges(inner, task)
    if judges >= FEWEST:
        return ""
    return f"no settings searched on it: {judges} of the {FEWEST} listeners that it takes have anything new there"
