"""Which beats begin a bar, and how many beats a bar has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.features.audio.rhythm.bands import LONG
from ml.features.audio.rhythm.network import METRES

BEATS = {"4/4": 4, "3/4": 3, "6/8": 2, "5/4": 5, "7/8": 7}
#: What the network's log odds of a first beat count, and a harmony that changes by a standard deviation more than at
#: other beats: by logistic regression on songs that it had not learnt (``benchmarks/training/rhythm_choices.py``).
HEARD, CHANGED = 1.1, 0.4
#: What the network says of the metre as a whole, beside what the single beats say; and the log odds of a bar that is
#: cut short or goes on too long.
WEIGHT, BROKEN = 1.0, 9.0
#: What the log probabilities of metres are multiplied by, for bars are no independent witnesses, and the seconds from
#: which on more bars tell no more: as long as what it was fitted on (``benchmarks/training/rhythm_choices.py``).
CALM, ENOUGH_S = 0.2, 12.0
#: The beats of 7/8 are eighths: they are no further apart than this, in seconds.
EIGHTH_S = 0.5


def first_beat_odds(beats_s: NDArray[np.float64], downbeat: Floats, levels: Floats) -> NDArray[np.float64]:
    """Give the log odds that each beat begins a bar.

    Parameters
    ----------
    beats_s : float64 [shape=(n_beats,)]
    downbeat : float32 [shape=(n_long,)]
        What the network says at each long frame.
    levels : float32 >= 0 [shape=(n_long, n_semitones)]
        See :func:`ml.features.audio.rhythm.inputs.pitch_levels`.

    Returns
    -------
    float64 [shape=(n_beats,)]
    """
    return HEARD * at(downbeat, beats_s) + CHANGED * standardised(changes_at(beats_s, levels))


def standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give how many standard deviations each lies above the mean; 0 where all are alike.

    >>> standardised(np.array([1.0, 3.0])).tolist(), standardised(np.ones(2)).tolist()
    ([-1.0, 1.0], [0.0, 0.0])
    """
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-6 else np.zeros(len(values))


def changes_at(beats_s: NDArray[np.float64], levels: Floats) -> NDArray[np.float64]:
    """Give how unlike the harmony of the beat from each time on is to that of the beat before, in [0, 2].

    One less the cosine of the two mean spectra, each less the mean of the whole sound.
    """
    n = len(levels)
    running = np.zeros((n + 1, levels.shape[1]))
    np.cumsum(levels - levels.mean(axis=0), axis=0, dtype=np.float64, out=running[1:])
    frames = np.rint(beats_s * LONG.frames_per_s).astype(np.int64).clip(0, n)
    beat = round(float(np.median(np.diff(frames)))) if len(frames) > 1 else n
    low, high = (frames - beat).clip(0, n), (frames + beat).clip(0, n)
    before, after = running[frames] - running[low], running[high] - running[frames]
    norm = np.sqrt((before**2).sum(axis=1) * (after**2).sum(axis=1))
    return np.asarray(1.0 - (before * after).sum(axis=1) / np.maximum(norm, 1e-9))


def bars(
    beats_s: NDArray[np.float64], odds: NDArray[np.float64], metre: Floats, calm: float = CALM
) -> tuple[NDArray[np.float64], str, float]:
    """Find the first beats of bars.

    Parameters
    ----------
    beats_s : float64 [shape=(n_beats,)]
    odds : float64 [shape=(n_beats,)]
        Of each to begin a bar, in logarithms: :func:`first_beat_odds`.
    metre : float32 [shape=(5,)]
        Log probability of each of :data:`METRES`, up to a constant.
    calm : float > 0

    Returns
    -------
    first beats in seconds, float64 [shape=(n_bars,)]; time signature; its probability

    Notes
    -----
    Viterbi over the place in the bar, for each metre, as in the bar pointer of Krebs, Böck and Widmer (2015), with the
    beats known.
    """
    paths = [_places(odds, BEATS[name]) for name in METRES]
    length_s = float(beats_s[-1] - beats_s[0])
    scores = np.array([score for _, score in paths]) * min(1.0, ENOUGH_S / max(length_s, 1e-9))
    share = calm * (WEIGHT * (metre - metre.max()).astype(np.float64) + scores)
    if len(beats_s) > 1 and np.median(np.diff(beats_s)) > EIGHTH_S:
        share[METRES.index("7/8")] = -np.inf
    share = np.exp(share - share.max())
    share /= share.sum()
    best = int(share.argmax())
    return beats_s[paths[best][0] == 0], METRES[best], float(share[best])


def at(curve: Floats, times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the highest value of a curve within a frame of each time."""
    frames = np.clip(np.rint(times_s * LONG.frames_per_s).astype(np.int64), 0, len(curve) - 1)
    around = np.clip(frames[:, np.newaxis] + np.arange(-1, 2), 0, len(curve) - 1)
    return np.asarray(curve[around].max(axis=1), dtype=np.float64)


def _places(odds: NDArray[np.float64], n: int) -> tuple[NDArray[np.int64], float]:
    """Give each beat's place in its bar, and how likely the best way through is, in log odds."""
    gain = np.clip(odds, -6.0, 6.0)
    says = np.full((len(odds), n), 0.0)
    says[:, 0] = np.minimum(gain, 0.0) - np.log1p(np.exp(-np.abs(gain)))
    says[:, 1:] = (says[:, 0] - gain)[:, np.newaxis]
    score = says[0].copy()
    came = np.empty((len(odds), n), dtype=np.int64)
    usual = (np.arange(n) - 1) % n
    for i in range(1, len(odds)):
        jump = int(score.argmax())
        stays = score[usual] >= score[jump] - BROKEN
        came[i] = np.where(stays, usual, jump)
        score = np.where(stays, score[usual], score[jump] - BROKEN) + says[i]
    places = np.empty(len(odds), dtype=np.int64)
    places[-1] = score.argmax()
    for i in range(len(odds) - 1, 0, -1):
        places[i - 1] = came[i, places[i]]
    return places, float(score.max())
