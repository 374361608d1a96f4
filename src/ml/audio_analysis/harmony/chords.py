"""Chords on a time line: major, minor or none.

A linear model says how likely each chord is in each frame, from the classes of pitch in three registers: one set of
weights for major and one for minor, turned to each of the twelve roots. A hidden Markov model then smooths over time.

Conventions
-----------
A chord is 0 to 11 for major and 12 to 23 for minor, roots from C on, and :data:`NONE` for none. What is neither major
nor minor (diminished, suspended) is heard as what it is nearest to; sevenths count as their triads.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.special import log_softmax

from ml.features.audio.chroma import Chroma
from ml.features.audio.framing import Floats

NONE = 24
#: Frames whose chroma is averaged.
_SMOOTH = 7
#: How likely a chord lasts one frame longer.
_STAY = 0.98


@dataclass(frozen=True, slots=True, eq=False)
class ChordWeights:
    """What makes a chord: a linear model of one frame.

    Parameters
    ----------
    major, minor : float [shape=(36,)]
        Weights of the classes of pitch above the root, in three registers.
    none : float [shape=(36,)]
        Weights of the registers' values in falling order.
    bias : float [shape=(3,)]
        Of major, minor and none.
    """

    major: Floats
    minor: Floats
    none: Floats
    bias: Floats


def chord_scores(chroma: Chroma, weights: ChordWeights) -> Floats:
    """Give the logarithm of how likely each chord is in each frame, float32 [shape=(n_frames, 25)]."""
    features = smoothed(chroma)
    turned = [
        np.roll(one.reshape(3, 12), root, axis=1).reshape(-1)
        for one in (weights.major, weights.minor)
        for root in range(12)
    ]
    scores = np.empty((len(features), NONE + 1), dtype=np.float32)
    scores[:, :NONE] = features @ np.stack(turned, axis=1) + np.repeat(weights.bias[:2], 12)
    scores[:, NONE] = in_falling_order(features) @ weights.none + weights.bias[2]
    return np.asarray(log_softmax(scores, axis=1))


def smoothed(chroma: Chroma) -> Floats:
    """Give the chroma averaged over two thirds of a second [shape=(n_frames, 36)]."""
    return np.asarray(uniform_filter1d(chroma.flat(), _SMOOTH, axis=0))


def in_falling_order(features: Floats) -> Floats:
    """Sort the twelve values of each register, the highest first: how uneven it is, whatever the root."""
    registers = features.reshape(len(features), 3, 12)
    return np.ascontiguousarray(np.sort(registers, axis=2)[:, :, ::-1]).reshape(len(features), 36)


def likeliest_path(scores: Floats, stay: float = _STAY) -> NDArray[np.intp]:
    """Give the chords that are likeliest as a whole (Viterbi), where all changes are alike.

    Parameters
    ----------
    scores : float [shape=(n_frames, n_states)]
        Log-likelihoods.
    stay : float in (0, 1)
        How likely the state of the next frame is the same.

    Examples
    --------
    >>> scores = np.log([[0.9, 0.1], [0.4, 0.6], [0.9, 0.1], [0.1, 0.9], [0.1, 0.9]])
    >>> likeliest_path(scores, 0.8).tolist()
    [0, 0, 0, 1, 1]
    """
    n_frames, n_states = scores.shape
    loss = float(np.log((1.0 - stay) / (n_states - 1)) - np.log(stay))  # by a change, beside staying
    stays = np.empty((n_frames, n_states), dtype=np.bool_)
    leaders = np.empty(n_frames, dtype=np.intp)
    rows = scores.astype(np.float64)
    best = rows[0].copy()
    for frame in range(1, n_frames):
        leaders[frame] = leader = best.argmax()
        switched = best[leader] + loss
        np.greater_equal(best, switched, out=stays[frame])
        np.maximum(best, switched, out=best)
        best += rows[frame]
    path = np.empty(n_frames, dtype=np.intp)
    path[-1] = state = best.argmax()
    for frame in range(n_frames - 1, 0, -1):
        if not stays[frame, state]:
            state = leaders[frame]
        path[frame - 1] = state
    return path


def runs(path: NDArray[np.intp]) -> list[tuple[int, int, int]]:
    """Give the stretches of equal states as first frame, end and state.

    >>> runs(np.array([3, 3, 5]))
    [(0, 2, 3), (2, 3, 5)]
    """
    edges = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    return [(first, end, int(path[first])) for first, end in pairwise(edges)]
