"""What each of several models is worth beside the others: weights learned on a held-out part.

Method
------
For each judge, the best candidates of every member are put together, with the scores that all members give
them. Weights are then climbed for the mean NDCG of the weighted sum, one member at a time, from equal weights and
from the best member alone; whichever arrives higher wins. NDCG itself is climbed, no smooth stand-in: with a handful
of weights and thousands of judges there is little to overfit. A member is switched off where doing
without it, the others climbed anew, costs nothing for sure: the least valuable first, until every one that is left
is worth its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.foundation.results import Result
from ml.metrics.significance import Interval, bootstrap_mean
from ml.models import judging
from ml.models.base import Model
from ml.models.dataset import Split
from ml.models.judging import K, Task
from ml.models.plays import Floats
from ml.models.topk import top_k

#: Candidates that each member names for a judge.
NAMED = 100
#: What a weight is multiplied by on a climb; one that is 0 tries these shares of the largest.
STEPS, RISES = (0.0, 0.5, 0.8, 1.25, 2.0), (0.05, 0.2, 0.5)
ROUNDS, LEAST_GAIN = 8, 1e-5

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Worth(Result):
    """What a member adds.

    Parameters
    ----------
    weight : float >= 0
        0 where it is off.
    gain : Interval
        Mean NDCG with it less that without it, the others climbed anew; with a 95 % interval.
    """

    weight: float
    gain: Interval


@dataclass(frozen=True)
class Ballot:
    """What members say of the candidates of each judge.

    Parameters
    ----------
    scores : float32 [shape=(n_judges, n_candidates, n_members)]
        On each member's scale.
    there : bool [shape=(n_judges, n_candidates)]
        False where a judge has fewer candidates.
    hit : bool [shape=(n_judges, n_candidates)]
    ideal : float64 [shape=(n_judges,)]
        The gain of a perfect list.
    """

    scores: Floats
    there: NDArray[np.bool_]
    hit: NDArray[np.bool_]
    ideal: NDArray[np.float64]

    def ndcg(self, weights: Weights) -> NDArray[np.float64]:
        """Give each judge's NDCG@20 of the weighted sum, float64 [shape=(n_judges,)]."""
        total = np.where(self.there, self.scores @ weights.astype(np.float32), -np.inf)
        k = min(K, total.shape[1])
        best = np.argpartition(-total, k - 1, axis=1)[:, :k]
        order = np.take_along_axis(best, np.argsort(-np.take_along_axis(total, best, 1), axis=1, kind="stable"), 1)
        gains = np.take_along_axis(self.hit, order, 1) / np.log2(np.arange(2, k + 2))
        return np.asarray(gains.sum(axis=1) / self.ideal)


def collect(
    members: Sequence[Model],
    scales: NDArray[np.float64],
    split: Split,
    judges: NDArray[np.integer],
    *,
    task: Task = "discovery",
) -> Ballot:
    """Ask members that are fitted on the training part for their candidates, and for what they say of all of them."""
    step = max(1, judging.BATCH_SCORES // (len(members) * split.train.data.n_items))
    parts = [
        _candidates(members, scales, split, judges[first : first + step], task) for first in range(0, len(judges), step)
    ]
    width = max(part[1].shape[1] for part in parts)
    scores, there, hit = (
        np.concatenate([_widened(array, width) for array in arrays])
        for arrays in zip(*(part[:3] for part in parts), strict=True)
    )
    relevant = np.diff(judging.wanted(split, task)[judges].indptr)
    discounts = np.concatenate([[0], np.cumsum(1 / np.log2(np.arange(2, K + 2)))])
    return Ballot(scores, there, hit, discounts[np.minimum(relevant, K)])


def _widened(array: NDArray[np.generic], width: int) -> NDArray[np.generic]:
    missing = width - array.shape[1]
    return np.pad(array, [(0, 0), (0, missing), *[(0, 0)] * (array.ndim - 2)])


def _candidates(
    members: Sequence[Model],
    scales: NDArray[np.float64],
    split: Split,
    judges: NDArray[np.integer],
    task: Task,
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    history = split.train.plays.select(judges)
    said = [member.score(history) / np.float32(scale) for member, scale in zip(members, scales, strict=True)]
    named = np.zeros((len(judges), history.n_items), dtype=np.bool_)
    rows = np.arange(len(judges))[:, None]
    for scores in said:
        open_ = scores.copy()
        if task == "discovery":
            open_[history.users, history.items] = -np.inf
        best = top_k(open_, min(NAMED, history.n_items))[0]
        named[rows, np.where(best >= 0, best, best[:, :1])] = True
    if task == "discovery":
        named[history.users, history.items] = False
    lengths = named.sum(axis=1)
    there = np.arange(lengths.max(initial=1)) < lengths[:, None]
    places = np.nonzero(named)
    scores = np.zeros((*there.shape, len(members)), dtype=np.float32)
    scores[there] = np.stack([each[places] for each in said], axis=1)
    hit = np.zeros(there.shape, dtype=np.bool_)
    hit[there] = judging.wanted(split, task)[judges].toarray()[places] > 0
    return scores, there, hit


def climb(ballot: Ballot, allowed: NDArray[np.bool_]) -> Weights:
    """Find weights >= 0, the largest 1, of the members that are allowed; the others get 0."""
    alone = np.eye(len(allowed))[allowed]
    starts = [allowed.astype(np.float64), max(alone, key=lambda weights: float(ballot.ndcg(weights).mean()))]
    arrived = [_climb_from(ballot, start, allowed) for start in starts]
    return max(arrived, key=lambda pair: pair[1])[0]


def _climb_from(ballot: Ballot, weights: Weights, allowed: NDArray[np.bool_]) -> tuple[Weights, float]:
    best = float(ballot.ndcg(weights).mean())
    for _ in range(ROUNDS):
        before = best
        for member in np.flatnonzero(allowed):
            for value in _tries(weights, int(member)):
                trial = weights.copy()
                trial[member] = value
                if trial.any() and (found := float(ballot.ndcg(trial).mean())) > best:
                    weights, best = trial, found
        if best - before < LEAST_GAIN:
            break
    return weights / weights.max(), best


def _tries(weights: Weights, member: int) -> list[float]:
    own = float(weights[member])
    return [own * step for step in STEPS] if own else [float(weights.max()) * rise for rise in RISES]


def weigh(ballot: Ballot, names: Sequence[str], *, rng: np.random.Generator) -> Mapping[str, Worth]:
    """Learn the weights of members, and what each is worth; those worth nothing are off.

    Parameters
    ----------
    ballot : Ballot
    names : sequence of str
        Of the members, in the ballot's order.
    rng : numpy.random.Generator
        Of the intervals.
    """
    allowed = np.ones(len(names), dtype=np.bool_)
    gains: dict[int, Interval] = {}
    weights = climb(ballot, allowed)
    while True:
        whole = ballot.ndcg(weights)
        for member in np.flatnonzero(allowed):
            gains[int(member)] = _gain(ballot, whole, allowed, int(member), rng)
        doubtful = [member for member in np.flatnonzero(allowed) if gains[int(member)].low <= 0]
        if not doubtful or allowed.sum() == 1:
            break
        allowed[min(doubtful, key=lambda member: gains[int(member)].mean)] = False
        weights = climb(ballot, allowed)
    return {name: Worth(float(weights[place]), gains[place]) for place, name in enumerate(names)}


def _gain(
    ballot: Ballot, whole: NDArray[np.float64], allowed: NDArray[np.bool_], member: int, rng: np.random.Generator
) -> Interval:
    others = allowed.copy()
    others[member] = False
    without = ballot.ndcg(climb(ballot, others)) if others.any() else np.zeros_like(whole)
    return bootstrap_mean(whole, baseline=without, rng=rng)
