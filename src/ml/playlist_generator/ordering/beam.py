"""A first list, built from its beginning on, the best few kept at each step."""

from __future__ import annotations

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
    for position in range(table.n):
        ways = cost[:, None] + table.places[position][None, :]
        if position:
            ways = ways + table.steps[lists[:, -1]]
        allowed = _allowed(rules, lists, position)
        stuck = ~allowed.any(axis=1)
        if stuck.any():
            allowed[stuck] = _unused(rules, lists[stuck])
        ways = np.where(allowed, ways, _NEVER)
        best = _smallest(ways.ravel(), width)
        rows, tracks = np.divmod(best, rules.m)
        lists = np.concatenate([lists[rows], tracks[:, None].astype(np.int32)], axis=1)
        cost = ways.ravel()[best]
    return lists


def _smallest(values: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    k = min(k, int(np.isfinite(values).sum()))
    kept = np.argpartition(values, k - 1)[:k] if k < len(values) else np.arange(len(values))
    return np.asarray(kept[np.argsort(values[kept], kind="stable")], dtype=np.int64)


def _unused(rules: Rules, lists: Lists) -> NDArray[np.bool_]:
    allowed = np.ones((len(lists), rules.m), dtype=np.bool_)
    np.put_along_axis(allowed, lists.astype(np.int64), False, axis=1)
    return allowed


def _allowed(rules: Rules, lists: Lists, position: int) -> NDArray[np.bool_]:
    allowed = _unused(rules, lists)
    reserved = [track for place, track in rules.pinned.items() if place != position]
    allowed[:, reserved] = False
    if position in rules.pinned:
        only = np.zeros(rules.m, dtype=np.bool_)
        only[rules.pinned[position]] = True
        return allowed & only
    allowed &= rules.refused == 0
    for before in range(position):
        gone = lists[:, before]
        allowed &= rules.song[None, :] != rules.song[gone][:, None]
        if position - before <= rules.artist_gap:
            allowed &= rules.artist[None, :] != rules.artist[gone][:, None]
        if position - before <= rules.album_gap:
            allowed &= rules.album[None, :] != rules.album[gone][:, None]
    if rules.max_per_artist is not None:
        full = np.zeros(lists.shape, dtype=np.int16)
        for before in range(position):
            full[:, before] = (rules.artist[lists] == rules.artist[lists[:, before]][:, None]).sum(axis=1)
        for before in range(position):
            shut = full[:, before] >= rules.max_per_artist
            allowed &= ~(shut[:, None] & (rules.artist[None, :] == rules.artist[lists[:, before]][:, None]))
    return allowed
