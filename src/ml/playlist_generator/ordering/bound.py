"""What no list of the considered tracks can cost less than."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Table

Doubles = NDArray[np.float64]
#: Rounds in which the multipliers are bettered, and how much of the gap a round tries to close.
ROUNDS = 200
_STEP = 1.0


def lower_bound(table: Table, rules: Rules, upper: float, *, rounds: int = ROUNDS) -> float:
    """Give a bound from below on what any list of ``table.n`` considered tracks costs that keeps to the rules.

    A list is a walk through as many layers as it has positions, each of which holds every track. The cheapest walk is
    found exactly; that a track comes once, that some have to be in and that the whole has a length are taken into the
    cost by Lagrange multipliers, which subgradient steps raise. Neighbours by one artist, where there is a gap, and of
    one song are no step of a walk; longer gaps, quotas and the number of tracks by an artist are left out, so that the
    bound holds with them too.

    Parameters
    ----------
    table : Table
    rules : Rules
    upper : float
        What a list is known to cost.
    rounds : int >= 1

    Returns
    -------
    float
        At most ``upper``, at least 0.

    References
    ----------
    Held, Wolfe and Crowder, 'Validation of subgradient optimization', Mathematical Programming 6, 1974; the walk is the
    relaxation of Picard and Queyranne, 'The time-dependent traveling salesman problem', Operations Research 26, 1978.
    """
    n, m = table.places.shape
    steps = table.steps.astype(np.float64)
    steps[_impossible(rules)] = np.inf
    places = table.places.astype(np.float64)
    places[:, rules.refused > 0] = np.inf
    for position, track in rules.pinned.items():
        if position < n:
            places[position, np.arange(m) != track] = np.inf
    exactly = np.zeros(m, dtype=np.bool_)
    exactly[list(rules.wanted)] = True
    if n == m:
        exactly[:] = True
    minutes = rules.duration_ms / 60_000.0
    window = None if rules.window_ms is None else (rules.window_ms[0] / 60_000.0, rules.window_ms[1] / 60_000.0)
    once, length = np.zeros(m), np.zeros(2)  # for too short, for too long
    best, tried, step = 0.0, 0, _STEP
    for _ in range(rounds):
        extra = once + (length[1] - length[0]) * minutes
        value, walk = _cheapest_walk(places + extra[None, :], steps)
        value -= once.sum()
        if window is not None:
            value += length[0] * window[0] - length[1] * window[1]
        if not np.isfinite(value):
            return float(upper)  # there is no such list at all, so that any bound holds
        if value > best + 1e-9:
            best, tried = value, 0
        else:
            tried += 1
            if tried >= 12:
                step, tried = step / 2, 0
        slope = np.bincount(walk, minlength=m) - 1.0
        slope[~exactly & (slope < 0) & (once <= 0)] = 0
        total = float(minutes[walk].sum())
        sides = np.array([window[0] - total, total - window[1]]) / n if window is not None else np.zeros(2)
        sides[(sides < 0) & (length <= 0)] = 0
        size = float(slope @ slope + sides @ sides)
        if size == 0 or best >= upper - 1e-9:
            break
        pace = step * max(upper - value, 1e-6) / size
        once = np.where(exactly, once + pace * slope, np.maximum(once + pace * slope, 0))
        length = np.maximum(length + pace * sides, 0)
    return float(min(max(best, 0.0), upper))


def _impossible(rules: Rules) -> NDArray[np.bool_]:
    never = rules.song[:, None] == rules.song[None, :]
    if rules.artist_gap > 0 or rules.max_per_artist == 1:
        never |= rules.same_artist
    if rules.album_gap > 0:
        never |= rules.album[:, None] == rules.album[None, :]
    return np.asarray(never)


def _cheapest_walk(places: Doubles, steps: Doubles) -> tuple[float, NDArray[np.int64]]:
    n, m = places.shape
    cost, came = places[0], np.empty((n, m), dtype=np.int64)
    for position in range(1, n):
        ways = cost[:, None] + steps
        came[position] = ways.argmin(axis=0)
        cost = ways[came[position], np.arange(m)] + places[position]
    last = int(cost.argmin())
    least, walk = float(cost[last]), [last]
    for position in range(n - 1, 0, -1):
        last = int(came[position, last])
        walk.append(last)
    return least, np.array(walk[::-1], dtype=np.int64)
