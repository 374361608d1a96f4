"""A list that leads from one track to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.asking import Asked
from ml.playlist_generator.composing import Composer, Composition, no_terms
from ml.playlist_generator.flow.arcs import middles
from ml.playlist_generator.holding.demands import Count, Demand, Demands, Only, Pin
from ml.playlist_generator.leading.waypoints import Waypoints
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.naming import Named
from ml.playlist_generator.ordering.table import Balance, Table
from ml.playlist_generator.request import PlaylistRequest

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

#: How much of what a path costs is its distance from the way; the rest is what every list costs.
_WAY = 0.65
#: Numbers of tracks that are tried, at most, where a length in minutes is asked.
_LENGTHS = 5
#: Tracks are left out by chance only where so many are left for each place.
_SPARE = 3


class PathComposer(Composer):
    """Searches for a list between two tracks.

    Parameters
    ----------
    tracks : Tracks
    asked : Asked
        With the start pinned.
    request : PlaylistRequest
    start, end : Named
    """

    def __init__(self, tracks: Tracks, asked: Asked, request: PlaylistRequest, start: Named, end: Named) -> None:
        ends = [int(start.rows[0]), int(end.rows[0])]
        super().__init__(tracks, replace(asked, demands=_but_for(asked.demands, ends)), request)
        self.start, self.end = start, end
        self.way = Waypoints(tracks.sounds, int(start.rows[0]), int(end.rows[0]))
        self.open = self.asked.demands
        self.allowed[self.way.end] = True

    def lead(self) -> Composition | None:
        """Find the list; None where there is none at all."""
        least, most = self.open.counts()
        first = max(least, 2)
        lengths = [n for n in self._lengths(np.flatnonzero(self.allowed)) if n >= first] or [min(first, most)]
        best: tuple[Rows, Rows, float] | None = None
        hard, self.effort = self.effort, replace(self.effort, starts=1, kicks=0)
        for n in lengths[:_LENGTHS]:
            self._end_at(n)
            rows = self.considered()
            found = self._searched(self.asked.demands, rows, [n], no_terms)
            if found is not None and found[2] and (best is None or found[1] < best[2]):
                best = found[0], rows, found[1]
            if best is not None and self.request.effort == "fast":
                break
        self.effort = hard
        if best is None:
            self._end_at(lengths[0])
            return self.compose()
        one, rows, _ = best
        self._end_at(len(one))
        again = self._searched(self.asked.demands, rows, [len(one)], no_terms, one)
        return self._composition(one if again is None or not again[2] else again[0], rows, no_terms)

    def _end_at(self, n: int) -> None:
        """Let the list have ``n`` tracks, the last of which is the end."""
        end = Pin(n - 1, self.way.end, self.end.label)
        self.asked = replace(self.asked, demands=Demands((*self.open.without(["count"]), Count(n, n, n), end)))

    def considered(self, demands: Demands | None = None) -> Rows:
        """Choose the tracks that the search looks at: for each place of the list those nearest to it on the way."""
        demands = demands or self.asked.demands
        n = demands.counts()[0]
        fixed = np.array(sorted(demands.fixed), dtype=np.int64)
        allowed = np.flatnonzero(demands.allowed(len(self.tracks)))
        stays = self.rng.random(len(allowed)) >= self.request.variety / 2
        if stays.sum() >= _SPARE * n:
            allowed = allowed[stays]
        if len(allowed) > self.effort.considered:
            away = self.way.away(middles(n), allowed) - np.float32(1 - _WAY) * self.fit[allowed][None, :]
            chance = self.rng.normal(0, 0.5 * self.request.variety, len(allowed)) * away.std(axis=1).mean()
            nearest = np.argsort(away + chance[None, :], axis=1, kind="stable")
            allowed = allowed[_first_of_each(nearest, self.effort.considered, 2 * self.effort.considered // n + 1)]
        return np.union1d(allowed, fixed)

    def table(self, rows: Rows, n: int) -> Table:
        """Put together what lists of ``n`` of some tracks cost, their distance from the way included."""
        whole = super().table(rows, n)
        way = self.way.away(middles(n), rows) * np.float32(_WAY / n)
        rest = np.float32(1 - _WAY)
        return Table(whole.places * rest + way, whole.steps * rest)

    @property
    def balance(self) -> Balance:
        """How much each side of a list counts: where nothing is asked for that suits, flow alone."""
        return Balance() if self.asked.fit.parts else Balance(fit=0.0)


def _but_for(demands: Demands, ends: Sequence[int]) -> Demands:
    """Let the ends be whatever they are: what is asked is about the tracks between them."""

    def loosened(demand: Demand) -> Demand:
        if not isinstance(demand, Only):
            return demand
        of = demand.of.copy()
        of[list(ends)] = True
        return replace(demand, of=of)

    return Demands(tuple(loosened(demand) for demand in demands))


def _first_of_each(ranked: NDArray[np.integer], enough: int, width: int) -> Rows:
    """Give the first ``width`` entries of each row, each once; more of them where these are not enough.

    >>> _first_of_each(np.array([[4, 2, 0], [4, 2, 1]]), 3, 1).tolist()
    [0, 1, 2, 4]
    """
    while True:
        found = np.unique(ranked[:, :width])
        if len(found) >= enough or width >= ranked.shape[1]:
            return found.astype(np.int64)
        width = width * 3 // 2 + 1
