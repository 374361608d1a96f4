"""What an evaluation says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ml.foundation.results import Result
from ml.metrics.significance import Interval


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
class ActivityBand(Result):
    """A model among listeners who are about equally active.

    Parameters
    ----------
    from_items, to_items : int
        Different items in training of the least and the most active of them.
    n_listeners : int
    k : int
        Length of the rankings.
    recall, ndcg : Interval
        Means over these listeners, with 95 % intervals.
    """

    from_items: int
    to_items: int
    n_listeners: int
    k: int
    recall: Interval
    ndcg: Interval


@dataclass(frozen=True, slots=True)
class PopularityBand(Result):
    """A model on items that are about equally popular.

    Parameters
    ----------
    name : str
        ``head``, ``middle``, ``tail`` or ``unheard``; see :mod:`ml.evaluation.breakdown`.
    from_listeners, to_listeners : int
        Listeners in training of the least and the most popular of these items.
    n_items : int
    n_listeners : int
        Those with something of the band to foresee; nobody else has a say.
    k : int
        Length of the rankings.
    recall : Interval
        Of what a listener should be shown of the band, the share that is among the first k; mean with 95 % interval.
    """

    name: str
    from_listeners: int
    to_listeners: int
    n_items: int
    n_listeners: int
    k: int
    recall: Interval


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
    command : str
        The line that gives this result again; empty where it was no command that asked.
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
    command: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation(Result):
    """The models of one evaluation.

    Parameters
    ----------
    protocol : Protocol
    models : dict
        By name: each metric of a listener by its name and length (``ndcg@20``) as :class:`Measured`, those of the
        whole catalogue (``coverage@20``, ``gini@20``) as numbers, and ``fit_seconds``, ``score_seconds``, ``peak_mb``.
        ``by_activity`` and ``by_item_popularity`` are lists of :class:`ActivityBand` and :class:`PopularityBand`.
        A portfolio has ``members``: what each of them is worth, as :class:`ml.models.weighing.Worth`. ``settings`` are
        those that a search has found, of a model or of its members by name, where there are any; ``tuning``, where
        the search was part of the evaluation, is a :class:`~ml.evaluation.tuning.Tuning`.
    """

    protocol: Protocol
    models: dict[str, dict[str, Any]]

    def metrics(self) -> list[str]:
        """Name the metrics, in order."""
        first: dict[str, Any] = next(iter(self.models.values()), {})
        return [name for name, value in first.items() if isinstance(value, Measured)]
