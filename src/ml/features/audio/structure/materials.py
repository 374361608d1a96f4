"""Stretches of the same material."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.structure.novelty import novelty, peaks_apart
from ml.features.audio.structure.units import Units

Values = NDArray[np.float64]

# Chosen by the means of boundary F and pairwise F over 48 rendered songs of 75 to 210 s of the open half.
#: Units before and after that are compared for novelty, and what timbre, level and chroma count in it.
_HALF, _CHANGING = 24, (1.0, 1.0, 0.7)
#: Novelty of a first border, half of the checkerboard's range being 1, and what it gains at the beginning of a bar.
_LEAST, _BAR = 0.1, 0.5
#: What timbre, level and chroma count in whether two stretches are the same, and how far apart their means are then.
_LASTING, _SAME = (1.4, 1.0, 0.4), 0.6
#: What a change of material costs, in variances of a unit, and how much more in the middle of a bar.
_CHANGE, _MIDDLE = 5.0, 2.0
_ROUNDS = 4
#: First borders are so far apart, and no stretch is shorter; of a sound of many hours, a share of its length.
_APART_S, _SHORTEST_S, _SHARE = 5.0, 4.0, 1 / 600


@dataclass(frozen=True, slots=True, eq=False)
class Materials:
    """Stretches of a sound, and which of them are of the same material.

    Parameters
    ----------
    edges_s : float64 [shape=(n + 1,)]
    kinds : int64 [shape=(n,)]
        Numbers from 0 by their first appearance; the same one is the same material.
    novelty : float64 in [0, 1] [shape=(n,)]
        How much changes where a stretch begins; 0 for the first.
    level_db : float64 [shape=(n,)]
        Root mean square in dB of full scale.
    """

    edges_s: Values
    kinds: NDArray[np.int64]
    novelty: Values
    level_db: Values


def find_materials(units: Units) -> Materials:
    """Find stretches of the same material.

    Parameters
    ----------
    units : Units

    Returns
    -------
    Materials
        One stretch where nothing changes.

    Notes
    -----
    First borders at peaks of the novelty; the stretches between them are clustered by their means (average linkage);
    then, in turns, the likeliest path of units through the clusters, a change having its price, and the means anew
    (hard expectation and maximisation of a hidden Markov model). Last, what is too short joins a neighbour.
    """
    edges_s = units.edges_s
    share_s = _SHARE * float(edges_s[-1] - edges_s[0])
    changing, lasting = _weighed(units, _CHANGING), _weighed(units, _LASTING)
    change = novelty(changing, max(2, min(_HALF, len(units) // 3)))
    barred = change * (1.0 + _BAR * units.first_beats)
    cuts = peaks_apart(barred, edges_s[:-1], least=_LEAST, apart_s=max(_APART_S, share_s))
    path = _clustered(lasting, cuts)
    inside_bars = ~units.first_beats if units.first_beats.any() else np.zeros(len(units), dtype=np.bool_)
    price: Values = _CHANGE * (1.0 + _MIDDLE * inside_bars.astype(np.float64))
    length = np.asarray(np.diff(edges_s) / np.median(np.diff(edges_s)), dtype=np.float64)
    path = _settled(lasting, path, price, length)
    path = _without_short(lasting, path, edges_s, max(_SHORTEST_S, share_s))
    return _told(path, units, change)


def _weighed(units: Units, weights: tuple[float, float, float]) -> Values:
    parts = zip(weights, (units.timbre, units.level, units.chroma), strict=True)
    return np.hstack([weight * part for weight, part in parts])


def _clustered(rows: Values, cuts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each unit the number of its stretch's cluster."""
    starts = np.concatenate(([0], cuts))
    if len(starts) == 1:
        return np.zeros(len(rows), dtype=np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage  # late: it takes a while to import

    lengths = np.diff(np.append(starts, len(rows)))
    means = np.add.reduceat(rows, starts, axis=0) / lengths[:, np.newaxis]
    return np.repeat(fcluster(linkage(means, "average"), _SAME, "distance").astype(np.int64), lengths)


def _settled(rows: Values, path: NDArray[np.int64], price: Values, length: Values) -> NDArray[np.int64]:
    for _ in range(_ROUNDS):
        kinds, path = np.unique(path, return_inverse=True)
        means = np.stack([rows[path == kind].mean(axis=0) for kind in range(len(kinds))])
        squared = np.square(rows).sum(axis=1, keepdims=True) + np.square(means).sum(axis=1) - 2.0 * rows @ means.T
        squared = np.maximum(squared, 0.0)
        variance = float(squared.min(axis=1).mean()) + 1e-9
        new = cheapest_path(squared / variance * length[:, np.newaxis], price)
        if np.array_equal(new, path):
            break
        path = new
    return path


def cheapest_path(cost: Values, price: Values) -> NDArray[np.int64]:
    """Give the states that cost least as a whole (Viterbi).

    Parameters
    ----------
    cost : float64 [shape=(n, n_states)]
    price : float64 [shape=(n,)]
        Of another state than the one before.

    >>> cheapest_path(np.array([[0, 3], [2, 0], [0, 3], [9, 0], [9, 0.0]]), np.full(5, 2.0)).tolist()
    [0, 0, 0, 1, 1]
    """
    n, n_states = cost.shape
    here = np.arange(n_states)
    before = np.empty((n, n_states), dtype=np.int64)
    total = cost[0].copy()
    for i in range(1, n):
        leader = int(total.argmin())
        changed = total[leader] + price[i]
        stays = total <= changed
        before[i] = np.where(stays, here, leader)
        total = np.where(stays, total, changed) + cost[i]
    path = np.empty(n, dtype=np.int64)
    path[-1] = total.argmin()
    for i in range(n - 1, 0, -1):
        path[i - 1] = before[i, path[i]]
    return path


def _starts(path: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give where stretches begin, and the end."""
    return np.concatenate(([0], np.flatnonzero(np.diff(path)) + 1, [len(path)]))


def _without_short(rows: Values, path: NDArray[np.int64], edges_s: Values, least_s: float) -> NDArray[np.int64]:
    """Give the shortest stretch to the neighbour that is more like it, until none is too short."""
    path = path.copy()
    while True:
        starts = _starts(path)
        lengths = np.diff(edges_s[starts])
        shortest = int(lengths.argmin())
        if len(lengths) == 1 or lengths[shortest] >= least_s:
            return path
        inside = slice(starts[shortest], starts[shortest + 1])
        beside = [int(path[starts[i]]) for i in (shortest - 1, shortest + 1) if 0 <= i < len(lengths)]
        away = [float(np.square(rows[inside] - rows[path == kind].mean(axis=0)).sum()) for kind in beside]
        path[inside] = beside[int(np.argmin(away))]


def _told(path: NDArray[np.int64], units: Units, change: Values) -> Materials:
    starts = _starts(path)
    kinds = path[starts[:-1]]
    _, first, number = np.unique(kinds, return_index=True, return_inverse=True)
    power = np.add.reduceat(10.0 ** (units.level_db / 10.0) * np.diff(units.edges_s), starts[:-1])
    strength = np.clip(change[starts[:-1]], 0.0, 1.0)
    strength[0] = 0.0
    return Materials(
        edges_s=units.edges_s[starts],
        kinds=np.argsort(np.argsort(first))[number],
        novelty=strength,
        level_db=10.0 * np.log10(np.maximum(power / np.diff(units.edges_s[starts]), 1e-12)),
    )
