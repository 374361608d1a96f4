"""Items left out with all their listens: what models say of them by their attributes alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.metrics.ranking import recall
from ml.metrics.significance import bootstrap_mean
from ml.models.base import Model, TrainingData
from ml.models.blend import Blend
from ml.models.content import Content
from ml.models.content_tower import ContentTower
from ml.models.ials import ImplicitALS
from ml.models.plays import Floats, Indices
from ml.models.popularity import Popularity
from ml.models.topk import top_k

#: Share of the items that are left out, and length of the lists.
SHARE, K = 0.15, 20
#: Scores held at a time.
BATCH_SCORES = 1 << 24


@dataclass(frozen=True)
class Unheard:
    """A world whose new items nobody has heard yet.

    Parameters
    ----------
    data : TrainingData
        Without any play of them.
    items : int32 [shape=(n,)]
        The new ones.
    later : csr_matrix [shape=(n_users, n_items)]
        1 where a listener likes a new item.
    listeners : int64 [shape=(m,)]
        Who likes any, and something else that was heard.
    """

    data: TrainingData
    items: Indices
    later: csr_matrix
    listeners: NDArray[np.int64]

    @classmethod
    def of(cls, data: TrainingData, *, seed: int = 0, among: NDArray[np.integer] | None = None) -> Unheard:
        """Draw the new items; listeners are all, or those named."""
        chosen = np.random.default_rng(seed).random(data.n_items) < SHARE
        plays = data.plays
        later = plays.keep(chosen[plays.items]).counts.sign()
        rest = plays.keep(~chosen[plays.items])
        able = np.flatnonzero((np.diff(later.indptr) > 0) & (np.diff(rest.counts.indptr) > 0))
        listeners = able if among is None else np.intersect1d(able, among)
        return cls(replace(data, plays=rest), np.flatnonzero(chosen).astype(np.int32), later, listeners)

    def recall_of(self, model: Model) -> NDArray[np.float64]:
        """Rank only the new items for each listener; equal scores in an order drawn for each listener."""
        target = csr_matrix(self.later[self.listeners][:, self.items])
        found, rng = [], np.random.default_rng(7)
        for place, some in self._batches(len(self.items)):
            scores = model.score(self.data.plays.select(some), items=self.items)
            drawn = np.argsort(rng.random(scores.shape), axis=1)
            ranked = top_k(np.take_along_axis(scores, drawn, axis=1), K)[0]
            found.append(recall(np.take_along_axis(drawn, ranked, axis=1).astype(np.int32), target[place], k=K))
        return np.concatenate(found)

    def among_all(self, model: Model) -> tuple[NDArray[np.float64], float]:
        """Rank all that a listener has not heard: recall of new items, and the share of these that is offered."""
        found, offered = [], np.zeros(self.data.n_items, dtype=np.bool_)
        for _, some in self._batches(self.data.n_items):
            history = self.data.plays.select(some)
            scores = model.score(history).copy()
            scores[history.users, history.items] = -np.inf
            ranked = top_k(scores, K)[0]
            offered[ranked[ranked >= 0]] = True
            found.append(recall(ranked, self.later[some], k=K))
        return np.concatenate(found), float(offered[self.items].mean())

    def _batches(self, width: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        step = max(1, BATCH_SCORES // max(1, width))
        places = np.arange(len(self.listeners))
        return [(places[a : a + step], self.listeners[a : a + step]) for a in range(0, len(places), step)]


@dataclass
class Given(Popularity):
    """A score for each item that is given, the same for everybody."""

    @classmethod
    def of(cls, scores: NDArray[np.floating]) -> Given:
        """Take scores, one an item."""
        made = cls()
        made.scores = np.asarray(scores, dtype=np.float32)
        return made


def models_on(world: Unheard) -> Mapping[str, Model]:
    """Fit what is compared.

    ``voices`` ranks by how many tags an item was given, ``future`` by how many listeners it will have.
    """
    data = world.data
    voices: Floats = np.asarray(data.tags.sum(axis=1), dtype=np.float32).ravel()
    future = np.asarray(world.later.sum(axis=0)).ravel()
    fitted = {
        model.name: model.fit(data, rng=np.random.default_rng(0))
        for model in (Popularity(), ImplicitALS(), Content(), ContentTower(), Blend())
    }
    return {"voices": Given.of(voices), "future": Given.of(future)} | fitted


def measured(world: Unheard, prefix: str) -> dict[str, float]:
    """Measure every model on the new items alone, and among everything."""
    models = models_on(world)
    numbers: dict[str, float] = {f"{prefix}_new_items": len(world.items), f"{prefix}_listeners": len(world.listeners)}
    numbers[f"{prefix}_random_recall"] = K / len(world.items)
    alone = {name: world.recall_of(model) for name, model in models.items()}
    for name, each in alone.items():
        interval = bootstrap_mean(each, rng=np.random.default_rng(0))
        numbers |= {f"{prefix}_{name}_recall": interval.mean}
        if name == "content_tower":
            numbers |= {f"{prefix}_{name}_recall_low": interval.low, f"{prefix}_{name}_recall_high": interval.high}
    gain = bootstrap_mean(alone["content_tower"], baseline=alone["content"], rng=np.random.default_rng(0))
    numbers |= {f"{prefix}_above_content": gain.mean, f"{prefix}_above_content_low": gain.low}
    for baseline in ("popularity", "voices"):
        times = numbers[f"{prefix}_content_tower_recall"] / max(numbers[f"{prefix}_{baseline}_recall"], 1e-9)
        numbers[f"{prefix}_times_{baseline}"] = times
    for name in ("popularity", "ials", "content", "content_tower", "hybrid"):
        each, offered = world.among_all(models[name])
        numbers |= {f"{prefix}_all_{name}_recall": float(each.mean()), f"{prefix}_all_{name}_offered": offered}
    return numbers
