"""A first list, built from its beginning on, the best few kept at each step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Table

Lists = NDArray[np.int32]
_NEVER = np.float32(np.inf)


def beam_search(table: Table, rules: Rules, *, width: int) -> Lists:
    """Build lists track by track.

    What can be told as one goes is kept to: songs once, artists' number and gaps, albums' gaps, pins, tracks that are
    refused. Durations, quotas and tracks that have to be in are left to :func:`~.improving.improve`. Where nothing may
    follow, anything that is not in the list may.

    Parameters
    ----------
    table : Table
    rules : Rules
        With at least ``table.n`` tracks considered.
    width : int >= 1
        Lists that are kept at each step.

    Returns
    -------
    int32 [shape=(k, n)], with k <= width
        The cheapest first.
    """
    lists = np.empty((1, 0), dtype=np.int32)
    cost = np.zeros(1, dtype=np.float32)
    gone = _Gone.nothing(rules)
    for position in range(table.n):
        ways = cost[:, None] + table.places[position][None, :]
        if position:
            ways = ways + table.steps[lists[:, -1]]
        allowed = _allowed(rules, lists, gone, position)
        stuck = ~allowed.any(axis=1)
        if stuck.any():
            allowed[stuck] = ~gone.tracks[stuck]
        ways = np.where(allowed, ways, _NEVER)
        best = _smallest(ways.ravel(), width)
        rows, tracks = np.divmod(best, rules.m)
        lists = np.concatenate([lists[rows], tracks[:, None].astype(np.int32)], axis=1)
        gone = gone.after(rules, rows, tracks)
        cost = ways.ravel()[best]
    return lists


@dataclass(frozen=True)
class _Gone:
    """What each list has already: bool [shape=(k, m)] but for ``by_artist``, which counts the tracks by each artist."""

    tracks: NDArray[np.bool_]
    songs: NDArray[np.bool_]
    by_artist: NDArray[np.int32]
    artist: NDArray[np.integer]

    @classmethod
    def nothing(cls, rules: Rules) -> _Gone:
        found, artist = np.unique(rules.credited, return_inverse=True)
        artist = artist.reshape(rules.credited.shape)
        none = np.zeros((1, rules.m), dtype=np.bool_)
        return cls(none, none, np.zeros((1, len(found)), dtype=np.int32), artist)

    def after(self, rules: Rules, rows: NDArray[np.int64], tracks: NDArray[np.int64]) -> _Gone:
        """Give the same of lists that go on, each with a track."""
        each = np.arange(len(rows))
        gone, counts = self.tracks[rows], self.by_artist[rows]
        gone[each, tracks] = True
        counts[each[:, None], self.artist[tracks]] += 1
        songs = self.songs[rows] | (rules.song[None, :] == rules.song[tracks][:, None])
        return _Gone(gone, songs, counts, self.artist)


def _smallest(values: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    k = min(k, int(np.isfinite(values).sum()))
    kept = np.argpartition(values, k - 1)[:k] if k < len(values) else np.arange(len(values))
    return np.asarray(kept[np.argsort(values[kept], kind="stable")], dtype=np.int64)


def _allowed(rules: Rules, lists: Lists, gone: _Gone, position: int) -> NDArray[np.bool_]:
    allowed = ~gone.tracks
    reserved = [track for place, track in rules.pinned.items() if place != position]
    allowed[:, reserved] = False
    if position in rules.pinned:
        only = np.zeros(rules.m, dtype=np.bool_)
        only[rules.pinned[position]] = True
        return np.asarray(allowed & only)
    allowed &= (rules.refused == 0) & ~gone.songs
    for before in range(max(0, position - rules.artist_gap), position):
        allowed &= ~rules.same_artist[lists[:, before]]
    for before in range(max(0, position - rules.album_gap), position):
        allowed &= rules.album[None, :] != rules.album[lists[:, before]][:, None]
    if rules.max_per_artist is not None:
        allowed &= (gone.by_artist < rules.max_per_artist)[:, gone.artist].all(axis=2)
    return allowed
