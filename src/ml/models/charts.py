"""Rankings that many listeners share: scored once, and ranked once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats, Indices, Plays
from ml.models.topk import top_k

#: Charts that a model keeps, and other things of as many numbers as there are items; then it begins anew.
KEPT = 64
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
    >>> Chart(np.array([0.5, 1.0, 0.2], dtype=np.float32)).first(2).tolist()
    [1, 0]
    """

    scores: Floats
    _order: Indices = field(default_factory=lambda: np.empty(0, dtype=np.int32), init=False, repr=False)

    def first(self, n: int) -> Indices:
        """List the best n items, best first; fewer where there are no more."""
        needed = min(len(self.scores), n)
        order = self._order
        if len(order) < needed:
            # One assignment: another thread sees the old or the new.
            order = self._order = top_k(self.scores[np.newaxis], max(needed, min(PLACES, len(self.scores))))[0][0]
        return order[:needed]


@dataclass(frozen=True)
class ByChart:
    """Scores of some listeners, each of whom has a chart.

    Parameters
    ----------
    charts : sequence of Chart
    """

    charts: Sequence[Chart]

    @cached_property
    def _different(self) -> tuple[list[Chart], NDArray[np.int64]]:
        """The charts, each once, and which of them each listener's is."""
        different = list(dict.fromkeys(self.charts))
        place = {chart: number for number, chart in enumerate(different)}
        return different, np.array([place[chart] for chart in self.charts], dtype=np.int64)

    def at(self, users: NDArray[np.integer], items: NDArray[np.integer]) -> Floats:
        """Give the scores of pairs of a listener and an item, float32 [shape=(n_pairs,)]."""
        different, which = self._different
        if len(different) == 1:
            return np.asarray(different[0].scores[items])
        scores = np.empty(len(items), dtype=np.float32)
        chart_of = which[users]
        for number, chart in enumerate(different):
            mine = chart_of == number
            scores[mine] = chart.scores[items[mine]]
        return scores

    def first(self, n: int, history: Plays | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give listeners and the best n items of each, without those of a history."""
        different, which = self._different
        if history is None or not len(history.items):
            best = np.stack([chart.first(n) for chart in different]).astype(np.int64)[which]
            return np.repeat(np.arange(len(which)), best.shape[1]), best.ravel()
        # Whoever has heard the most of the best still has n left.
        depth = n + int(np.diff(history.indptr).max())
        best = np.stack([chart.first(depth) for chart in different]).astype(np.int64)[which]
        pairs = np.arange(len(which))[:, np.newaxis] * history.n_items + best
        heard = np.sort(history.users.astype(np.int64) * history.n_items + history.items)
        place = np.minimum(np.searchsorted(heard, pairs), len(heard) - 1)
        new = heard[place] != pairs
        users, column = np.nonzero(new & (np.cumsum(new, axis=1) <= n))
        return users, best[users, column]
