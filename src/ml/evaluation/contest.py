"""The verbs: models against each other on one split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ml.evaluation.contenders import contenders
from ml.evaluation.interactions import read_split
from ml.evaluation.results import Evaluation
from ml.evaluation.running import OnStep, measure
from ml.evaluation.tuning import Budget, Tuning, tunable, tune
from ml.foundation.errors import BadInput
from ml.foundation.settings import Recommendation as Settings
from ml.models import judging
from ml.models.dataset import Split
from ml.models.making import BySettings, members_of

#: How long settings are searched where there is a validation file.
SEARCH = Budget(minutes=20)


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
    on_step: OnStep = lambda _: None,
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
    chosen = judging.task_named(task)
    if not ks or min(ks) < 1:
        raise BadInput(f"k = {list(ks)}", "give lengths of at least 1")
    if chosen == "next_listen" and split.played.nnz == split.relevant.nnz:
        raise BadInput(
            "nothing in the part held out is a repeat, so there is nothing that replay, the baseline, could foresee",
            "next_listen needs dates: --split time or last",
        )
    makers = contenders(models, split.train, settings, task=chosen, tuned=tuned)
    found = measure(makers, split, said=said, task=chosen, ks=ks, seed=seed, command=command, on_step=on_step)
    for name in found.models:
        if own := {member: tuned[member] for member in members_of(name) if member in tuned}:
            found.models[name]["settings"] = own.get(name, own)
    return found


def evaluate_files(
    settings: Settings,
    train: Path,
    test: Path,
    valid: Path | None = None,
    *,
    budget: Budget | None = SEARCH,
    **options: Any,
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
    **options
        Of :func:`evaluate`: ``models``, ``ks``, ``task``, ``seed``, ``command`` and ``on_step``.

    Raises
    ------
    BadInput
        Also if a file is missing or a line of it is not of the format.
    MissingExtra
        If there is something to search for and Optuna is not installed.
    """
    split = read_split(train, test, valid)
    said = f"published: {train.name} / {test.name}"
    if valid is None:
        return evaluate(split, settings, said=said, **options)
    said += f", {valid.name} left out"
    searches = {} if budget is None else _searched(split, settings, budget, options)
    said += f"; settings searched on it: {budget}" if searches else ""
    own = {name: tuning.settings for name, tuning in searches.items() if tuning.settings}
    found = evaluate(split, settings, said=said, tuned=own, **options)
    for name in found.models.keys() & searches.keys():
        found.models[name]["tuning"] = searches[name]
    return found


def _searched(split: Split, settings: Settings, budget: Budget, options: Mapping[str, Any]) -> dict[str, Tuning]:
    """Search for settings on the validation part, where any model has some."""
    inner, task = split.train.split_held_out(), judging.task_named(options.get("task", "discovery"))
    if not (names := tunable(options.get("models"), inner, task)):
        return {}
    wanted = {key: options[key] for key in ("seed", "on_step") if key in options}
    return tune(inner, names, settings, budget=budget, task=task, **wanted)
