"""Why an item was recommended: what its score would be without each listen.

A reason is a counterfactual, not a similarity. For the items of the history that speak
most for a recommendation, the models are asked again with that item taken out of the
history; the difference is its effect. With the model's own fold-in this is exact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.models.base import Model
from ml.models.plays import Floats, Indices, Plays

#: Items of a history that are weighed against each other, the most played and newest first,
#: and how many of them are then taken out one by one.
CONSIDERED, TRIED = 48, 16


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


def without_item(history: Plays, index: int) -> Plays:
    """Give a history in which an item was never played."""
    return history.keep(history.items != index)


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
    score = model.score(history, items=recommended)[0].astype(np.float64)
    others = model.score(_stack([without_item(history, int(index)) for index in tried]), items=recommended)
    difference = score - others
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
    """Choose the items to take out: those that alone would score the recommended ones highest."""
    liked = np.flatnonzero(history.weights > 0)
    newest = np.argsort(-history.times[liked], kind="stable")
    weight = np.zeros(history.n_items, dtype=np.float32)
    np.add.at(weight, history.items[liked], history.weights[liked])
    unique = np.array(list(dict.fromkeys(history.items[liked][newest].tolist())), dtype=np.int64)
    considered = unique[np.argsort(-weight[unique], kind="stable")][:CONSIDERED]
    if len(considered) <= TRIED:
        return considered
    alone = Plays.of([[int(index)] for index in considered], n_items=history.n_items, now=history.now)
    scores = _relative(model.score(alone, items=recommended)) * np.log1p(weight[considered])[:, None]
    # The best for any of the recommended, so that each has its own spokesmen among them.
    ranks = np.argsort(np.argsort(-scores, axis=0, kind="stable"), axis=0, kind="stable").min(axis=1)
    return considered[np.argsort(ranks, kind="stable")[:TRIED]]


def _relative(scores: Floats) -> Floats:
    """Measure scores from the lowest of each recommended item: popularity lifts all alike."""
    relative: Floats = scores - scores.min(axis=0)
    return relative


def _stack(histories: list[Plays]) -> Plays:
    """Put histories of one listener each below each other."""
    first = histories[0]
    lengths = [len(history.items) for history in histories]
    countries = None if first.countries is None else [first.countries[0]] * len(histories)
    return replace(
        first,
        indptr=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        items=np.concatenate([history.items for history in histories]),
        weights=np.concatenate([history.weights for history in histories]),
        times=np.concatenate([history.times for history in histories]),
        countries=countries,
    )
