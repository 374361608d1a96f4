"""Many lists that together give groups their share of the exposure, at the least loss of score.

Who is served better by an item of the group gets it: a single list may hold none, and all together keep the target.

The greatest sum of discounted scores under floors on the groups' exposure is found by its dual: each group has a price,
the same in all lists, that is added to the scores of its items; each list is then simply sorted. Exposure of a group
grows with its price, so the price that just reaches the target is found by bisection; several groups take turns.

References
----------
Boyd and Vandenberghe, "Convex Optimization", 2004, chapter 5, for the dual; Singh and Joachims, "Fairness of exposure
in rankings", KDD 2018, for the constraint; Biega et al., "Equity of attention", SIGIR 2018, for amortising.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.metrics.group_exposure import discounts
from ml.models.plays import Indices

#: Halvings of a price's range: to the last digit of a float32. Turns of several groups.
_HALVINGS, _TURNS = 26, 12


@dataclass(frozen=True, eq=False)
class Priced:
    """Lists and what the constraint costs.

    Parameters
    ----------
    ranked : int32 [shape=(n_users, k)]
        -1 where a list ends early.
    prices : dict of int to float >= 0
        What is added to the scores of a group's items; 0 where the target holds without.
    shares : dict of int to float
        Of the exposure that each group of the targets has.
    missed : tuple of int
        Groups whose target is out of reach.
    """

    ranked: Indices
    prices: dict[int, float]
    shares: dict[int, float]
    missed: tuple[int, ...]


def amortise(
    items: Indices,
    scores: NDArray[np.floating[Any]],
    groups: NDArray[np.integer[Any]],
    least: Mapping[int, float],
    *,
    k: int,
) -> Priced:
    """Rank the candidates of many listeners so that groups reach their shares of all exposure.

    Parameters
    ----------
    items : int32 [shape=(n_users, m)]
        Candidates of each listener, none twice; -1 for none. A group can be given no more than what is in here.
    scores : float [shape=(n_users, m)]
        Of the candidates, on one scale for all listeners: a point lost weighs the same in every list.
    groups : int [shape=(n_items,)]
    least : mapping of int to float in [0, 1]
        The share of the exposure that a group should reach, by the group; all of them sum to 1 at most.
    k : int >= 1

    Raises
    ------
    ValueError
        If a target is no share, or all together are more than everything.

    Examples
    --------
    Item 2 is nearly as good for the second listener, and much worse for the first.

    >>> items = np.array([[0, 2], [1, 2]], dtype=np.int32)
    >>> scores = np.array([[1.0, 0.1], [1.0, 0.9]])
    >>> priced = amortise(items, scores, np.array([0, 0, 1]), {1: 0.5}, k=1)
    >>> priced.ranked, priced.shares, round(priced.prices[1], 3)
    (array([[0],
           [2]], dtype=int32), {1: 0.5}, 0.1)
    """
    if any(not 0 <= target <= 1 for target in least.values()) or sum(least.values()) > 1 + 1e-9:
        raise ValueError(f"targets are shares, at most 1 together, not {dict(least)}")
    pool = _Pool.of(items, scores, groups, k)
    prices = dict.fromkeys(least, 0.0)
    span = pool.span
    for _ in range(_TURNS if len(least) > 1 else 1):
        before = dict(prices)
        for group, target in least.items():
            prices[group] = _price(pool, prices, group, target, span * (1 + len(least)))
        if all(abs(prices[group] - before[group]) <= span * 2.0**-_HALVINGS for group in least):
            break
    ranked = pool.rank(prices)
    shares = {group: pool.share(ranked, group) for group in least}
    missed = tuple(group for group, target in least.items() if shares[group] < target - 1e-9)
    return Priced(ranked, prices, shares, missed)


@dataclass(frozen=True, eq=False)
class _Pool:
    """Candidates with their groups."""

    items: Indices
    scores: NDArray[np.float64]
    groups: NDArray[np.int64]
    group_of: NDArray[np.integer[Any]]
    k: int

    @classmethod
    def of(cls, items: Indices, scores: NDArray[np.floating[Any]], group_of: NDArray[np.integer[Any]], k: int) -> _Pool:
        missing = (items < 0) | ~np.isfinite(scores)
        values = np.where(missing, -np.inf, scores).astype(np.float64)
        # Of equal sums the smaller item comes first, as in any other ranking.
        order = np.argsort(np.where(missing, len(group_of), items), axis=1, kind="stable")
        items, values = np.take_along_axis(items, order, 1), np.take_along_axis(values, order, 1)
        gone = ~np.isfinite(values)
        return cls(np.where(gone, -1, items), values, np.where(gone, -1, group_of[items]), group_of, k)

    @property
    def span(self) -> float:
        """The largest difference that a price may have to bridge."""
        finite = np.isfinite(self.scores)
        high = np.where(finite, self.scores, -np.inf).max(initial=-np.inf)
        low = np.where(finite, self.scores, np.inf).min(initial=np.inf)
        return float(high - low) * (1 + 1e-6) + 1e-9 if finite.any() else 0.0

    def rank(self, prices: Mapping[int, float]) -> Indices:
        sums = self.scores.copy()
        for group, price in prices.items():
            sums[self.groups == group] += price
        best = np.argsort(-sums, axis=1, kind="stable")[:, : self.k]
        ranked = np.full((len(self.items), self.k), -1, dtype=np.int32)
        ranked[:, : best.shape[1]] = np.take_along_axis(self.items, best, 1)
        return ranked

    def share(self, ranked: Indices, group: int) -> float:
        worth = discounts(self.k)[np.newaxis, :]
        filled = ranked >= 0
        whole = float((worth * filled).sum())
        mine = filled & (self.group_of[np.maximum(ranked, 0)] == group)
        return float((worth * mine).sum() / whole) if whole else 0.0


def _price(pool: _Pool, prices: Mapping[int, float], group: int, target: float, most: float) -> float:
    """Find the smallest price that reaches the target beside the other groups' prices; the largest where none does."""

    def reached(price: float) -> bool:
        return pool.share(pool.rank({**prices, group: price}), group) >= target - 1e-12

    if reached(0.0):
        return 0.0
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
