"""How a stroke on a drum sounds, on kits that differ.

Conventions
-----------
A stroke begins at its first sample and is loudest within the first milliseconds, but for the shaker and the brush,
whose attack is :data:`SOFT_S`. Sound is float32 mono, its peak 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.signal import butter, sosfilt

from ml.data.demo.arrays import Floats

SOFT_S = 0.012


@dataclass(frozen=True)
class Kit:
    """A kit: pitches in Hz, decays in seconds.

    Parameters
    ----------
    acoustic, held_out : bool
    kick_hz, kick_s, kick_drop, click : float
        The kick begins ``kick_drop`` times higher.
    snare_hz, snare_s, wires : float
        ``wires`` is the share of noise.
    hat_hz, hat_s, metal : float
        Cut-off of the cymbals, decay of the closed hat, share of tones among their noise.
    tom_hz : float
    dirt : float
        Distortion of the whole kit.
    """

    acoustic: bool
    held_out: bool
    kick_hz: float
    kick_s: float
    kick_drop: float
    click: float
    snare_hz: float
    snare_s: float
    wires: float
    hat_hz: float
    hat_s: float
    metal: float
    tom_hz: float
    dirt: float = 0.0


KITS: dict[str, Kit] = {
    "studio": Kit(True, False, 55, 0.22, 2.5, 0.25, 190, 0.16, 0.6, 6500, 0.05, 0.4, 95),
    "jazz": Kit(True, False, 70, 0.15, 1.6, 0.10, 230, 0.12, 0.7, 5000, 0.06, 0.6, 120),
    "808": Kit(False, False, 46, 0.60, 3.0, 0.08, 180, 0.14, 0.5, 7500, 0.035, 1.0, 85),
    "house": Kit(False, False, 50, 0.28, 6.0, 0.20, 210, 0.13, 0.8, 8000, 0.03, 0.3, 100, 0.3),
    "garage": Kit(True, False, 60, 0.18, 2.0, 0.35, 170, 0.20, 0.7, 5500, 0.07, 0.5, 90, 0.8),
    "dry": Kit(True, True, 62, 0.14, 2.2, 0.35, 205, 0.10, 0.55, 7000, 0.04, 0.45, 105),
    "big": Kit(True, True, 50, 0.30, 2.8, 0.20, 175, 0.26, 0.65, 6000, 0.06, 0.5, 80),
    "909": Kit(False, True, 52, 0.35, 4.5, 0.30, 200, 0.18, 0.75, 7800, 0.04, 0.7, 92, 0.2),
    "minimal": Kit(False, True, 58, 0.12, 5.0, 0.12, 330, 0.07, 0.4, 9000, 0.02, 0.2, 140),
    "break": Kit(True, True, 68, 0.16, 1.8, 0.20, 220, 0.13, 0.6, 5200, 0.06, 0.5, 115, 1.2),
}


def _noise(t: Floats, rng: np.random.Generator) -> Floats:
    return np.asarray(rng.standard_normal(len(t), dtype=np.float32), dtype=np.float32)


def _above(sound: Floats, hz: float, rate: int) -> Floats:
    """Cut what is below a frequency."""
    cut = butter(2, min(hz, 0.4 * rate), "highpass", fs=rate, output="sos")
    return np.asarray(sosfilt(cut, sound), dtype=np.float32)


def _between(sound: Floats, low: float, high: float, rate: int) -> Floats:
    """Cut what is outside a band."""
    cut = butter(2, (low, min(high, 0.4 * rate)), "bandpass", fs=rate, output="sos")
    return np.asarray(sosfilt(cut, sound), dtype=np.float32)


def _kick(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:  # noqa: ARG001
    glide = 0.025
    turns = kit.kick_hz * (t + (kit.kick_drop - 1.0) * glide * (1.0 - np.exp(-t / glide)))
    body: Floats = np.cos(2 * np.pi * turns - 0.5) * np.exp(-3.0 * t / kit.kick_s)
    body += kit.click * _noise(t, rng) * np.exp(-t / 0.003)
    return body


def _snare(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    skin = np.cos(2 * np.pi * kit.snare_hz * t) + 0.6 * np.cos(2 * np.pi * 1.78 * kit.snare_hz * t)
    sound: Floats = (1.0 - kit.wires) * skin * np.exp(-5.0 * t / kit.snare_s)
    sound += 2.0 * kit.wires * _between(_noise(t, rng), 1200.0, 9500.0, rate) * np.exp(-3.0 * t / kit.snare_s)
    return sound


def _clap(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    sound = _between(_noise(t, rng), 700.0 + kit.snare_hz, 5000.0, rate)
    times = ((0.0, 0.004), (0.009, 0.004), (0.019, 0.06))
    sound *= sum(np.where(t >= at, np.exp(-np.maximum(t - at, 0) / fall), 0.0) for at, fall in times)
    return sound


def _rim(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:  # noqa: ARG001
    sound: Floats = np.cos(2 * np.pi * 1700.0 * t) + np.cos(2 * np.pi * 2.2 * kit.snare_hz * t)
    sound *= np.exp(-t / 0.012)
    sound += 0.3 * _noise(t, rng) * np.exp(-t / 0.003)
    return sound


def _metal(kit: Kit, t: Floats, cut: float, rng: np.random.Generator, rate: int) -> Floats:
    """Give a cymbal without its decay: squares that are out of tune, and noise."""
    sound = (1.2 - kit.metal) * _noise(t, rng)
    for hertz in (263.0, 400.0, 421.0, 474.0, 587.0, 845.0):
        sound += 0.4 * kit.metal * np.sign(np.sin(2 * np.pi * hertz * 2.1 * t + rng.uniform(0, 6.28)))
    return _above(sound, cut, rate)


def _hat(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    sound = _metal(kit, t, kit.hat_hz, rng, rate)
    sound *= np.exp(-3.0 * t / kit.hat_s)
    return sound


def _open(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    sound = _metal(kit, t, kit.hat_hz, rng, rate)
    sound *= np.exp(-3.0 * t / (6.0 * kit.hat_s))
    return sound


def _ride(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    sound = _metal(kit, t, 0.6 * kit.hat_hz, rng, rate)
    sound *= 0.5 * np.exp(-6.0 * t)
    sound += 0.5 * np.cos(2 * np.pi * 0.55 * kit.hat_hz * t) * np.exp(-t / 0.05)
    return sound


def _crash(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    sound = _metal(kit, t, 0.5 * kit.hat_hz, rng, rate)
    sound *= np.exp(-3.0 * t)
    return sound


def _skin(hertz: float, fall_s: float, slap: float, t: Floats, rng: np.random.Generator) -> Floats:
    """Give a drum without wires: a tone that sinks a little, under a slap."""
    sound: Floats = np.cos(2 * np.pi * hertz * (t + 0.02 * (1.0 - np.exp(-t / 0.04)))) * np.exp(-t / fall_s)
    sound += slap * _noise(t, rng) * np.exp(-t / 0.005)
    return sound


def _high_tom(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:  # noqa: ARG001
    return _skin(1.6 * kit.tom_hz, 0.11, 0.1, t, rng)


def _low_tom(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:  # noqa: ARG001
    return _skin(kit.tom_hz, 0.14, 0.1, t, rng)


def _conga(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:  # noqa: ARG001
    return _skin(2.3 * kit.tom_hz, 0.06, 0.3, t, rng)


def _shaker(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    return _soft(_above(_noise(t, rng), 0.8 * kit.hat_hz, rate), t, 0.018)


def _brush(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    return _soft(_between(_noise(t, rng), 1500.0, 8000.0, rate), t, 0.3 * kit.snare_s)


def _soft(noise: Floats, t: Floats, fall_s: float) -> Floats:
    noise *= np.minimum((t + 1e-4) / SOFT_S, 1.0) * np.exp(-np.maximum(t - SOFT_S, 0) / fall_s)
    return noise


def _tambourine(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    sound = _above(_noise(t, rng), 1.1 * kit.hat_hz, rate)
    sound *= np.exp(-t / 0.04)
    return sound


def _cowbell(kit: Kit, t: Floats, rng: np.random.Generator, rate: int) -> Floats:
    tones: Floats = np.sign(np.cos(2 * np.pi * 562.0 * t)) + np.sign(np.cos(2 * np.pi * 845.0 * t))
    tones += 0.02 * kit.metal * _noise(t, rng)
    sound = _between(tones, 500.0, 4000.0, rate)
    sound *= np.exp(-t / 0.05)
    return sound


class _Drum(NamedTuple):
    """How a drum sounds, for how many seconds, how loud in dB, where between left and right."""

    sound: Callable[[Kit, Floats, np.random.Generator, int], Floats]
    seconds: Callable[[Kit], float]
    level_db: float
    pan: float


def _lasting(seconds: float) -> Callable[[Kit], float]:
    return lambda _: seconds


_DRUMS: dict[str, _Drum] = {
    "kick": _Drum(_kick, lambda kit: 2.0 * kit.kick_s, 0.0, 0.0),
    "snare": _Drum(_snare, lambda kit: 2.2 * kit.snare_s, -2.0, 0.05),
    "clap": _Drum(_clap, _lasting(0.3), -4.0, -0.1),
    "rim": _Drum(_rim, _lasting(0.08), -6.0, 0.2),
    "hat": _Drum(_hat, lambda kit: 2.0 * kit.hat_s, -13.0, 0.35),
    "open": _Drum(_open, lambda kit: 12.0 * kit.hat_s, -12.0, 0.35),
    "ride": _Drum(_ride, _lasting(1.0), -13.0, -0.4),
    "crash": _Drum(_crash, _lasting(2.0), -9.0, -0.3),
    "high tom": _Drum(_high_tom, _lasting(0.4), -3.0, 0.3),
    "low tom": _Drum(_low_tom, _lasting(0.5), -2.0, -0.3),
    "shaker": _Drum(_shaker, _lasting(0.09), -15.0, -0.5),
    "tambourine": _Drum(_tambourine, _lasting(0.2), -13.0, 0.5),
    "conga": _Drum(_conga, _lasting(0.25), -6.0, -0.25),
    "cowbell": _Drum(_cowbell, _lasting(0.25), -11.0, 0.3),
    "brush": _Drum(_brush, _lasting(0.2), -8.0, 0.1),
}
DRUMS: tuple[str, ...] = tuple(_DRUMS)
#: Factor and place between left (-1) and right (1) of each drum.
GAIN: tuple[float, ...] = tuple(10.0 ** (drum.level_db / 20.0) for drum in _DRUMS.values())
PAN: tuple[float, ...] = tuple(drum.pan for drum in _DRUMS.values())
#: Drums whose attack is :data:`SOFT_S`.
SOFT: tuple[str, ...] = ("shaker", "brush")


def stroke(kit: Kit, drum: str, rate: int, rng: np.random.Generator) -> Floats:
    """Sound one stroke, its peak 1; every call a little different.

    Parameters
    ----------
    kit : Kit
    drum : str
        One of :data:`DRUMS`.
    rate : int
    rng : numpy.random.Generator

    Returns
    -------
    float32 [shape=(n,)]
    """
    made = _DRUMS[drum]
    t = np.arange(int(made.seconds(kit) * rate), dtype=np.float32) / np.float32(rate)
    sound = made.sound(kit, t, rng, rate) * np.linspace(1.0, 0.0, len(t), dtype=np.float32) ** 0.5
    if kit.dirt:
        sound = np.tanh(sound / np.abs(sound).max() * (1.0 + 2.0 * kit.dirt))
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)
