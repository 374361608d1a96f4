"""Which demands cannot be met together, and what is the least that would have to give."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ml.foundation.results import Result
from ml.playlist_generator.holding.budget import Budget
from ml.playlist_generator.holding.choosing import choose
from ml.playlist_generator.holding.deciding import Decision, decide
from ml.playlist_generator.holding.demands import (
    Cap,
    Count,
    Demand,
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


@dataclass(frozen=True, slots=True)
class Relaxation(Result):
    """One demand that would have to give, by so much that all the others can be met.

    Parameters
    ----------
    name : str
    asked : object
    enough : object
        What would be possible; None where the demand would have to go wholly.
    """

    name: str
    asked: Any
    enough: Any


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
    """

    names: tuple[str, ...]
    certain: bool
    relaxations: tuple[Relaxation, ...] = ()


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
    """Find conflicts that share no demand, one after the other, with what would have to give.

    Where there are several, none of their relaxations is enough by itself, and none is told.
    """
    found: list[Conflict] = []
    left = demands
    while len(found) < most and (conflict := find_conflict(left, ground, budget)) is not None:
        found.append(conflict)
        left = left.without(conflict.names)
        if not len(left):
            break
    if len(found) == 1:
        return [replace(found[0], relaxations=tuple(relaxations(demands, found[0], ground, budget)))]
    return found


def relaxations(demands: Demands, conflict: Conflict, ground: Ground, budget: Budget) -> list[Relaxation]:
    """Say of each demand of a conflict how much of it would be possible with all the others, if anything."""
    found = []
    for demand in demands:
        if demand.name not in conflict.names:
            continue
        looser = _loosest_needed(demands, demand, ground, budget)
        if looser is not None:
            found.append(looser)
    return found


def _loosest_needed(demands: Demands, demand: Demand, ground: Ground, budget: Budget) -> Relaxation | None:
    if isinstance(demand, Given):
        return None  # what is there already cannot give
    rest = demands.without([demand.name])

    def possible(instead: Demand) -> Decision:
        return decide(Demands((*rest.each, instead)), ground, budget)

    if isinstance(demand, Gap):
        fewer = range(demand.tracks - 1, -1, -1)
        enough = next((tracks for tracks in fewer if possible(replace(demand, tracks=tracks)).answer == "yes"), None)
        return None if enough is None else Relaxation(demand.name, demand.asked, enough)
    if decide(rest, ground, budget).answer != "yes":
        return None
    wholly = Relaxation(demand.name, demand.asked, None)
    if isinstance(demand, Have | Pin) or budget.spent:
        return wholly
    choice = choose(demands, ground, loosened=demand.name, budget_s=budget.next_s)
    if choice.rows is None or not choice.certain:
        return wholly
    if isinstance(demand, Only):
        return Relaxation(demand.name, demand.asked, {"tracks_without": round(choice.slack)})
    instead = _loosened(demand, choice.rows, ground)
    # The program knows nothing of the order: its least may be too little.
    if instead is not None and possible(instead).answer == "yes":
        return Relaxation(demand.name, demand.asked, _told(instead))
    return wholly


def _loosened(demand: Demand, rows: np.ndarray[Any, Any], ground: Ground) -> Demand | None:
    n = len(rows)
    match demand:
        case Length():
            total = int(ground.duration_ms[rows].sum())
            return replace(demand, low_ms=min(demand.low_ms, total), high_ms=max(demand.high_ms, total))
        case Count():
            return replace(demand, least=min(demand.least, n), most=max(demand.most, n))
        case Cap():
            counts = np.unique(ground.artist[rows], return_counts=True)[1]
            return replace(demand, most=max(demand.most, int(counts.max())))
        case Share():
            share = float(demand.of[rows].mean())
            return replace(demand, least=min(demand.least, share), most=max(demand.most, share))
    return None


def _told(demand: Demand) -> Any:
    match demand:
        case Length():
            return {"from_s": round(demand.low_ms / 1000, 1), "to_s": round(demand.high_ms / 1000, 1)}
        case Count():
            return {"from": demand.least, "to": demand.most}
        case Cap():
            return demand.most
        case Share():
            return {"least": round(demand.least, 4), "most": round(demand.most, 4)}
    return None
