"""From what is asked to a list of tracks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.asking import Asked
from ml.playlist_generator.flow.arcs import Arc
from ml.playlist_generator.flow.transitions import transition_costs
from ml.playlist_generator.holding.budget import Budget
from ml.playlist_generator.holding.choosing import choose
from ml.playlist_generator.holding.conflicts import Conflict, Relaxation, find_conflicts
from ml.playlist_generator.holding.deciding import decide, keeps
from ml.playlist_generator.holding.demands import Count, Demands, Given, Length, Share
from ml.playlist_generator.holding.ways import Way, explained, find_ways, followed, in_turn
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.ordering.beam import beam_search
from ml.playlist_generator.ordering.bound import ROUNDS, lower_bound
from ml.playlist_generator.ordering.exact import MOST as MOST_EXACT
from ml.playlist_generator.ordering.exact import best_order
from ml.playlist_generator.ordering.improving import Objective, Term, search
from ml.playlist_generator.ordering.rules import Rules
from ml.playlist_generator.ordering.table import Balance, Table
from ml.playlist_generator.request import PlaylistRequest

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
#: Makes what else lists cost, for the tracks that are considered.
Terms = Callable[[Rows], Sequence[Term]]


def no_terms(rows: Rows) -> Sequence[Term]:
    """Let lists cost nothing else."""
    del rows
    return ()


@dataclass(frozen=True)
class Effort:
    """How hard to search.

    Parameters
    ----------
    considered : int
        Tracks that are looked at.
    width : int
        Of the beam.
    starts : int
        Lists of the beam that are improved.
    kicks : int
        How often the best is shaken and improved again.
    lengths : int
        Numbers of tracks on either side of the likeliest that are tried.
    question_s, questions_s : float
        Seconds that one question whether demands can be met may take, and all of them.
    """

    considered: int
    width: int
    starts: int
    kicks: int
    lengths: int
    question_s: float
    questions_s: float


EFFORTS = {"fast": Effort(250, 12, 1, 0, 0, 1.0, 3.0), "best": Effort(300, 32, 2, 24, 1, 3.0, 10.0)}
#: From so many tracks on, a list is shaken less: each change looks at more orders.
_LONG = 30
#: Tracks that are looked at for each place of a long list, and the shortest that one is taken to be.
_FOR_EACH, _SHORTEST_MS = 2, 30_000.0
#: The bound of a long list is bettered less often, so that this many steps are looked at.
_BOUND_STEPS = 4_000_000_000
#: Chance leaves no fewer tracks than this.
_ENOUGH = 30
#: Tracks of one artist among the considered, at least: more than any list would take.
_PER_ARTIST = 6


@dataclass(frozen=True)
class Composition:
    """A list and how it came about.

    Parameters
    ----------
    rows : int64 [shape=(n,)]
        Of the tracks, in order.
    cost : float
    bound : float or None
    conflicts : tuple of Conflict
    undecided : bool
        Whether it breaks something and nobody knows if it had to.
    considered, allowed : int
    gave : tuple of str
        Demands that this list does not keep to, so that it keeps to all the others.
    """

    rows: Rows
    cost: float
    bound: float | None
    conflicts: tuple[Conflict, ...]
    undecided: bool
    considered: int
    allowed: int
    gave: tuple[str, ...] = ()


def compose(tracks: Tracks, asked: Asked, request: PlaylistRequest, *, terms: Terms = no_terms) -> Composition | None:
    """Find the list; None where no track is allowed at all.

    Parameters
    ----------
    tracks : Tracks
    asked : Asked
    request : PlaylistRequest
    terms : callable
        Makes terms for the rows of the considered tracks.
    """
    composer = Composer(tracks, asked, request)
    return composer.compose(terms)


class Composer:
    """Searches for one list.

    Parameters
    ----------
    tracks : Tracks
    asked : Asked
    request : PlaylistRequest
    """

    def __init__(self, tracks: Tracks, asked: Asked, request: PlaylistRequest) -> None:
        self.tracks, self.asked, self.request = tracks, asked, request
        self.rng = np.random.default_rng(request.seed)
        effort = EFFORTS[request.effort]
        self.budget = Budget(effort.question_s, effort.questions_s)
        self.fit = asked.fit.whole(len(tracks))
        self.liking = self._liking()
        self.allowed = asked.demands.allowed(len(tracks))
        self.effort = replace(effort, considered=max(effort.considered, _FOR_EACH * self._likely_length()))

    def compose(self, terms: Terms = no_terms) -> Composition | None:
        """Find the list; None where no track is allowed at all."""
        if not self.allowed.any():
            return self._impossible(terms)
        if self.allowed.sum() <= self.effort.considered:
            # So few that it is quickly known whether they can be enough.
            choice = choose(self.asked.demands, self.tracks.ground, budget_s=self.budget.next_s)
            if choice.rows is None and choice.certain:
                return self._impossible(terms)
        rows = self.considered()
        found = self._searched(self.asked.demands, rows, self._lengths(rows), terms)
        if found is not None and found[2]:
            return self._composition(found[0], rows, terms)
        decision = decide(self.asked.demands, self.tracks.ground, self.budget)
        if decision.answer == "yes":
            assert decision.rows is not None
            rows = np.union1d(rows, decision.rows)
            found = self._searched(self.asked.demands, rows, [len(decision.rows)], terms, decision.rows)
            assert found is not None
            return self._composition(found[0], rows, terms)
        if decision.answer == "no":
            return self._impossible(terms)
        return None if found is None else self._composition(found[0], rows, terms, undecided=True)

    def _likely_length(self) -> int:
        """Guess how many tracks the list will have."""
        least = self.asked.demands.counts()[0]
        known = self.tracks.ground.duration_ms[self.allowed]
        usual = float(np.median(known)) if len(known) else 0.0
        longest = max((length.high_ms for length in self.asked.demands.of(Length)), default=0)
        return max(least, round(longest / max(usual, _SHORTEST_MS)))

    def _liking(self) -> Floats:
        """Give what decides who is considered: the fit, and chance."""
        chance = self.rng.normal(0, 0.5 * self.request.variety, len(self.fit)).astype(np.float32)
        spread = float(self.fit.std()) or 0.1
        return self.fit + chance * np.float32(spread)

    def _by_chance(self, allowed: Rows) -> Rows:
        """Leave some out, so that another seed gives another list of a small library too; not where few are left."""
        kept = self.rng.random(len(allowed)) >= 0.5 * self.request.variety
        kept |= np.isin(allowed, list(self.asked.demands.fixed))
        if "stay" in self.asked.fit.parts:
            kept |= self.asked.fit.parts["stay"][allowed] > 0
        return allowed[kept] if kept.sum() >= _ENOUGH else allowed

    def considered(self, demands: Demands | None = None) -> Rows:
        """Choose the tracks that the search looks at: those that suit best, not too many by one artist.

        Of each sort that a share is asked of, some are among them; and those that have to be in the list.
        """
        demands = demands or self.asked.demands
        allowed = self._by_chance(np.flatnonzero(demands.allowed(len(self.tracks))))
        if len(allowed) <= self.effort.considered:
            return allowed
        order = allowed[np.argsort(-self.liking[allowed], kind="stable")]
        spread = order[_place_within(self.tracks.ground.artist[order]) < _PER_ARTIST]
        chosen = spread[: self.effort.considered]
        for share in demands.of(Share):
            for of in (share.of, ~share.of):
                chosen = np.concatenate([chosen, spread[of[spread]][: self.effort.considered // 5]])
        if len(chosen) < self.effort.considered:
            chosen = np.concatenate([chosen, order[: self.effort.considered]])
        return np.unique(np.concatenate([chosen, np.array(sorted(demands.fixed), dtype=np.int64)]))

    def _lengths(self, rows: Rows, demands: Demands | None = None) -> list[int]:
        """Give the numbers of tracks to try, the likeliest first."""
        demands = demands or self.asked.demands
        least, most = demands.counts()
        most = min(most, len(rows))
        middle = least
        for length in demands.of(Length):
            usual = float(np.median(self.tracks.ground.duration_ms[rows]))
            middle = round((length.low_ms + length.high_ms) / 2 / max(usual, 1.0))
        middle = max(least, min(middle, most), len(demands.fixed), 1)
        further = [0, *(way * step for step in range(1, 4) for way in (-1, 1))]
        return [middle + each for each in further if least <= middle + each <= most] or [min(middle, most)]

    def _searched(
        self, demands: Demands, rows: Rows, lengths: Sequence[int], terms: Terms, start: Rows | None = None
    ) -> tuple[Rows, float, bool] | None:
        """Search lists of several lengths; give the best, its cost, and whether it keeps to everything."""
        rules = demands.rules(self.tracks.ground, rows)
        least, most = demands.counts()
        best: tuple[Rows, float, bool] | None = None
        for tried, n in enumerate(lengths):
            if n > len(rows):
                continue
            objective = Objective(self.table(rows, n), rules, terms(rows))
            begun = None if start is None or len(start) != n else np.searchsorted(rows, start)
            one = self._one(objective, begun)
            worth = float(objective.worth(one[None, :])[0])
            kept = keeps(rules, one) and least <= len(one) <= most
            if best is None or (kept, -worth) > (best[2], -best[1]):
                best = rows[one], worth, kept
            if best[2] and tried >= 2 * self.effort.lengths:
                break
        return best

    def _one(self, objective: Objective, start: Rows | None) -> Rows:
        starts = self.starts(objective) if start is None else [start, *self.starts(objective)]
        kicks = self.effort.kicks if objective.table.n <= _LONG else self.effort.kicks // 6
        found = np.asarray(search(starts, objective, kicks=kicks, rng=self.rng), dtype=np.int64)
        return best_of_few(found, objective) if self.request.effort == "best" else found

    def starts(self, objective: Objective) -> list[Rows]:
        """Build the lists that are improved."""
        beam = beam_search(objective.table, objective.rules, width=self.effort.width)
        return [one.astype(np.int64) for one in beam[: self.effort.starts]]

    def table(self, rows: Rows, n: int) -> Table:
        """Put together what lists of ``n`` of some tracks cost."""
        sounds = self.tracks.sounds.take(rows)
        return Table.of(
            self.fit[rows],
            transition_costs(sounds, sounds, self.request.weights),
            n,
            energy=within(self.tracks.features["energy"][rows]),
            arc=self.arc,
            balance=self.balance,
        )

    @property
    def balance(self) -> Balance:
        """How much each side of a list counts."""
        return Balance()

    @property
    def arc(self) -> Arc | None:
        """The arc that was asked for."""
        return self.request.arc

    def _composition(
        self,
        found: Rows,
        rows: Rows,
        terms: Terms,
        *,
        conflicts: Sequence[Conflict] = (),
        undecided: bool = False,
        demands: Demands | None = None,
        gave: tuple[str, ...] = (),
    ) -> Composition:
        rules = (demands or self.asked.demands).rules(self.tracks.ground, rows)
        table = self.table(rows, len(found))
        one = np.searchsorted(rows, found)
        cost = float(table.cost(one[None, :])[0])
        bound = None
        if self.request.effort == "best" and not terms(rows):
            bound = _bound(table, rules, cost)
        return Composition(found, cost, bound, tuple(conflicts), undecided, len(rows), int(self.allowed.sum()), gave)

    def _impossible(self, terms: Terms) -> Composition | None:
        demands, ground = self.asked.demands, self.tracks.ground
        conflicts = find_conflicts(demands, ground, self.budget)
        if not conflicts:
            return None
        budget = Budget(self.effort.question_s, self.effort.questions_s)
        ways = find_ways(demands, conflicts, ground, budget)
        way = followed(ways, demands, ground) if ways else self._somehow(conflicts)
        return None if way is None else self._nearest(explained(conflicts, ways), way, terms)

    def _somehow(self, conflicts: Sequence[Conflict]) -> Way | None:
        """Let demands go, one after the other, until the rest can be met: where no better way was found in time."""
        demands, ground = self.asked.demands, self.tracks.ground
        firm = {given.name for given in demands.of(Given)}
        gone = [next(name for name in in_turn(demands) if name in conflict.names) for conflict in conflicts]
        # Whatever goes, the list does not become longer than it was to be.
        most = Count(1, max(self._likely_length(), len(demands.fixed), 1), None, name="")
        while True:
            rest = Demands((*demands.without(gone), most))
            found = decide(rest, ground, Budget(self.effort.question_s, self.effort.question_s))
            if found.rows is not None:
                given = tuple(Relaxation(demand.name, demand.asked, None) for demand in demands.only(gone))
                return Way(given, rest, found.rows)
            left = [name for name in in_turn(demands) if name not in firm and name not in gone]
            if not left:
                return None
            gone.append(left[0])

    def _nearest(self, conflicts: Sequence[Conflict], way: Way, terms: Terms) -> Composition | None:
        """Find what comes nearest: the best list of those that meet what is left of the demands."""
        rows = np.union1d(self.considered(way.demands), way.rows)
        lengths = list(dict.fromkeys([*self._lengths(rows, way.demands), len(way.rows)]))
        found = self._searched(way.demands, rows, lengths, terms, way.rows)
        assert found is not None
        gave = tuple(one.name for one in way.relaxations)
        return self._composition(found[0], rows, terms, conflicts=conflicts, demands=way.demands, gave=gave)


def best_of_few(one: Rows, objective: Objective) -> Rows:
    """Give the best order of few tracks; of many, or where that breaks a rule, the order they have."""
    if len(one) > MOST_EXACT:
        return one
    table = objective.table
    order, _ = best_order(Table(table.places[:, one], table.steps[np.ix_(one, one)]))
    worth = objective.worth(np.stack([one, one[order]]))
    return one[order] if worth[1] < worth[0] else one


def within(values: Floats) -> Floats:
    """Give values as places between the least and the greatest of them, NaN where unknown.

    >>> within(np.array([2, 3, 4], np.float32)).tolist()
    [0.0, 0.5, 1.0]
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return np.full(len(values), np.nan, dtype=np.float32)
    low, high = float(known.min()), float(known.max())
    return np.asarray((values - low) / np.float32(high - low if high > low else 1.0), dtype=np.float32)


def _bound(table: Table, rules: Rules, cost: float) -> float:
    if table.n == rules.m and table.n <= MOST_EXACT:
        return min(best_order(table)[1], cost)
    rounds = max(5, min(ROUNDS, _BOUND_STEPS // (table.n * rules.m**2)))
    return lower_bound(table, rules, cost, rounds=rounds)


def _place_within(codes: NDArray[np.integer]) -> NDArray[np.int64]:
    """Count, for each entry, how many of the same code come before it.

    >>> _place_within(np.array([5, 3, 5, 5, 3])).tolist()
    [0, 0, 1, 2, 1]
    """
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    place = np.arange(len(codes)) - np.repeat(starts, np.diff(np.r_[starts, len(codes)]))
    found = np.empty(len(codes), dtype=np.int64)
    found[order] = place
    return found
