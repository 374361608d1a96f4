"""A sound in units of about a beat: what each sounds like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.chroma import Chroma
from ml.features.audio.curves import SpectralCurves
from ml.features.audio.framing import Floats

Values = NDArray[np.float64]

#: Beats nearer than this are taken two by two; where there are none, units are so long.
SHORTEST_S, BEATLESS_S = 0.36, 0.5
#: Of a sound of many hours, units are longer.
MOST_UNITS = 4_000
#: Fewer beats are none.
_LEAST_BEATS = 8
#: Cepstral coefficients, without the first, which is the level.
_COEFFICIENTS = 13
#: Under the loud parts (the ninth decile): what is softer at the ends is not part of it, and inside counts as so soft.
_SILENT_DB, _SOFT_DB = 30.0, 25.0
_LOUD = 90
#: A unit begins with a bar that is so near, in seconds.
_ON_BAR_S = 0.08
#: Standard deviations at which the cepstrum is cut, and decibels that are added to how far the level strays.
_CUT, _STRAY_DB = 3.0, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """What sounds in each unit; silence at both ends is left out.

    Parameters
    ----------
    edges_s : float64 [shape=(n_units + 1,)]
    first_beats : bool [shape=(n_units,)]
        Whether a bar begins with it; all False where no bars are known.
    timbre : float64 [shape=(n_units, 13)]
        Cepstral coefficients, standardised over the sound, so that all together have variance 1.
    level : float64 [shape=(n_units, 1)]
        In dB, standardised.
    chroma : float64 [shape=(n_units, 36)]
        Less its mean; all together have variance 1.
    level_db : float64 [shape=(n_units,)]
        Root mean square in dB of full scale.
    """

    edges_s: Values
    first_beats: NDArray[np.bool_]
    timbre: Values
    level: Values
    chroma: Values
    level_db: Values

    def __len__(self) -> int:
        return len(self.level)


def unit_edges(beats_s: Values, downbeats_s: Values, duration_s: float) -> Values:
    """Give the edges of units: 0, the beats, the end.

    Quick beats are taken by twos, from the first of a bar; where there are no beats, units are half a second long.

    >>> unit_edges(np.empty(0), np.empty(0), 1.7).tolist()
    [0.0, 0.5, 1.0, 1.5, 1.7]
    """
    beats = beats_s if len(beats_s) >= _LEAST_BEATS else np.arange(0.0, duration_s, BEATLESS_S)
    least_s = max(SHORTEST_S, duration_s / MOST_UNITS)
    while len(beats) > 2 and np.median(np.diff(beats)) < least_s:
        first = int(np.abs(beats - downbeats_s[0]).argmin()) if len(downbeats_s) else 0
        beats = beats[first % 2 :: 2]
    near = 0.3 * least_s
    inside = beats[(beats > near) & (beats < duration_s - near)]
    return np.concatenate(([0.0], inside, [duration_s]))


def averaged(curve: Floats | Values, frames_per_s: float, edges_s: Values) -> Values:
    """Give the means of frames between edges, at least one frame each [shape=(n_units, n_columns)].

    >>> averaged(np.array([[1.0], [3.0], [5.0], [9.0]]), 2.0, np.array([0.0, 1.0, 2.0])).tolist()
    [[2.0], [7.0]]
    """
    n = len(curve)
    running = np.zeros((n + 1, curve.shape[1]))
    np.cumsum(curve, axis=0, dtype=np.float64, out=running[1:])
    frames = np.rint(edges_s * frames_per_s).astype(np.int64).clip(0, n)
    low = np.minimum(frames[:-1], n - 1)
    high = np.maximum(frames[1:], low + 1)
    return np.asarray((running[high] - running[low]) / (high - low)[:, np.newaxis])


def describe(curves: SpectralCurves, chroma: Chroma, edges_s: Values, downbeats_s: Values) -> Units | None:
    """Say what sounds in each unit.

    Parameters
    ----------
    curves : SpectralCurves
    chroma : Chroma
    edges_s : float64 [shape=(n + 1,)]
    downbeats_s : float64 [shape=(n_bars,)]

    Returns
    -------
    Units or None
        None where nothing sounds.
    """
    power = averaged(np.square(curves.rms)[:, np.newaxis], curves.framing.frames_per_s, edges_s)[:, 0]
    if not power.max(initial=0.0) > 0:
        return None
    level_db = 10.0 * np.log10(np.maximum(power, 1e-12))
    loud_db = float(np.percentile(level_db, _LOUD))
    sounding = np.flatnonzero(level_db > loud_db - _SILENT_DB)
    kept = slice(int(sounding[0]), int(sounding[-1]) + 1)
    mfcc = averaged(curves.mfcc(_COEFFICIENTS + 1)[:, 1:], curves.framing.frames_per_s, edges_s)[kept]
    classes = averaged(chroma.flat(), chroma.framing.frames_per_s, edges_s)[kept]
    level_db = level_db[kept]
    level = np.maximum(level_db - loud_db, -_SOFT_DB)
    starts = edges_s[kept]
    first = np.zeros(len(starts), dtype=np.bool_)
    if len(downbeats_s):
        first = np.abs(starts - downbeats_s[_nearest(downbeats_s, starts)]) < _ON_BAR_S
    return Units(
        edges_s=edges_s[kept.start : kept.stop + 1],
        first_beats=first,
        timbre=_timbre(mfcc, level > -_SOFT_DB),
        level=((level - level.mean()) / (level.std() + _STRAY_DB))[:, np.newaxis],
        chroma=_centred(classes),
        level_db=level_db,
    )


def _nearest(sorted_s: Values, times_s: Values) -> NDArray[np.int64]:
    after = np.searchsorted(sorted_s, times_s).clip(0, len(sorted_s) - 1)
    before = np.maximum(after - 1, 0)
    return np.asarray(np.where(times_s - sorted_s[before] < sorted_s[after] - times_s, before, after), dtype=np.int64)


def _timbre(mfcc: Values, loud: NDArray[np.bool_]) -> Values:
    """Standardise by what is loud; what is soft would otherwise be all that counts."""
    mean, spread = mfcc[loud].mean(axis=0), mfcc[loud].std(axis=0)
    return np.asarray(np.clip((mfcc - mean) / (spread + 1e-6), -_CUT, _CUT) / np.sqrt(mfcc.shape[1]))


def _centred(classes: Values) -> Values:
    centred = classes - classes.mean(axis=0)
    return np.asarray(centred / (np.sqrt(np.square(centred).sum(axis=1).mean()) + 1e-6))
