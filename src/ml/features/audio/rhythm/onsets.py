"""When sounds begin: peaks of the network's attacks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.features.audio.rhythm.bands import SHORT

#: An attack is more probable than this, and the highest within so many frames (35 ms) to both sides.
LEAST, REACH = 0.3, 3


def onsets_s(attack: Floats) -> NDArray[np.float64]:
    """Find the times of attacks.

    Parameters
    ----------
    attack : float32 in [0, 1] [shape=(n_short,)]
        Probability at each short frame.

    Returns
    -------
    float64 [shape=(n_onsets,)]
        In seconds, between frames where the neighbours say so.
    """
    return refined(attack, peaks(attack, LEAST, REACH)) / SHORT.frames_per_s


def peaks(curve: Floats, least: float, reach: int) -> NDArray[np.int64]:
    """Find the frames that are the highest within ``reach`` to both sides, and at least ``least`` high.

    >>> peaks(np.array([0, 1, 3, 1, 2, 0, 2], dtype=np.float32), 1.5, 1).tolist()
    [2, 4, 6]
    """
    if not len(curve):
        return np.empty(0, dtype=np.int64)
    padded = np.pad(curve, reach, mode="edge")
    highest = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    found = np.flatnonzero((curve >= highest) & (curve >= least))
    # Of a plateau the first frame is enough.
    return found[np.diff(found, prepend=-reach - 1) > reach] if len(found) else found


def refined(curve: Floats, frames: NDArray[np.int64]) -> NDArray[np.float64]:
    """Move peaks between frames, to the top of the parabola through the neighbours.

    >>> refined(np.array([0, 2, 2, 0], dtype=np.float32), np.array([1])).tolist()
    [1.5]
    """
    before = curve[np.maximum(frames - 1, 0)].astype(np.float64)
    here = curve[frames].astype(np.float64)
    after = curve[np.minimum(frames + 1, len(curve) - 1)].astype(np.float64)
    bend = before - 2.0 * here + after
    shift = np.divide(0.5 * (before - after), bend, out=np.zeros_like(bend), where=bend < -1e-9)
    return np.asarray(frames + np.clip(shift, -0.5, 0.5))
