"""Which tracks a list may be made of, as an integer program: everything but their order.

What depends on the order is in it as far as numbers tell: an artist whose tracks are ``g`` others apart has at most
``(n + g) / (g + 1)`` of ``n``. So what it says cannot be, cannot be; what it says can be has still to be put in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from ml.playlist_generator.holding.demands import Cap, Count, Demand, Demands, Gap, Ground, Length, Only, Pin, Share
from ml.playlist_generator.holding.program import Program

Rows = NDArray[np.int64]
#: Shares are counted in so many parts, and lengths in seconds, so that all unknowns are whole.
_SHARES = 1_000.0
#: No demand is broken by more: a day in seconds.
_MOST_SLACK = 86_400.0


@dataclass(frozen=True)
class Choice:
    """What came of it.

    Parameters
    ----------
    rows : int64 [shape=(n,)] or None
        The tracks; None where there are none, or none were found.
    certain : bool
        Whether the solver came to an end: without rows, that nothing can be chosen.
    slack : float
        How far the loosened demand is broken: in whole seconds, thousandths of the list, or tracks.
    """

    rows: Rows | None
    certain: bool
    slack: float = 0.0


def choose(
    demands: Demands,
    ground: Ground,
    *,
    liking: NDArray[np.floating] | None = None,
    loosened: str | None = None,
    budget_s: float = 5.0,
) -> Choice:
    """Choose tracks that meet all demands but those on their order.

    Parameters
    ----------
    demands : Demands
    ground : Ground
    liking : float [shape=(n_tracks,)], optional
        What is made large, in the sum, among what is possible.
    loosened : str, optional
        A demand that may be broken, as little as possible; one on the order, or of a track, is left out.
    budget_s : float
    """
    firm = demands if loosened is None else demands.without([loosened])
    if not any(demand.name == loosened for demand in demands.of(Length, Count, Share, Cap, Only)):
        demands, loosened = firm, None  # it is not broken by degrees
    rows = np.flatnonzero(firm.allowed(len(ground)))
    if not len(rows) or not all(only.of[list(firm.fixed)].all() for only in firm.of(Only)):
        return Choice(None, certain=True)
    choosing = _Choosing(demands, ground, rows, loosened is not None)
    for demand in demands:
        choosing.demand(demand, slack=demand.name == loosened)
    choosing.of_each(ground.song[:, None], 1.0, 0.0, 1.0, slack=False)
    if liking is not None and loosened is None:
        choosing.program.cost[:-2] = -np.asarray(liking[rows], dtype=float)
    # What is liked best is a wish; how far a demand has to be loosened is told, and has to be right.
    found = choosing.program.solve(budget_s=budget_s, gap=0.02 if loosened is None else 1e-6)
    if found.values is None:
        return Choice(None, certain=found.certain)
    return Choice(rows[found.values[:-2] > 0.5], certain=found.certain, slack=float(found.values[-1]))


class _Choosing:
    """The program over some tracks; then come how many are taken, and how far the loosened demand is broken."""

    def __init__(self, demands: Demands, ground: Ground, rows: Rows, loose: bool) -> None:
        self.rows, self.ground, self.m = rows, ground, len(rows)
        cost = np.zeros(self.m + 2)
        cost[-1] = float(loose)
        positions = [1, 1, *(pin.position + 1 for pin in demands.of(Pin))]  # the list reaches them
        least = np.concatenate([np.isin(rows, list(demands.fixed)).astype(float), [max(positions), 0.0]])
        self.program = Program(
            cost, least, np.concatenate([np.ones(self.m), [max(self.m, *least[-2:]), _MOST_SLACK * loose]])
        )
        count = np.concatenate([np.ones(self.m), [-1.0, 0.0]])
        self.program.add(csr_array(count[None, :]), 0.0, 0.0)

    def demand(self, demand: Demand, *, slack: bool) -> None:
        """Take a demand in; it is broken by the last unknown where there is slack."""
        match demand:
            case Length():
                seconds = self.ground.duration_ms[self.rows] / 1000
                self.between(seconds, demand.low_ms / 1000, demand.high_ms / 1000, slack=slack)
            case Count():
                self.between(np.ones(self.m), demand.least, demand.most, slack=slack)
            case Share():
                of = _SHARES * demand.of[self.rows]
                self.between(of - np.round(_SHARES * demand.least), 0, np.inf, slack=slack)
                self.between(of - np.round(_SHARES * demand.most), -np.inf, 0, slack=slack)
            case Cap():
                self.of_each(self.ground.credited, 1.0, 0.0, float(demand.most), slack=slack)
            case Gap():
                codes = self.ground.credited if demand.between == "artist" else self.ground.album[:, None]
                self.of_each(codes, demand.tracks + 1.0, -1.0, float(demand.tracks), slack=False)
            case Only() if slack:
                self.between((~demand.of[self.rows]).astype(float), -np.inf, 0, slack=True)
            case _:
                pass  # Only is in the rows, Have and Pin are in the ends of the unknowns

    def between(self, weights: NDArray[np.floating], low: float, high: float, *, slack: bool) -> None:
        """Bound a weighted sum over the tracks."""
        for end, sign in ((low, 1.0), (high, -1.0)):
            if np.isfinite(end):
                row = csr_array(np.concatenate([weights, [0.0, sign if slack else 0.0]])[None, :])
                self.program.add(row, *((end, np.inf) if sign > 0 else (-np.inf, end)))

    def of_each(self, codes: NDArray[np.int64], own: float, others: float, most: float, *, slack: bool) -> None:
        """Bound ``own`` times the tracks of each code plus ``others`` times all tracks, where there are several.

        Codes are [shape=(n_tracks, k)]: a track may have several.
        """
        found, inverse, counts = np.unique(codes[self.rows], return_inverse=True, return_counts=True)
        inverse = inverse.reshape(self.m, -1)
        several = np.flatnonzero(counts > 1)
        if not len(several):
            return
        place = np.full(len(found), -1)
        place[several] = np.arange(len(several))
        columns, which = np.nonzero(place[inverse] >= 0)
        every = np.arange(len(several))
        values = [np.full(len(columns), own), np.full(len(several), others), np.full(len(several), -float(slack))]
        rows = np.concatenate([place[inverse[columns, which]], every, every])
        where = np.concatenate([columns, np.full(len(several), self.m), np.full(len(several), self.m + 1)])
        part = coo_array((np.concatenate(values), (rows, where)), shape=(len(several), self.m + 2))
        self.program.add(csr_array(part.tocsr()), -np.inf, most)
