"""Fit, rank, measure."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.beyond import by_listener, of_catalogue
from ml.evaluation.breakdown import Breakdown
from ml.evaluation.memory import peak_memory
from ml.evaluation.results import Evaluation, Measured, Protocol
from ml.foundation.progress import OnStep, unwatched
from ml.metrics.lists import Scores
from ml.metrics.significance import bootstrap_mean
from ml.models import judging
from ml.models.base import Model
from ml.models.dataset import Split
from ml.models.judging import BASELINES, Task
from ml.models.plays import Indices
from ml.models.portfolio import Portfolio

_MASKED = {"discovery": "what a listener has already", "next_listen": "nothing"}


def measure(
    models: Mapping[str, Callable[[], Model]],
    split: Split,
    *,
    said: str,
    task: Task = "discovery",
    ks: Sequence[int] = (10, 20),
    seed: int = 0,
    command: str = "",
    on_step: OnStep = unwatched,
) -> Evaluation:
    """Fit each model on the training part and measure it on the other, beside the task's baseline.

    Parameters
    ----------
    models : mapping of str to callable
        Makes each model, not fitted yet; one is held at a time. The task's baseline is among them.
    split : Split
    said : str
        The split in words.
    task : str
    ks : sequence of int >= 1
    seed : int
        Of every model's generator and of the intervals.
    command : str
        The line that gives this result again.
    on_step : callable
        Told what is being done, for a progress bar.

    Raises
    ------
    BadInput
        If there is nobody to judge by.
    """
    judging.require_judges(split, task)
    baseline = BASELINES[task]
    rng = np.random.default_rng(seed)
    listeners = judging.draw_judges(split, split.train.plays.n_users, task=task, rng=rng)
    # The baseline first: everything else is compared with it.
    order = [baseline, *(name for name in models if name != baseline)]
    scores: dict[str, dict[str, Scores]] = {}
    about: dict[str, dict[str, Any]] = {}
    target = judging.wanted(split, task)[listeners]
    bands = Breakdown.of(split, listeners)
    for name in order:
        on_step(name)
        ranked, costs = _ranked(models[name], split, listeners, task, max(ks), seed)
        scores[name] = judging.accuracy(ranked, target, ks=ks) | by_listener(ranked, split, listeners, ks=ks)
        about[name] = of_catalogue(ranked, n_items=target.shape[1], ks=ks)
        about[name] |= bands.of_model(ranked, target, scores[name], k=max(ks), seed=seed) | costs
    found = {name: _measured(scores[name], scores[baseline], seed) | about[name] for name in models}
    return Evaluation(_protocol(split, said, task, ks, len(listeners), seed, command), found)


def _ranked(
    make: Callable[[], Model], split: Split, listeners: NDArray[np.integer], task: Task, k: int, seed: int
) -> tuple[Indices, dict[str, Any]]:
    """Fit a model, let it rank for all, and let go of it; give the lists, and what they cost."""
    with peak_memory() as peak:
        begin = time.perf_counter()
        model = make().fit(split.train.data, rng=np.random.default_rng(seed))
        fitted = time.perf_counter()
        # No list is longer than the catalogue.
        ranked = judging.rank(model, split, listeners, task=task, k=min(k, split.train.data.n_items))
        ended = time.perf_counter()
        members = {"members": dict(model.worth)} if isinstance(model, Portfolio) and model.worth else {}
        del model
    return ranked, members | {"fit_seconds": fitted - begin, "score_seconds": ended - fitted, "peak_mb": peak.mb}


def _measured(scores: dict[str, Scores], baseline: dict[str, Scores], seed: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for metric, values in scores.items():
        if np.isnan(values - baseline[metric]).all():
            continue  # such as diversity, where no list has two items with tags
        mean = bootstrap_mean(values, rng=np.random.default_rng(seed))
        gain = bootstrap_mean(values, baseline=baseline[metric], rng=np.random.default_rng(seed))
        found[metric] = Measured(mean.mean, (mean.low, mean.high), gain.mean, (gain.low, gain.high))
    return found


def _protocol(
    split: Split, said: str, task: Task, ks: Sequence[int], n_listeners: int, seed: int, command: str
) -> Protocol:
    plays = split.train.plays
    return Protocol(
        task=task,
        baseline=BASELINES[task],
        split=said,
        k=tuple(ks),
        n_items=plays.n_items,
        n_train=len(plays.items),
        n_listeners=n_listeners,
        ranking="all items, never a sample",
        masked=_MASKED[task],
        interval="95 %, percentile bootstrap over listeners, 2,000 resamples",
        seed=seed,
        command=command,
    )
