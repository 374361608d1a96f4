"""Several rankings as one, each hit with what every ranking gave it.

Two ways, both pure functions of the rankings: by ranks, where scores of different kinds are not comparable, and by
scores, each divided by the best of its ranking. ``make bench BENCH_ARGS=search_tags`` compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from ml.foundation.results import Result

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

    def __post_init__(self) -> None:
        if len(self.ids) != len(self.scores):
            raise ValueError(f"{len(self.ids)} ids and {len(self.scores)} scores")


@dataclass(frozen=True, slots=True)
class Part(Result):
    """What one ranking gave a hit.

    Parameters
    ----------
    rank : int
        Its place there, from 1 on.
    score : float
        Its score there.
    share : float
        What that adds to the fused score.
    """

    rank: int
    score: float
    share: float


@dataclass(frozen=True, slots=True)
class Fused(Result):
    """A hit of the fused ranking; ``score`` is the sum of the shares of ``parts``, by the rankings' names."""

    id: str
    score: float
    parts: Mapping[str, Part]


def reciprocal_rank_fusion(
    rankings: Mapping[str, Ranking],
    *,
    weights: Mapping[str, float] | None = None,
    constant: float = RANK_CONSTANT,
    count: int = 10,
) -> list[Fused]:
    r"""Fuse rankings by ranks: the sum of :math:`w / (k + r)` over the rankings that have a hit.

    Parameters
    ----------
    rankings : mapping of str to Ranking
    weights : mapping of str to float, optional
        Of the rankings; 1 for those that are not named.
    constant : float > 0
        k: the larger, the less the first places stand out.
    count : int >= 1
        Hits that are wanted; of equal ones, those with the lowest id come first.

    References
    ----------
    Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
    SIGIR 2009.

    Examples
    --------
    >>> words, meaning = Ranking(["a", "b"], [9.0, 4.0]), Ranking(["b", "c"], [0.8, 0.7])
    >>> fused = reciprocal_rank_fusion({"words": words, "meaning": meaning})
    >>> [(hit.id, round(hit.score, 4), list(hit.parts)) for hit in fused]
    [('b', 0.0325, ['words', 'meaning']), ('a', 0.0164, ['words']), ('c', 0.0161, ['meaning'])]
    """
    weights = weights or {}
    shares = {
        name: [weights.get(name, 1.0) / (constant + rank) for rank in range(1, len(ranking.ids) + 1)]
        for name, ranking in rankings.items()
    }
    return _fused(rankings, shares, count)


def weighted_fusion(
    rankings: Mapping[str, Ranking], *, weights: Mapping[str, float] | None = None, count: int = 10
) -> list[Fused]:
    """Fuse rankings by scores: the weighted sum of the scores, each divided by the best of its ranking.

    Parameters
    ----------
    rankings : mapping of str to Ranking
        With scores above 0.
    weights : mapping of str to float, optional
        Of the rankings; 1 for those that are not named.
    count : int >= 1

    Examples
    --------
    >>> words, meaning = Ranking(["a", "b"], [8.0, 4.0]), Ranking(["b", "c"], [0.8, 0.4])
    >>> fused = weighted_fusion({"words": words, "meaning": meaning}, weights={"meaning": 2.0})
    >>> [(hit.id, hit.score) for hit in fused]
    [('b', 2.5), ('a', 1.0), ('c', 1.0)]
    """
    weights = weights or {}
    shares = {}
    for name, ranking in rankings.items():
        best = max(ranking.scores, default=0.0)
        factor = weights.get(name, 1.0) / best if best > 0 else 0.0
        shares[name] = [factor * score for score in ranking.scores]
    return _fused(rankings, shares, count)


def _fused(rankings: Mapping[str, Ranking], shares: Mapping[str, Iterable[float]], count: int) -> list[Fused]:
    scores: dict[str, float] = {}
    for name, ranking in rankings.items():
        for id_, share in zip(ranking.ids, shares[name], strict=True):
            scores[id_] = scores.get(id_, 0.0) + share
    chosen = nsmallest(count, scores.items(), key=lambda item: (-item[1], item[0]))
    parts: dict[str, dict[str, Part]] = {id_: {} for id_, _ in chosen}
    for name, ranking in rankings.items():
        places = zip(ranking.ids, ranking.scores, shares[name], strict=True)
        for rank, (id_, score, share) in enumerate(places, start=1):
            if id_ in parts:
                parts[id_][name] = Part(rank, score, share)
    return [Fused(id_, score, parts[id_]) for id_, score in chosen]
