"""Noises that lie over music: hiss, hum, crackle, a street."""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from ml.data.demo.arrays import Floats

NOISES = ("hiss", "hum", "crackle", "street")


def noise(kind: str, n: int, rate: int, rng: np.random.Generator) -> Floats:
    """Draw a noise of one of :data:`NOISES`, its root mean square 1.

    Parameters
    ----------
    kind : str
    n : int
        Samples.
    rate : int
    rng : numpy.random.Generator

    Returns
    -------
    float32 [shape=(n,)]
    """
    if kind == "hum":
        t = np.arange(n) / rate
        sound = sum(np.sin(2 * np.pi * 50.0 * k * t + k) / k**0.7 for k in (1, 2, 3, 5, 7))
    elif kind == "crackle":
        clicks = np.where(rng.random(n) < 30.0 / rate, rng.standard_normal(n) ** 3, 0.0)
        sound = lfilter([1.0], [1.0, -0.6], clicks) + 0.02 * rng.standard_normal(n)
    elif kind == "street":
        low = lfilter([0.02], [1.0, -0.98], rng.standard_normal(n))
        seconds = np.arange(n // rate + 2)
        swell = np.interp(np.arange(n) / rate, seconds, rng.uniform(0.3, 1.0, len(seconds)))
        sound = (low + 0.03 * rng.standard_normal(n)) * swell
    else:
        sound = rng.standard_normal(n)
    level = np.sqrt(np.mean(np.square(sound)))
    return np.asarray(sound / max(float(level), 1e-12), dtype=np.float32)
