"""What a share of the exposure for a group of artists costs in accuracy.

Conventions
-----------
- A target of 0 is the model as it is; every other point is compared with it, in pairs by listener.
- *per list*: every list keeps the target as a share of its places, at every length (:mod:`ml.models.exposure.bounds`).
  *together*: all lists together reach it as a share of the discounted exposure (:mod:`ml.models.exposure.prices`).
- Accuracy is that of foretelling what listeners played without any of it: what they would make of lists that give
  more room to others is not in such data. The cost is that of the prediction, not of a lived service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.foundation.results import Result
from ml.metrics.group_exposure import exposure_shares
from ml.metrics.lists import Scores
from ml.metrics.ranking import ndcg, recall
from ml.metrics.significance import Interval, bootstrap_mean
from ml.models import judging
from ml.models.base import Model
from ml.models.dataset import Dataset, Split
from ml.models.exposure import TIERS, Bound, amortise, rerank, tiers
from ml.models.plays import Floats, Indices
from ml.models.topk import top_k

#: Candidates of a listener, besides the best of the group: as deep as the price of a share may reach.
POOL = 200
METHODS = ("per list", "together")
#: Shares that are asked for.
TARGETS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)


@dataclass(frozen=True, slots=True)
class Cost(Result):
    """A share that was asked for, and what it did.

    Parameters
    ----------
    method : str
        ``per list`` or ``together``.
    target : float
    share : Interval
        Of the exposure of a list that the group has.
    ndcg, recall : Interval
    ndcg_change, recall_change : Interval
        Against the target 0.
    """

    method: str
    target: float
    share: Interval
    ndcg: Interval
    recall: Interval
    ndcg_change: Interval
    recall_change: Interval


def tail_of(dataset: Dataset) -> NDArray[np.bool_]:
    """Tell which items of a dataset are of tail artists, bool [shape=(n_items,)]; an item of nobody is its own."""
    artists = dataset.data.artists.astype(np.int64)
    # Whoever made nothing known is numbered behind the artists.
    artists = np.where(artists >= 0, artists, artists.max(initial=-1) + 1 + np.arange(len(artists)))
    heard = np.bincount(dataset.plays.counts.indices, minlength=len(artists))
    _, maker = np.unique(artists, return_inverse=True)
    of_artist = np.bincount(maker, weights=heard).astype(np.int64)
    return np.asarray(tiers(of_artist)[maker] == TIERS.index("tail"), dtype=np.bool_)


def cost_curve(
    model: Model,
    split: Split,
    group: NDArray[np.bool_],
    *,
    targets: Sequence[float] = TARGETS,
    k: int = 10,
    seed: int = 0,
) -> tuple[Cost, ...]:
    """Measure a fitted model under growing shares for a group, by both methods.

    Parameters
    ----------
    model : Model
        Fitted on ``split.train``.
    split : Split
    group : bool [shape=(n_items,)]
    targets : sequence of float in [0, 1]
        The first is what the others are compared with.
    k : int >= 1
        Length of the lists.
    seed : int
        Of the intervals.

    Returns
    -------
    tuple of Cost
        By method, then target.

    Raises
    ------
    BadInput
        If there is nobody to judge by.
    """
    judging.require_judges(split, "discovery")
    targets = tuple(dict.fromkeys(targets))
    rng = np.random.default_rng(seed)
    listeners = judging.draw_judges(split, split.train.plays.n_users, rng=rng)
    relevant = split.relevant[listeners]
    lists: dict[tuple[str, float], list[Indices]] = {(each, target): [] for each in METHODS for target in targets}
    pools: list[tuple[Indices, Floats]] = []
    step = max(1, judging.BATCH_SCORES // max(1, len(group)))
    for start in range(0, len(listeners), step):
        scores = judging.scores_of(model, split, listeners[start : start + step])
        pools.append(_pool(scores, group, k))
        for target in targets:
            lists["per list", target].append(rerank(scores, [Bound("group", group, least=target)], k=k))
    items, worth = (np.concatenate(parts) for parts in zip(*pools, strict=True))
    for target in targets:
        lists["together", target].append(amortise(items, worth, group.astype(np.int64), {1: target}, k=k).ranked)
    return tuple(_costs({key: np.concatenate(parts) for key, parts in lists.items()}, relevant, group, k, seed))


def _pool(scores: Floats, group: NDArray[np.bool_], k: int) -> tuple[Indices, Floats]:
    """Give each listener's candidates and what each is worth: 1 the best, 0 the last of the pool."""
    best, values = top_k(scores, min(POOL, scores.shape[1]))
    of_group, theirs = top_k(np.where(group, scores, np.float32(-np.inf)), min(k, scores.shape[1]))
    items, found = np.concatenate([best, of_group], axis=1), np.concatenate([values, theirs], axis=1)
    for row, extra in enumerate(of_group):
        twice = np.flatnonzero(np.isin(extra, best[row]))
        items[row, best.shape[1] + twice] = -1
        found[row, best.shape[1] + twice] = -np.inf
    high = values[:, :1]
    low = np.where(np.isfinite(values), values, np.inf).min(axis=1, keepdims=True)
    span = np.where(high > low, high - low, 1.0)
    return items, np.where(np.isfinite(found), (found - np.where(np.isfinite(low), low, 0)) / span, -np.inf)


def _costs(
    lists: dict[tuple[str, float], Indices], relevant: csr_matrix, group: NDArray[np.bool_], k: int, seed: int
) -> list[Cost]:
    found: list[Cost] = []
    plain: dict[str, tuple[Scores, Scores]] = {}
    for (method, target), ranked in lists.items():
        values = (ndcg(ranked, relevant, k=k), recall(ranked, relevant, k=k))
        plain.setdefault(method, values)
        shares = exposure_shares(ranked, group.astype(np.int64), n_groups=2, k=k)[:, 1]
        changes = (_mean(each, seed, before) for each, before in zip(values, plain[method], strict=True))
        found.append(Cost(method, target, _mean(shares, seed), *(_mean(each, seed) for each in values), *changes))
    return found


def _mean(values: Scores, seed: int, baseline: Scores | None = None) -> Interval:
    return bootstrap_mean(values, baseline=baseline, rng=np.random.default_rng(seed))
