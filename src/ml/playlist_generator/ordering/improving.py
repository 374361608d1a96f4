"""Small changes of a list, the best of them taken until none helps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.playlist_generator.ordering.objective import BROKEN, LEAST, Lists, Objective, Term
from ml.playlist_generator.ordering.orders import orders_of
from ml.playlist_generator.ordering.stretches import reordered_by_stretches, replaced_together

__all__ = ["BROKEN", "Objective", "Term", "improve", "search"]

#: Lists longer than this are changed stretch by stretch, and in several places at a time.
_LONG = 40
#: Replacements and swaps of a kick.
_KICKS = 3


def improve(one: Lists, objective: Objective, *, replacing: bool = True) -> Lists:
    """Take the best change until none helps: a track replaced, two swapped, some moved, a stretch turned round.

    Parameters
    ----------
    one : int [shape=(n,)]
    objective : Objective
    replacing : bool
        Whether tracks may be replaced, or only be put in another order.

    Returns
    -------
    int [shape=(n,)]
    """
    one = np.array(one)
    now = float(objective.worth(one[None, :])[0])
    while True:
        before = now
        if len(one) > _LONG:
            one = replaced_together(one, now, objective)[0] if replacing else one
            one = reordered_by_stretches(one, objective)
        else:
            if replacing:
                one, now = _replaced(one, now, objective)
            one, now = _reordered(one, now, objective)
        # Sums by two ways may differ in the last digits: what counts is the one way.
        now = float(objective.worth(one[None, :])[0])
        if now > before - LEAST:
            return one


def search(
    starts: Sequence[Lists],
    objective: Objective,
    *,
    kicks: int,
    rng: np.random.Generator,
    replacing: bool = True,
) -> Lists:
    """Improve lists, then shake the best one again and again: iterated local search.

    Parameters
    ----------
    starts : sequence of int [shape=(n,)]
    objective : Objective
    kicks : int >= 0
    rng : numpy.random.Generator
    replacing : bool

    References
    ----------
    Lourenço, Martin and Stützle, 'Iterated local search', Handbook of Metaheuristics, 2003.
    """
    found = [improve(start, objective, replacing=replacing) for start in starts]
    worth = objective.worth(np.stack(found))
    best, least = found[int(worth.argmin())], float(worth.min())
    for _ in range(kicks):
        shaken = improve(_kicked(best, objective.rules.m, rng, replacing), objective, replacing=replacing)
        now = float(objective.worth(shaken[None, :])[0])
        if now < least - LEAST:
            best, least = shaken, now
    return best


def _replaced(one: Lists, now: float, objective: Objective) -> tuple[Lists, float]:
    while True:
        worth = objective.worth_by_replacing(one)
        position, track = divmod(int(worth.argmin()), worth.shape[1])
        if worth[position, track] > now - LEAST:
            return one, now
        one = one.copy()
        one[position] = track
        now = float(worth[position, track])


def _reordered(one: Lists, now: float, objective: Objective) -> tuple[Lists, float]:
    orders = orders_of(len(one))
    if not len(orders):
        return one, now
    while True:
        lists = one[orders]
        # Rules and terms only add to what the table says: an order that it calls no cheaper need not be looked at.
        lists = lists[objective.table.cost(lists) <= now - LEAST]
        if not len(lists):
            return one, now
        worth = objective.worth(lists)
        best = int(worth.argmin())
        if worth[best] > now - LEAST:
            return one, now
        one, now = lists[best], float(worth[best])


def _kicked(one: Lists, m: int, rng: np.random.Generator, replacing: bool) -> Lists:
    one = one.copy()
    if replacing and m > len(one):
        unused = np.setdiff1d(np.arange(m), one)
        count = min(_KICKS, len(one), len(unused))
        one[rng.choice(len(one), count, replace=False)] = rng.choice(unused, count, replace=False)
    if len(one) > 3:
        a, b, c = np.sort(rng.choice(np.arange(1, len(one)), 3, replace=False))
        one = np.concatenate([one[:a], one[b:c], one[a:b], one[c:]])  # the double bridge
    return one
