"""The room: a synthetic impulse response, and music played into it."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, oaconvolve, sosfilt

from ml.data.demo.arrays import Floats


def impulse_response(seconds: float, damping_hz: float, rate: int, rng: np.random.Generator) -> Floats:
    """Draw a room's answer to a click: noise that decays, after a few early reflections (Moorer 1979).

    Parameters
    ----------
    seconds : float > 0
        Until -60 dB.
    damping_hz : float > 0
        Above it the sound dies away about twice as fast.
    rate : int
    rng : numpy.random.Generator

    Returns
    -------
    float32 [shape=(n, 2)]
        Left and right, their energy 1 each; the first sample is later than the click, as it is in a room.
    """
    t = np.arange(int(seconds * rate), dtype=np.float32) / np.float32(rate)
    noise = rng.standard_normal((len(t), 2), dtype=np.float32)
    dark = sosfilt(butter(1, min(damping_hz, 0.45 * rate), fs=rate, output="sos"), noise, axis=0)
    fall = np.exp(-6.9 * t / seconds)[:, None]
    tail = dark * fall + 0.5 * (noise - dark) * fall**2
    delay = int(0.008 * rate)
    answer = np.zeros((len(t) + delay, 2), dtype=np.float32)
    answer[delay:] = tail * np.minimum(t / 0.02, 1.0)[:, None]
    early = delay + rng.integers(0, int(0.04 * rate), (8, 2))
    for row in early:
        for side in (0, 1):
            answer[min(row[side], len(answer) - 1), side] += rng.uniform(-1.5, 1.5)
    answer /= np.sqrt((answer**2).sum(axis=0))
    return answer


def played_in(send: Floats, response: Floats) -> Floats:
    """Give what the room answers to a mono signal, float32 [shape=(n, 2)], cut to its length."""
    wet = [oaconvolve(send, response[:, side])[: len(send)] for side in (0, 1)]
    return np.stack(wet, axis=1).astype(np.float32)
