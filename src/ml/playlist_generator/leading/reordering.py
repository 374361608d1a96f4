"""The best order of given tracks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.composing import within
from ml.playlist_generator.flow.arcs import Arc
from ml.playlist_generator.flow.transitions import Weights, transition_costs
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.ordering.beam import beam_search
from ml.playlist_generator.ordering.bound import ROUNDS, lower_bound
from ml.playlist_generator.ordering.exact import MOST as MOST_EXACT
from ml.playlist_generator.ordering.exact import best_order
from ml.playlist_generator.ordering.improving import Objective, search
from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Balance, Table

Rows = NDArray[np.int64]
Lists = NDArray[np.int64]

#: From so many tracks on, stretches are put in order one after the other, each reaching half into the next.
_WHOLE, _STRETCH = 60, 32
_WIDTH = 32
#: How often the best order is shaken, and improved again: the longer, the more orders each change looks at.
_KICKS = ((20, 30), (40, 10), (_WHOLE, 4))
#: The bound of a long list is bettered less often, so that this many steps are looked at.
_BOUND_STEPS = 3_000_000_000
#: Nobody wants to hear a song, or another version of it, twice in a row: as dear as a transition gets.
_AGAIN = 1.0
#: A gain has to be worth this much; less is rounding.
_LEAST = 1e-6


@dataclass(frozen=True)
class Order:
    """Tracks in order.

    Parameters
    ----------
    order : int64 [shape=(n,)]
        Places in what was given.
    before, after, bound : float in [0, 1]
        What the order given costs, what this one does, and what none is below.
    artist_gap : int
        Other tracks between two by an artist that can be kept.
    """

    order: Lists
    before: float
    after: float
    bound: float
    artist_gap: int


def put_in_order(
    tracks: Tracks,
    rows: Rows,
    *,
    weights: Weights,
    arc: Arc | None = None,
    keep_first: int = 0,
    keep_last: int = 0,
    artist_gap: int = 0,
    best: bool = True,
    seed: int = 0,
) -> Order:
    """Put tracks in the order that costs least.

    Parameters
    ----------
    tracks : Tracks
    rows : int64 [shape=(n,)]
        In the order there is; a track may come several times.
    weights : Weights
    arc : optional
    keep_first, keep_last : int >= 0
        Tracks that stay where they are, at the beginning and at the end.
    artist_gap : int >= 0
        Wanted; where an artist has too many tracks for it, the greatest that is possible is kept to.
    best : bool
        Whether to search on after the first list that no small change betters.
    seed : int
    """
    n = len(rows)
    table = _table(tracks, rows, weights, arc)
    given = np.arange(n)
    before = float(table.cost(given[None, :])[0])
    gap = _possible_gap(tracks.ground.artist[rows], artist_gap)
    pinned = {place: place for place in (*range(min(keep_first, n)), *range(max(n - keep_last, 0), n))}
    rules = _rules(tracks, rows, gap, pinned)
    objective = Objective(table, rules)
    found, least = _searched(objective, best=best, rng=np.random.default_rng(seed))
    # What was there may be as good: then nothing is moved.
    worth = objective.worth(np.stack([given, found]))
    order = found if worth[1] < worth[0] - _LEAST else given
    after = float(table.cost(order[None, :])[0])
    if least is None:
        rounds = max(10, min(ROUNDS, _BOUND_STEPS // n**3))
        least = lower_bound(table, replace(rules, artist_gap=0), after, rounds=rounds)
    return Order(order, before, after, min(least, after), gap)


def _table(tracks: Tracks, rows: Rows, weights: Weights, arc: Arc | None) -> Table:
    sounds = tracks.sounds.take(rows)
    steps = transition_costs(sounds, sounds, weights)
    song = tracks.ground.song[rows]
    steps[song[:, None] == song[None, :]] = _AGAIN
    energy = within(tracks.features["energy"][rows])
    return Table.of(np.ones(len(rows), np.float32), steps, len(rows), energy=energy, arc=arc, balance=Balance(fit=0.0))


def _rules(tracks: Tracks, rows: Rows, gap: int, pinned: dict[int, int]) -> Rules:
    n, ground = len(rows), tracks.ground
    nothing = np.zeros(n, dtype=np.int64)
    # A track that comes twice is there twice: which song it is makes no order worse than another.
    return Rules(
        nothing,
        ground.artist[rows],
        ground.album[rows],
        np.arange(n),
        nothing,
        artist_gap=gap,
        pinned=pinned,
        firm=frozenset(pinned),
    )


def _possible_gap(artists: NDArray[np.int64], asked: int) -> int:
    """Give the greatest gap up to the one asked for that as many tracks leave room for.

    >>> _possible_gap(np.array([1, 1, 1, 2, 3]), 4), _possible_gap(np.array([1, 2]), 4)
    (1, 4)
    """
    most = int(np.unique(artists, return_counts=True)[1].max())
    return asked if most < 2 else max(0, min(asked, (len(artists) - 1) // (most - 1) - 1))


def _searched(objective: Objective, *, best: bool, rng: np.random.Generator) -> tuple[Lists, float | None]:
    """Give an order, and what none costs less than, where it is known exactly."""
    table, rules = objective.table, objective.rules
    least: float | None = None
    if table.n <= MOST_EXACT:
        places = table.places.copy()
        for position, track in rules.pinned.items():
            places[position, np.arange(table.n) != track] = np.inf
        order, least = best_order(Table(places, table.steps))
        if rules.broken(order[None, :])[0] < 1e-6:
            return order, least
    beam = beam_search(table, rules, width=_WIDTH)[:1].astype(np.int64)
    if table.n <= _WHOLE:
        starts = [beam[0], np.arange(table.n)]
        kicks = next(kicks for n, kicks in _KICKS if table.n <= n) if best else 0
        found = search(starts, objective, kicks=kicks, rng=rng, replacing=False)
        return np.asarray(found, dtype=np.int64), least
    found = beam[0]
    for _ in range(2 if best else 1):
        found = _by_stretches(found, objective, rng)
    return found, least


def _by_stretches(one: Lists, objective: Objective, rng: np.random.Generator) -> Lists:
    """Put stretches of a long list in order, what is around them as it is."""
    table, rules = objective.table, objective.rules
    for first in range(0, table.n - 1, _STRETCH // 2):
        edge = max(1, min(rules.artist_gap, 4))
        low, high = max(0, first - edge), min(table.n, first + _STRETCH + edge)
        members = one[low:high]
        held = {place - low: place - low for place in range(low, high) if place in rules.pinned}
        held |= {place: place for place in range(first - low)}
        held |= {place: place for place in range(min(first + _STRETCH, table.n) - low, high - low)}
        part = Table(table.places[low:high][:, members], table.steps[np.ix_(members, members)])
        nothing = np.zeros(len(members), dtype=np.int64)
        own = Rules(
            nothing,
            rules.artist[members],
            rules.album[members],
            np.arange(len(members)),
            nothing,
            artist_gap=rules.artist_gap,
            pinned=held,
            firm=frozenset(held),
        )
        start = np.arange(len(members))
        found = search([start], Objective(part, own), kicks=0, rng=rng, replacing=False)
        one = np.concatenate([one[:low], members[found], one[high:]])
    return one
