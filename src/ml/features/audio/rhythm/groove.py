"""How a rhythm is played: swing, timing, and how clear its pulse is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import savgol_filter

from ml.features.audio.framing import Floats
from ml.features.audio.rhythm.bands import SHORT
from ml.features.audio.rhythm.swing import find_swing, phases_of, places
from ml.foundation.results import Result

Values = NDArray[np.float64]

#: Metres whose beats are divided by two.
_DIVIDED_BY_TWO = ("4/4", "3/4", "5/4")
#: Beats over which their times are smoothed, so that a hand's being late is not taken for the beat's.
_SMOOTH = 9
#: A beginning belongs to a place that is so near, as a share of the beat.
_NEAR = 0.08
#: Attacks that are too few for a number, and beats.
_LEAST_ATTACKS, _LEAST_BEATS = 16, 8
#: Lags, in beats, at which the attacks are laid over themselves.
_LAGS = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Groove(Result):
    """How a rhythm is played.

    Parameters
    ----------
    swing_ratio : float or None
        Length of the first of a pair of notes by that of the second: 1 straight, 2 triplets. None where the beat is
        divided by three, or hardly anything is played between the beats.
    swing_level : str or None
        What the pairs are: ``"eighth"`` for halves of the beat, ``"sixteenth"`` for quarters.
    microtiming_ms : float >= 0 or None
        Typical distance of attacks from where the beat and the swing put them (1.4826 times the median).
    pulse_clarity : float in [0, 1]
        How well the attacks, moved by one, two or four beats, fall on themselves (autocorrelation).
    """

    swing_ratio: float | None
    swing_level: str | None
    microtiming_ms: float | None
    pulse_clarity: float


def find_groove(attack: Floats, onsets_s: Values, beats_s: Values, time_signature: str | None) -> Groove | None:
    """Say how a rhythm is played.

    Parameters
    ----------
    attack : float32 in [0, 1] [shape=(n_short,)]
        Probability of an attack at each short frame.
    onsets_s : float64 [shape=(n_onsets,)]
        When sounds begin.
    beats_s : float64 [shape=(n_beats,)]
    time_signature : str or None

    Returns
    -------
    Groove or None
        None with fewer than eight beats.
    """
    if len(beats_s) < _LEAST_BEATS:
        return None
    period_s = float(np.median(np.diff(beats_s)))
    clarity = pulse_clarity(attack, period_s)
    phases = phases_of(onsets_s, smoothed(beats_s))
    if len(phases) < _LEAST_ATTACKS or time_signature not in {None, *_DIVIDED_BY_TWO}:
        return Groove(None, None, None, clarity)
    near = phases[np.abs(phases) < _NEAR]
    phases = phases - (np.median(near) if len(near) else 0.0)
    swing = find_swing(phases % 1.0, period_s)
    grid = places(swing.ratio, swing.level) if swing else places(1.0, "eighth")
    away = _away(phases, grid)
    close = np.abs(away) < _NEAR
    timing = None
    if close.sum() >= _LEAST_ATTACKS:
        timing = float(1482.6 * period_s * np.median(np.abs(away[close])))
    return Groove(swing.ratio if swing else None, swing.level if swing else None, timing, clarity)


def smoothed(beats_s: Values) -> Values:
    """Smooth the times of beats by parabolas over nine of them."""
    if len(beats_s) < _SMOOTH:
        return beats_s
    return np.asarray(savgol_filter(beats_s, _SMOOTH, 2), dtype=np.float64)


def _away(phases: Values, grid: Values) -> Values:
    """Give how far each phase lies from the nearest place, that of the next beat among them."""
    away = phases[:, np.newaxis] - np.append(grid, 1.0)
    nearest = np.abs(away).argmin(axis=1)
    return np.asarray(np.take_along_axis(away, nearest[:, np.newaxis], axis=1)[:, 0])


def pulse_clarity(attack: Floats, period_s: float) -> float:
    """Give how well attacks fall on themselves when moved by a few beats, in [0, 1].

    Parameters
    ----------
    attack : float32 [shape=(n_short,)]
    period_s : float > 0

    Notes
    -----
    The highest normalised autocorrelation at one, two or four beats, 3 % around each: what Lartillot et al.,
    "Multi-feature modeling of pulse clarity" (2008), found to agree best with listeners.

    Examples
    --------
    >>> clicks = np.zeros(860, dtype=np.float32)
    >>> clicks[::43] = 1
    >>> round(pulse_clarity(clicks, 43 / SHORT.frames_per_s), 2)
    0.95
    """
    centred = attack.astype(np.float64) - attack.mean()
    power = float(centred @ centred)
    if power <= 0:
        return 0.0
    best = 0.0
    for beats in _LAGS:
        lag = beats * period_s * SHORT.frames_per_s
        for one in range(max(1, int(0.97 * lag)), int(1.03 * lag) + 2):
            if one < len(centred):
                # A little around: hands and frames are not that exact.
                best = max(best, float(centred[one:] @ centred[:-one]) / power)
    return min(1.0, best)
