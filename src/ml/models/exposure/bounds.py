"""A list that gives groups their share of places, at every length of it.

Each place goes to the best item of the groups whose floor would else be missed at this place, or to the best item of
all whose groups are not full. With one floor this is what FA*IR does without its test of significance; with several
it is DetGreedy, and where several floors fall due at one place, or the rest of the list is needed for them, the
groups that are behind come first, so that the whole list keeps every floor that it can.

References
----------
Geyik, Ambler and Kenthapadi, "Fairness-aware ranking in search and recommendation systems with application to LinkedIn
talent search", KDD 2019, algorithm 1; Zehlike et al., "FA*IR: a fair top-k ranking algorithm", CIKM 2017.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats, Indices
from ml.models.topk import ranked

#: Shares of places are products of floats: 0.3 of 10 is 3.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Bound:
    """What share of the places a group is given.

    Parameters
    ----------
    name : str
    items : bool [shape=(n_items,)]
        Which are of the group.
    least, most : float in [0, 1]
        Of the first n places, at least ``floor(least * n)`` and at most ``ceil(most * n)`` are of it.
    """

    name: str
    items: NDArray[np.bool_]
    least: float = 0.0
    most: float = 1.0

    def floor(self, places: int) -> int:
        """Give the fewest of so many places.

        >>> Bound("tail", np.ones(1, dtype=bool), least=0.3).floor(10)
        3
        """
        return int(self.least * places + _ROUNDING)

    def ceiling(self, places: int) -> int:
        """Give the most of so many places.

        >>> Bound("head", np.ones(1, dtype=bool), most=0.25).ceiling(10)
        3
        """
        return math.ceil(self.most * places - _ROUNDING)


@dataclass(frozen=True, slots=True)
class Placed:
    """An item with its place in the order they come.

    Parameters
    ----------
    index : int
    score : float
    for_group : str
        The group for whose share it came before better ones; empty where it came by its score.
    """

    index: int
    score: float
    for_group: str = ""


class _Queue:
    """The items of one kind, best first; what is not allowed any more is dropped."""

    def __init__(self, scores: Floats, count: int, allowed: Callable[[int], bool]) -> None:
        self._ranking = ranked(scores, count)
        self._allowed = allowed
        self._head = next(self._ranking, None)

    def peek(self) -> tuple[int, float] | None:
        while self._head is not None and not self._allowed(self._head[0]):
            self._head = next(self._ranking, None)
        return self._head

    def pop(self) -> None:
        self._head = next(self._ranking, None)


def constrained(
    scores: Floats, bounds: Sequence[Bound], *, count: int, allowed: Callable[[int], bool] = lambda _: True
) -> Iterator[Placed]:
    """Give items in an order that keeps the bounds, as far as it is asked for.

    Parameters
    ----------
    scores : float32 [shape=(n_items,)]
        ``-inf`` is left out.
    bounds : sequence of Bound
    count : int
        Length of the list that is planned; the order goes on behind it.
    allowed : callable
        Whether an item may still be placed, asked just before; what was refused once stays refused.

    Examples
    --------
    >>> scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5], dtype=np.float32)
    >>> tail = Bound("tail", np.array([False, False, False, True, True]), least=0.5)
    >>> [(each.index, each.for_group) for each in constrained(scores, [tail], count=4)]
    [(0, ''), (3, 'tail'), (1, ''), (4, 'tail'), (2, '')]
    """
    codes = np.zeros(len(scores), dtype=np.int64)
    for place, bound in enumerate(bounds):
        codes |= bound.items.astype(np.int64) << place
    queues = {
        code: _Queue(np.where(codes == code, scores, np.float32(-np.inf)), count, allowed)
        for code in _kinds(codes, len(bounds))
    }
    given = [0] * len(bounds)
    placed = 0
    while True:
        heads = {code: head for code, queue in queues.items() if (head := queue.peek()) is not None}
        if not heads:
            return
        due = _due(bounds, given, placed + 1, count)
        full = _bits(at for at, bound in enumerate(bounds) if given[at] >= bound.ceiling(placed + 1))
        open_ = [code for code in heads if not code & full] or list(heads)
        wanted = [code for code in open_ if code & due] or open_
        code = min(wanted, key=lambda each: (-heads[each][1], heads[each][0]))
        by_score = min(open_, key=lambda each: (-heads[each][1], heads[each][0]))
        reasons = [bound.name for at, bound in enumerate(bounds) if code != by_score and code & due & (1 << at)]
        index, score = heads[code]
        queues[code].pop()
        for at in range(len(bounds)):
            given[at] += (code >> at) & 1
        placed += 1
        yield Placed(index, score, reasons[0] if reasons else "")


def rerank(scores: Floats, bounds: Sequence[Bound], *, k: int) -> Indices:
    """Give the k best items of each row under bounds, int32 [shape=(n_users, k)]; -1 where a list ends early.

    Parameters
    ----------
    scores : float32 [shape=(n_users, n_items)]
        ``-inf`` is left out.
    bounds : sequence of Bound
    k : int >= 0

    Examples
    --------
    >>> scores = np.array([[0.9, 0.8, 0.7, -np.inf]], dtype=np.float32)
    >>> rerank(scores, [Bound("last", np.array([False, False, True, True]), least=0.5)], k=4)
    array([[ 0,  2,  1, -1]], dtype=int32)
    """
    found = np.full((len(scores), k), -1, dtype=np.int32)
    for user, row in enumerate(scores):
        chosen = [each.index for each in islice(constrained(row, bounds, count=k), k)]
        found[user, : len(chosen)] = chosen
    return found


def _due(bounds: Sequence[Bound], given: Sequence[int], places: int, count: int) -> int:
    """Tell which groups, as bits, are behind at this place; or by the end, where only as many places are left."""
    behind = [at for at, bound in enumerate(bounds) if given[at] < bound.floor(places)]
    if not behind:
        missing = [max(0, bound.floor(count) - given[at]) for at, bound in enumerate(bounds)]
        if sum(missing) > count - places:
            behind = [at for at, lacks in enumerate(missing) if lacks]
    return _bits(behind)


def _kinds(codes: NDArray[np.int64], n_bounds: int) -> list[int]:
    """List the kinds of items there are; counting is much quicker than sorting, while there are few."""
    kinds = np.flatnonzero(np.bincount(codes)) if n_bounds <= 16 else np.unique(codes)
    found: list[int] = kinds.tolist()
    return found


def _bits(places: Iterator[int] | Sequence[int]) -> int:
    return sum(1 << at for at in places)
