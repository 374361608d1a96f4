"""Which demands cannot be met together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ml.foundation.results import Result
from ml.playlist_generator.holding.budget import Budget
from ml.playlist_generator.holding.deciding import decide
from ml.playlist_generator.holding.demands import Demands, Ground


@dataclass(frozen=True, slots=True)
class Relaxation(Result):
    """One demand that would have to give, by no more than it must.

    Parameters
    ----------
    name : str
    asked : object
    enough : object
        What would be possible; None where the demand would have to go wholly.
    said : str
        The same in words, where a list is told.
    """

    name: str
    asked: Any
    enough: Any
    said: str = ""


@dataclass(frozen=True, slots=True)
class Conflict(Result):
    """Demands that cannot be met together, though all but any one of them can.

    Parameters
    ----------
    names : tuple of str
        Of the demands.
    certain : bool
        False where the budget ended before it was known of one of them whether it is needed, so that it may be more
        than the least.
    relaxations : tuple of Relaxation
        Each by itself makes the whole request possible; empty where none does, or none was found in time.
    together : tuple of Relaxation
        Where none is enough by itself: the fewest that are enough together, those for other conflicts among them. Each
        gives by no more than it must, once those before it have given.
    """

    names: tuple[str, ...]
    certain: bool
    relaxations: tuple[Relaxation, ...] = ()
    together: tuple[Relaxation, ...] = ()


def find_conflict(demands: Demands, ground: Ground, budget: Budget) -> Conflict | None:
    """Find a smallest set of demands that cannot be met together; None where all can, or it is not known.

    Each demand is left out in turn: where the rest still cannot be met, it was not needed for the conflict.

    Parameters
    ----------
    demands : Demands
    ground : Ground
    budget : Budget
        Of the questions whether a set can be met.

    References
    ----------
    The deletion filter: Chinneck and Dravnieks, 'Locating minimal infeasible constraint sets in linear programs', ORSA
    Journal on Computing 3, 1991.
    """
    if decide(demands, ground, budget).answer != "no":
        return None
    names, certain = list(demands.names), True
    for name in demands.names:
        rest = [other for other in names if other != name]
        answer = decide(demands.only(rest), ground, budget).answer
        certain = certain and answer != "unknown"
        if answer == "no":
            names = rest
    return Conflict(tuple(names), certain)


def find_conflicts(demands: Demands, ground: Ground, budget: Budget, *, most: int = 4) -> list[Conflict]:
    """Find conflicts that share no demand, one after the other.

    What would have to give is found by :func:`~ml.playlist_generator.holding.ways.find_ways`.
    """
    found: list[Conflict] = []
    left = demands
    while len(found) < most and (conflict := find_conflict(left, ground, budget)) is not None:
        found.append(conflict)
        left = left.without(conflict.names)
        if not len(left):
            break
    return found
