"""Small changes of long lists: several replacements at a time, and orders of one stretch after the other.

What a list of ``n`` tracks could be changed to grows with the square of ``n``, and the steps that it takes with ``n``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.ordering.objective import LEAST, Lists, Objective
from ml.playlist_generator.ordering.orders import orders_of
from ml.playlist_generator.ordering.table import Table

#: Places whose orders are looked at together; each stretch reaches half into the next.
_STRETCH = 32
#: Of the orders of a stretch, so many are looked at where more than neighbours decides.
_LOOKED_AT = 64


def replaced_together(one: Lists, now: float, objective: Objective) -> tuple[Lists, float]:
    """Replace tracks until none helps, at each look as many as help together.

    Parameters
    ----------
    one : int [shape=(n,)]
    now : float
        What it is worth.
    objective : Objective

    Returns
    -------
    int [shape=(n,)], float
        What is better, and what that is worth.
    """
    while True:
        worth = objective.worth_by_replacing(one)
        best = worth.argmin(axis=1)
        gains = now - worth[np.arange(len(one)), best]
        found, least = one, now
        for position in np.argsort(-gains, kind="stable"):
            if gains[position] < LEAST:
                break
            if best[position] in found:
                continue
            tried = found.copy()
            tried[position] = best[position]
            value = float(objective.worth(tried[None, :])[0])
            if value < least - LEAST:
                found, least = tried, value
        if least > now - LEAST:
            return one, now
        one, now = found, least


def reordered_by_stretches(one: Lists, objective: Objective) -> Lists:
    """Put stretches in order, one after the other from the beginning; what is around each stays as it is."""
    rules = objective.rules
    edge = max(1, rules.artist_gap, rules.album_gap)
    for first in range(0, max(1, len(one) - _STRETCH // 2), _STRETCH // 2):
        last = min(len(one), first + _STRETCH)
        low, high = max(0, first - edge), min(len(one), last + edge)
        part = Objective(Table(objective.table.places[low:high], objective.table.steps), rules.of_stretch(low, high))
        orders = np.tile(np.arange(high - low), (len(orders_of(last - first)), 1))
        orders[:, first - low : last - low] = orders_of(last - first) + (first - low)
        while len(orders):
            better = _better(one, low, high, part, orders, objective)
            if better is None:
                break
            one = better
    return one


def _better(
    one: Lists, low: int, high: int, part: Objective, orders: NDArray[np.integer], whole: Objective
) -> Lists | None:
    """Give the best of some orders of a stretch, as a whole list; None where none is better."""
    now = float(part.worth(one[None, low:high])[0])
    unlike = sum(float(term.cost(one[None, :])[0]) for term in whole.terms)
    lists = one[low:high][orders]
    lists = lists[part.table.cost(lists) <= now + unlike - LEAST]
    if not len(lists):
        return None
    worth = part.worth(lists)
    if whole.terms:
        near = np.argsort(worth, kind="stable")[:_LOOKED_AT]
        full = np.repeat(one[None, :], len(near), axis=0)
        full[:, low:high] = lists[near]
        lists, worth = lists[near], worth[near] + sum(term.cost(full) for term in whole.terms)
    best = int(worth.argmin())
    if worth[best] > now + unlike - LEAST:
        return None
    better = one.copy()
    better[low:high] = lists[best]
    return better
