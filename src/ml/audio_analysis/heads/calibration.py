"""Scores into probabilities, fitted on tracks that the regression has not learnt from.

References
----------
Platt, "Probabilistic outputs for support vector machines" (1999), for tags; Guo et al., "On calibration of modern
neural networks" (2017), for classes: one factor for all scores before the softmax.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.heads.labelled import Kind

Doubles = NDArray[np.float64]


def probabilities(scores: Doubles, kind: Kind, slope: float, offset: float) -> Doubles:
    """Give probabilities; those of classes sum to 1 in each row. Scales stay what they are.

    >>> probabilities(np.array([[0.0, 0.0]]), "classes", 3.0, 0.0).tolist()
    [[0.5, 0.5]]
    """
    if kind == "scales":
        return scores
    weighed = slope * scores + offset
    if kind == "tags":
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(weighed, -50, 50))))
    weighed = np.exp(weighed - weighed.max(axis=1, keepdims=True))
    return np.asarray(weighed / weighed.sum(axis=1, keepdims=True))


def calibrated(scores: Doubles, targets: Doubles, kind: Kind) -> tuple[float, float]:
    """Find slope and offset that make what is true likeliest.

    Parameters
    ----------
    scores : float64 [shape=(n, n_labels)]
        Of tracks that were left out of the fit.
    targets : float64 [shape=(n, n_labels)]
    kind : str
    """
    from scipy.optimize import minimize  # late: who analyses needs none

    if kind == "scales":
        return 1.0, 0.0

    def loss(place: Doubles) -> float:
        likely = np.clip(probabilities(scores, kind, float(np.exp(place[0])), float(place[1])), 1e-9, 1 - 1e-9)
        wrong = (1 - targets) * np.log1p(-likely) if kind == "tags" else 0.0
        return float(-(targets * np.log(likely) + wrong).sum(axis=1).mean())

    start = np.array([np.log(4.0), -2.0 if kind == "tags" else 0.0])
    found = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6}).x
    return float(np.exp(np.clip(found[0], -5.0, 5.0))), float(found[1]) if kind == "tags" else 0.0
