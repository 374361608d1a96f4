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
#: Peaks that are paired at a time, ten MB: a sound of ten hours has a million.
_BLOCK = 4_096
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
    found = [_begun_by(peaks, begin, min(begin + _BLOCK, n), pairs) for begin in range(0, n, _BLOCK)]
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    hashes, frames = (np.concatenate(part) for part in zip(*found, strict=True))
    return hashes, frames


def _begun_by(peaks: Peaks, begin: int, end: int, pairs: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair the peaks from one on to another with those after them."""
    n = len(peaks.frames)
    other = np.arange(begin, end)[:, np.newaxis] + np.arange(1, _LOOKED_AT + 1)
    there = other < n
    other = np.minimum(other, n - 1)
    after = peaks.frames[other] - peaks.frames[begin:end, np.newaxis]
    step = peaks.bins[other] - peaks.bins[begin:end, np.newaxis]
    there &= (after >= NEAREST) & (after < FARTHEST) & (np.abs(step) < APART_BINS)
    there &= np.cumsum(there, axis=1) <= pairs
    first, which = np.nonzero(there)
    hashes = (peaks.bins[begin + first] << 14) | ((step[first, which] + 128) << 6) | after[first, which]
    return hashes, peaks.frames[begin + first]
