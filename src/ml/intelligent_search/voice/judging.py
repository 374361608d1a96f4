"""How probable it is that a name was said.

Conventions
-----------
- Scores are those of :mod:`ml.intelligent_search.voice.decoding`, of all names of the grammar.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ml.intelligent_search.voice.cepstra import Floats

#: Of the differences between names' scores, so much counts: frames that follow each other say much the same.
SHARPNESS = 0.05
#: Of a logistic regression on :func:`signs_of`, a constant first: ``python -m benchmarks.training.voice_confidence``.
CONFIDENCE = (1.23, 1.14, 2.05, 1.03)


def shares(scores: Floats) -> NDArray[np.float64]:
    """Give what is left for each name if one of them was said; adds up to 1."""
    weights = np.exp(SHARPNESS * (scores.astype(np.float64) - scores.max()))
    return np.asarray(weights / weights.sum())


def confidence(scores: Floats, spoken: int) -> float:
    """Tell how probable it is that the name that suits best was said, in [0, 1]."""
    odds = CONFIDENCE[0] + sum(
        weight * sign for weight, sign in zip(CONFIDENCE[1:], signs_of(scores, spoken), strict=True)
    )
    return 1 / (1 + math.exp(-odds))


def signs_of(scores: Floats, spoken: int) -> tuple[float, float, float]:
    """Give what tells how sure a guess is: the score of a frame, the logarithm of its share, and of how many frames.

    Parameters
    ----------
    scores : float32 [shape=(n_names,)]
    spoken : int
        Frames that are no silence.
    """
    best = float(scores.max())
    return best / max(spoken, 1), math.log(float(shares(scores).max())), math.log(max(spoken, 1))
