"""The key: which of 24, how sure, and whether there is one at all.

What speaks for a key, and with which weight, was fitted on rendered music (``benchmarks/training/harmony_fitting.py``):
the mean of the chroma, its beginning and its end, how long each chord lasts, and the chord that it begins with, all as
seen from the key's tonic, one set of weights for major and one for minor. A second model says whether there is a key:
spectral peaks that agree about a tuning, chords that are plain and last, more than one class of pitch.

Conventions
-----------
A key is 0 to 11 for major and 12 to 23 for minor, tonics from C on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_softmax

from ml.audio_analysis.harmony.chords import NONE, runs
from ml.features.audio.chroma import Chroma
from ml.features.audio.framing import Floats

Doubles = NDArray[np.float64]
#: Where fewer classes of pitch sound, it is one note.
LEAST_CLASSES = 2.0
#: The first chord that lasts so many frames is what a sound begins with: 0.37 s.
_LASTING = 4
#: Frames with a sound at the beginning and at the end that are looked at: 0.74 s.
_EDGE = 8


@dataclass(frozen=True, slots=True, eq=False)
class KeyWeights:
    """What makes a key, and what makes music with one.

    Parameters
    ----------
    major, minor : float64 [shape=(108,)]
        Weights of what :func:`evidence` gives.
    bias : float
        Of major.
    tonal, tonal_bias : float64 [shape=(7,)] and float
        Weights of what :func:`tonality` gives.
    """

    major: Doubles
    minor: Doubles
    bias: float
    tonal: Doubles
    tonal_bias: float


def evidence(chroma: Chroma, path: NDArray[np.intp]) -> Doubles:
    """Give what speaks for keys as seen from each tonic.

    Returns
    -------
    float64 [shape=(12, 108)]
        For each tonic: the mean chroma of three registers, that of the beginning and that of the end without the low
        register, the shares of time of the 24 chords, and which of them the sound begins with; classes of pitch and
        roots are counted from the tonic.
    """
    mean = chroma.flat().mean(axis=0, dtype=np.float64)
    upper = chroma.registers[:, 1:].mean(axis=1, dtype=np.float64)
    upper = upper[upper.any(axis=1)]
    edges = [part.sum(axis=0) / max(len(part), 1) for part in (upper[:_EDGE], upper[-_EDGE:])]
    share = np.bincount(path, minlength=NONE + 1)[:NONE] / len(path)
    first = np.zeros(NONE)
    lasting = [chord for begin, end, chord in runs(path) if chord != NONE and end - begin >= _LASTING]
    if lasting:
        first[lasting[0]] = 1.0
    said = np.concatenate([mean, *edges, share, first]).reshape(-1, 12)
    return np.stack([np.roll(said, -tonic, axis=1).reshape(-1) for tonic in range(12)])


def key_scores(found: Doubles, weights: KeyWeights) -> Doubles:
    """Give the logarithm of how likely each key is, if there is one [shape=(24,)]."""
    return np.asarray(log_softmax(np.concatenate([found @ weights.major + weights.bias, found @ weights.minor])))


def tonality(chroma: Chroma, scores: Floats, path: NDArray[np.intp]) -> Doubles:
    """Give what tells music with a key from what has none.

    Returns
    -------
    float64 [shape=(7,)]
        Logarithm of how well peaks agree about the tuning; how likely the likeliest chord of a frame is in the mean;
        the mean score along the path; the share of time with a chord; the logarithms of how many classes of pitch
        sound, of how well peaks agree where they do most, and of how many chords there are.
    """
    mean = chroma.registers[:, 1:].mean(axis=(0, 1), dtype=np.float64)
    return np.array(
        [
            np.log(max(chroma.agreement, 1e-3)),
            float(np.exp(scores[:, :NONE].max(axis=1)).mean()),
            float(scores[np.arange(len(path)), path].mean()),
            float((path != NONE).mean()),
            np.log(min(_effective(mean), 6.0)),
            np.log(max(chroma.clear_agreement, 1e-3)),
            np.log(min(_effective(np.bincount(path, minlength=NONE + 1)[:NONE]), 3.0)),
        ]
    )


def movement(chroma: Chroma) -> float:
    """Give how much the classes of pitch change along time, in [0, 1]: 0 for one note, one chord, or nothing."""
    upper = chroma.registers[:, 1:].mean(axis=1, dtype=np.float64)
    upper = upper[upper.any(axis=1)]
    if not len(upper):
        return 0.0
    mean = upper.mean(axis=0)
    return float(1.0 - (upper @ mean / np.linalg.norm(upper, axis=1)).mean() / np.linalg.norm(mean))


def _effective(amounts: NDArray[Any]) -> float:
    """Give how many share a whole, as the exponential of entropy; 1 where there is nothing."""
    share = amounts / max(float(amounts.sum()), 1e-12)
    return float(np.exp(-(share * np.log(np.maximum(share, 1e-12))).sum()))


def tonal_probability(found: Doubles, weights: KeyWeights) -> float:
    """Give how likely there is a key, in [0, 1]."""
    return float(expit(found @ weights.tonal + weights.tonal_bias))
