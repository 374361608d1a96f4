"""Fluctuation: how strongly each band's level goes up and down, and how fast.

References
----------
Pampalk, Rauber and Merkl, "Content-based organization and visualization of music archives" (2002): fluctuation
patterns. Here over windows of 6 s, on levels in dB, without a model of what the ear makes of it.
"""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np
from scipy.fft import rfft

from ml.features.audio.embedding.levels import folded
from ml.features.audio.framing import Floats, Framing
from ml.features.audio.spectrum import hann

#: Frames of a window and from one to the next: 6 and 3 s at the default framing.
_WINDOW, _HOP = 256, 128
#: Bands of level, and edges of the bands of modulation in Hz.
N_BANDS = 12
EDGES_HZ = (0.3, 0.6, 1.0, 1.5, 2.2, 3.2, 4.7, 7.0, 11.0, 18.0)


def fluctuation(levels: Floats, framing: Framing) -> Floats:
    """Give the strength of modulation, log10 of dB, float32 [shape=(12 * 9,)]: band by band."""
    tracks = folded(levels, N_BANDS)
    window = hann(_WINDOW)[:, np.newaxis]
    total = np.zeros((_WINDOW // 2 + 1, N_BANDS), dtype=np.float32)
    starts = range(0, max(1, len(tracks) - _WINDOW + 1), _HOP)
    for start in starts:
        part = tracks[start : start + _WINDOW]
        part = part - part.mean(axis=0)
        if len(part) < _WINDOW:
            part = np.pad(part, ((0, _WINDOW - len(part)), (0, 0)))
        total += np.abs(rfft(part * window, axis=0))
    strength = _grouping(framing.frames_per_s) @ (total / np.float32(len(starts) * _WINDOW / 4))
    return np.asarray(np.log10(strength + np.float32(0.01)).T.ravel(), dtype=np.float32)


@lru_cache(maxsize=4)
def _grouping(frames_per_s: float) -> Floats:
    hz = np.arange(_WINDOW // 2 + 1) * frames_per_s / _WINDOW
    rows = [(hz >= low) & (hz < high) for low, high in itertools.pairwise(EDGES_HZ)]
    return np.asarray([row / max(1, row.sum()) for row in rows], dtype=np.float32)
