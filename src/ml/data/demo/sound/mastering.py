"""From a mix to a record: equaliser, loudness, limiter.

Conventions
-----------
Samples are float32 [shape=(n, 2)]; what leaves is within [-:data:`CEILING`, :data:`CEILING`].

The loudness is measured here and not by :mod:`ml.features.audio.loudness`, on purpose: what is rendered is the truth
that the analysis is judged by, and a truth that is measured by what it judges would follow each of its mistakes. Tests
hold both to the standard's signals, and to each other on songs.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import butter, sosfilt

from ml.data.demo.arrays import Doubles, Floats
from ml.data.demo.sound.song import Production

CEILING = 0.98
#: In Hz: under it there is no weighting, so that no song can be brought to its loudness.
SLOWEST_HZ = 8_000
_GATE = -70.0


def master(mix: Floats, how: Production, rate: int) -> Floats:
    """Cut the band, tilt it, bring it to its loudness and keep the peaks below the ceiling."""
    shaped = equalise(mix, how, rate)
    level = loudness_lufs(shaped, rate)
    if not np.isfinite(level):
        return np.zeros_like(mix)
    shaped *= np.float32(10.0 ** ((how.loudness_lufs - level) / 20.0))
    limited = _clipped(limit(shaped, rate), how.hot)
    # The limiter takes some loudness away; a second pass gives most of it back.
    lost = min(how.loudness_lufs - loudness_lufs(limited, rate), 6.0)
    return limit(limited * np.float32(10.0 ** (lost / 20.0)), rate)


def equalise(mix: Floats, how: Production, rate: int) -> Floats:
    """Cut what is outside the band and tilt what is inside around 900 Hz."""
    low, high = how.band_hz
    sections = [butter(2, low, "highpass", fs=rate, output="sos")]
    if high < 0.4 * rate:
        sections.append(butter(2, high, fs=rate, output="sos"))
    shaped = sosfilt(np.concatenate(sections), mix, axis=0)
    if how.tilt_db:
        bass = sosfilt(butter(1, 900.0, fs=rate, output="sos"), shaped, axis=0)
        up, down = 10.0 ** (how.tilt_db / 40.0), 10.0 ** (-how.tilt_db / 40.0)
        shaped = up * (shaped - bass) + down * bass
    return np.asarray(shaped, dtype=np.float32)


def _clipped(sound: Floats, hot: float) -> Floats:
    """Push a sound into a soft clipper."""
    if not hot:
        return sound
    gain = np.float32(10.0 ** (hot / 20.0))
    return np.asarray(np.tanh(sound * gain) / np.tanh(gain), dtype=np.float32)


def limit(sound: Floats, rate: int) -> Floats:
    """Turn peaks down, looking 5 ms ahead, and clip what is left."""
    half = int(0.005 * rate)
    peak = np.abs(sound).max(axis=1)
    if peak.max(initial=0.0) > CEILING:
        need = maximum_filter1d(peak, 2 * half + 1, mode="nearest")
        gain = np.minimum(1.0, CEILING / np.maximum(need, 1e-9))
        sound = sound * uniform_filter1d(gain, 2 * half + 1, mode="nearest")[:, None]
    return np.clip(sound, -CEILING, CEILING).astype(np.float32)


def loudness_lufs(sound: Floats, rate: int) -> float:
    """Measure the integrated loudness (ITU-R BS.1770-4: K-weighting, blocks of 400 ms, both gates).

    Returns
    -------
    float
        In LUFS; minus infinity for silence.
    """
    weighted = sosfilt(_k_weighting(rate), sound, axis=0)
    hop, per_block = int(0.1 * rate), 4
    power = np.square(weighted).sum(axis=1)
    if len(power) < per_block * hop:
        steps = np.array([power.mean()]) if len(power) else np.zeros(1)
    else:
        steps = power[: len(power) // hop * hop].reshape(-1, hop).mean(axis=1)
        steps = np.convolve(steps, np.full(per_block, 1.0 / per_block), mode="valid")
    level = _level(steps)
    steps = steps[level > _GATE]
    if not len(steps):
        return float("-inf")
    gate = _level(steps.mean(keepdims=True))[0] - 10.0
    return float(_level(steps[_level(steps) > gate].mean(keepdims=True))[0])


def _level(power: Doubles) -> Doubles:
    return np.asarray(-0.691 + 10.0 * np.log10(np.maximum(power, 1e-20)))


def _k_weighting(rate: int) -> Doubles:
    """Give the two filters of the recommendation for any rate."""
    tan = np.tan(np.pi * 1681.974450955533 / rate)
    head, q = 10.0 ** (3.999843853973347 / 20.0), 0.7071752369554196
    mid = head**0.4996667741545416
    a0 = 1.0 + tan / q + tan**2
    shelf = [(head + mid * tan / q + tan**2) / a0, 2 * (tan**2 - head) / a0, (head - mid * tan / q + tan**2) / a0,
             1.0, 2 * (tan**2 - 1.0) / a0, (1.0 - tan / q + tan**2) / a0]  # fmt: skip
    tan, q = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    a0 = 1.0 + tan / q + tan**2
    high = [1.0, -2.0, 1.0, 1.0, 2 * (tan**2 - 1.0) / a0, (1.0 - tan / q + tan**2) / a0]
    return np.array([shelf, high])
