"""How well one can dance to a rhythm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.features.audio.rhythm.bands import SHORT

Values = NDArray[np.float64]

#: The tempo that bodies like best, and how far from it they still go along: a standard deviation, in octaves.
BEST_BPM, OCTAVES = 118.0, 0.8
#: A deviation of beats from an even pulse, as a share of the beat, that leaves 1/e of regularity.
_UNEVEN = 0.06
#: A rise at the beats, in dB, that is half of the greatest strength.
_HALF_DB = 6.0
#: Short frames before and after a beat (50 ms) whose power is compared, and bands that count as bass (up to 200 Hz).
_AROUND, _BASS = 4, 4


def danceability(mels: Floats, beats_s: Values, tempo_bpm: float, clarity: float) -> float:
    """Say how well one can dance to a rhythm, in [0, 1].

    The geometric mean of four shares: how clear the pulse is, how even the beats, how much louder it is at the beats
    than just before (in the bass or in all bands, whichever rises more), and how near the tempo is to
    :data:`BEST_BPM` (a resonance over the logarithm of the tempo, as in van Noorden and Moelants, 1999).

    Parameters
    ----------
    mels : float32 >= 0 [shape=(n_short, n_mels)]
        Power.
    beats_s : float64 [shape=(n_beats,)]
        Three at least.
    tempo_bpm : float > 0
    clarity : float in [0, 1]
        See :func:`ml.features.audio.rhythm.groove.pulse_clarity`.
    """
    shares = [clarity, evenness(beats_s), beat_strength(mels, beats_s), tempo_fit(tempo_bpm)]
    return float(np.exp(np.log(np.maximum(shares, 1e-6)).mean()))


def evenness(beats_s: Values) -> float:
    """Give how evenly beats follow each other: 1 for a machine.

    A tempo that wanders slowly does not count; what does is how far each beat lies from the middle of its neighbours.

    >>> evenness(np.arange(20) * 0.5)
    1.0
    """
    if len(beats_s) < 3:
        return 0.0
    away = beats_s[1:-1] - (beats_s[2:] + beats_s[:-2]) / 2
    return float(np.exp(-np.sqrt(np.mean(np.square(away))) / np.median(np.diff(beats_s)) / _UNEVEN))


def beat_strength(mels: Floats, beats_s: Values) -> float:
    """Give how much louder it is at beats than before them, in [0, 1): a half for 6 dB."""
    frames = np.rint(beats_s * SHORT.frames_per_s).astype(np.int64)
    frames = frames[(frames >= _AROUND) & (frames < len(mels) - _AROUND)]
    if not len(frames):
        return 0.0
    rises = []
    for bands in (mels[:, :_BASS], mels):
        power = bands.sum(axis=1, dtype=np.float64)
        running = np.concatenate(([0.0], np.cumsum(power)))
        before, after = running[frames] - running[frames - _AROUND], running[frames + _AROUND] - running[frames]
        least = 1e-4 * _AROUND * power.mean() + 1e-20
        rises.append(float((10.0 * np.log10((after + least) / (before + least))).mean()))
    rise_db = max(0.0, *rises)
    return rise_db / (rise_db + _HALF_DB)


def tempo_fit(bpm: float) -> float:
    """Give how near a tempo is to the one that bodies like best.

    >>> tempo_fit(118.0), round(tempo_fit(59.0), 2)
    (1.0, 0.46)
    """
    return float(np.exp(-0.5 * np.square(np.log2(bpm / BEST_BPM) / OCTAVES)))
