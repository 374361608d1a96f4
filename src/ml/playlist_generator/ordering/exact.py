"""The best order of few tracks, exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.ordering.table import Table

Lists = NDArray[np.int64]
#: Tracks whose orders can all be looked at: 2ⁿ · n² steps.
MOST = 14


def best_order(table: Table) -> tuple[Lists, float]:
    """Find the cheapest order of all considered tracks, rules aside.

    Parameters
    ----------
    table : Table
        Of as many positions as tracks, at most :data:`MOST`.

    Returns
    -------
    int64 [shape=(n,)], float
        The order, and what it costs.

    References
    ----------
    Held and Karp, 'A dynamic programming approach to sequencing problems', SIAM Journal 10, 1962; how many are placed
    tells the position, so costs may depend on it.

    Raises
    ------
    ValueError
        If there are more tracks, or more than positions.
    """
    n, m = table.places.shape
    if n != m or n > MOST:
        raise ValueError(f"{m} tracks in {n} positions: as many are wanted, and at most {MOST}")
    steps = table.steps.astype(np.float64)
    sets = np.arange(1 << n)
    placed = np.bitwise_count(sets)
    has = (sets[:, None] >> np.arange(n)) & 1 == 1
    # cost[set, last]: the cheapest way to play a set, ending with one of it.
    cost = np.full((1 << n, n), np.inf)
    came = np.full((1 << n, n), -1, dtype=np.int8)
    cost[1 << np.arange(n), np.arange(n)] = table.places[0]
    for count in range(2, n + 1):
        whole = sets[placed == count]
        for last in range(n):
            ending = whole[has[whole, last]]
            before = ending ^ (1 << last)
            ways = cost[before] + steps[:, last][None, :]
            best = ways.argmin(axis=1)
            came[ending, last] = best
            cost[ending, last] = ways[np.arange(len(ending)), best] + table.places[count - 1, last]
    rest, last = (1 << n) - 1, int(cost[-1].argmin())
    least, order = float(cost[-1, last]), [last]
    while came[rest, last] >= 0:
        rest, last = rest ^ (1 << last), int(came[rest, last])
        order.append(last)
    return np.array(order[::-1], dtype=np.int64), least
