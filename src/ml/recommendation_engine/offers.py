"""The new items that listeners may be offered, best first: no more of a ranking than is looked at.

Method
------
A ranker with trees gives its candidates more than 1 and everything else less. Early skips and dislikes only lower
scores; so the candidates that are still above 1 come before all other items, and a list that is full with them is the
beginning of the whole ranking. All scores are asked for where it is not, or where a situation moves them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats, Plays
from ml.models.ranker import Ranker
from ml.models.topk import ranked
from ml.recommendation_engine.profile import Profiles
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.session import lower
from ml.recommendation_engine.situation import Situation, zero_of


def settle(
    scores: Floats,
    own: Plays,
    profiles: Profiles,
    row: int,
    situation: Situation,
    moved: Floats | None = None,
    *,
    zero: float = 0.0,
) -> Floats | None:
    """Lower, leave out and move a listener's scores of all items, in place; tell what the situation added to each.

    Parameters
    ----------
    scores : float32 [shape=(n_items,)]
        What is left out becomes ``-inf``.
    own : Plays
        What the listener knows already.
    profiles : Profiles
    row : int
        The listener's among the profiles.
    situation : Situation
    moved : float32, optional [shape=(n_items,)]
        What of the scores the situation added already.
    zero : float
        As in :func:`ml.recommendation_engine.session.lower`.
    """
    if moved is not None:
        plain = scores - moved
        profiles.damping[row].lower(plain, zero=zero)
    profiles.damping[row].lower(scores, zero=zero)
    scores[own.items] = -np.inf
    scores[profiles.left_out[row]] = -np.inf
    if situation.allowed is not None:
        scores[~situation.allowed] = -np.inf
    if moved is not None:
        return scores - plain
    moved = situation.shift_new(scores)
    if moved is not None:
        scores += moved
    return moved


def score_all(
    serving: Serving, history: Plays, algorithms: Sequence[str], situation: Situation
) -> tuple[Floats, dict[int, Floats]]:
    """Score everything for each listener by their algorithm; the result is the caller's to change.

    Returns
    -------
    scores : float32 [shape=(n_users, n_items)]
    moved : dict of int to float32 [shape=(n_items,)]
        What the situation has added, by listener, where the model itself minded it.
    """
    if len(set(algorithms)) == 1:
        scores, wished = situation.score(serving.grown(algorithms[0]), history)
        return scores, {} if wished is None else dict(enumerate(wished))
    scores = np.empty((history.n_users, history.n_items), dtype=np.float32)
    moved: dict[int, Floats] = {}
    for name in set(algorithms):
        rows = np.flatnonzero([algorithm == name for algorithm in algorithms])
        scores[rows], wished = situation.score(serving.grown(name), history.select(rows))
        if wished is not None:
            moved |= dict(zip(rows.tolist(), wished, strict=True))
    return scores, moved


@dataclass(frozen=True)
class Ranking:
    """A ranking of all items.

    Parameters
    ----------
    scores : float32 [shape=(n_items,)]
    count : int
        Length of the list that is wanted.
    """

    scores: Floats
    count: int

    def ranked(self) -> Iterator[tuple[int, float]]:
        """Give (index, score), best first and as far as it is asked for."""
        return ranked(self.scores, self.count)


@dataclass(frozen=True)
class Offer:
    """What one listener may be offered.

    Parameters
    ----------
    offers : Offers
    row : int
        The listener's among those that are answered together.
    """

    offers: Offers
    row: int

    @cached_property
    def scores(self) -> Floats:
        """All scores, settled; float32 [shape=(n_items,)]."""
        return self.offers.settled(self.row)[0]

    def ranked(self) -> Iterator[tuple[int, float]]:
        """Give (index, score), best first and as far as it is asked for."""
        first = self.offers.first.get(self.row, [])
        yield from first
        yield from islice(ranked(self.scores, self.offers.count), len(first), None)


@dataclass
class Offers:
    """What some listeners may be offered.

    Parameters
    ----------
    serving : Serving
    profiles : Profiles
    algorithms : sequence of str
        What ranks for each.
    situation : Situation
    count : int
        Length of the lists.
    first : dict of int to list of (int, float)
        The beginning of a listener's ranking, by row.
    """

    serving: Serving
    profiles: Profiles
    algorithms: Sequence[str]
    situation: Situation
    count: int
    first: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    _settled: dict[int, tuple[Floats, Floats | None]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, serving: Serving, profiles: Profiles, algorithms: Sequence[str], situation: Situation, *, count: int
    ) -> Self:
        """Ask the models."""
        offers = cls(serving, profiles, algorithms, situation, count)
        short = [row for row, name in enumerate(algorithms) if offers.is_short(name)]
        offers.shortlist(short)
        offers.score([row for row in range(profiles.n_users) if row not in offers.first])
        return offers

    def by(self, row: int) -> Offer:
        """Give what one listener may be offered."""
        return Offer(self, row)

    def moved(self, row: int) -> Floats | None:
        """Give what the situation added to each score of a listener."""
        return self._settled[row][1] if row in self._settled else None

    def settled(self, row: int) -> tuple[Floats, Floats | None]:
        """Give a listener's scores of all items, and what of them the situation added."""
        if row not in self._settled:
            self.score([row])
        return self._settled[row]

    def is_short(self, algorithm: str) -> bool:
        """Tell whether the beginning of an algorithm's ranking can be had alone."""
        model = self.serving.model(algorithm)
        plain = not self.situation.wish and not self.situation.bounds
        return plain and isinstance(model, Ranker) and model.trees is not None

    def shortlist(self, rows: Sequence[int]) -> None:
        """Find the beginnings of the rankings of some listeners, who have a ranker with trees."""
        for name in {self.algorithms[row] for row in rows}:
            mine = [row for row in rows if self.algorithms[row] == name]
            model = self.serving.model(name)
            assert isinstance(model, Ranker)
            pairs, scores = model.shortlist(self._asked(mine))
            bounds = np.searchsorted(pairs.users, np.arange(len(mine) + 1)).tolist()
            for place, row in enumerate(mine):
                some = slice(bounds[place], bounds[place + 1])
                self.first[row] = self._sure(row, pairs.items[some], scores[some])

    def score(self, rows: Sequence[int]) -> None:
        """Score everything for some listeners."""
        if not rows:
            return
        algorithms = [self.algorithms[row] for row in rows]
        scores, moved = score_all(self.serving, self._asked(rows), algorithms, self.situation)
        for place, row in enumerate(rows):
            own, known = scores[place], self.profiles.known.only(row)
            zero = zero_of(self.serving.model(algorithms[place]))
            change = settle(own, known, self.profiles, row, self.situation, moved.get(place), zero=zero)
            self._settled[row] = own, change

    def _asked(self, rows: Sequence[int]) -> Plays:
        asked = self.profiles.asked
        return asked if len(rows) == asked.n_users else asked.select(rows)

    def _sure(self, row: int, items: NDArray[np.int64], scores: Floats) -> list[tuple[int, float]]:
        """Rank the candidates that nothing else comes before."""
        damping, left_out, allowed = self.profiles.damping[row], self.profiles.left_out[row], self.situation.allowed
        if len(damping.items):
            scores = lower(scores, damping.of(items), zero=1.0)
        sure = scores > 1
        if len(left_out):
            sure &= ~np.isin(items, left_out)
        if allowed is not None:
            sure &= allowed[items]
        items, scores = items[sure], scores[sure]
        order = np.lexsort((items, -scores))
        return list(zip(items[order].tolist(), scores[order].tolist(), strict=True))
