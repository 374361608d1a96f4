"""How well a model foresees what its listeners will discover.

Conventions
-----------
What a listener heard in training is left out of the ranking; what counts is what they heard
for the first time in the part held out. All items are ranked, never a sample.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.metrics.ranking import ndcg, recall
from ml.models.base import Model
from ml.models.dataset import Split
from ml.models.plays import Indices
from ml.models.topk import top_k

#: Length of the rankings.
K = 20
#: Listeners scored at a time.
BATCH = 128


def draw_judges(split: Split, most: int, *, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw the listeners to judge by from those with something to foresee, int64 [shape=(n <= most,)], sorted."""
    able = np.flatnonzero(np.diff(split.relevant.indptr))
    return np.sort(rng.choice(able, min(most, len(able)), replace=False)) if len(able) else able


def discovery_scores(model: Model, split: Split, listeners: NDArray[np.integer]) -> dict[str, NDArray[np.float64]]:
    """Score a fitted model by what its listeners discovered.

    Parameters
    ----------
    model : Model
        Fitted on ``split.train``.
    split : Split
    listeners : int [shape=(n,)]
        Indices of those to judge by.

    Returns
    -------
    dict
        ``recall@20`` and ``ndcg@20``, each float64 in [0, 1] [shape=(n,)]; ``nan`` for a listener
        without discoveries.
    """
    batches = (listeners[start : start + BATCH] for start in range(0, len(listeners), BATCH))
    ranked = np.concatenate([np.empty((0, K), dtype=np.int32), *(_unheard(model, split, some) for some in batches)])
    relevant = split.relevant[listeners]
    return {f"recall@{K}": recall(ranked, relevant, k=K), f"ndcg@{K}": ndcg(ranked, relevant, k=K)}


def _unheard(model: Model, split: Split, listeners: NDArray[np.integer]) -> Indices:
    """Rank what each listener has not heard."""
    history = split.train.plays.select(listeners)
    scores = model.score(history).copy()
    scores[history.users, history.items] = -np.inf
    return top_k(scores, K)[0]
