"""The likeliest line through candidates for the pitch, frame after frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats


@dataclass(frozen=True, slots=True, eq=False)
class PitchTrack:
    """The pitch of a sound along time.

    Parameters
    ----------
    frames_per_s : float
    pitch : float32 [shape=(n_frames,)]
        MIDI number (69 is A4, 440 Hz); NaN where there is none.
    """

    frames_per_s: float
    pitch: Floats

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """Where there is a pitch, bool [shape=(n_frames,)]."""
        return np.isfinite(self.pitch)


def best_path(
    pitch: Floats, cost: Floats, silence: Floats, *, per_semitone: float, most: float, switch: float
) -> Floats:
    """Choose a candidate in each frame, or none, so that costs and jumps are least in sum (Viterbi).

    Parameters
    ----------
    pitch : float32 [shape=(n_frames, n_candidates)]
        MIDI numbers.
    cost : float32 [shape=(n_frames, n_candidates)]
        Infinite where there is no such candidate.
    silence : float32 [shape=(n_frames,)]
        What no pitch costs.
    per_semitone, most : float
        What a jump costs: by its size, and at most.
    switch : float
        What it costs to begin or to end.

    Returns
    -------
    float32 [shape=(n_frames,)]
        NaN where none is chosen.

    Examples
    --------
    >>> pitch = np.array([[60, 72], [60, 72], [60, 72]], dtype=np.float32)
    >>> cost = np.array([[0.1, 0.3], [0.3, 0.1], [0.1, 0.3]], dtype=np.float32)
    >>> best_path(pitch, cost, np.ones(3, dtype=np.float32), per_semitone=0.1, most=1.0, switch=0.5).tolist()
    [60.0, 60.0, 60.0]
    """
    n, width = pitch.shape
    if not n:
        return np.empty(0, dtype=np.float32)
    costs = np.concatenate((cost, silence[:, np.newaxis]), axis=1)
    came = np.zeros((n, width + 1), dtype=np.intp)
    total = costs[0].astype(np.float64)
    step = np.full((width + 1, width + 1), switch)
    step[width, width] = 0.0
    for frame in range(1, n):
        step[:width, :width] = np.minimum(
            np.abs(pitch[frame - 1][:, np.newaxis] - pitch[frame][np.newaxis]) * per_semitone, most
        )
        sums = total[:, np.newaxis] + step
        came[frame] = sums.argmin(axis=0)
        total = sums[came[frame], np.arange(width + 1)] + costs[frame]
    chosen = np.empty(n, dtype=np.intp)
    chosen[-1] = total.argmin()
    for frame in range(n - 1, 0, -1):
        chosen[frame - 1] = came[frame, chosen[frame]]
    padded = np.concatenate((pitch, np.full((n, 1), np.nan, dtype=np.float32)), axis=1)
    return np.asarray(padded[np.arange(n), chosen], dtype=np.float32)
