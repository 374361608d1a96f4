"""Why an item was recommended: what its score would be without each listen.

A reason is a counterfactual, not a similarity. For the items of the history that speak
most for a recommendation, the models are asked again with that item taken out of the
history; the difference is its effect. With the model's own fold-in this is exact; what a newcomer's
kind listens to stays as loud meanwhile as it is. Likeness only decides which items are
tried, where a history is long.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.models.base import Model
from ml.models.growing import Growing
from ml.models.plays import Indices, Plays
from ml.models.ranker import Ranker

#: Items of a history that are taken out one by one: enough to hold nearly all that an exhaustive search would find.
TRIED = 16


@dataclass(frozen=True, slots=True)
class Effect:
    """What one item of the history does for one recommended item.

    Parameters
    ----------
    index : int
        The item of the history.
    score_without : float
    effect : float
        Score minus ``score_without``; positive where the item speaks for it.
    """

    index: int
    score_without: float
    effect: float


def effects(model: Model, history: Plays, recommended: Indices, *, most: int) -> list[list[Effect]]:
    """Find the listens that recommendations rest on.

    Parameters
    ----------
    model : Model
        What scored them.
    history : Plays
        Of one listener.
    recommended : int32 [shape=(n,)]
    most : int
        How many listens for each item.

    Returns
    -------
    list of list of Effect
        For each recommended item, the largest effects first; only those above zero.
    """
    tried = _spokesmen(model, history, recommended)
    if not (most and len(tried)):
        return [[] for _ in recommended]
    if isinstance(model, Growing):
        model = model.held(history)
    scores = score_some(model, _with_and_without(history, tried), recommended)
    others = scores[1:]
    difference = scores[0] - others
    found = []
    for column in range(len(recommended)):
        order = np.argsort(-difference[:, column], kind="stable")[:most]
        found.append(
            [
                Effect(int(tried[row]), float(others[row, column]), float(difference[row, column]))
                for row in order
                if difference[row, column] > 0
            ]
        )
    return found


def _spokesmen(model: Model, history: Plays, recommended: Indices) -> NDArray[np.int64]:
    """Choose the items to take out: those that a listener of a recommended item alone would be offered first.

    Likeness is nearly mutual. So a history of any length is looked through by asking about the few items that are
    recommended; what a listener of nothing would be offered, which is popularity, is taken off.
    """
    liked = history.weights > 0
    own, place = np.unique(history.items[liked], return_inverse=True)
    if len(own) <= TRIED:
        return own.astype(np.int64)
    weight = np.bincount(place, history.weights[liked])
    asked = Plays.of([[], *([int(index)] for index in recommended)], n_items=history.n_items, now=history.now)
    # Likeness only chooses whom to ask: the ranker's trees would not choose otherwise.
    scores = score_some(model.members[0] if isinstance(model, Ranker) else model, asked, own)
    likeness = (scores[1:] - scores[0]) * np.log1p(weight)
    # The best for any of the recommended, so that each has its own spokesmen among them.
    ranks = np.argsort(np.argsort(-likeness, axis=1, kind="stable"), axis=1, kind="stable").min(axis=0)
    return own[np.lexsort((own, -likeness.max(axis=0), ranks))[:TRIED]].astype(np.int64)


def score_some(model: Model, history: Plays, items: Indices) -> NDArray[np.float64]:
    """Score some items as recommended ones; a ranker need not name candidates anew for each history."""
    scores = model.rescore(history, items) if isinstance(model, Ranker) else model.score(history, items=items)
    return scores.astype(np.float64)


def _with_and_without(history: Plays, indices: NDArray[np.int64]) -> Plays:
    """Put a listener's whole history above those in which one of the items was never played."""
    kept = np.vstack([np.ones(len(history.items), dtype=np.bool_), history.items != indices[:, np.newaxis]])
    return history.select(np.zeros(len(kept), dtype=np.int64)).keep(kept.ravel())
