"""Tracks at positions, as an integer program: exact, and for few tracks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

from ml.playlist_generator.holding.program import Program
from ml.playlist_generator.ordering.rules import Rules


@dataclass(frozen=True)
class Placement:
    """A list of places of considered tracks, or None; and whether None means that there is none."""

    order: NDArray[np.int64] | None
    certain: bool


def place_exactly(rules: Rules, n: int, *, budget_s: float) -> Placement:
    """Find a list of ``n`` tracks that keeps to all rules.

    Parameters
    ----------
    rules : Rules
    n : int >= 1
    budget_s : float
    """
    placing = _Placing(rules, n)
    placing.positions()
    placing.sums()
    placing.apart(rules.credited, rules.artist_gap)
    placing.apart(rules.album[:, None], rules.album_gap)
    found = placing.program.solve(budget_s=budget_s)
    if found.values is None:
        return Placement(None, certain=found.certain)
    return Placement(found.values.reshape(n, rules.m).argmax(axis=1).astype(np.int64), certain=True)


class _Placing:
    """One unknown for each position and track, position by position."""

    def __init__(self, rules: Rules, n: int) -> None:
        self.rules, self.n, self.m = rules, n, rules.m
        least = np.zeros((n, self.m))
        most = np.repeat((rules.refused == 0).astype(float)[None, :], n, axis=0)
        for position, track in rules.pinned.items():
            if position < n:
                least[position, track] = 1.0
        self.program = Program(np.zeros(n * self.m), least.ravel(), np.maximum(least, most).ravel())

    def add(self, places: NDArray[np.integer], weights: NDArray[np.floating], low: float, high: float) -> None:
        """Bound a weighted sum of unknowns."""
        row = coo_array((weights, (np.zeros(len(places), int), places)), shape=(1, self.n * self.m))
        self.program.add(csr_array(row), low, high)

    def total(self, weights: NDArray[Any], low: float, high: float) -> None:
        """Bound a sum over the tracks of the list, wherever they are."""
        self.add(np.arange(self.n * self.m), np.tile(weights.astype(float), self.n), low, high)

    def positions(self) -> None:
        """Put one track at each position."""
        for position in range(self.n):
            self.add(position * self.m + np.arange(self.m), np.ones(self.m), 1, 1)

    def sums(self) -> None:
        """Keep to everything that does not depend on the order."""
        rules = self.rules
        for code in np.unique(rules.song):
            self.total(rules.song == code, 0, 1)
        if rules.max_per_artist is not None:
            for code in np.unique(rules.credited):
                self.total((rules.credited == code).any(axis=1), 0, rules.max_per_artist)
        if rules.window_ms is not None:
            self.total(rules.duration_ms / 1000, rules.window_ms[0] / 1000, rules.window_ms[1] / 1000)
        for quota in rules.quotas:
            self.total(quota.of, *quota.counts(self.n))
        for track in rules.wanted:
            self.total(np.arange(self.m) == track, 1, 1)

    def apart(self, codes: NDArray[np.integer], gap: int) -> None:
        """Let each stretch of ``gap`` + 1 positions hold one track of a code at most."""
        width = min(gap + 1, self.n)
        if width < 2:
            return
        found, counts = np.unique(codes, return_counts=True)
        for code in found[counts > 1]:
            tracks = np.flatnonzero((codes == code).any(axis=1))
            for first in range(self.n - width + 1):
                places = (np.arange(first, first + width)[:, None] * self.m + tracks[None, :]).ravel()
                self.add(places, np.ones(len(places)), 0, 1)
