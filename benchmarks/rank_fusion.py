"""Several rankings as one, by ranks and by scores: what the engine's own fusion is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

#: By which ranks are damped; that of the paper, and of most engines.
RANK_CONSTANT = 60


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ids, the best first, and their scores.

    Parameters
    ----------
    ids : sequence of str, distinct
    scores : sequence of float
        Falling; of any scale, above 0.
    """

    ids: Sequence[str]
    scores: Sequence[float]


def by_ranks(rankings: Iterable[Ranking], count: int) -> list[str]:
    r"""Fuse rankings by ranks: the sum of :math:`1 / (k + r)` over the rankings that have an id.

    References
    ----------
    Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
    SIGIR 2009.

    Examples
    --------
    >>> by_ranks([Ranking(["a", "b"], [9.0, 4.0]), Ranking(["b", "c"], [0.8, 0.7])], count=3)
    ['b', 'a', 'c']
    """
    places = ((one.ids, [1 / (RANK_CONSTANT + rank) for rank in range(1, len(one.ids) + 1)]) for one in rankings)
    return _best(places, count)


def by_scores(rankings: Mapping[str, Ranking], weights: Mapping[str, float], count: int) -> list[str]:
    """Fuse rankings by scores: the weighed sum of the scores, each divided by the best of its ranking.

    Examples
    --------
    >>> words, meaning = Ranking(["a", "b"], [8.0, 4.0]), Ranking(["b", "c"], [0.8, 0.4])
    >>> by_scores({"words": words, "meaning": meaning}, {"meaning": 2.0}, count=3)
    ['b', 'a', 'c']
    """
    shares = []
    for name, one in rankings.items():
        factor = weights.get(name, 1.0) / max(one.scores, default=1.0)
        shares.append((one.ids, [factor * score for score in one.scores]))
    return _best(shares, count)


def _best(shares: Iterable[tuple[Sequence[str], Sequence[float]]], count: int) -> list[str]:
    """Give the ids whose shares come to the most; of equal ones, those with the lowest id."""
    sums: dict[str, float] = {}
    for ids, values in shares:
        for id_, value in zip(ids, values, strict=True):
            sums[id_] = sums.get(id_, 0.0) + value
    return [id_ for id_, _ in nsmallest(count, sums.items(), key=lambda item: (-item[1], item[0]))]
