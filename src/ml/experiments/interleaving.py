"""Two rankings in one list: which of them do the same listeners prefer?

Conventions
-----------
A list of one answer is drafted as two teams are; what is clicked counts for the ranking that put it there. An answer
without clicks, or with as many for both, is a tie. Interleaving tells rankings apart with far fewer listeners than
an experiment that gives each listener one of them, and says nothing about anything but clicks.

References
----------
Radlinski, Kurup and Joachims, "How does clickthrough data reflect retrieval quality?", CIKM 2008 (team draft).
Chapelle, Joachims, Radlinski and Yue, "Large-scale validation and analysis of interleaved search evaluation", TOIS 30,
2012 (credit).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ml.experiments.counts import log_evidence, proportion
from ml.foundation.results import Result

T = TypeVar("T", bound=Hashable)

FIRST = 0
# Spread around one half: uniform, so that one-sided preferences are seen soon.
_UNIFORM = 2.0


def team_draft(
    first: Sequence[T],
    second: Sequence[T],
    count: int,
    *,
    rng: np.random.Generator,
    allowed: Callable[[T, Sequence[T]], bool] = lambda _item, _items: True,
) -> tuple[list[T], list[int]]:
    """Draft one list from two rankings.

    In each round a coin says which of the two chooses first; each takes its best item that is not in the list yet.

    Parameters
    ----------
    first, second : sequence
        The best first.
    count : int >= 0
        Items wanted; there are fewer where both rankings run out.
    rng : numpy.random.Generator
    allowed : callable, optional
        Told an item and the list so far; what it refuses is passed over for good.

    Returns
    -------
    items : list
    teams : list of int
        Of each item: 0 where the first ranking put it there, 1 where the second did.

    Examples
    --------
    >>> team_draft("abc", "bad", 4, rng=np.random.default_rng(1))
    (['a', 'b', 'd', 'c'], [0, 1, 1, 0])
    """
    left = (iter(first), iter(second))
    items: list[T] = []
    teams: list[int] = []
    chosen: set[T] = set()
    while len(items) < count:
        before = len(items)
        begins = int(rng.integers(2))
        for team in (begins, 1 - begins):
            ranking = (each for each in left[team] if each not in chosen and allowed(each, items))
            item = next(ranking, None)
            if item is not None and len(items) < count:
                items.append(item)
                teams.append(team)
                chosen.add(item)
        if len(items) == before:
            break
    return items, teams


def credit(teams: Sequence[int], clicked: Iterable[int]) -> int:
    """Say who won an answer: -1 the first ranking, 1 the second, 0 neither.

    Parameters
    ----------
    teams : sequence of int
        As :func:`team_draft` gives them.
    clicked : iterable of int
        Places in the list, from 0; a place counts once.

    Examples
    --------
    >>> credit([0, 1, 1, 0], [1, 2]), credit([0, 1], [0, 1]), credit([0, 1], [0, 0])
    (1, 0, -1)
    """
    of_second = [teams[place] for place in set(clicked)]
    return int(np.sign(2 * sum(of_second) - len(of_second)))


@dataclass(frozen=True, slots=True)
class Preference(Result):
    """Which ranking is preferred.

    Parameters
    ----------
    first, second, ties : int
        Answers that each won.
    share : float
        Of the second ranking, among the answers that somebody won; one half where there are none.
    low, high : float
        Interval of the share, from a confidence sequence.
    level : float
    p_value : float
        Always valid, that neither is preferred.
    words : str
    """

    first: int
    second: int
    ties: int
    share: float
    low: float
    high: float
    level: float
    p_value: float
    words: str


def compare(outcomes: ArrayLike, *, alpha: float = 0.05) -> Preference:
    """Say from the outcomes of answers which ranking is preferred; it may be asked after each one.

    One listener should have one outcome, such as the sign of the sum over their answers: answers to one
    listener are alike.

    Parameters
    ----------
    outcomes : int [shape=(n,)]
        As :func:`credit` gives them.
    alpha : float in (0, 1)

    Examples
    --------
    >>> found = compare([1] * 70 + [-1] * 30)
    >>> found.share, found.p_value < 0.05, found.words
    (0.7, True, 'the second ranking is preferred')
    """
    values: NDArray[np.int64] = np.asarray(outcomes, dtype=np.int64)
    won = values[values != 0] > 0
    n, second = len(won), int(won.sum())
    # Of this moment, as the interval is: the two never contradict each other.
    p_value = float(np.exp(-max(0.0, float(log_evidence([n - second, second], [1, 1], concentration=_UNIFORM)))))
    low, high = proportion(second, n, alpha=alpha)
    share = second / n if n else 0.5
    words = "neither ranking is preferred so far"
    if p_value <= alpha:
        words = f"the {'second' if share > 0.5 else 'first'} ranking is preferred"
    return Preference(n - second, second, len(values) - n, share, low, high, 1 - alpha, p_value, words)
