"""Whether a sound that begins can be told from what sounds already.

Conventions
-----------
A sound is *clear* by so many decibels as the loudest rise, over octave bands, of everything that is heard: 40 ms from
its first sample beside the 40 ms before. Only those bands count in which at least a quarter of the power is its own, so
that nothing is clear because of what begins beside it.
"""

from __future__ import annotations

import numpy as np

from ml.data.demo.arrays import Doubles, Floats, Longs

WINDOW_S = 0.04
#: Lower edges of the bands, in Hz; the last has no upper one.
EDGES = (80.0, 160.0, 320.0, 640.0, 1280.0, 2560.0, 5120.0, 10_240.0)
OWN_SHARE = 0.25
#: What is not clear at all.
NOT_CLEAR_DB = -99.0
_AT_ONCE = 512


def window(rate: int) -> int:
    """Give the length of a window in samples."""
    return round(WINDOW_S * rate)


def power(frames: Floats, rate: int) -> Doubles:
    """Measure the power in each band of frames, each seen through a Hann window.

    Parameters
    ----------
    frames : float32 [shape=(n, window)]
    rate : int

    Returns
    -------
    float64 [shape=(n, n_bands)]
    """
    size = window(rate)
    lines = np.square(np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32), axis=1)))
    edges = np.minimum(np.ceil(np.array(EDGES) * size / rate).astype(np.int64), lines.shape[1] - 1)
    return np.asarray(np.add.reduceat(lines, edges, axis=1), dtype=np.float64)


def beginning(sound: Floats, rate: int) -> Doubles:
    """Measure the power in each band of a sound's first window, float64 [shape=(n_bands,)]."""
    frame = np.zeros((1, window(rate)), dtype=np.float32)
    start = sound[: frame.shape[1]]
    frame[0, : len(start)] = start
    return np.asarray(power(frame, rate)[0])


def clear_db(mix: Floats, sample: Longs, own: Doubles, band_hz: tuple[float, float], rate: int) -> Doubles:
    """Measure how clear sounds are.

    Parameters
    ----------
    mix : float32 [shape=(n_samples,)]
        Everything that is heard, mono.
    sample : int64 [shape=(n,)]
        Where the sounds begin.
    own : float64 [shape=(n, n_bands)]
        Power of each sound's :func:`beginning`.
    band_hz : (float, float)
        What the record keeps; bands outside count for nothing.
    rate : int

    Returns
    -------
    float64 [shape=(n,)]
        In dB; :data:`NOT_CLEAR_DB` where nothing of a sound stands out.
    """
    size = window(rate)
    padded = np.concatenate([np.zeros(size), mix, np.zeros(size)]).astype(np.float32)
    kept = (np.array(EDGES) * 2 > band_hz[0]) & (np.array(EDGES) < min(band_hz[1], rate / 2))
    found = np.full(len(sample), NOT_CLEAR_DB)
    for first in range(0, len(sample), _AT_ONCE):
        rows = slice(first, first + _AT_ONCE)
        at = np.clip(sample[rows], 0, len(mix))[:, None] + np.arange(size)
        before, after = power(padded[at], rate), power(padded[at + size], rate)
        # What is 60 dB below the rest of the frame is silence.
        floor = 1e-6 * after.sum(axis=1, keepdims=True) + 1e-12
        rise = 10.0 * np.log10((after + floor) / (before + floor))
        theirs = kept & (own[rows] >= OWN_SHARE * after) & (after > floor)
        found[rows] = np.where(theirs, rise, NOT_CLEAR_DB).max(axis=1, initial=NOT_CLEAR_DB)
    return found
