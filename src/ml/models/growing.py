"""From a stranger to a listener of long standing without a seam.

Somebody of whom one item is known is hardly less a stranger than somebody of whom none is. What people of their
kind listen to, which is all there is to say to a stranger, therefore keeps a voice beside the personal
models, and the voice fades with every item heard. How loud it is at how many items is learned from listeners who
were left out of the training (:func:`learn`); where it gains nothing for sure, it is silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.metrics.ranking import ndcg
from ml.metrics.significance import bootstrap_mean
from ml.models.base import Arrays, Model, TrainingData
from ml.models.newcomers import Newcomers
from ml.models.plays import Floats, Indices, Plays
from ml.models.topk import top_k

#: Numbers of known items at which the voice is learned.
STEPS = (1, 2, 3, 5, 8, 13, 21, 34)
#: Weights that are tried, on the scale of the personal models' 20th best score; the last leaves those no say.
LOUDNESS = (0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 100.0)
#: Length of the lists that are judged, and the place of a ranking whose score is a model's scale.
K, PLACE = 10, 20


@dataclass(frozen=True)
class Growth:
    """How loud the group is.

    Parameters
    ----------
    weights : tuple of float >= 0
        At each number of :data:`STEPS`, on the scale of the two models' scores; never rising.
    """

    weights: tuple[float, ...] = ()

    def at(self, n: NDArray[np.integer]) -> Floats:
        """Give the weight at numbers of known items, float32.

        >>> Growth((0.8, 0.4, 0.4, 0.1, 0, 0, 0, 0)).at(np.array([1, 2, 4, 5, 400])).round(2).tolist()
        [0.800000011920929, 0.4000000059604645, 0.23000000417232513, 0.10000000149011612, 0.0]
        """
        if not self.weights:
            return np.zeros(len(n), dtype=np.float32)
        # Twice the last step is where it falls silent; in between it moves by the logarithm.
        steps, weights = (*STEPS, 2 * STEPS[-1]), (*self.weights, 0.0)
        return np.asarray(np.interp(np.log(np.maximum(n, 1)), np.log(steps), weights), dtype=np.float32)

    def __bool__(self) -> bool:
        """Tell whether it is ever heard."""
        return any(self.weights)

    def said(self) -> dict[str, Any]:
        """Give what a card says of it."""
        return {"known_items": list(STEPS), "weights": list(self.weights)}

    @classmethod
    def of(cls, card: Mapping[str, Any]) -> Self:
        """Read it from the card of a set; sets of earlier versions have none."""
        return cls(tuple(card.get("growth", {}).get("weights", ())))


@dataclass
class Growing:
    r"""Score an item by :math:`s_{ui} + g(n_u)\, p_{ui}`: a personal model, and the voice of the listener's group.

    Parameters
    ----------
    personal : Model
        Fitted.
    group : Model
        Fitted, such as :class:`~ml.models.first_guess.FirstGuess`.
    growth : Growth
    loudness : float >= 0, optional
        Weight of the group for everybody, in place of ``growth``.
    """

    personal: Model
    group: Model
    growth: Growth
    loudness: float | None = None
    name: ClassVar[str] = "growing"

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary."""
        return self.personal.n_items

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:
        """Fit both."""
        self.personal.fit(data, rng=rng)
        self.group.fit(data, rng=rng)
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`."""
        scores = self.personal.score(history, items=items)
        known = np.diff(history.counts.indptr)
        weights = self.growth.at(known) if self.loudness is None else np.full(len(known), self.loudness, np.float32)
        new = np.flatnonzero(weights)
        if not len(new):
            return scores
        scores = np.require(scores, requirements="W")
        for user, said in zip(new, self.group.score(history.select(new), items=items), strict=True):
            scores[user] += weights[user] * said
        return scores

    def held(self, history: Plays) -> Growing:
        """Keep the group as loud as it is for a listener, whatever is taken out of the history.

        Else a listen that is taken out makes the group louder, which says nothing about that listen.

        Parameters
        ----------
        history : Plays
            Of one listener.
        """
        (weight,) = self.growth.at(np.diff(history.counts.indptr))
        return Growing(self.personal, self.group, self.growth, float(weight))

    def arrays(self) -> Arrays:
        """Give nothing: its models keep their own arrays, and the card of the set keeps the growth."""
        return {}

    def restore(self, arrays: Arrays) -> Self:  # noqa: ARG002
        """Take nothing back."""
        return self


def learn(personal: Model, group: Model, newcomers: Newcomers, *, rng: np.random.Generator) -> Growth:
    """Find how loud the group should be at each number of known items.

    Of the weights tried, the best by mean NDCG@10 is taken where choosing so gains for sure: each half of the newcomers
    is judged by the weight that the other half chooses, and the gain of all on silence excludes zero at 95 %. No weight
    is larger than the one before it, since more is known.

    Parameters
    ----------
    personal, group : Model
        Fitted without the newcomers.
    newcomers : Newcomers
    rng : numpy.random.Generator
        Of the intervals.
    """
    scale = scale_of(personal, newcomers) / scale_of(group, newcomers)
    weights: list[float] = []
    for n in STEPS:
        history, later = newcomers.knowing(n)
        able = np.flatnonzero((np.diff(later.indptr) > 0) & (np.diff(history.counts.indptr) == n))
        loudest = weights[-1] if weights else np.inf
        tried = [loudness * scale for loudness in LOUDNESS if loudness * scale <= loudest * (1 + 1e-6)]
        weights.append(_best(personal, group, history.select(able), later[able], tried, rng) if len(able) else 0.0)
    return Growth(tuple(weights))


def _best(
    personal: Model, group: Model, history: Plays, later: csr_matrix, tried: Sequence[float], rng: np.random.Generator
) -> float:
    own, shared = personal.score(history), group.score(history)
    found = [foreseen(own + np.float32(weight) * shared, history, later) for weight in tried]
    best = _first(found)
    if not best:
        return 0.0
    judged = np.empty_like(found[0])
    for half in (0, 1):
        judged[half::2] = found[_first([each[1 - half :: 2] for each in found])][half::2]
    return tried[best] if bootstrap_mean(judged, baseline=found[0], rng=rng).low > 0 else 0.0


def _first(found: Sequence[NDArray[np.float64]]) -> int:
    """Give the place of the best mean; 0, silence, where there is nothing to go by."""
    return max(range(len(found)), key=lambda place: float(found[place].mean())) if len(found[0]) else 0


def foreseen(scores: Floats, history: Plays, later: csr_matrix, *, k: int = K) -> NDArray[np.float64]:
    """Measure NDCG@k of scores, without what is known; float64 [shape=(n_users,)]. The scores are written into."""
    scores[history.users, history.items] = -np.inf
    return np.asarray(ndcg(top_k(scores, k)[0], later, k=k))


def scale_of(model: Model, newcomers: Newcomers) -> float:
    """Average a model's 20th best score over what is known of newcomers at one item; 1 where it has nothing to say."""
    scores = model.score(newcomers.knowing(1)[0])
    place = min(PLACE, scores.shape[1])
    scale = float(np.mean(np.partition(scores, scores.shape[1] - place, axis=1)[:, scores.shape[1] - place]))
    return scale if scale > 0 else 1.0
