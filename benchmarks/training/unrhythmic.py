"""Sounds in which nobody can tap a foot: noises, hums, talk-like babble, drones, notes and strokes at random times."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from ml.data.demo.arrays import Floats
from ml.data.demo.sound.drums import DRUMS, KITS, stroke
from ml.data.demo.sound.noise import NOISES, noise

KINDS = ("noise", "babble", "drone", "random strokes", "random notes")
#: Kinds that nothing has learnt from.
UNHEARD = ("sea", "clicks")


def unrhythmic(kind: str, seconds: float, rate: int, rng: np.random.Generator, *, held_out: bool = False) -> Floats:
    """Make one of :data:`KINDS` or :data:`UNHEARD`, mono, its peak at most 1; strokes are of kits of a half."""
    n = int(seconds * rate)
    if kind == "noise":
        sound = noise(NOISES[int(rng.integers(len(NOISES)))], n, rate, rng)
        if rng.random() < 0.5:
            low = float(rng.uniform(50, 1000))
            band = (low, float(rng.uniform(2 * low, 9000)))
            sound = sosfilt(butter(2, band, "bandpass", fs=rate, output="sos"), sound)
    elif kind == "babble":
        sound = _babble(n, rate, rng)
    elif kind == "drone":
        t = np.arange(n) / rate
        tones = rng.uniform(60, 900, int(rng.integers(1, 6)))
        sound = sum(np.sin(2 * np.pi * (hz * t + 0.3 * np.sin(2 * np.pi * rng.uniform(0.05, 0.3) * t))) for hz in tones)
    elif kind == "sea":
        swell = np.interp(np.arange(n), np.cumsum(rng.uniform(0.5, 4.0, 40)) * rate, rng.uniform(0.1, 1.0, 40))
        sound = swell * noise("hiss", n, rate, rng)
    elif kind == "clicks":
        sound = np.where(rng.random(n) < rng.uniform(1, 20) / rate, 1.0, 0.0)
    else:
        sound = _scattered(kind, n, rate, rng, held_out=held_out)
    if rng.random() < 0.5:
        sound = sound + 10 ** (-rng.uniform(10, 50) / 20) * np.std(sound) * rng.standard_normal(n)
    sound = sound / max(float(np.abs(sound).max()), 1e-9) * 10 ** (-rng.uniform(0, 30) / 20)
    return np.asarray(sound, dtype=np.float32)


def _babble(n: int, rate: int, rng: np.random.Generator) -> Floats:
    """Speak in no language: voiced and unvoiced syllables of 80 to 350 ms, breaths between phrases."""
    sound = np.zeros(n)
    base_hz, at = float(rng.uniform(85, 240)), 0
    while at < n:
        for _ in range(int(rng.integers(3, 14))):
            length = int(rng.uniform(0.08, 0.35) * rate)
            t = np.arange(length) / rate
            hz = base_hz * 2 ** (rng.normal(0, 0.15) + rng.normal(0, 0.4) * t)
            source = np.sign(np.sin(2 * np.pi * np.cumsum(hz) / rate)) + 0.1 * rng.standard_normal(length)
            voice = np.zeros(length)
            for low, high in ((280, 850), (850, 2300), (2300, 3200)):
                radius, angle = 0.97, 2 * np.pi * rng.uniform(low, high) / rate
                voice += lfilter([1 - radius], [1, -2 * radius * np.cos(angle), radius**2], source)
            voice *= np.hanning(length) ** 0.5
            if rng.random() < 0.5:
                hiss = int(rng.uniform(0.03, 0.12) * rate)
                high_hz = float(rng.uniform(1500, 5000))
                burst = sosfilt(butter(2, high_hz, "highpass", fs=rate, output="sos"), rng.standard_normal(hiss))
                voice = np.concatenate((0.3 * np.hanning(hiss) * burst, voice))
            voice = voice[: max(0, n - at)] * rng.uniform(0.4, 1.0)
            sound[at : at + len(voice)] += voice
            at += len(voice) + int(rng.uniform(0.0, 0.08) * rate)
            if at >= n:
                break
        at += int(rng.uniform(0.15, 1.0) * rate)
    return sound.astype(np.float32)


def _scattered(kind: str, n: int, rate: int, rng: np.random.Generator, *, held_out: bool) -> Floats:
    """Strike drums or notes at times that know nothing of each other."""
    sound = np.zeros(n)
    kit = [one for one in KITS.values() if one.held_out is held_out][int(rng.integers(5))]
    count = rng.poisson(float(rng.uniform(0.7, 7.0)) * n / rate)
    for at in np.sort(rng.integers(0, n, count)):
        if kind == "random strokes":
            one = stroke(kit, DRUMS[int(rng.integers(len(DRUMS)))], rate, rng)
        else:
            t = np.arange(int(rng.uniform(0.1, 1.5) * rate)) / rate
            hz = 110 * 2 ** (rng.integers(0, 36) / 12)
            one = sum(np.sin(2 * np.pi * k * hz * t) / k for k in range(1, 6)) * np.exp(-t / rng.uniform(0.05, 0.6))
        one = one[: n - at]
        sound[at : at + len(one)] += rng.uniform(0.2, 1.0) * one
    return sound.astype(np.float32)
