"""What lists have to keep to, as arrays over the considered tracks, and how much they break of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Lists = NDArray[np.integer]
Amounts = NDArray[np.float64]

#: A minute too long or too short is as bad as one rule broken once.
_MINUTE_MS = 60_000.0
#: A firm position counts as much as so many rules broken once: more than a list breaks otherwise.
_FIRM = 10_000.0


@dataclass(frozen=True)
class Quota:
    """A share of a list that tracks of some sort are to have.

    Parameters
    ----------
    name : str
    of : bool [shape=(m,)]
    least, most : float in [0, 1]
    """

    name: str
    of: NDArray[np.bool_]
    least: float = 0.0
    most: float = 1.0

    def counts(self, n: int) -> tuple[int, int]:
        """Give the least and the most tracks of it in a list of ``n``.

        >>> Quota("new", np.array([True]), least=0.25, most=0.5).counts(10)
        (3, 5)
        """
        return int(np.ceil(self.least * n - 1e-9)), int(np.floor(self.most * n + 1e-9))


@dataclass(frozen=True)
class Rules:
    """What a list has to keep to.

    Parameters
    ----------
    duration_ms : int64 [shape=(m,)]
    artist, album, song : int [shape=(m,)]
        Equal numbers are the same one; versions of a song share its number.
    refused : int [shape=(m,)]
        How many rules a track breaks by itself, wherever it stands.
    window_ms : (int, int), optional
        How long the whole may be.
    max_per_artist : int, optional
    artist_gap, album_gap : int >= 0
        Tracks between two by the same artist, of the same album, at least.
    quotas : tuple of Quota
    wanted : tuple of int
        Places of tracks that have to be in it.
    pinned : mapping of int to int
        Positions, from 0, and the track there; positions beyond the end break the rule.
    firm : set of int
        Positions of those that are not to be broken for anything else.
    credits : int [shape=(m, k)], optional
        All artists of each track, where some have several; numbers of no other track fill the rows.
    """

    duration_ms: NDArray[np.int64]
    artist: NDArray[np.integer]
    album: NDArray[np.integer]
    song: NDArray[np.integer]
    refused: NDArray[np.integer]
    window_ms: tuple[int, int] | None = None
    max_per_artist: int | None = None
    artist_gap: int = 0
    album_gap: int = 0
    quotas: tuple[Quota, ...] = ()
    wanted: tuple[int, ...] = ()
    pinned: Mapping[int, int] = field(default_factory=dict)
    firm: frozenset[int] = frozenset()
    credits: NDArray[np.integer] | None = None

    @property
    def credited(self) -> NDArray[np.integer]:
        """All artists of each track, int [shape=(m, k)]."""
        return self.artist[:, None] if self.credits is None else self.credits

    @cached_property
    def same_artist(self) -> NDArray[np.bool_]:
        """Which tracks have an artist in common, bool [shape=(m, m)]."""
        columns = self.credited.T
        same = np.zeros((self.m, self.m), dtype=np.bool_)
        for one in columns:
            for other in columns:
                same |= one[:, None] == other[None, :]
        return same

    @property
    def m(self) -> int:
        """How many tracks are considered."""
        return len(self.duration_ms)

    def of_stretch(self, low: int, high: int) -> Rules:
        """Keep what the order of the positions from ``low`` to before ``high`` has a say in."""
        part = replace(
            self,
            window_ms=None,
            max_per_artist=None,
            quotas=(),
            wanted=(),
            pinned={position - low: track for position, track in self.pinned.items() if low <= position < high},
            firm=frozenset(position - low for position in self.firm if low <= position < high),
        )
        if self.credits is not None:
            part.__dict__["same_artist"] = self.same_artist  # of the same tracks: not to be found again
        return part

    def broken(self, lists: Lists) -> Amounts:
        """Tell how much each list breaks; 0 is a list that keeps to everything.

        Parameters
        ----------
        lists : int [shape=(k, n)]

        Returns
        -------
        float64 [shape=(k,)]
        """
        n = lists.shape[1]
        amount = self.refused[lists].sum(axis=1, dtype=np.float64)
        amount += _repeats(self.song[lists], 1)
        if self.max_per_artist is not None:
            amount += _repeats(self.credited[lists].reshape(len(lists), -1), self.max_per_artist)
        amount += self._artists_near(lists) + _too_near(self.album[lists], self.album_gap)
        amount += self._late(self.duration_ms[lists].sum(axis=1))
        for quota in self.quotas:
            least, most = quota.counts(n)
            amount += outside(quota.of[lists].sum(axis=1, dtype=np.float64), least, most)
        for track in self.wanted:
            amount += ~(lists == track).any(axis=1)
        for position, track in self.pinned.items():
            away = (lists[:, position] != track) if position < n else np.float64(1)
            amount += away * self._weight(position)
        return np.asarray(amount)

    def broken_by_replacing(self, one: Lists) -> Amounts:
        """Tell how much a list breaks with any one of its tracks replaced by any other.

        Parameters
        ----------
        one : int [shape=(n,)]

        Returns
        -------
        float64 [shape=(n, m)]
            By position and by the track that comes there.
        """
        n = len(one)
        refused = self.refused[one]
        amount = (refused.sum() - refused)[:, None] + self.refused[None, :].astype(np.float64)
        amount += _repeats_replacing(self.song, one, 1)
        if self.max_per_artist is not None:
            amount += self._full_replacing(one, self.max_per_artist)
        amount += self._artists_near_replacing(one)
        amount += _near_replacing(self.album, one, self.album_gap)
        durations = self.duration_ms[one]
        amount += self._late((durations.sum() - durations)[:, None] + self.duration_ms[None, :])
        for quota in self.quotas:
            least, most = quota.counts(n)
            has = quota.of[one].astype(np.float64)
            amount += outside((has.sum() - has)[:, None] + quota.of[None, :], least, most)
        for track in self.wanted:
            amount += self._missing_replacing(one, track)
        for position, track in self.pinned.items():
            if position >= n:
                amount += self._weight(position)
                continue
            away = self._weight(position) * np.float64(one[position] != track)
            amount += away
            amount[position] += self._weight(position) * (np.arange(self.m) != track) - away
        return np.asarray(amount)

    def _artists_near(self, lists: Lists) -> Amounts:
        if self.credits is None or self.artist_gap <= 0:
            return _too_near(self.artist[lists], self.artist_gap)
        amount = np.zeros(len(lists), dtype=np.float64)
        for apart in range(1, min(self.artist_gap, lists.shape[1] - 1) + 1):
            amount += self.same_artist[lists[:, apart:], lists[:, :-apart]].sum(axis=1)
        return amount

    def _artists_near_replacing(self, one: Lists) -> Amounts:
        if self.credits is None or self.artist_gap <= 0:
            return _near_replacing(self.artist, one, self.artist_gap)
        position = np.arange(len(one))
        apart = np.abs(position[:, None] - position[None, :])
        near = (apart <= self.artist_gap) & (apart > 0)
        pairs = near & self.same_artist[np.ix_(one, one)]
        without = pairs.sum() / 2 - pairs.sum(axis=1)
        return np.asarray(without[:, None] + near.astype(np.float32) @ self.same_artist[one].astype(np.float32))

    def _full_replacing(self, one: Lists, most: int) -> Amounts:
        if self.credits is None:
            return _repeats_replacing(self.artist, one, most)
        found, inverse, counts = np.unique(self.credits[one], return_inverse=True, return_counts=True)
        inverse = inverse.reshape(len(one), -1)
        has = np.zeros((len(one), len(found) + 1), dtype=np.int64)
        np.put_along_axis(has, inverse, 1, axis=1)
        counts = np.append(counts, 0)
        without = np.maximum(counts - most, 0).sum() - (has * (counts > most)).sum(axis=1)
        place = np.minimum(np.searchsorted(found, self.credits), len(found) - 1)
        place = np.where(found[place] == self.credits, place, len(found))
        left = counts[None, :] - has  # of each artist, without what is replaced
        return np.asarray(without[:, None] + (left[:, place] >= most).sum(axis=2), dtype=np.float64)

    def _weight(self, position: int) -> np.float64:
        return np.float64(_FIRM if position in self.firm else 1)

    def _late(self, total_ms: NDArray[np.integer]) -> Amounts:
        if self.window_ms is None:
            return np.zeros(total_ms.shape, dtype=np.float64)
        return outside(total_ms.astype(np.float64), *self.window_ms) / np.float64(_MINUTE_MS)

    def _missing_replacing(self, one: Lists, track: int) -> Amounts:
        there = one == track
        kept = there.sum() - there > 0
        missing = np.repeat(~kept[:, None], self.m, axis=1)
        missing[:, track] = False
        return missing.astype(np.float64)


def outside(values: NDArray[np.floating], low: float, high: float) -> Amounts:
    """Tell how far values lie outside a stretch.

    >>> outside(np.array([1.0, 5.0, 9.0]), 2, 6).tolist()
    [1.0, 0.0, 3.0]
    """
    return np.asarray(np.maximum(np.maximum(low - values, values - high), 0), dtype=np.float64)


def _repeats(codes: NDArray[np.integer], most: int) -> Amounts:
    """Count, in each row, the entries beyond ``most`` with the same code."""
    ordered = np.sort(codes, axis=1)
    if ordered.shape[1] <= most:
        return np.zeros(len(codes), dtype=np.float64)
    return np.asarray((ordered[:, most:] == ordered[:, :-most]).sum(axis=1, dtype=np.float64))


def _too_near(codes: NDArray[np.integer], gap: int) -> Amounts:
    """Count, in each row, the pairs with the same code that have fewer than ``gap`` others between them."""
    amount = np.zeros(len(codes), dtype=np.float64)
    for apart in range(1, min(gap, codes.shape[1] - 1) + 1):
        amount += (codes[:, apart:] == codes[:, :-apart]).sum(axis=1)
    return np.asarray(amount)


def _repeats_replacing(codes: NDArray[np.integer], one: Lists, most: int) -> Amounts:
    """Count as :func:`_repeats`, [shape=(n, m)], with one entry replaced by each of the considered tracks."""
    mine = codes[one]
    found, inverse, counts = np.unique(mine, return_inverse=True, return_counts=True)
    over = np.maximum(counts - most, 0)
    without = over.sum() - (counts[inverse] > most)  # one of this code fewer
    place = np.minimum(np.searchsorted(found, codes), len(found) - 1)
    of_code = np.where(found[place] == codes, counts[place], 0)
    # What comes in finds one fewer of its own code where it replaces one of them.
    left = of_code[None, :] - (codes[None, :] == mine[:, None])
    return np.asarray(without[:, None] + (left >= most), dtype=np.float64)


def _near_replacing(codes: NDArray[np.integer], one: Lists, gap: int) -> Amounts:
    """Count as :func:`_too_near`, [shape=(n, m)], with one entry replaced by each of the considered tracks."""
    n, mine = len(one), codes[one]
    if gap <= 0:
        return np.zeros((n, len(codes)), dtype=np.float64)
    position = np.arange(n)
    near = (np.abs(position[:, None] - position[None, :]) <= gap) & (position[:, None] != position[None, :])
    pairs = near & (mine[:, None] == mine[None, :])
    without = pairs.sum() / 2 - pairs.sum(axis=1)
    # For each position, how many neighbours share a code with each considered track.
    found, inverse = np.unique(mine, return_inverse=True)
    by_code = np.zeros((n, len(found) + 1), dtype=np.float64)
    for code in range(len(found)):
        by_code[:, code] = near[:, inverse == code].sum(axis=1)
    place = np.minimum(np.searchsorted(found, codes), len(found) - 1)
    place = np.where(found[place] == codes, place, len(found))
    return np.asarray(without[:, None] + by_code[:, place], dtype=np.float64)
