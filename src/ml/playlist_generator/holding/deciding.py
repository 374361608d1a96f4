"""Whether demands can be met, and by which list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.holding.budget import Budget
from ml.playlist_generator.holding.choosing import choose
from ml.playlist_generator.holding.demands import Count, Demand, Demands, Given, Ground, Length, Only, Pin, Share
from ml.playlist_generator.holding.placing import place_exactly
from ml.playlist_generator.ordering.improving import Objective, improve
from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Table

Rows = NDArray[np.int64]

#: Tracks that a search by small changes looks at, at most.
_LOOKED_AT = 400
#: Tracks of a list of any length, at most, as far as that is enough.
_FEW = 60
#: From so many tracks on, some of them are asked first, so many of a sort at least.
_MANY, _SOME = 600, 150
#: Yes-or-no unknowns of the exact placing, at most: tracks times positions.
_PLACED = 20_000


@dataclass(frozen=True)
class Decision:
    """Whether demands can be met.

    Parameters
    ----------
    answer : {"yes", "no", "unknown"}
    rows : int64 [shape=(n,)] or None
        A list that meets them, where the answer is yes.
    """

    answer: Literal["yes", "no", "unknown"]
    rows: Rows | None = None


NO, UNKNOWN = Decision("no"), Decision("unknown")


def decide(demands: Demands, ground: Ground, budget: Budget) -> Decision:
    """Say whether a list meets all demands.

    An easier question, about some of the tracks, comes first: its yes is one. Tracks are chosen by an integer program;
    if there are none, there is no list. What is chosen is put in order by small changes; where that fails, tracks and
    order are found together, exactly, if there are few enough of them.

    Parameters
    ----------
    demands : Demands
    ground : Ground
    budget : Budget
    """
    easier = _easier(demands, ground)
    found = UNKNOWN if easier is None else _decided(easier, ground, budget)
    return found if found.answer == "yes" else _decided(demands, ground, budget)


def _decided(demands: Demands, ground: Ground, budget: Budget) -> Decision:
    if budget.spent:
        return UNKNOWN
    choice = choose(demands, ground, budget_s=budget.next_s)
    if choice.rows is None:
        return NO if choice.certain else UNKNOWN
    found = _in_order(demands, ground, choice.rows, _around(demands, ground, choice.rows))
    if found is not None:
        return Decision("yes", found)
    return _exactly(demands, ground, budget)


def _easier(demands: Demands, ground: Ground) -> Demands | None:
    """Ask for more, so that it is sooner known: what meets this meets the demands; None where nothing is won."""
    more: list[Demand] = []
    if not any(demands.of(Length, Count)):
        places = [pin.position for pin in demands.of(Pin)] + [at for given in demands.of(Given) for at in given.places]
        more.append(Count(1, max([_FEW, 2 * len(demands.fixed), *(place + 1 for place in places)]), None, "few"))
    allowed = np.flatnonzero(demands.allowed(len(ground)))
    least = demands.counts()[0]
    if len(allowed) > max(_MANY, 8 * least):
        # Tracks of all lengths, and of each sort that a share is asked of.
        by_length = allowed[np.argsort(ground.duration_ms[allowed], kind="stable")]
        sorts = [by_length[of[by_length]] for share in demands.of(Share) for of in (share.of, ~share.of)]
        some = [_spread(rows, max(_SOME, 3 * least)) for rows in (by_length, *sorts)]
        kept = np.zeros(len(ground), dtype=np.bool_)
        kept[np.concatenate(some)] = True
        kept[list(demands.fixed)] = True
        more.append(Only("some", None, kept))
    return Demands((*demands.each, *more)) if more else None


def _spread(rows: Rows, most: int) -> Rows:
    """Take some of many, in equal steps."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]


def keeps(rules: Rules, one: NDArray[np.integer]) -> bool:
    """Tell whether a list keeps to all rules."""
    return bool(rules.broken(one[None, :])[0] < 1e-6)


def _around(demands: Demands, ground: Ground, rows: Rows) -> Rows:
    """Give some tracks, and others that may take their places."""
    allowed = np.flatnonzero(demands.allowed(len(ground)))
    others = np.setdiff1d(allowed, rows)
    return np.concatenate([rows, _spread(others, max(0, _LOOKED_AT - len(rows)))])


def _in_order(demands: Demands, ground: Ground, rows: Rows, looked_at: Rows) -> Rows | None:
    n = len(rows)
    rules = demands.rules(ground, looked_at)
    free = Table(np.zeros((n, len(looked_at)), np.float32), np.zeros((len(looked_at), len(looked_at)), np.float32))
    objective = Objective(free, rules)
    start = _interleaved(rules, np.arange(n))
    if keeps(rules, start):
        return np.asarray(looked_at[start])
    for replacing in (False, True):
        found = improve(start, objective, replacing=replacing)
        if keeps(rules, found):
            return np.asarray(looked_at[found])
    return None


def _interleaved(rules: Rules, one: NDArray[np.integer]) -> NDArray[np.integer]:
    """Put tracks so that artists with many of them are spread out, and pinned ones where they belong."""
    pinned = {position: track for position, track in rules.pinned.items() if position < len(one)}
    free = [int(track) for track in one if track not in pinned.values()]
    left = {code: [track for track in free if rules.artist[track] == code] for code in set(rules.artist[free].tolist())}
    placed: list[int] = []
    for position in range(len(one)):
        if position in pinned:
            placed.append(pinned[position])
            continue
        recent = {int(rules.artist[track]) for track in placed[max(0, position - rules.artist_gap) :]}
        ready = [code for code in left if left[code] and code not in recent] or [c for c in left if left[c]]
        if not ready:
            break
        code = max(ready, key=lambda code: (len(left[code]), -code))
        placed.append(left[code].pop())
    rest = [track for track in one.tolist() if track not in placed]
    return np.array(placed + rest)[: len(one)]


def _exactly(demands: Demands, ground: Ground, budget: Budget) -> Decision:
    rows = np.flatnonzero(demands.allowed(len(ground)))
    rules = demands.rules(ground, rows)
    sure = True
    for n in _lengths(demands, rules):
        if n * len(rows) > _PLACED or budget.spent:
            return UNKNOWN
        found = place_exactly(rules, n, budget_s=budget.next_s)
        if found.order is not None:
            return Decision("yes", rows[found.order])
        sure = sure and found.certain
    return NO if sure else UNKNOWN


def _lengths(demands: Demands, rules: Rules) -> range:
    """Give the numbers of tracks that a list may have by what is asked and by how long tracks are."""
    least, most = demands.counts()
    most = min(most, rules.m)
    if rules.window_ms is not None:
        shortest, longest = np.sort(rules.duration_ms), np.sort(rules.duration_ms)[::-1]
        most = min(most, int(np.searchsorted(np.cumsum(shortest), rules.window_ms[1], side="right")))
        least = max(least, int(np.searchsorted(np.cumsum(longest), rules.window_ms[0], side="left")) + 1)
    least = max([least, len(demands.fixed), *(position + 1 for position in rules.pinned)])
    return range(least, most + 1)
