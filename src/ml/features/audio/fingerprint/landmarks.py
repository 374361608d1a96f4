"""Landmarks: pairs of peaks, hashed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.fingerprint.peaks import Peaks

#: Of a pair: frames between its peaks (up to 1.5 s), and bins (1.1 kHz).
NEAREST, FARTHEST, APART_BINS = 2, 64, 100
#: Pairs that each peak begins, in a track and in an excerpt; an excerpt has peaks of noise between.
KEPT_PAIRS, ASKED_PAIRS = 5, 12
#: Peaks after each that are looked at.
_LOOKED_AT = 64
#: A hash has so many bits: nine of the frequency, eight of the step, six of the time between, the lowest.
HASH_BITS = 23


def landmarks(peaks: Peaks, pairs: int = KEPT_PAIRS) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair each peak with the next ones.

    Parameters
    ----------
    peaks : Peaks
    pairs : int >= 1

    Returns
    -------
    hashes : int64 in [0, 2 ** HASH_BITS) [shape=(n,)]
    frames : int64 [shape=(n,)]
        Of the first peak of each pair.

    Examples
    --------
    >>> hashes, frames = landmarks(Peaks(np.array([5, 8]), np.array([100, 90]), 20))
    >>> [(one >> 14, (one >> 6 & 255) - 128, one & 63) for one in hashes.tolist()], frames.tolist()
    ([(100, -10, 3)], [5])
    """
    n = len(peaks.frames)
    if n < 2:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    other = np.arange(n)[:, np.newaxis] + np.arange(1, _LOOKED_AT + 1)
    there = other < n
    other = np.minimum(other, n - 1)
    after = peaks.frames[other] - peaks.frames[:, np.newaxis]
    step = peaks.bins[other] - peaks.bins[:, np.newaxis]
    there &= (after >= NEAREST) & (after < FARTHEST) & (np.abs(step) < APART_BINS)
    there &= np.cumsum(there, axis=1) <= pairs
    first, which = np.nonzero(there)
    hashes = (peaks.bins[first] << 14) | ((step[first, which] + 128) << 6) | after[first, which]
    return hashes, peaks.frames[first]
