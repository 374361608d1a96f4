"""What an evaluation says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Measured(Result):
    """The mean of a metric over listeners.

    Parameters
    ----------
    value : float
    ci : tuple of float
        Ends of the 95 % interval.
    above_baseline : float
        Mean difference to the baseline, listener by listener; 0 for the baseline itself.
    above_baseline_ci : tuple of float
    """

    value: float
    ci: tuple[float, float]
    above_baseline: float
    above_baseline_ci: tuple[float, float]

    @property
    def beats_baseline(self) -> bool:
        """Whether the interval of the difference lies above zero."""
        return self.above_baseline_ci[0] > 0


@dataclass(frozen=True, slots=True)
class Protocol(Result):
    """How the numbers came about.

    Parameters
    ----------
    task : str
        ``discovery`` or ``next_listen``.
    baseline : str
        The model that every other one is compared with.
    split : str
        In words.
    k : tuple of int
    n_items, n_train : int
        Items ranked, and plays learned from.
    n_listeners : int
        Those judged: everybody with something to foresee.
    ranking, masked, interval : str
        In words.
    seed : int
    """

    task: str
    baseline: str
    split: str
    k: tuple[int, ...]
    n_items: int
    n_train: int
    n_listeners: int
    ranking: str
    masked: str
    interval: str
    seed: int


@dataclass(frozen=True, slots=True)
class Evaluation(Result):
    """The models of one evaluation.

    Parameters
    ----------
    protocol : Protocol
    models : dict
        By name: each metric of a listener by its name and length (``ndcg@20``) as :class:`Measured`, those of the
        whole catalogue (``coverage@20``, ``gini@20``) as numbers, and ``fit_seconds``, ``score_seconds``, ``peak_mb``.
        A portfolio has ``members``: what each of them is worth, as :class:`ml.models.weighing.Worth`.
    """

    protocol: Protocol
    models: dict[str, dict[str, Any]]

    def metrics(self) -> list[str]:
        """Name the metrics, in order."""
        first: dict[str, Any] = next(iter(self.models.values()), {})
        return [name for name, value in first.items() if isinstance(value, Measured)]
