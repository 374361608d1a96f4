"""How much a demand would have to give for all the others to be met."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.holding.budget import Budget
from ml.playlist_generator.holding.choosing import choose
from ml.playlist_generator.holding.conflicts import Relaxation
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

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Loosened:
    """A demand that has given.

    Parameters
    ----------
    relaxation : Relaxation
    instead : Demand or None
        What is left of it.
    rows : int64 [shape=(n,)]
        A list that meets this and all the others.
    """

    relaxation: Relaxation
    instead: Demand | None
    rows: Rows


def loosened(demands: Demands, name: str, ground: Ground, budget: Budget) -> Loosened | None:
    """Let one demand give by as little as makes all of them possible; None where that is not enough, or not found.

    Parameters
    ----------
    demands : Demands
    name : str
        Of the one.
    ground : Ground
    budget : Budget
    """
    (demand,) = demands.only([name])
    rest = demands.without([name])
    if isinstance(demand, Given):
        return None  # what is there already cannot give

    def with_instead(instead: Demand) -> Decision:
        return decide(Demands((*rest.each, instead)), ground, budget)

    if isinstance(demand, Gap):
        return _least_gap(demand, with_instead)
    without = decide(rest, ground, budget)
    if without.rows is None:
        return None
    wholly = Loosened(Relaxation(name, demand.asked, None), None, without.rows)
    # Where no track of the sort is left, it is no matter of degree.
    nothing_left = isinstance(demand, Only) and not (rest.allowed(len(ground)) & demand.of).any()
    if isinstance(demand, Have | Pin) or nothing_left or budget.spent:
        return wholly
    choice = choose(demands, ground, loosened=name, budget_s=budget.next_s)
    if choice.rows is None or not choice.certain:
        return wholly
    instead = _instead(demand, choice.rows, ground)
    # The program knows nothing of the order: its least may be too little.
    decision = None if instead is None else with_instead(instead)
    if instead is None or decision is None or decision.rows is None:
        return wholly
    return Loosened(Relaxation(name, demand.asked, _told(demand, instead, decision.rows)), instead, decision.rows)


def _least_gap(demand: Gap, with_instead: Any) -> Loosened | None:
    """Find the greatest smaller gap, halving what is between one that can be and one that cannot."""
    best = with_instead(replace(demand, tracks=0))
    if best.rows is None:
        return None
    low, high = 0, demand.tracks
    while high - low > 1:
        middle = (low + high) // 2
        found = with_instead(replace(demand, tracks=middle))
        if found.rows is None:
            high = middle
        else:
            low, best = middle, found
    return Loosened(Relaxation(demand.name, demand.asked, low), replace(demand, tracks=low), best.rows)


def _instead(demand: Demand, rows: Rows, ground: Ground) -> Demand | None:
    n = len(rows)
    match demand:
        case Length():
            total = int(ground.duration_ms[rows].sum())
            return replace(demand, low_ms=min(demand.low_ms, total), high_ms=max(demand.high_ms, total))
        case Count():
            return replace(demand, least=min(demand.least, n), most=max(demand.most, n))
        case Cap():
            counts = np.unique(ground.credited[rows], return_counts=True)[1]
            return replace(demand, most=max(demand.most, int(counts.max())))
        case Share():
            share = float(demand.of[rows].mean())
            if min(demand.least, share) <= 0 and max(demand.most, share) >= 1:
                return None  # nothing is left of it
            return replace(demand, least=min(demand.least, share), most=max(demand.most, share))
        case Only() if demand.of[rows].any():
            return Share(demand.name, demand.asked, demand.of, least=float(demand.of[rows].mean()))
    return None


def _told(demand: Demand, instead: Demand, rows: Rows) -> Any:
    match instead:
        case Length():
            return {"from_s": round(instead.low_ms / 1000, 1), "to_s": round(instead.high_ms / 1000, 1)}
        case Count():
            return {"from": instead.least, "to": instead.most}
        case Cap():
            return instead.most
        case Share() if isinstance(demand, Only):
            return {"tracks_without": int((~instead.of[rows]).sum())}
        case Share():
            return {"least": round(instead.least, 4), "most": round(instead.most, 4)}
    return None
