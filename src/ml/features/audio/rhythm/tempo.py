"""The tempo and its rivals, from what the network says of every tempo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.features.audio.rhythm.network import BINS_BPM
from ml.foundation.results import Result

#: Two tempi are the same within this share.
TOLERANCE = 0.04
#: What the network's log probabilities are multiplied by: it is too sure of patterns that it has not learnt
#: (``benchmarks/training/rhythm_choices.py``, by log loss).
CALM = 0.45
#: Rivals that are listed, besides the half and the double.
MOST = 5
_LEAST = 0.01


@dataclass(frozen=True, slots=True)
class TempoCandidate(Result):
    """A tempo that it may be.

    Parameters
    ----------
    bpm : float
    probability : float in [0, 1]
        That the tempo lies within 4 % of it.
    """

    bpm: float
    probability: float


def tempo_candidates(log_probability: Floats, calm: float = CALM) -> tuple[TempoCandidate, ...]:
    """Rank tempi.

    Parameters
    ----------
    log_probability : float32 [shape=(94,)]
        Of each of :data:`BINS_BPM`, up to a constant.
    calm : float > 0

    Returns
    -------
    tuple of TempoCandidate
        The most probable first. The half and the double of the first are always among them.
    """
    share = _softmax(calm * log_probability.astype(np.float64))
    left = share.copy()
    found: list[TempoCandidate] = []
    while len(found) < MOST:
        bpm, mass, window = _top(left)
        if found and mass < _LEAST:
            break
        found.append(TempoCandidate(bpm, float(share[_near(bpm)].sum())))
        left[window] = 0.0
    first = found[0].bpm
    for other in (first / 2, first * 2):
        if not any(abs(one.bpm / other - 1) <= TOLERANCE for one in found):
            found.append(TempoCandidate(other, float(share[_near(other)].sum())))
    return (found[0], *sorted(found[1:], key=lambda one: -one.probability))


def _top(share: NDArray[np.float64]) -> tuple[float, float, NDArray[np.bool_]]:
    """Find the tempo around which there is most, how much that is, and what is near it."""
    mass = np.convolve(share, np.ones(5), mode="same")
    place = int(mass.argmax())
    around = slice(max(0, place - 2), place + 3)
    weight = share[around]
    bpm = float(np.exp(np.average(np.log(BINS_BPM[around]), weights=weight + 1e-12)))
    return bpm, float(mass[place]), np.abs(np.log(BINS_BPM / bpm)) < 0.07


def _near(bpm: float) -> NDArray[np.bool_]:
    return np.asarray(np.abs(np.log(BINS_BPM / bpm)) <= TOLERANCE + 0.01)


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    share = np.exp(logits - logits.max())
    return np.asarray(share / share.sum())
