"""The verb: search for settings of models on a part of what they may learn from.

Conventions
-----------
A search is given a split whose second part was carved out of training data, or is a published validation file. It never
sees what an evaluation tests on: whoever cuts the split sees to that.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from ml.evaluation.budget import Budget
from ml.evaluation.contenders import require_known
from ml.evaluation.ground import Ground, choosing, confirming
from ml.evaluation.interactions import read_history, read_split
from ml.evaluation.spaces import SPACES, space_around
from ml.evaluation.studies import Study
from ml.foundation.counting import number_of
from ml.foundation.errors import BadInput
from ml.foundation.progress import OnStep, unwatched
from ml.foundation.results import Result
from ml.foundation.settings import Recommendation as Settings
from ml.metrics.significance import Interval, bootstrap_mean
from ml.models import judging
from ml.models.base import config_of
from ml.models.dataset import Split
from ml.models.gate import FEWEST
from ml.models.judging import Task
from ml.models.making import make, members_of
from ml.models.splits import cut
from ml.models.tuned import words


@dataclass(frozen=True, slots=True)
class Tuning(Result):
    """What a search found for one model.

    Parameters
    ----------
    settings : dict
        The best that were tried, where they are better than those in force for sure; else empty.
    value : float
        Mean NDCG@20 of the best that were tried, over the listeners who had no part in choosing them.
    before : float
        That of the settings in force.
    gain : Interval
        Of their difference, listener by listener, over the same.
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
class Searched(Result):
    """What a search found.

    Parameters
    ----------
    models : dict of str to Tuning
    not_reached : tuple of str
        Models that the time was over for before their first trial.
    """

    models: dict[str, Tuning]
    not_reached: tuple[str, ...]

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        """Settings by the models that any were found for."""
        return {name: tuning.settings for name, tuning in self.models.items() if tuning.settings}


def tune(
    split: Split,
    settings: Settings,
    *,
    budget: Budget,
    models: Sequence[str] | None = None,
    task: Task = "discovery",
    seed: int = 0,
    folder: Path | None = None,
    on_step: OnStep = unwatched,
) -> Searched:
    """Search for the settings of models that foresee best what listeners play in the second part of a split.

    Half of the listeners choose, the other half say what the choice is worth.

    Parameters
    ----------
    split : Split
        Carved out of what may be learned from.
    settings : ml.foundation.settings.Recommendation
        In force, where the search begins.
    budget : Budget
    models : sequence of str, optional
        Names; one with members stands for them. None is all that the data have something for.
    task : str
    seed : int
        Of models, judges and the search.
    folder : Path, optional
        Where searches are kept, to go on from; None keeps nothing.
    on_step : callable
        Told what is tried.

    Raises
    ------
    BadInput
        If there is no such model, or none of them has settings to search for, or too few listeners have anything to
        foresee.
    MissingExtra
        If Optuna is not installed.
    """
    chosen = tunable(models, split, task)
    if not chosen:
        asked = ", ".join(models or ["any model"])
        there = ", ".join(tunable(None, split, task))
        raise BadInput(f"{asked}: no settings to search for on these data", f"here there are those of {there}")
    judging.require_repeats(split, task)
    ground = Ground.of(split, task, seed)
    if len(ground.judges) < FEWEST:
        raise BadInput(
            f"settings cannot be chosen by {number_of(len(ground.judges), 'listener')} with anything to foresee:"
            f" it takes {FEWEST}",
            "the defaults are for few listeners; or search on another --split",
        )
    mark, ends = ground.mark(), None if budget.minutes is None else time.monotonic() + 60 * budget.minutes
    found: dict[str, Tuning] = {}
    for place, name in enumerate(chosen):
        now = time.monotonic()
        until = None if ends is None else now + max(0.0, ends - now) / (len(chosen) - place)
        start = config_of(make(name, settings))
        study = _study(name, start, ground, mark, folder)
        before = study.n_trials
        _search(study, name, start, ground, until, budget.trials, on_step)
        if study.n_trials:
            found[name] = _found(study, before, seed)
    return Searched(found, tuple(name for name in chosen if name not in found))


def tune_files(
    settings: Settings, train: Path, valid: Path | None = None, *, seed: int = 0, **options: Any
) -> tuple[str, Searched]:
    """Search on files of ``user item item …`` lines; give the split in words, and what was found.

    Parameters
    ----------
    settings : ml.foundation.settings.Recommendation
    train : Path
    valid : Path, optional
        What settings are chosen by; left out, a part of the training file.
    seed : int
    **options
        Of :func:`tune`: ``budget``, ``models``, ``folder`` and ``on_step``.

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
    return said, tune(split, settings, seed=seed, **options)


def tunable(models: Sequence[str] | None, split: Split, task: Task) -> list[str]:
    """Name the models, or members of models, that have settings to search for.

    Raises
    ------
    BadInput
        If there is no such model.
    """
    require_known(models)
    asked = {member for name in (SPACES if models is None else models) for member in members_of(name, task)}
    return [name for name in SPACES if name in asked and judging.has_a_say(name, split.train, task)]


def _study(name: str, start: dict[str, Any], ground: Ground, mark: str, folder: Path | None) -> Study:
    space = space_around(name, start)
    about = f"{mark} {sorted(start.items())} {space}"
    file = None if folder is None else folder / f"{name}-{sha256(about.encode()).hexdigest()[:12]}.log"
    return Study(space, start, value=choosing, file=file, seed=ground.seed)


def _search(
    study: Study,
    name: str,
    start: dict[str, Any],
    ground: Ground,
    until: float | None,
    most: int | None,
    on_step: OnStep,
) -> None:
    began, new = time.monotonic(), 0
    while most is None or study.n_trials < most:
        now = time.monotonic()
        if until is not None and now + (now - began) / max(1, new) >= until:
            break
        trial = study.propose()
        on_step(f"{name} {study.n_trials + 1}: {words(trial.params)}")
        study.learn(trial, ground.judge(name, start | trial.params))
        new += 1


def _found(study: Study, before: int, seed: int) -> Tuning:
    settings, scores = study.best()
    after, first = confirming(scores), confirming(study.first())
    gain = bootstrap_mean(after, baseline=first, rng=np.random.default_rng(seed))
    return Tuning(
        settings=settings if gain.low > 0 else {},
        value=float(np.nanmean(after)),
        before=float(np.nanmean(first)),
        gain=gain,
        trials=study.n_trials,
        new_trials=study.n_trials - before,
    )
