"""Harmony as a few numbers that transposing leaves as they are."""

from __future__ import annotations

import numpy as np

from ml.features.audio.chroma import Chroma
from ml.features.audio.framing import Floats

#: Frames apart (0.1, 0.5 and 2 s) whose chroma are compared.
_LAGS = (1, 5, 21)
#: Krumhansl and Kessler (1982).
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def harmonic(chroma: Chroma) -> Floats:
    """Give the shape, the spread and the movement of the classes of pitch, float32 [shape=(38,)].

    Of the mean chroma: how well it agrees with itself transposed by 1 to 6 semitones, magnitudes of its Fourier
    transform around the circle (1 to 6; Amiot, "Music through Fourier space", 2016), entropy, and correlation with the
    best major and minor profile. Over the frames: the mean of those magnitudes and of the entropy. For each register:
    how unlike it is 0.1, 0.5 and 2 s later, and the length of its mean. How well peaks agree about the tuning.
    Last, the largest share of a class in the mean.
    """
    together = chroma.registers.sum(axis=1)
    sounding = together.any(axis=1)
    if not sounding.any():
        return np.zeros(38, dtype=np.float32)
    frames = _shares(together[sounding])
    mean = frames.mean(axis=0)
    spectrum = np.abs(np.fft.rfft(mean))[1:]
    per_frame = np.abs(np.fft.rfft(frames, axis=1))[:, 1:].mean(axis=0)
    own = mean / np.linalg.norm(mean)
    lags = [float(own @ np.roll(own, lag)) for lag in range(1, 7)]
    fits = [_fit(mean, profile) for profile in (_MAJOR, _MINOR)]
    spread = [_entropy(mean[np.newaxis]).item(), _entropy(frames).mean()]
    moves = [_movement(chroma.registers[:, place], lag) for place in range(3) for lag in _LAGS]
    steady = np.linalg.norm(chroma.registers[sounding].mean(axis=0), axis=1)
    tuned = [chroma.agreement, chroma.clear_agreement]
    parts = [lags, spectrum, per_frame, fits, [fits[0] - fits[1]], spread, moves, steady, tuned, [mean.max()]]
    return np.concatenate([np.asarray(part, dtype=np.float32) for part in parts])


def _shares(chroma: Floats) -> Floats:
    return np.asarray(chroma / np.maximum(chroma.sum(axis=1, keepdims=True), 1e-9))


def _entropy(shares: Floats) -> Floats:
    return np.asarray(-(shares * np.log(np.maximum(shares, 1e-9))).sum(axis=1))


def _fit(mean: Floats, profile: tuple[float, ...]) -> float:
    centred = mean - mean.mean()
    wanted = np.asarray(profile) - np.mean(profile)
    length = np.linalg.norm(centred) * np.linalg.norm(wanted) + 1e-9
    return float(max(centred @ np.roll(wanted, tonic) for tonic in range(12)) / length)


def _movement(register: Floats, lag: int) -> float:
    if len(register) <= lag:
        return 0.0
    before, after = register[:-lag], register[lag:]
    length = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    heard = length > 1e-6
    if not heard.any():
        return 0.0
    return float(1.0 - ((before * after).sum(axis=1)[heard] / length[heard]).mean())
