"""Sounds without a key, made by a seed: what music is told from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.signal import lfilter

from ml.data.demo.sound import Brief, draw_song, render
from ml.features.audio.framing import Floats


def toneless(
    n: int, *, seed: int = 0, duration_s: float = 20.0, rate: int = 22_050, held_out: bool = False
) -> Iterator[Floats]:
    """Make sounds without a key.

    Parameters
    ----------
    n : int
        By turns drums alone (every second one), coloured noise, something like speech, a tone, clicks, a rising tone.
    seed, duration_s, rate
    held_out : bool
        Drums of the half that is held out.

    Yields
    ------
    float32 within [-1, 1] [shape=(n_samples,)]
    """
    makers = (noise, speech_like, tone, noise, speech_like, clicks, tone, sweep)
    for i in range(n):
        rng = np.random.default_rng([seed, 7, i])
        if i % 2 == 0:
            yield drums(rng, duration_s, rate, held_out=held_out)
            continue
        sound = makers[i // 2 % len(makers)](rng, round(duration_s * rate), rate)
        yield (0.5 * sound / np.abs(sound).max()).astype(np.float32)


def drums(rng: np.random.Generator, duration_s: float, rate: int, *, held_out: bool) -> Floats:
    """Render the drums of a song and nothing else."""
    song = draw_song(rng, Brief(duration_s=duration_s, form="phrase", drums=True), held_out=held_out)
    return np.asarray(render(replace(song, parts=()), rate=rate).samples.mean(axis=1), dtype=np.float32)


def noise(rng: np.random.Generator, n: int, rate: int) -> Floats:
    """Make noise between white and brown."""
    spectrum = np.fft.rfft(rng.normal(size=n))
    tilt = np.maximum(np.fft.rfftfreq(n, 1 / rate), 20.0) ** -rng.uniform(0.0, 1.0)
    return np.asarray(np.fft.irfft(spectrum * tilt, n), dtype=np.float32)


def clicks(rng: np.random.Generator, n: int, rate: int) -> Floats:
    """Make a few clicks a second over hiss."""
    return (np.where(rng.random(n) < 3.0 / rate, 1.0, 0.0) + rng.normal(0.0, 1e-3, n)).astype(np.float32)


def sweep(rng: np.random.Generator, n: int, rate: int) -> Floats:
    """Make a sine that rises all the time."""
    time = np.arange(n) / rate
    return np.asarray(np.sin(2 * np.pi * time * (100.0 + rng.uniform(20.0, 100.0) * time)), dtype=np.float32)


def tone(rng: np.random.Generator, n: int, rate: int) -> Floats:
    """Make one tone that stays, of one to eight partials."""
    hz, partials = 60.0 * 2.0 ** rng.uniform(0.0, 4.0), int(rng.integers(1, 9))
    time = np.arange(n) / rate
    waves = [np.sin(2 * np.pi * hz * k * time) / k for k in range(1, partials + 1)]
    return np.asarray(np.sum(waves, axis=0), dtype=np.float32)


def speech_like(rng: np.random.Generator, n: int, rate: int) -> Floats:
    """Make syllables whose pitch glides, of three formants, with hissing consonants and pauses."""
    found, begin, voice_hz = rng.normal(0.0, 3e-3, n), 0, rng.uniform(90.0, 220.0)
    while begin < n:
        length = round(rng.uniform(0.08, 0.35) * rate)
        syllable = _syllable(rng, length, voice_hz, rate)[: n - begin]
        found[begin : begin + len(syllable)] += syllable
        begin += length
        if rng.random() < 0.5:
            length = round(rng.uniform(0.04, 0.15) * rate)
            hiss = (rng.normal(0.0, 0.15, length) * np.hanning(length))[: max(0, n - begin)]
            found[begin : begin + len(hiss)] += hiss
            begin += length
        begin += round(rng.uniform(0.1, 0.5) * rate) if rng.random() < 0.25 else 0
    return found.astype(np.float32)


def _syllable(rng: np.random.Generator, length: int, voice_hz: float, rate: int) -> Floats:
    time = np.arange(length) / rate
    wander = np.cumsum(rng.normal(0.0, 0.6 / np.sqrt(rate), length))
    hz = voice_hz * 2.0 ** (rng.normal(0.0, 0.2) + rng.normal(0.0, 0.6) * time + wander)
    phase = 2 * np.pi * np.cumsum(hz) / rate
    voice = np.sum([np.sin(k * phase) / k for k in range(1, 25)], axis=0)
    for low, high in ((300.0, 800.0), (900.0, 2_200.0), (2_300.0, 3_000.0)):
        angle = 2 * np.pi * rng.uniform(low, high) / rate
        voice = lfilter([0.03], [1.0, -1.94 * np.cos(angle), 0.97**2], voice)
    return np.asarray(voice * np.hanning(length) / max(np.abs(voice).max(), 1e-9), dtype=np.float32)
