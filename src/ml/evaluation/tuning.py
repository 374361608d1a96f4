"""The verb: search for settings of models on a part of what they may learn from.

Conventions
-----------
A search is given a split whose second part was carved out of training data, or is a published validation file. It never
sees what an evaluation tests on: whoever cuts the split sees to that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.interactions import read_history, read_split
from ml.evaluation.spaces import SPACES, space_around
from ml.evaluation.studies import Study
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.results import Result
from ml.foundation.settings import Recommendation as Settings
from ml.metrics.significance import Interval, bootstrap_mean
from ml.models import judging
from ml.models.base import Model, config_of
from ml.models.dataset import Split
from ml.models.judging import K, Task
from ml.models.making import make, members_of
from ml.models.registry import MODELS
from ml.models.splits import cut

#: Listeners that settings are judged by at most, drawn with the seed.
JUDGES = 3_000
METRIC = f"ndcg@{K}"

OnStep = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Tuning(Result):
    """What a search found for one model.

    Parameters
    ----------
    settings : dict
        The best that were tried, where they are better than those in force for sure; else empty.
    value : float
        Mean NDCG@20 of the best that were tried.
    before : float
        That of the settings in force.
    gain : Interval
        Of their difference, listener by listener. The best of many is a little too good: of noise, too.
    trials : int
        Settings tried in all, those in force among them.
    new_trials : int
        Those of this search; the others it took up from earlier ones.
    """

    settings: dict[str, Any]
    value: float
    before: float
    gain: Interval
    trials: int
    new_trials: int


@dataclass(frozen=True, slots=True)
class FileSearch(Result):
    """A search on files.

    Parameters
    ----------
    split : str
        In words.
    models : dict of str to Tuning
    """

    split: str
    models: dict[str, Tuning]


@dataclass(frozen=True, slots=True)
class Budget:
    """When a search ends.

    Parameters
    ----------
    minutes : float > 0, optional
        In all, shared among the models. A trial that would probably go beyond it is not begun; how long the first
        of a model takes is not known before.
    trials : int >= 1, optional
        Of each model, those of earlier searches not counted.
    """

    minutes: float | None = None
    trials: int | None = None

    def __post_init__(self) -> None:
        if self.minutes is None and self.trials is None:
            raise BadInput("a search without a budget never ends", "give minutes or trials")
        if self.minutes is not None and not self.minutes > 0:
            raise BadInput(f"{self.minutes} minutes are no time to search in", "give a number above 0")
        if self.trials is not None and self.trials < 1:
            raise BadInput(f"{self.trials} trials are none", "give at least 1")

    def __str__(self) -> str:
        limits = [] if self.minutes is None else [f"{self.minutes:g} min in all"]
        return ", ".join(limits + ([] if self.trials is None else [f"{self.trials} trials of each model"]))


def tune(
    split: Split,
    models: Sequence[str] | None,
    settings: Settings,
    *,
    budget: Budget,
    task: Task = "discovery",
    seed: int = 0,
    folder: Path | None = None,
    on_step: OnStep = lambda _: None,
) -> dict[str, Tuning]:
    """Search for the settings of models that foresee best what listeners play in the second part of a split.

    Parameters
    ----------
    split : Split
        Carved out of what may be learned from.
    models : sequence of str, optional
        Names; one with members stands for them. None is all that the data have something for.
    settings : ml.foundation.settings.Recommendation
        In force, where the search begins.
    budget : Budget
    task : str
    seed : int
        Of models, judges and the search.
    folder : Path, optional
        Where searches are kept, to go on from; None keeps nothing.
    on_step : callable
        Told what is tried.

    Returns
    -------
    dict
        By model; one that the time did not reach is not there.

    Raises
    ------
    BadInput
        If there is no such model, or none of them has settings to search for, or there is nobody to judge by.
    """
    chosen = tunable(models, split, task)
    if not chosen:
        asked = ", ".join(models or ["no model"])
        raise BadInput(f"{asked}: no settings to search for here", f"there are {', '.join(SPACES)}")
    judges = judging.draw_judges(split, JUDGES, task=task, rng=np.random.default_rng(seed))
    if not len(judges):
        raise BadInput("nobody to judge by: no listener has anything in the part held out that was not there before")
    mark = _mark(split, judges, task, seed)
    ends = None if budget.minutes is None else time.monotonic() + 60 * budget.minutes
    found = {}
    for place, name in enumerate(chosen):
        now = time.monotonic()
        until = None if ends is None else now + max(0.0, ends - now) / (len(chosen) - place)
        start = config_of(make(name, settings))
        file = None if folder is None else folder / f"{name}-{_short(mark + repr(sorted(start.items())))}.log"
        study = Study(space_around(name, start), start, file=file, seed=seed)
        before = study.n_trials
        _search(study, name, start, (split, judges, task, seed), until, budget.trials, on_step)
        if study.n_trials:
            found[name] = _found(study, before, seed)
    return found


def tune_files(
    settings: Settings, train: Path, valid: Path | None = None, *, seed: int = 0, **options: Any
) -> FileSearch:
    """Search on files of ``user item item …`` lines.

    Parameters
    ----------
    settings : ml.foundation.settings.Recommendation
    train : Path
    valid : Path, optional
        What settings are chosen by; left out, a part of the training file.
    seed : int
    **options
        Of :func:`tune`: ``models``, ``budget``, ``folder`` and ``on_step``.

    Raises
    ------
    BadInput
        Also if a file is missing or a line of it is not of the format.
    """
    if valid is None:
        split, said = cut(read_history(train), seed=seed)
        said = f"{train.name}, {said}"
    else:
        split, said = read_split(train, valid), f"{train.name} / {valid.name}"
    return FileSearch(said, tune(split, settings=settings, seed=seed, **options))


def tunable(names: Sequence[str] | None, split: Split, task: Task) -> list[str]:
    """Name the models, or members of models, that have settings to search for.

    Raises
    ------
    BadInput
        If there is no such model.
    """
    for name in names or ():
        if name not in MODELS:
            raise BadInput(f"no model is called {name!r}", did_you_mean(name, list(MODELS)))
    asked = {member for name in (SPACES if names is None else names) for member in members_of(name)}
    return [name for name in SPACES if name in asked and judging.has_a_say(name, split.train, task)]


def _search(
    study: Study,
    name: str,
    start: dict[str, Any],
    on: tuple[Split, NDArray[np.int64], Task, int],
    until: float | None,
    most: int | None,
    on_step: OnStep,
) -> None:
    split, judges, task, seed = on
    began, new = time.monotonic(), 0
    while most is None or new < most:
        now = time.monotonic()
        if until is not None and now + (now - began) / max(1, new) >= until:
            break
        trial = study.propose()
        on_step(f"{name} {study.n_trials + 1}: {_words(trial.params)}")
        model = _fitted(name, start | trial.params, split, seed)
        study.learn(trial, judging.judge(model, split, judges, task=task, metrics=("ndcg",))[METRIC])
        new += 1


def _fitted(name: str, config: dict[str, Any], split: Split, seed: int) -> Model:
    return MODELS[name](**config).fit(split.train.data, rng=np.random.default_rng(seed))


def _found(study: Study, before: int, seed: int) -> Tuning:
    best, scores = study.best()
    first = study.first()
    gain = bootstrap_mean(scores, baseline=first, rng=np.random.default_rng(seed))
    return Tuning(
        settings=best if gain.low > 0 else {},
        value=float(np.nanmean(scores)),
        before=float(np.nanmean(first)),
        gain=gain,
        trials=study.n_trials,
        new_trials=study.n_trials - before,
    )


def _words(settings: dict[str, Any]) -> str:
    return ", ".join(
        f"{key} {value:.3g}" if isinstance(value, float) else f"{key} {value}" for key, value in settings.items()
    )


def _mark(split: Split, judges: NDArray[np.int64], task: Task, seed: int) -> str:
    """Name what a search learns from: other listens, another split or other judges are another search."""
    digest = sha256(f"{task} {seed} {split.train.kind}".encode())
    plays, wanted = split.train.plays, judging.wanted(split, task)
    for array in (plays.indptr, plays.items, plays.weights, plays.times, wanted.indptr, wanted.indices, judges):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]
