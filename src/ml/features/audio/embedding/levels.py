"""Levels of mel bands along time, beside the track's own: what timbre and fluctuation are read from."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np

from ml.features.audio.curves import SpectralCurves
from ml.features.audio.framing import Floats

#: Bands, each of neighbouring mel bands.
N_BANDS = 24
#: Of the loudest mel level, the least that counts, in dB: what lies deeper is the coder's and not the music's.
_DEEP_DB = 80.0


def relative_levels(curves: SpectralCurves) -> Floats:
    """Give mel levels in dB beside the mean level of the sound, not under 80 dB below the loudest.

    Returns
    -------
    float32 [shape=(n_frames, n_mels)]
        The mean is over the frames that are no pauses.
    """
    levels = np.maximum(curves.log_mel, curves.log_mel.max(initial=-100.0) - np.float32(_DEEP_DB))
    sounding = curves.sounding()
    if sounding.any():
        # Row by row: the levels of the frames that count would be a third copy of hours.
        levels -= np.float32(levels.mean(axis=1, dtype=np.float64)[sounding].mean())
    return np.asarray(levels)


def folded(levels: Floats, n_bands: int = N_BANDS) -> Floats:
    """Take means over neighbouring bands.

    >>> folded(np.array([[0, 2, 4, 6]], dtype=np.float32), 2).tolist()
    [[1.0, 5.0]]
    """
    return levels @ _folding(levels.shape[1], n_bands)


@lru_cache(maxsize=8)
def _folding(n_in: int, n_out: int) -> Floats:
    edges = np.linspace(0, n_in, n_out + 1).round().astype(int)
    matrix = np.zeros((n_in, n_out), dtype=np.float32)
    for band, (low, high) in enumerate(itertools.pairwise(edges)):
        matrix[low:high, band] = 1.0 / (high - low)
    return matrix
