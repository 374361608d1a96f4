"""Small changes of a list, the best of them taken until none helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Table

Doubles = NDArray[np.float64]
Lists = NDArray[np.integer]

#: What one broken rule weighs: more than the best list could cost less than the worst.
BROKEN = 2.0
#: A change has to be worth this much; less is rounding.
_LEAST = 1e-6
#: Longest stretch of tracks that is moved elsewhere as it is.
_LONGEST_MOVED = 3
#: In lists longer than this, only single tracks are moved, and nothing goes further than a window, so that the number
#: of changes grows with the length and not with its square.
_LONG, _WINDOW = 40, 25
#: Replacements and swaps of a kick.
_KICKS = 3


class Term(Protocol):
    """Something else that lists cost, such as being unfair; never less than 0."""

    def cost(self, lists: Lists) -> Doubles:
        """Give what lists [shape=(k, n)] cost, float64 [shape=(k,)]."""

    def cost_by_replacing(self, one: Lists) -> Doubles:
        """Give what a list costs with any one track replaced by any other, float64 [shape=(n, m)]."""


@dataclass(frozen=True)
class Objective:
    """What is made small.

    Parameters
    ----------
    table : Table
    rules : Rules
    terms : sequence of Term
    """

    table: Table
    rules: Rules
    terms: Sequence[Term] = ()

    def worth(self, lists: Lists) -> Doubles:
        """Give what lists [shape=(k, n)] cost, broken rules included, float64 [shape=(k,)]."""
        found = self.table.cost(lists) + BROKEN * self.rules.broken(lists)
        for term in self.terms:
            found = found + term.cost(lists)
        return np.asarray(found)

    def worth_by_replacing(self, one: Lists) -> Doubles:
        """Give the same of a list with any one track replaced by any other, float64 [shape=(n, m)].

        To put in what is there already is not a change: it counts as infinite.
        """
        found = self.table.cost_by_replacing(one) + BROKEN * self.rules.broken_by_replacing(one)
        for term in self.terms:
            found = found + term.cost_by_replacing(one)
        found[:, one] = np.inf
        return np.asarray(found)


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
        if replacing:
            one, now = _replaced(one, now, objective)
        one, now = _reordered(one, now, objective)
        # Sums by two ways may differ in the last digits: what counts is the one way.
        now = float(objective.worth(one[None, :])[0])
        if now > before - _LEAST:
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
        if now < least - _LEAST:
            best, least = shaken, now
    return best


def _replaced(one: Lists, now: float, objective: Objective) -> tuple[Lists, float]:
    while True:
        worth = objective.worth_by_replacing(one)
        position, track = divmod(int(worth.argmin()), worth.shape[1])
        if worth[position, track] > now - _LEAST:
            return one, now
        one = one.copy()
        one[position] = track
        now = float(worth[position, track])


def _reordered(one: Lists, now: float, objective: Objective) -> tuple[Lists, float]:
    orders = _orders(len(one))
    if not len(orders):
        return one, now
    while True:
        lists = one[orders]
        # Rules and terms only add to what the table says: an order that it calls no cheaper need not be looked at.
        lists = lists[objective.table.cost(lists) <= now - _LEAST]
        if not len(lists):
            return one, now
        worth = objective.worth(lists)
        best = int(worth.argmin())
        if worth[best] > now - _LEAST:
            return one, now
        one, now = lists[best], float(worth[best])


@lru_cache(maxsize=8)
def _orders(n: int) -> NDArray[np.int16]:
    """List the orders that swaps, moves and turned stretches make of ``n`` tracks, int16 [shape=(k, n)]."""
    same = np.arange(n)
    found: dict[bytes, NDArray[np.int16]] = {}

    def add(order: NDArray[np.integer]) -> None:
        row = order.astype(np.int16)
        found.setdefault(row.tobytes(), row)

    window = n if n <= _LONG else _WINDOW
    for first in range(n):
        for last in range(first + 1, min(n, first + window)):
            swapped = same.copy()
            swapped[[first, last]] = last, first
            add(swapped)
            add(np.concatenate([same[:first], same[first : last + 1][::-1], same[last + 1 :]]))
    for length in range(1, (_LONGEST_MOVED if n <= _LONG else 1) + 1):
        for first in range(n - length + 1):
            moved, rest = same[first : first + length], np.delete(same, slice(first, first + length))
            for to in range(max(0, first - window), min(len(rest), first + window) + 1):
                add(np.concatenate([rest[:to], moved, rest[to:]]))
    found.pop(same.astype(np.int16).tobytes(), None)
    return np.stack(list(found.values())) if found else np.empty((0, n), dtype=np.int16)


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
