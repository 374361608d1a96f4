"""What is read from the samples themselves, frame by frame."""

from __future__ import annotations

import numpy as np

from ml.features.audio.framing import Floats


def zero_crossing_rate(frames: Floats) -> Floats:
    """Give the share of neighbouring samples with different signs, in [0, 1].

    Parameters
    ----------
    frames : float32 [shape=(n_frames, size)]

    Returns
    -------
    float32 [shape=(n_frames,)]
        Zero counts as positive. A sine of ``f`` Hz has ``2 * f / rate``.

    Examples
    --------
    >>> zero_crossing_rate(np.array([[1, -1, 1, -1], [1, 1, 0, 1]], dtype=np.float32)).tolist()
    [0.75, 0.0]
    """
    negative = frames < 0
    crossings = np.count_nonzero(negative[:, 1:] != negative[:, :-1], axis=1)
    return np.asarray(crossings / frames.shape[1], dtype=np.float32)


def rms(frames: Floats) -> Floats:
    """Give the root mean square of frames, float32 >= 0 [shape=(n_frames,)].

    >>> rms(np.array([[3, -3, 3, -3], [1, 7, 1, 7]], dtype=np.float32)).tolist()
    [3.0, 5.0]
    """
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", frames, frames) / np.float32(frames.shape[1])))
