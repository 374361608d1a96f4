"""Which tracks a list may be made of, as an integer program: everything but their order.

What depends on the order is in it as far as numbers tell: an artist whose tracks are ``g`` others apart has at most
``(n + g) / (g + 1)`` of ``n``. So what it says cannot be, cannot be; what it says can be has still to be put in order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, vstack

from ml.playlist_generator.holding.demands import Cap, Count, Demand, Demands, Gap, Ground, Length, Only, Share

Rows = NDArray[np.int64]
#: What :func:`scipy.optimize.milp` says.
_SOLVED, _IMPOSSIBLE = 0, 2
#: Shares are counted in so many parts, and lengths in seconds: all unknowns are whole then, and no coefficient is large.
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
    program = _Program(rows, ground)
    for demand in demands:
        program.demand(demand, slack=demand.name == loosened)
    program.songs()
    program.at_least_one()
    return program.solve(None if liking is None else liking[rows], demands.fixed, budget_s, loose=loosened is not None)


class _Program:
    """Rows of ``low <= A x <= high``; the last column is how far the loosened demand is broken."""

    def __init__(self, rows: Rows, ground: Ground) -> None:
        self.rows, self.ground, self.m = rows, ground, len(rows)
        self._parts: list[csr_array] = []
        self._low: list[NDArray[np.float64]] = []
        self._high: list[NDArray[np.float64]] = []

    def demand(self, demand: Demand, *, slack: bool) -> None:
        match demand:
            case Length():
                seconds = self.ground.duration_ms[self.rows] / 1000
                self._between(seconds, demand.low_ms / 1000, demand.high_ms / 1000, slack)
            case Count():
                self._between(np.ones(self.m), demand.least, demand.most, slack)
            case Share():
                of = _SHARES * demand.of[self.rows]
                self._between(of - np.round(_SHARES * demand.least), 0, np.inf, slack)
                self._between(of - np.round(_SHARES * demand.most), -np.inf, 0, slack)
            case Cap():
                self._of_each(self.ground.artist, 1.0, 0.0, float(demand.most), slack)
            case Gap():
                codes = getattr(self.ground, demand.between)
                self._of_each(codes, demand.tracks + 1.0, -1.0, float(demand.tracks), slack)
            case Only() if slack:
                self._between((~demand.of[self.rows]).astype(float), -np.inf, 0, slack)
            case _:
                pass  # Only is in the rows, Have and Pin are in the bounds

    def songs(self) -> None:
        """Take each song once."""
        self._of_each(self.ground.song, 1.0, 0.0, 1.0, False)

    def at_least_one(self) -> None:
        self._between(np.ones(self.m), 1, np.inf, False)

    def _between(self, weights: NDArray[np.float64], low: float, high: float, slack: bool) -> None:
        for end, sign in ((low, 1.0), (high, -1.0)):
            if np.isfinite(end):
                row = np.append(weights, sign if slack else 0.0)[None, :]
                self._add(csr_array(row), end if sign > 0 else -np.inf, end if sign < 0 else np.inf)

    def _of_each(self, codes: NDArray[np.int64], own: float, others: float, most: float, slack: bool) -> None:
        """Bound ``own`` times the tracks of each code plus ``others`` times all tracks."""
        found, inverse, counts = np.unique(codes[self.rows], return_inverse=True, return_counts=True)
        several = np.flatnonzero(counts > 1 if own > most or most >= 1 else counts > 0)
        if not len(several):
            return
        place = np.full(len(found), -1)
        place[several] = np.arange(len(several))
        columns = np.flatnonzero(place[inverse] >= 0)
        part = coo_array(
            (np.full(len(columns), own), (place[inverse[columns]], columns)), shape=(len(several), self.m + 1)
        ).tocsr()
        if others:
            every = np.full((len(several), self.m + 1), others)
            every[:, -1] = 0
            part = csr_array(part + csr_array(every))
        if slack:
            last = coo_array(
                (np.full(len(several), -1.0), (np.arange(len(several)), np.full(len(several), self.m))), part.shape
            )
            part = csr_array(part + last.tocsr())
        self._parts.append(csr_array(part))
        self._low.append(np.full(len(several), -np.inf))
        self._high.append(np.full(len(several), most))

    def _add(self, row: csr_array, low: float, high: float) -> None:
        self._parts.append(row)
        self._low.append(np.array([low]))
        self._high.append(np.array([high]))

    def solve(self, liking: NDArray[np.floating] | None, fixed: set[int], budget_s: float, *, loose: bool) -> Choice:
        least = np.append(np.isin(self.rows, list(fixed)).astype(float), 0.0)
        most = np.append(np.ones(self.m), _MOST_SLACK if loose else 0.0)
        cost = np.zeros(self.m + 1)
        if liking is not None:
            cost[:-1] = -np.asarray(liking, dtype=float)
        if loose:
            cost[:] = 0
            cost[-1] = 1.0
        found = milp(
            cost,
            integrality=np.ones(self.m + 1, dtype=np.int64),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(
                vstack(self._parts, format="csr"), np.concatenate(self._low), np.concatenate(self._high)
            ),
            # What is liked best is a wish; how far a demand has to be loosened is told, and has to be right.
            options={"time_limit": budget_s, "mip_rel_gap": 1e-6 if loose else 0.02},
        )
        if found.x is None:
            return Choice(None, certain=found.status == _IMPOSSIBLE)
        taken = self.rows[found.x[:-1] > 0.5]
        return Choice(taken, certain=found.status == _SOLVED, slack=float(found.x[-1]))
