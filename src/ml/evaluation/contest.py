"""The verbs: models against each other on one split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from ml.evaluation.contenders import contenders
from ml.evaluation.interactions import read_split
from ml.evaluation.results import Evaluation
from ml.evaluation.running import OnStep, measure
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.settings import Recommendation as Settings
from ml.models.dataset import Split
from ml.models.judging import Task


def evaluate(
    split: Split,
    settings: Settings,
    *,
    said: str,
    models: Sequence[str] | None = None,
    ks: Sequence[int] = (10, 20),
    task: str = "discovery",
    seed: int = 0,
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
    command : str
        The line that gives this result again, for whoever reads it; see :class:`~ml.evaluation.results.Protocol`.
    on_step : callable
        Told which model is at work.

    Raises
    ------
    BadInput
        If there is no such model or task, a length is below 1, or there is nobody to judge by.
    """
    chosen = _task(task)
    if not ks or min(ks) < 1:
        raise BadInput(f"k = {list(ks)}", "give lengths of at least 1")
    if chosen == "next_listen" and split.played.nnz == split.relevant.nnz:
        raise BadInput(
            "nothing in the part held out is a repeat, so there is nothing that replay, the baseline, could foresee",
            "next_listen needs dates: --split time or last",
        )
    makers = contenders(models, split.train, settings, task=chosen)
    return measure(makers, split, said=said, task=chosen, ks=ks, seed=seed, command=command, on_step=on_step)


def evaluate_files(
    settings: Settings, train: Path, test: Path, valid: Path | None = None, **options: Any
) -> Evaluation:
    """Measure models on a published split in files of ``user item item …`` lines.

    Parameters
    ----------
    settings : ml.foundation.settings.Recommendation
    train, test : Path
    valid : Path, optional
        Its pairs are left out of the ranking too.
    **options
        Of :func:`evaluate`: ``models``, ``ks``, ``task``, ``seed``, ``command`` and ``on_step``.

    Raises
    ------
    BadInput
        Also if a file is missing or a line of it is not of the format.
    """
    split = read_split(train, test, valid)
    said = f"published: {train.name} / {test.name}" + ("" if valid is None else f", {valid.name} left out")
    return evaluate(split, settings, said=said, **options)


def _task(name: str) -> Task:
    for task in get_args(Task):
        if task == name:
            return task  # type: ignore[no-any-return]
    raise BadInput(f"no task is called {name!r}", did_you_mean(name, get_args(Task)))
