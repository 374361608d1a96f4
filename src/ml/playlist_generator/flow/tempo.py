"""What a change of tempo costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: From this on, in octaves, two tempos have nothing in common: 12 %, half as much again as a pitch fader usually gives.
WHOLE_OCTAVES = float(np.log2(1.12))
#: What it costs to go to half or double the tempo, exactly: beats still meet, and the drive changes.
OCTAVE_COST = 0.15
#: What is said of a change from or to a track without a beat.
UNKNOWN_COST = 0.5


def tempo_costs(before: Floats, after: Floats) -> Floats:
    """Give what each change of tempo costs, octaves counting as nearly equal.

    Parameters
    ----------
    before, after : float32 [shapes that broadcast]
        In BPM; NaN where there is none.

    Returns
    -------
    float32, in [0, 1]

    Examples
    --------
    >>> bpm = np.array([120, 126, 60, 90, np.nan], dtype=np.float32)
    >>> [round(float(cost), 2) for cost in tempo_costs(np.float32(120), bpm)]
    [0.0, 0.43, 0.15, 1.0, 0.5]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        octaves = np.abs(np.log2(after / before))
        straight = octaves / np.float32(WHOLE_OCTAVES)
        folded = np.abs(octaves - 1) / np.float32(WHOLE_OCTAVES) + np.float32(OCTAVE_COST)
        cost = np.minimum(np.minimum(straight, folded), 1)
    return np.where(np.isfinite(octaves), cost, np.float32(UNKNOWN_COST)).astype(np.float32)
