"""Settings chosen by folds within the training tracks, and a head fitted with them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.heads.calibration import calibrated, probabilities
from ml.audio_analysis.heads.folds import grouped_folds
from ml.audio_analysis.heads.kernel import KernelRidge, Settings, Space, fit, squared
from ml.audio_analysis.heads.labelled import Labelled
from ml.features.audio.framing import Floats

#: What is tried of gamma, ridge and balance; wide, so that no data set decides what is in it.
_GAMMAS, _RIDGES, _BALANCES = (0.5, 1.0, 2.0, 4.0), (0.1, 0.3, 1.0), (0.0, 0.5, 1.0)
#: How even groups are made: a genre is told of artists, so that each artist counts the same; ratings are of tracks.
_EVENNESS = {"classes": 1.0, "tags": 1.0, "scales": 0.0}
#: Tracks that settings are chosen by, and that a head learns from; of more, so many are drawn.
MOST_CHOSEN, MOST_LEARNT = 600, 3_000
N_FOLDS = 5
#: Times that inner folds are dealt: with one, chance has more of a say in what is chosen.
_DEALS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A regression with its calibration."""

    regression: KernelRidge
    settings: Settings
    slope: float
    offset: float

    def predict(self, vectors: Floats, data: Labelled) -> NDArray[np.float64]:
        """Give probabilities, or values on scales, for vectors [shape=(n, n_places)]."""
        return probabilities(self.regression.scores(vectors), data.kind, self.slope, self.offset)


def learn(data: Labelled, rng: np.random.Generator) -> Fitted:
    """Choose settings by inner grouped folds, calibrate on what they left out, and fit on everything."""
    few = data.sample(MOST_CHOSEN, rng)
    n_folds = min(N_FOLDS, int(few.groups.max()) + 1)
    deals = [grouped_folds(few.groups, few.classes(), n_folds, rng) for _ in range(_DEALS)]
    left_out = [_left_out(few, parts) for parts in deals]
    choices = list(left_out[0])
    best = choices[int(np.argmax([np.mean([goodness(each[one], few) for each in left_out]) for one in choices]))]
    told = np.concatenate([each[best] for each in left_out])
    slope, offset = calibrated(told, np.tile(few.targets, (_DEALS, 1)), few.kind)
    many = data.sample(MOST_LEARNT, rng)
    return Fitted(fit(many.vectors, many.targets, many.groups, best, many.blocks), best, slope, offset)


def goodness(scores: NDArray[np.float64], data: Labelled) -> float:
    """Give what is to be high: the share of right classes, or the mean correlation over tags or scales."""
    if data.kind == "classes":
        return float((scores.argmax(axis=1) == data.classes()).mean())
    return float(np.mean(correlations(scores, data.targets)))


def correlations(found: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give Pearson's correlation of each column; 0 where one does not change.

    >>> correlations(np.array([[1.0, 2.0], [2.0, 2.0]]), np.array([[3.0, 0.0], [5.0, 1.0]])).tolist()
    [1.0, 0.0]
    """
    one, other = found - found.mean(axis=0), wanted - wanted.mean(axis=0)
    length = np.sqrt(np.square(one).sum(axis=0) * np.square(other).sum(axis=0))
    shared = (one * other).sum(axis=0)
    return np.asarray(np.divide(shared, length, out=np.zeros_like(shared), where=length > 1e-12))


def _left_out(data: Labelled, parts: list[NDArray[np.intp]]) -> dict[Settings, NDArray[np.float64]]:
    """Give the scores of tracks by regressions that have not learnt from their group, for all settings."""
    evenness = _EVENNESS[data.kind]
    scores: dict[Settings, NDArray[np.float64]] = {}
    for part, balance in product(parts, _BALANCES):
        rest = data.at(np.setdiff1d(np.arange(len(data)), part))
        space = Space.of(rest.vectors, rest.groups, rest.blocks, balance=balance, evenness=evenness)
        within, across = squared(space.support, space.support), space.distances(data.vectors[part])
        for gamma in _GAMMAS:
            kernel, other = np.exp(-gamma * within), np.exp(-gamma * across)
            for ridge in _RIDGES:
                dual, bias = space.solve(kernel, rest.targets, ridge)
                settings = Settings(gamma, ridge, balance, evenness)
                scores.setdefault(settings, np.empty_like(data.targets))[part] = bias + other @ dual
    return scores
