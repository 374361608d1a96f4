"""How one note sounds: four ways of making a tone.

:class:`Wave`
    Harmonics with a spectrum and formants, read from a table: organs, strings, brass, reeds, voices.
:class:`Fm`
    One oscillator that modulates another: electric pianos, bells, hard basses.
:class:`Plucked`
    A delay line with a filter in its loop (Karplus and Strong 1983): guitars, harps, upright basses.
:class:`Struck`
    Partials that decay, the higher the faster, slightly out of tune as stiff strings and bars are: pianos, mallets.

Conventions
-----------
Every tone begins at its first sample, float32 in about [-1, 1], and goes on beyond its length by its release. The
fundamental is exact: formants, unisons and vibrato lie evenly around it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ml.data.demo.arrays import Doubles, Floats

TABLE = 8192
BLOCK = 256


@dataclass(frozen=True)
class Wave:
    """Harmonics read from a table.

    Parameters
    ----------
    tilt : float
        Amplitude of harmonic k is k to the power -tilt.
    even : float
        Factor of the even harmonics: 1 is a saw's, 0 a square's.
    formants : tuple of (hz, width_hz, gain)
    bright : float in [0, 1]
        How much brighter the attack is than what follows.
    attack_s, decay_s, release_s : float > 0
    sustain : float in [0, 1]
    unison : int
        How many play, spread over ``spread_cents`` to either side.
    spread_cents : float
    vibrato_cents, vibrato_hz : float
        It comes in after a quarter of a second.
    breath : float
        Level of the noise in the attack.
    """

    tilt: float = 1.0
    even: float = 1.0
    formants: tuple[tuple[float, float, float], ...] = ()
    bright: float = 0.0
    attack_s: float = 0.005
    decay_s: float = 0.3
    sustain: float = 0.8
    release_s: float = 0.05
    unison: int = 1
    spread_cents: float = 0.0
    vibrato_cents: float = 0.0
    vibrato_hz: float = 5.5
    breath: float = 0.0


@dataclass(frozen=True)
class Fm:
    """An oscillator that modulates another; the index falls from ``index`` to ``rest``."""

    ratio: float
    index: float
    rest: float = 0.3
    fall_s: float = 0.3
    attack_s: float = 0.003
    decay_s: float = 1.0
    sustain: float = 0.0
    release_s: float = 0.08


@dataclass(frozen=True)
class Plucked:
    """A string: seconds until -60 dB, damping of the treble in (0, 0.5], place of the finger in (0, 0.5]."""

    ring_s: float
    damping: float
    place: float
    release_s: float = 0.06
    attack_s: float = 0.001


@dataclass(frozen=True)
class Struck:
    """Partials: seconds until -60 dB, how much faster each next one decays, tilt, stiffness, or their own ratios."""

    ring_s: float
    faster: float
    tilt: float
    stiffness: float = 0.0
    ratios: tuple[float, ...] = ()
    release_s: float = 0.1
    attack_s: float = 0.002


Voice = Wave | Fm | Plucked | Struck


def tone(voice: Voice, f0: float, seconds: float, rate: int, rng: np.random.Generator) -> Floats:
    """Sound one note.

    Parameters
    ----------
    voice : Wave, Fm, Plucked or Struck
    f0 : float > 0
        Fundamental, in Hz.
    seconds : float > 0
        From its beginning to its release.
    rate : int
        Samples a second.
    rng : numpy.random.Generator

    Returns
    -------
    float32 [shape=(n,)]
    """
    seconds = max(seconds, 0.03)
    if isinstance(voice, Wave):
        return _wave(voice, f0, seconds, rate, rng)
    if isinstance(voice, Fm):
        return _fm(voice, f0, seconds, rate)
    if isinstance(voice, Plucked):
        return _plucked(voice, f0, seconds, rate, rng)
    return _struck(voice, f0, seconds, rate)


# --- envelopes


def _envelope(voice: Wave | Fm, seconds: float, rate: int) -> Floats:
    """Rise in half a cosine, fall towards the sustained level, end in a release."""
    n = int((seconds + 3 * voice.release_s) * rate)
    t = np.arange(n, dtype=np.float32) / np.float32(rate)
    height = voice.sustain + (1.0 - voice.sustain) * np.exp(-np.maximum(t - voice.attack_s, 0) / voice.decay_s * 3)
    rise = max(1, int(voice.attack_s * rate))
    # The first sample is not silent, so that a note begins where it is said to.
    height[:rise] *= 0.5 - 0.5 * np.cos(np.pi * (np.arange(rise, dtype=np.float32)[: len(height)] + 1) / (rise + 1))
    return released(height.astype(np.float32), seconds, voice.release_s, rate)


def released(sound: Floats, seconds: float, release_s: float, rate: int) -> Floats:
    """Let a sound die away, in place, after its note has ended."""
    end = int(seconds * rate)
    if end < len(sound):
        after = np.arange(len(sound) - end, dtype=np.float32) / np.float32(release_s * rate)
        sound[end:] *= np.exp(-3 * after) * np.maximum(1 - after / 3, 0)
    return sound


# --- the four


@lru_cache(maxsize=512)
def _table(voice: Wave, f0: float, rate: int, *, bright: bool) -> Floats:
    """Write one period of all harmonics that fit below half the rate."""
    k = np.arange(1, max(2, min(int(0.45 * rate / f0), TABLE // 4, 80)))
    amplitude = k ** -(voice.tilt * (1.0 - 0.5 * voice.bright if bright else 1.0 + 0.3 * voice.bright))
    amplitude[1::2] *= voice.even
    if voice.formants:
        hertz = k * f0
        body = sum(gain / (1.0 + ((hertz - at) / width) ** 2) for at, width, gain in voice.formants)
        amplitude = amplitude * (0.08 + body)
    spectrum = np.zeros(TABLE // 2 + 1, dtype=np.complex128)
    spectrum[k] = -1j * amplitude * np.exp(1j * 0.7 * k**1.5)
    period = np.fft.irfft(spectrum)
    table: Floats = (period / np.sqrt(2 * np.mean(period**2))).astype(np.float32)
    table.setflags(write=False)
    return table


def _wave(voice: Wave, f0: float, seconds: float, rate: int, rng: np.random.Generator) -> Floats:
    height = _envelope(voice, seconds, rate)
    n = len(height)
    sound = np.zeros(n, dtype=np.float32)
    dark = _table(voice, f0, rate, bright=False)
    fade = np.exp(-np.arange(n, dtype=np.float32) / np.float32(rate * voice.decay_s)) if voice.bright else None
    wobble = _vibrato(voice, n, rate, rng)
    for cents in np.linspace(-voice.spread_cents, voice.spread_cents, voice.unison) if voice.unison > 1 else [0.0]:
        step = f0 * 2.0 ** (cents / 1200.0) / rate * TABLE
        phase = np.arange(n) * step if wobble is None else np.cumsum(wobble) * step
        place = (phase + rng.integers(TABLE)).astype(np.int64) & (TABLE - 1)
        if fade is None:
            sound += dark[place]
        else:
            sound += dark[place] + fade * (_table(voice, f0, rate, bright=True)[place] - dark[place])
    if voice.breath:
        breath = rng.standard_normal(n, dtype=np.float32)
        sound += voice.breath * breath * np.exp(-np.arange(n, dtype=np.float32) / np.float32(0.06 * rate))
    sound *= height / np.float32(np.sqrt(voice.unison))
    return sound


def _vibrato(voice: Wave, n: int, rate: int, rng: np.random.Generator) -> Doubles | None:
    if not voice.vibrato_cents:
        return None
    t = np.arange(n) / rate
    depth = voice.vibrato_cents / 1200.0 * np.log(2.0) * np.clip((t - 0.15) / 0.2, 0.0, 1.0)
    speed = voice.vibrato_hz * rng.uniform(0.9, 1.1)
    return np.asarray(1.0 + depth * np.sin(2 * np.pi * speed * t))


def _fm(voice: Fm, f0: float, seconds: float, rate: int) -> Floats:
    height = _envelope(voice, seconds, rate)
    t = np.arange(len(height)) / rate
    index = voice.rest + (voice.index - voice.rest) * np.exp(-t / voice.fall_s)
    turn = 2 * np.pi * f0 * t
    sound: Floats = np.sin(turn + index * np.sin(voice.ratio * turn)).astype(np.float32) * height
    return sound


def _plucked(voice: Plucked, f0: float, seconds: float, rate: int, rng: np.random.Generator) -> Floats:
    """Let noise run around the loop; the loop's delay is the period to a fraction of a sample."""
    period = rate / f0
    lag = int(period - 1.0)
    part = period - 1.0 - lag
    loop = np.convolve([voice.damping / 2, 1.0 - voice.damping, voice.damping / 2], [1.0 - part, part])
    loop *= 10.0 ** (-3.0 / (f0 * voice.ring_s))
    n = int((min(seconds, voice.ring_s) + 3 * voice.release_s) * rate)
    burst = rng.standard_normal(lag)
    burst = np.convolve(burst, [0.25, 0.5, 0.25], mode="same")
    burst -= np.roll(burst, max(1, int(voice.place * lag)))
    pad = 4
    y = np.zeros(pad + lag + n + lag)
    y[pad : pad + lag] = burst / max(1e-9, float(np.abs(burst).max()))
    for at in range(pad + lag, pad + lag + n, lag):
        block = loop[0] * y[at - lag : at]
        for j in (1, 2, 3):
            block += loop[j] * y[at - lag - j : at - j]
        y[at : at + lag] = block
    return released(y[pad : pad + n].astype(np.float32), seconds, voice.release_s, rate)


def _struck(voice: Struck, f0: float, seconds: float, rate: int) -> Floats:
    """Sum decaying partials as one product of matrices: e^(iwn) of n = block + place is a product of two."""
    k = np.arange(1, 25)
    ratios = np.array(voice.ratios) if voice.ratios else k * np.sqrt(1.0 + voice.stiffness * k**2)
    order = np.arange(1, len(ratios) + 1)
    heard = ratios * f0 < 0.45 * rate
    ratios, order = ratios[heard], order[heard]
    amplitude = order**-voice.tilt
    n = int((min(seconds, voice.ring_s) + 3 * voice.release_s) * rate)
    pole = 2j * np.pi * ratios * f0 / rate - 6.9 * (1.0 + voice.faster * (order - 1)) / (voice.ring_s * rate)
    blocks = np.exp(np.arange(-(-n // BLOCK))[:, None] * BLOCK * pole) * amplitude
    places = np.exp(np.arange(BLOCK)[:, None] * pole)
    # Sines: nothing jumps at the first sample, and a short ramp takes the rest of the click.
    sound = (blocks.imag @ places.real.T + blocks.real @ places.imag.T).ravel()[:n]
    rise = max(1, int(voice.attack_s * rate))
    sound[:rise] *= (np.arange(rise)[:n] + 1.0) / (rise + 1)
    return released((sound / amplitude.sum() * 2).astype(np.float32), seconds, voice.release_s, rate)
