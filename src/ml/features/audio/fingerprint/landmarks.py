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
#: So many for each pair are looked at first.
_FEW = 3
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
    # Most have all their pairs among the next few; only the others look further.
    rows, few = np.arange(begin, end), min(_LOOKED_AT, _FEW * pairs)
    there = _paired(peaks, rows, few, pairs)
    last = rows + few
    further = (there.sum(axis=1) < pairs) & (last < len(peaks.frames))
    further[further] = peaks.frames[last[further]] - peaks.frames[rows[further]] < FARTHEST
    first, which = np.nonzero(there & ~further[:, np.newaxis])
    if further.any():
        late, beyond = np.nonzero(_paired(peaks, rows[further], _LOOKED_AT, pairs))
        first = np.concatenate((first, np.flatnonzero(further)[late]))
        order = np.argsort(first, kind="stable")
        first, which = first[order], np.concatenate((which, beyond))[order]
    one = begin + first
    other = one + 1 + which
    step = peaks.bins[other] - peaks.bins[one]
    hashes = (peaks.bins[one] << 14) | ((step + 128) << 6) | (peaks.frames[other] - peaks.frames[one])
    return hashes, peaks.frames[one]


def _paired(peaks: Peaks, rows: NDArray[np.int64], width: int, pairs: int) -> NDArray[np.bool_]:
    """Say which of so many peaks after each it makes a pair with [shape=(len(rows), width)]."""
    n = len(peaks.frames)
    other = rows[:, np.newaxis] + np.arange(1, width + 1)
    there = other < n
    np.minimum(other, n - 1, out=other)
    frames, bins = peaks.frames.astype(np.int32), peaks.bins.astype(np.int32)
    after = frames[other] - frames[rows, np.newaxis]
    there &= (after >= NEAREST) & (after < FARTHEST)
    there &= np.abs(bins[other] - bins[rows, np.newaxis]) < APART_BINS
    there &= np.cumsum(there, axis=1, dtype=np.int32) <= pairs
    return there
