"""Where a song is best mixed in and out: on first beats of bars.

Conventions
-----------
- The mix-in point is the first bar from which on the beat is struck: most beats of its next eight.
- The mix-out point is the bar with which the outro begins; without an outro, that of the last section to begin in the
  last third; else the last from which eight bars are left to the last beat that is struck. Eight beats are left at
  least.
- The one lies in the first half, the other in the second; where one cannot, both are None.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.rhythm import Rhythm

Values = NDArray[np.float64]

#: Sounds that are shorter, in seconds, or have fewer beats, are not mixed.
_SHORTEST_S, _LEAST_BEATS = 30.0, 32
#: A beat is struck if a sound begins so near, in seconds; so many of the next eight have to be.
_NEAR_S, _NEXT, _STRUCK = 0.05, 8, 6
#: A border of sections belongs to a bar that begins so near.
_BORDER_S = 1.0
#: What is left behind the mix-out point, in beats at least, and in bars where no section tells.
_LEFT_BEATS, _LEFT_BARS, _BAR_BEATS = 8, 8, 4
#: From this share of the length on, a section is one of the last.
_LATE = 2 / 3


def mix_points(
    rhythm: Rhythm, borders_s: Values, outro_start_s: float | None, duration_s: float
) -> tuple[float | None, float | None]:
    """Give mix-in and mix-out point in seconds; both None where there is no beat, or too little of it.

    Parameters
    ----------
    rhythm : Rhythm
    borders_s : float64 [shape=(n,)]
        Where sections begin.
    outro_start_s : float or None
    duration_s : float
    """
    beats = rhythm.beats_s
    if rhythm.tempo_bpm is None or duration_s < _SHORTEST_S or len(beats) < _LEAST_BEATS:
        return None, None
    struck = _struck(beats, rhythm.onsets_s)
    steady = np.convolve(struck, np.ones(_NEXT), mode="valid") >= _STRUCK
    if not steady.any():
        return None, None
    # Without bars every fourth beat from the first one stands for them.
    bars = rhythm.downbeats_s if len(rhythm.downbeats_s) else beats[::_BAR_BEATS]
    begin = int(steady.argmax())
    first = float(beats[begin + int(struck[begin:].argmax())])
    last = float(beats[len(beats) - 1 - int(struck[::-1].argmax())])
    period_s = float(np.median(np.diff(beats)))
    inside = bars[(bars >= first - _NEAR_S) & (bars <= last - _LEFT_BEATS * period_s + _NEAR_S)]
    early, late = inside[inside <= duration_s / 2], inside[inside > duration_s / 2]
    if not len(early) or not len(late):
        return None, None
    return float(early[0]), _mix_out(late, bars, borders_s, outro_start_s, last, duration_s)


def _struck(beats_s: Values, onsets_s: Values) -> NDArray[np.bool_]:
    """Tell at which beats a sound begins."""
    if not len(onsets_s):
        return np.zeros(len(beats_s), dtype=np.bool_)
    after = np.searchsorted(onsets_s, beats_s).clip(0, len(onsets_s) - 1)
    before = np.maximum(after - 1, 0)
    away = np.minimum(np.abs(onsets_s[after] - beats_s), np.abs(onsets_s[before] - beats_s))
    return np.asarray(away <= _NEAR_S)


def _mix_out(
    later: Values, bars: Values, borders_s: Values, outro_start_s: float | None, last_s: float, duration_s: float
) -> float:
    late = [border for border in borders_s.tolist() if border >= _LATE * duration_s]
    for border in ([] if outro_start_s is None else [outro_start_s]) + late[::-1]:
        nearest = float(later[np.abs(later - border).argmin()])
        if abs(nearest - border) <= _BORDER_S:
            return nearest
    heard = bars[bars <= last_s]
    from_end = float(heard[-min(len(heard), _LEFT_BARS + 1)])
    return float(later[np.abs(later - from_end).argmin()])
