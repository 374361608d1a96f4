"""Ways out of conflicts: the fewest demands that have to give, by no more than they must."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.holding.budget import Budget
from ml.playlist_generator.holding.conflicts import Conflict, Relaxation, find_conflict
from ml.playlist_generator.holding.deciding import decide
from ml.playlist_generator.holding.demands import (
    Cap,
    Count,
    Demands,
    Gap,
    Given,
    Ground,
    Have,
    Length,
    Only,
    Pin,
    Share,
)
from ml.playlist_generator.holding.loosening import loosened

#: Demands that give together, at most.
_MOST = 4
#: How much of the length has to be left for it to give before other demands do.
_WORTH = 1 / 3


@dataclass(frozen=True)
class Way:
    """Demands that can be met, since some have given.

    Parameters
    ----------
    relaxations : tuple of Relaxation
        Which have, and by how much.
    demands : Demands
        What is left of all.
    rows : int64 [shape=(n,)]
        A list that meets them.
    """

    relaxations: tuple[Relaxation, ...]
    demands: Demands
    rows: NDArray[np.int64]


def find_ways(demands: Demands, conflicts: Sequence[Conflict], ground: Ground, budget: Budget) -> list[Way]:
    """Find each demand that is enough by itself; where none is, the fewest that are enough together.

    Parameters
    ----------
    demands : Demands
        They cannot be met.
    conflicts : sequence of Conflict
        That share no demand.
    ground : Ground
    budget : Budget

    References
    ----------
    A set that is enough has a member of each conflict: where one that has is not enough, what is left has a conflict
    more, and the next is sought among those that have a member of this too. Implicit hitting sets: Moreno-Centeno and
    Karp, 'The implicit hitting set approach to solve combinatorial optimization problems', Operations Research 61,
    2013.
    """
    alone: list[Way] = []
    if len(conflicts) == 1:
        single = [_giving(demands, [name], ground, budget) for name in demands.names if name in conflicts[0].names]
        alone = [way for way in single if way is not None]
    if alone:
        return alone
    names = _fewest(demands, conflicts, ground, budget)
    together = _giving(demands, names, ground, budget) if names else None
    return [] if together is None else [together]


def explained(conflicts: Sequence[Conflict], ways: Sequence[Way]) -> list[Conflict]:
    """Say with conflicts what would have to give."""
    alone = tuple(way.relaxations[0] for way in ways if len(way.relaxations) == 1)
    together = next((way.relaxations for way in ways if len(way.relaxations) > 1), ())
    return [replace(conflict, relaxations=alone, together=together) for conflict in conflicts]


def _giving(demands: Demands, names: Iterable[str], ground: Ground, budget: Budget) -> Way | None:
    """Let some demands give, one after the other, each by as little as it must."""
    left, given = list(names), []
    rest = demands.without(left)
    rows = None
    while left:
        name, *left = left
        (demand,) = demands.only([name])
        one = loosened(Demands((*rest.each, demand)), name, ground, budget)
        if one is None:
            return None
        given.append(one.relaxation)
        rest = rest if one.instead is None else Demands((*rest.each, one.instead))
        rows = one.rows
    return None if rows is None else Way(tuple(given), rest, rows)


def _fewest(demands: Demands, conflicts: Sequence[Conflict], ground: Ground, budget: Budget) -> list[str] | None:
    """Find the fewest demands without which the others can be met; None where that takes too long, or there are none.

    Where several are as few, those about the tracks give before the length of the list.
    """
    known = [_that_can_give(demands, conflict.names) for conflict in conflicts]
    size = 1
    while size <= _MOST and not budget.spent:
        more = False
        for names in combinations(_of_any(demands, known), size):
            if not all(one & set(names) for one in known):
                continue
            rest = demands.without(names)
            if decide(rest, ground, budget).answer == "yes":
                return list(names)
            another = find_conflict(rest, ground, budget)
            if another is not None:
                known.append(_that_can_give(demands, another.names))
                more = True
                break
        size += not more
    return None


def _that_can_give(demands: Demands, names: Iterable[str]) -> set[str]:
    return set(demands.only(list(names)).without([given.name for given in demands.of(Given)]).names)


def _of_any(demands: Demands, conflicts: Iterable[set[str]]) -> list[str]:
    names = set().union(*conflicts)
    return [name for name in in_turn(demands) if name in names]


def in_turn(demands: Demands) -> list[str]:
    """Put the names of demands in the order in which they give: what is about the order, tracks, how many there are."""
    last = {
        demand.name: 1 + at for at, kind in enumerate((Only, Have, Pin, Count, Length)) for demand in demands.of(kind)
    }
    return sorted(demands.names, key=lambda name: last.get(name, 0))


def followed(ways: Sequence[Way], demands: Demands, ground: Ground) -> Way:
    """Choose the way that a list goes, of several that are as good.

    First gives what is about the order; then the length, where enough of it is left to be a list; then what is asked of
    tracks.
    """

    def rank(way: Way) -> int:
        names = {one.name for one in way.relaxations}
        if names & {demand.name for demand in demands.of(Length, Count)}:
            return 1 if _kept(way, demands, ground) >= _WORTH else 4
        if names <= {demand.name for demand in demands.of(Gap)}:
            return 0
        return 2 if names <= {demand.name for demand in demands.of(Cap, Share)} else 3

    return min(ways, key=rank)


def _kept(way: Way, demands: Demands, ground: Ground) -> float:
    """Say how much of the length that was asked is left."""
    lengths = [ground.duration_ms[way.rows].sum() / max(length.low_ms, 1) for length in demands.of(Length)]
    counts = [len(way.rows) / count.least for count in demands.of(Count)]
    return float(min([*lengths, *counts], default=1.0))
