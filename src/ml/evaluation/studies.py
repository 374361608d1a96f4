"""A search for settings, step by step, which can be stopped and taken up again: the door to Optuna."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.evaluation.spaces import Between, Space
from ml.foundation.atomic import disk_errors
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra
from ml.metrics.lists import Scores

if TYPE_CHECKING:
    from optuna import Study as OptunaStudy
    from optuna import Trial
    from optuna.storages import JournalStorage
    from optuna.trial import FrozenTrial

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
    value : callable
        Gives the number to be raised from the scores of the judges.
    file : Path, optional
        A journal of JSON lines; where there is one already, the search goes on from it. None keeps nothing.
    seed : int

    Raises
    ------
    MissingExtra
        If Optuna is not installed.
    BadInput
        If the journal is damaged, or its place cannot be written to.

    References
    ----------
    Bergstra et al., "Algorithms for hyper-parameter optimization", NeurIPS 2011.
    Akiba et al., "Optuna: a next-generation hyperparameter optimization framework", KDD 2019.
    """

    def __init__(
        self,
        space: Space,
        start: Mapping[str, Any],
        *,
        value: Callable[[Scores], float],
        file: Path | None,
        seed: int,
    ) -> None:
        with extra("tuning"):
            import optuna
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self._space, self._value, self._file = space, value, file
        self._start = {key: start[key] for key in space}
        with _journal_errors(file):
            self._study: OptunaStudy = optuna.create_study(
                storage=None if file is None else _journal(file),
                study_name="settings",
                load_if_exists=True,
                direction="maximize",
            )
            known = self._study.get_trials(deepcopy=False)
            # A search that is taken up again must not draw the same numbers once more.
            self._study.sampler = optuna.samplers.TPESampler(seed=(seed + len(known)) % 2**32, n_startup_trials=FIRST)
            waiting = any(trial.state == optuna.trial.TrialState.WAITING for trial in known)
            if not waiting and not self._judged():
                self._study.enqueue_trial(self._start)

    @property
    def n_trials(self) -> int:
        """Count what was judged; a proposal whose judgement was interrupted does not count."""
        return len(self._judged())

    def propose(self) -> Trial:
        """Give a trial; its settings are ``trial.params``."""
        with _journal_errors(self._file):
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
        reached, known = self._value(scores), self._told()
        with _journal_errors(self._file):
            # What could be the start or the best is kept judge by judge, for the interval between the two.
            if not known or reached > max(each.value or 0.0 for each in known) or trial.params == self._start:
                trial.set_user_attr(_SCORES, np.round(scores, 6).tolist())
            self._study.tell(trial, reached)

    def best(self) -> tuple[dict[str, Any], Scores]:
        """Give the best settings, and how good they were for each judge."""
        best = max(self._told(), key=lambda trial: trial.value or 0.0)
        return dict(best.params), _scores(best)

    def first(self) -> Scores:
        """Give how good the settings in force were for each judge."""
        return _scores(next(trial for trial in self._told() if trial.params == self._start))

    def _judged(self) -> list[FrozenTrial]:
        with _journal_errors(self._file):
            return [trial for trial in self._study.get_trials(deepcopy=False) if trial.value is not None]

    def _told(self) -> list[FrozenTrial]:
        """Give the trials that are known judge by judge: with several processes, one may lack an earlier best."""
        return [trial for trial in self._judged() if _SCORES in trial.user_attrs]


def _scores(trial: FrozenTrial) -> Scores:
    return np.asarray(trial.user_attrs[_SCORES], dtype=np.float64)


def _journal(file: Path) -> JournalStorage:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    file.parent.mkdir(parents=True, exist_ok=True)
    return JournalStorage(JournalFileBackend(str(file)))


@contextmanager
def _journal_errors(file: Path | None) -> Iterator[None]:
    """Say which journal it is that cannot be read or written."""
    if file is None:
        yield
        return
    try:
        with disk_errors(file), _whole():
            yield
    # Broken JSON and UTF-8 are ValueErrors; the others are what Optuna meets in lines that it has not written.
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        raise BadInput(f"{file}: this search is damaged", "remove the file: the search begins anew") from error
    except OSError as error:
        raise BadInput(
            f"{file}: the search cannot be kept there ({error.strerror})", "name another folder: ML_HOME=FOLDER ml …"
        ) from error


@contextmanager
def _whole() -> Iterator[None]:
    """Let Ctrl-C wait until the block has ended: cut off in it, the journal's lock would hold up the next search."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are none of other threads' business
        return
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if asked:
            signal.raise_signal(signal.SIGINT)
