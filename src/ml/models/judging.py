"""How well a model foresees what its listeners play next.

Conventions
-----------
There are two tasks, and their numbers are never compared with each other. All items are ranked, never a sample.

discovery
    What a listener has is left out of the ranking; what counts is what they play for the first time
    in the part held out. The baseline is popularity.
next_listen
    Everything is ranked, and what counts is everything they play in the part held out, again or for
    the first time. The baseline is replay: what this listener comes back to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.extras import missing
from ml.metrics.lists import Scores
from ml.metrics.ranking import average_precision, hit_rate, ndcg, precision, recall, reciprocal_rank
from ml.models.base import Model
from ml.models.dataset import Dataset, Split
from ml.models.plays import Floats, Indices
from ml.models.topk import top_k

Task = Literal["discovery", "next_listen"]
#: The model of each task that every other one has to beat.
BASELINES: Mapping[Task, str] = MappingProxyType({"discovery": "popularity", "next_listen": "replay"})
#: By name; each is computed at every length that is asked for.
METRICS: Mapping[str, Callable[..., Scores]] = MappingProxyType(
    {
        "recall": recall,
        "ndcg": ndcg,
        "precision": precision,
        "hit_rate": hit_rate,
        "mrr": reciprocal_rank,
        "map": average_precision,
    }
)
#: Models that learn from what followed, and from whom, where the listeners that they are judged by teach them too.
CROSSWISE: Mapping[str, str] = MappingProxyType(
    {
        "portfolio": "crosswise: each half of these listeners by weights that the other half taught",
        "hybrid_deep": "crosswise: each half of these listeners by trees that the other half taught",
    }
)
#: Length of the rankings where none is asked for.
K = 20
#: Numbers scored at a time: 64 MiB.
BATCH_SCORES = 1 << 24


def has_a_say(name: str, dataset: Dataset, task: Task) -> bool:
    """Tell whether the data have something for a model.

    Content needs tags, or artists of several items, popularity by country needs countries, by group those
    or ages, recent popularity needs dates, replay finds nothing that was never heard, and the transformer needs an
    order and its libraries.
    """
    match name:
        case "replay":
            return task == "next_listen"
        case "content":
            made_by = dataset.data.artists[dataset.data.artists >= 0]
            return bool(dataset.data.tags.nnz or len(np.unique(made_by)) < len(made_by))
        case "popularity_by_country":
            return any(dataset.plays.countries or ())
        case "popularity_by_group":
            return any(dataset.plays.countries or ()) or any(age is not None for age in dataset.plays.ages or ())
        case "popularity_recent":
            return dataset.is_dated
        case "sequential":
            return dataset.is_dated and not missing("deep") and not missing("onnx")
        case _:
            return True


def task_named(name: str) -> Task:
    """Give the task of a name.

    Raises
    ------
    ml.foundation.errors.BadInput
        If there is none.
    """
    for task in BASELINES:
        if task == name:
            return task
    raise BadInput(f"no task is called {name!r}", did_you_mean(name, list(BASELINES)))


def require_repeats(split: Split, task: Task) -> None:
    """Refuse to judge next listens where none of them is a repeat: replay, the baseline, could foresee nothing.

    Raises
    ------
    ml.foundation.errors.BadInput
    """
    if task == "next_listen" and split.played.nnz == split.relevant.nnz:
        raise BadInput(
            "nothing in the part held out is a repeat, so there is nothing that replay, the baseline, could foresee",
            "next_listen needs dates: --split time or last",
        )


def count_judges(split: Split, task: Task) -> int:
    """Count the listeners with something to foresee."""
    return int(np.count_nonzero(np.diff(wanted(split, task).indptr)))


def require_judges(split: Split, task: Task) -> None:
    """Refuse a split that has nobody to judge by.

    Raises
    ------
    ml.foundation.errors.BadInput
    """
    if not count_judges(split, task):
        raise BadInput(
            "nobody to judge by: no listener has anything in the part held out that was not there before",
            "another split or test file, or --kind, may have something new",
        )


def draw_judges(split: Split, most: int, *, task: Task = "discovery", rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw the listeners to judge by from those with something to foresee, int64 [shape=(n <= most,)], sorted."""
    able = np.flatnonzero(np.diff(wanted(split, task).indptr))
    return np.sort(rng.choice(able, min(most, len(able)), replace=False)) if len(able) else able


def wanted(split: Split, task: Task) -> csr_matrix:
    """Give what a model should foresee, 1 or 0 [shape=(n_users, n_items)]."""
    return split.relevant if task == "discovery" else split.played


def judge(
    model: Model,
    split: Split,
    listeners: NDArray[np.integer],
    *,
    task: Task = "discovery",
    ks: Sequence[int] = (K,),
    metrics: Sequence[str] = ("recall", "ndcg"),
) -> dict[str, Scores]:
    """Score a fitted model by what its listeners played.

    Parameters
    ----------
    model : Model
        Fitted on ``split.train``.
    split : Split
    listeners : int [shape=(n,)]
        Indices of those to judge by.
    task : str
    ks : sequence of int >= 1
        Lengths of the rankings.
    metrics : sequence of str
        Names of :data:`METRICS`.

    Returns
    -------
    dict
        ``recall@20`` and the like, each float64 in [0, 1] [shape=(n,)]; ``nan`` for a listener with
        nothing to foresee.
    """
    ranked = rank(model, split, listeners, task=task, k=max(ks))
    return accuracy(ranked, wanted(split, task)[listeners], ks=ks, metrics=metrics)


def accuracy(
    ranked: Indices, target: csr_matrix, *, ks: Sequence[int], metrics: Sequence[str] = tuple(METRICS)
) -> dict[str, Scores]:
    """Measure rankings by what should have been foreseen; as :func:`judge` gives it."""
    return {f"{name}@{k}": METRICS[name](ranked, target, k=k) for name in metrics for k in ks}


def rank(
    model: Model, split: Split, listeners: NDArray[np.integer], *, task: Task = "discovery", k: int = K
) -> Indices:
    """Give each listener's k best items, int32 [shape=(n, k)]; -1 where a list ends early."""
    step = max(1, BATCH_SCORES // max(1, split.train.data.n_items))
    batches = (listeners[start : start + step] for start in range(0, len(listeners), step))
    ranked = [_best(model, split, some, task, k) for some in batches]
    return np.concatenate([np.empty((0, k), dtype=np.int32), *ranked])


def _best(model: Model, split: Split, listeners: NDArray[np.integer], task: Task, k: int) -> Indices:
    return top_k(scores_of(model, split, listeners, task), k)[0]


def scores_of(model: Model, split: Split, listeners: NDArray[np.integer], task: Task = "discovery") -> Floats:
    """Score all items for some listeners, float32 [shape=(n, n_items)]; what is left out of the ranking is ``-inf``."""
    history = split.train.plays.select(listeners)
    scores = model.score(history)
    if task == "discovery":
        scores = scores.copy()
        scores[history.users, history.items] = -np.inf
        if split.known is not None:
            scores[split.known[listeners].nonzero()] = -np.inf
    return scores
