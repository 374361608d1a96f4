"""Settings chosen by folds within the training tracks, and a head fitted with them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.heads.calibration import calibrated, probabilities
from ml.audio_analysis.heads.folds import grouped_folds
from ml.audio_analysis.heads.kernel import KernelRidge, Settings, fit
from ml.audio_analysis.heads.labelled import Labelled
from ml.features.audio.framing import Floats

#: What is tried of gamma, ridge and balance; wide, so that no data set decides what is in it.
_GRID = tuple(product((0.5, 1.0, 2.0, 4.0), (0.1, 0.3, 1.0), (0.0, 0.5, 1.0)))
#: How even groups are made: a genre is told of artists, so that each artist counts the same; ratings are of tracks.
_EVENNESS = {"classes": 1.0, "tags": 1.0, "scales": 0.0}
#: Tracks that settings are chosen by, and that a head learns from; of more, so many are drawn.
MOST_CHOSEN, MOST_LEARNT = 600, 3_000
N_FOLDS = 5


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
    parts = grouped_folds(few.groups, few.classes(), min(N_FOLDS, int(few.groups.max()) + 1), rng)
    choices = choices_for(data)
    left_out = [_left_out(few, parts, settings) for settings in choices]
    best = int(np.argmax([goodness(scores, few) for scores in left_out]))
    slope, offset = calibrated(left_out[best], few.targets, few.kind)
    many = data.sample(MOST_LEARNT, rng)
    settings = choices[best]
    return Fitted(fit(many.vectors, many.targets, many.groups, settings, many.blocks), settings, slope, offset)


def choices_for(data: Labelled) -> list[Settings]:
    """List the settings that are tried."""
    return [Settings(*each, evenness=_EVENNESS[data.kind]) for each in _GRID]


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


def _left_out(data: Labelled, parts: list[NDArray[np.intp]], settings: Settings) -> NDArray[np.float64]:
    scores = np.empty_like(data.targets)
    for part in parts:
        rest = data.at(np.setdiff1d(np.arange(len(data)), part))
        scores[part] = fit(rest.vectors, rest.targets, rest.groups, settings, rest.blocks).scores(data.vectors[part])
    return scores
