"""Windows of a contour: what a stretch of some seconds is like, in any key."""

from __future__ import annotations

import numpy as np

from ml.features.audio.framing import Floats
from ml.features.audio.melody import CONTOUR_RATE

#: Numbers of a window.
PLACES = 16


def windows(contour: Floats, seconds: float, hop_s: float) -> tuple[Floats, Floats]:
    """Cut a contour into overlapping windows.

    Parameters
    ----------
    contour : float32 [shape=(n,)]
        See :func:`ml.features.audio.melody.contour_of`; one that is shorter than a window is one window.
    seconds, hop_s : float > 0

    Returns
    -------
    vectors : float32 [shape=(n_windows, PLACES)]
        Means of equal parts, less the mean of the whole.
    means : float32 [shape=(n_windows,)]
        That mean.

    Examples
    --------
    >>> vectors, means = windows(np.repeat(np.array([0, 4], dtype=np.float32), 12), 2.0, 1.0)
    >>> means.tolist(), vectors[0, [0, -1]].tolist()
    ([2.0], [-2.0, 2.0])
    """
    width = min(seconds * CONTOUR_RATE, float(len(contour)))
    starts = np.arange(0.0, len(contour) - width + 1e-6, hop_s * CONTOUR_RATE)
    sums = np.concatenate(([0.0], np.cumsum(contour, dtype=np.float64)))
    edges = starts[:, np.newaxis] + np.linspace(0.0, width, PLACES + 1)
    at = np.interp(edges, np.arange(len(sums)), sums)
    vectors = np.diff(at, axis=1) * (PLACES / width)
    means = vectors.mean(axis=1)
    return (vectors - means[:, np.newaxis]).astype(np.float32), means.astype(np.float32)
