"""Rankings that many listeners share: scored once, and ranked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats, Indices, Plays
from ml.models.topk import top_k

#: Places that are ranked at first: what listeners have heard is passed over.
PLACES = 1_024


@dataclass(eq=False)
class Chart:
    """Scores of all items that are the same for many listeners.

    Parameters
    ----------
    scores : float32 [shape=(n_items,)]
        Finite.

    Examples
    --------
    >>> chart = Chart(np.array([0.5, 1.0, 0.2], dtype=np.float32))
    >>> chart.first(2, without=np.array([1])).tolist()
    [0, 2]
    """

    scores: Floats
    _order: Indices = field(default_factory=lambda: np.empty(0, dtype=np.int32), init=False, repr=False)

    def first(self, n: int, *, without: NDArray[np.integer]) -> Indices:
        """List the best n items that are not among some others, best first; fewer where there are no more."""
        needed = min(len(self.scores), n + len(without))
        order = self._order
        if len(order) < needed:
            # One assignment: another thread sees the old or the new.
            order = self._order = top_k(self.scores[np.newaxis], max(needed, min(PLACES, len(self.scores))))[0][0]
        near = order[:needed]
        return near[~np.isin(near, without)][:n]


@runtime_checkable
class Charted(Protocol):
    """What a model has besides that gives many listeners the same scores."""

    def charts(self, history: Plays) -> list[Chart]:
        """Give the chart of each listener of a history; listeners share them."""
        ...


@dataclass(frozen=True)
class ByChart:
    """Scores of some listeners, each of whom has a chart.

    Parameters
    ----------
    charts : sequence of Chart
    """

    charts: Sequence[Chart]

    def at(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> Floats:
        """Give the scores of pairs of a listener and an item, float32 [shape=(n_pairs,)]."""
        different = list(dict.fromkeys(self.charts))
        if len(different) == 1:
            return np.asarray(different[0].scores[items])
        place = {chart: number for number, chart in enumerate(different)}
        which = np.array([place[chart] for chart in self.charts])[users]
        scores = np.empty(len(items), dtype=np.float32)
        for number, chart in enumerate(different):
            mine = which == number
            scores[mine] = chart.scores[items[mine]]
        return scores

    def first(self, n: int, history: Plays | None) -> list[Indices]:
        """List the best n items of each listener, without those of a history."""
        nothing = np.empty(0, dtype=np.int32)
        return [
            chart.first(n, without=nothing if history is None else history.heard(user))
            for user, chart in enumerate(self.charts)
        ]
