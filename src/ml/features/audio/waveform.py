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
    n_frames, size = frames.shape
    if not n_frames:
        return np.empty(0, dtype=np.float32)
    samples, hop = _in_a_row(frames)
    negative = samples < 0
    running = np.zeros(len(samples), dtype=np.int32)
    np.cumsum(negative[1:] != negative[:-1], out=running[1:])
    starts = np.arange(n_frames) * hop
    return np.asarray((running[starts + size - 1] - running[starts]) / size, dtype=np.float32)


def _in_a_row(frames: Floats) -> tuple[Floats, int]:
    """Give the samples under frames that lie over each other in memory, each once, and the hop."""
    if frames.strides[1] != frames.itemsize or not 0 < frames.strides[0] <= frames.shape[1] * frames.itemsize:
        frames = np.ascontiguousarray(frames)
    hop = frames.strides[0] // frames.itemsize
    length = (len(frames) - 1) * hop + frames.shape[1]
    return np.lib.stride_tricks.as_strided(frames, (length,), (frames.itemsize,), writeable=False), hop


def rms(frames: Floats) -> Floats:
    """Give the root mean square of frames, float32 >= 0 [shape=(n_frames,)].

    >>> rms(np.array([[3, -3, 3, -3], [1, 7, 1, 7]], dtype=np.float32)).tolist()
    [3.0, 5.0]
    """
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", frames, frames) / np.float32(frames.shape[1])))
