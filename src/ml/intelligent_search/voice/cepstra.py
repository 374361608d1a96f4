"""What a voice sounds like, frame by frame: cepstra as the acoustic models of CMU Sphinx expect them.

Conventions
-----------
- Samples are mono at :data:`RATE`, in [-1, 1]. Frames begin every :data:`STEP_S` seconds.
- A frame is described by 3 streams of 13 numbers: cepstra, their slopes, and how these change.
- What is steady in a recording (its level, the microphone, a part of the noise) is taken off: noise band by band before
  the logarithm, the mean of each cepstrum after it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dct

Floats = NDArray[np.float32]

RATE = 16_000
STEP_S = 0.01
STREAMS, CEPSTRA = 3, 13
_STEP, _WINDOW, _FFT = 160, 410, 512
_BANDS, _LOWEST, _HIGHEST = 25, 130.0, 6_800.0
_PREEMPHASIS, _LIFTER = 0.97, 22
#: Frames on either side that slopes of slopes look at.
_AROUND = 3
_FLOOR_DB, _BREATH_DB = 35.0, 45.0
#: Of the noise's lower envelope, how much stays of a frame where power rises above it, and where it falls below.
_RISING, _FALLING = 0.995, 0.5
_SMOOTHING, _DECAY, _MASKED = 0.7, 0.85, 0.2
_LEAST_GAIN, _NEIGHBOURS = 0.05, 4


def features(samples: Floats) -> Floats:
    """Describe each frame.

    Parameters
    ----------
    samples : float32 [shape=(n_samples,)]

    Returns
    -------
    float32 [shape=(3, n_frames, 13)]
        Nothing for less than a frame.
    """
    power = band_power(with_breath(samples))
    if not len(power):
        return np.zeros((STREAMS, 0, CEPSTRA), np.float32)
    return streams(cepstra(without_noise(floored(power))))


def with_breath(samples: Floats) -> Floats:
    """Add a noise that nobody hears, always the same: complete silence is like nothing that the model knows."""
    level = float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if len(samples) else 0.0
    noise = np.random.default_rng(0).standard_normal(len(samples), np.float32)
    return samples + noise * np.float32(level * 10 ** (-_BREATH_DB / 20))


def band_power(samples: Floats) -> NDArray[np.float64]:
    """Give the power in each mel band of each frame [shape=(n_frames, 25)]."""
    scaled = samples.astype(np.float64) * 32_768
    emphasised = np.append(scaled[:1], scaled[1:] - _PREEMPHASIS * scaled[:-1])
    if len(emphasised) < _WINDOW:
        return np.zeros((0, _BANDS))
    frames = np.lib.stride_tricks.sliding_window_view(emphasised, _WINDOW)[::_STEP]
    spectrum = np.abs(np.fft.rfft(frames * np.hamming(_WINDOW), _FFT)) ** 2
    return np.asarray(spectrum @ _filters().T)


@cache
def _filters() -> NDArray[np.float64]:
    """Give triangles, equally far from each other in mel, their corners on bins [shape=(25, 257)]."""
    ends = 2_595 * np.log10(1 + np.array([_LOWEST, _HIGHEST]) / 700)
    corners = 700 * (10 ** (np.linspace(ends[0], ends[1], _BANDS + 2) / 2_595) - 1)
    width = RATE / _FFT
    corners = np.round(corners / width) * width
    bins = np.arange(_FFT // 2 + 1) * width
    left, centre, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising, falling = (bins - left) / (centre - left), (right - bins) / (right - centre)
    return np.asarray(np.clip(np.minimum(rising, falling), 0, None) * 2 / (right - left))


def floored(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add an even noise, far below the loudest tenth of the frames.

    The model learned from recordings, none of which is as still as what a computer makes or a phone cleans.
    """
    levels = np.sort(power.mean(axis=1))
    return np.asarray(power + levels[-(len(levels) + 9) // 10 :].mean() * 10 ** (-_FLOOR_DB / 10))


def without_noise(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the steady part off each band.

    Asymmetric noise suppression with temporal masking (Kim and Stern 2016, "Power-Normalized Cepstral Coefficients"): a
    lower envelope follows the noise, and what falls fast behind a peak is masked by it.
    """
    smooth, noise = power[0], np.quantile(power, 0.1, axis=0)
    floor = peak = np.zeros(power.shape[1])
    cleaned = np.empty_like(power)
    for place, now in enumerate(power):
        smooth = _SMOOTHING * smooth + (1 - _SMOOTHING) * now
        noise = _envelope(noise, smooth)
        signal = np.maximum(smooth - noise, 1.0)
        floor = _envelope(floor, signal) if place else signal
        masked = np.where(signal >= _DECAY * peak, signal, _MASKED * peak)
        peak = np.maximum(_DECAY * peak, signal)
        cleaned[place] = np.clip(np.maximum(masked, floor) / np.maximum(smooth, 1.0), _LEAST_GAIN, 1.0)
    return power * _smoothed(cleaned)


def _envelope(before: NDArray[np.float64], now: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = np.where(now >= before, _RISING, _FALLING)
    return np.asarray(kept * before + (1 - kept) * now)


def _smoothed(gain: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the mean over neighbouring bands."""
    sums = np.cumsum(np.pad(gain, ((0, 0), (1, 0))), axis=1)
    low = np.maximum(np.arange(_BANDS) - _NEIGHBOURS, 0)
    high = np.minimum(np.arange(_BANDS) + _NEIGHBOURS + 1, _BANDS)
    return np.asarray((sums[:, high] - sums[:, low]) / (high - low))


def cepstra(power: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give 13 cepstra of each frame, liftered, without their mean."""
    found = np.asarray(dct(np.log(np.maximum(power, 1e-2)), norm="ortho", axis=1))[:, :CEPSTRA]
    found *= 1 + _LIFTER / 2 * np.sin(np.arange(CEPSTRA) * np.pi / _LIFTER)
    return np.asarray(found - found.mean(axis=0))


def streams(found: NDArray[np.float64]) -> Floats:
    """Put slopes, and how they change, beside cepstra [shape=(3, n_frames, 13)]."""
    wide = np.pad(found, ((_AROUND, _AROUND), (0, 0)), mode="edge")

    def at(step: int) -> NDArray[np.float64]:
        return wide[_AROUND + step : len(wide) - _AROUND + step]

    change = (at(3) - at(-1)) - (at(1) - at(-3))
    return np.stack([found, at(2) - at(-2), change]).astype(np.float32)
