"""A search for settings, step by step, which can be stopped and taken up again: the door to Optuna."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ml.evaluation.spaces import Between, Space
from ml.foundation.extras import extra
from ml.metrics.lists import Scores

if TYPE_CHECKING:
    from optuna import Study as OptunaStudy
    from optuna import Trial
    from optuna.storages import JournalStorage

_SCORES = "scores"
#: Settings drawn at random before what was found leads the search.
FIRST = 6


class Study:
    """Propose settings, learn how good they were, remember everything.

    The first proposal are the settings in force; after some drawn at random, the others follow from what was
    found, by a tree-structured Parzen estimator.

    Parameters
    ----------
    space : mapping of str to Between or OneOf
    start : mapping
        The settings in force.
    file : Path, optional
        A journal of JSON lines; where there is one already, the search goes on from it. None keeps nothing.
    seed : int

    Raises
    ------
    ml.foundation.errors.MissingExtra
        If Optuna is not installed.

    References
    ----------
    Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011.
    Akiba et al., "Optuna: a next-generation hyperparameter optimization framework", KDD 2019.
    """

    def __init__(self, space: Space, start: Mapping[str, Any], *, file: Path | None, seed: int) -> None:
        with extra("tuning"):
            import optuna
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._space = space
        self._study: OptunaStudy = optuna.create_study(
            storage=None if file is None else _journal(file),
            study_name="settings",
            load_if_exists=True,
            direction="maximize",
        )
        # A search that is taken up again must not draw the same numbers once more.
        self._study.sampler = optuna.samplers.TPESampler(seed=seed + len(self._study.trials), n_startup_trials=FIRST)
        if not self._judged():
            self._study.enqueue_trial({key: start[key] for key in space})

    @property
    def n_trials(self) -> int:
        """Count what was judged; a proposal whose judgement was interrupted does not count."""
        return len(self._judged())

    def propose(self) -> Trial:
        """Give a trial; its settings are ``trial.params``."""
        trial = self._study.ask()
        for key, axis in self._space.items():
            if not isinstance(axis, Between):
                trial.suggest_categorical(key, axis.values)
            elif axis.whole:
                trial.suggest_int(key, int(axis.low), int(axis.high), log=axis.log)
            else:
                trial.suggest_float(key, axis.low, axis.high, log=axis.log)
        return trial

    def learn(self, trial: Trial, scores: Scores) -> None:
        """Take how good the settings of a trial were for each judge, float64 [shape=(n,)], ``nan`` for no say."""
        mean, judged = float(np.nanmean(scores)), self._judged()
        # What could be the start or the best is kept judge by judge, for the interval between the two.
        if not judged or mean > max(each.value or 0.0 for each in judged):
            trial.set_user_attr(_SCORES, np.round(scores, 6).tolist())
        self._study.tell(trial, mean)

    def best(self) -> tuple[dict[str, Any], Scores]:
        """Give the best settings, and how good they were for each judge."""
        best = self._study.best_trial
        return dict(best.params), _scores(best.user_attrs)

    def first(self) -> Scores:
        """Give how good the settings in force were for each judge."""
        return _scores(self._judged()[0].user_attrs)

    def _judged(self) -> list[Any]:
        return [trial for trial in self._study.get_trials(deepcopy=False) if trial.value is not None]


def _scores(attributes: Mapping[str, Any]) -> NDArray[np.float64]:
    return np.asarray(attributes[_SCORES], dtype=np.float64)


def _journal(file: Path) -> JournalStorage:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    file.parent.mkdir(parents=True, exist_ok=True)
    return JournalStorage(JournalFileBackend(str(file)))
