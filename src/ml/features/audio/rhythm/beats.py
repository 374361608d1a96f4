"""When the beats fall: a chain of likely moments about a period apart."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.features.audio.rhythm.bands import LONG
from ml.features.audio.rhythm.network import probability
from ml.features.audio.rhythm.onsets import peaks, refined

#: Moments that are considered: peaks at least so probable.
LEAST = 0.02
#: How much log odds a gap loses by the square of its error in periods, and by each beat that is missing in it.
TIGHT, MISSING = 120.0, 2.5
#: Log odds that count as nothing: below, a moment costs more than a missing beat gains.
BASE, LONGEST_GAP = 2.5, 8
#: What it loses by a break of any length, after which the beats may be elsewhere.
BREAK = 15.0


def beats_s(log_odds: Floats, period_s: float) -> NDArray[np.float64]:
    """Follow the beats through a sound of one tempo.

    Parameters
    ----------
    log_odds : float32 [shape=(n_long,)]
        Of a beat at each long frame.
    period_s : float > 0
        Time from beat to beat, about.

    Returns
    -------
    float64 [shape=(n_beats,)]
        In seconds; from the sound's first to its last. Missing ones are put between their neighbours.

    Notes
    -----
    Dynamic programming as in Ellis, "Beat tracking by dynamic programming" (2007), over the peaks alone and with
    times between frames: a chain gains the log odds of its moments and loses by what its gaps are off whole numbers of
    periods.
    """
    share = probability(log_odds)
    period = period_s * LONG.frames_per_s
    frames = peaks(share, LEAST, max(1, int(0.2 * period)))
    if not len(frames):
        return np.empty(0)
    times = refined(share, frames)
    gain = np.clip(log_odds[frames].astype(np.float64), -4.0, 4.0) + BASE
    chain = times[_best_chain(times, gain, period)]
    return _filled(chain, period, len(log_odds)) / LONG.frames_per_s


def _best_chain(times: NDArray[np.float64], gain: NDArray[np.float64], period: float) -> NDArray[np.int64]:
    n = len(times)
    score, before = gain.copy(), np.full(n, -1)
    starts = np.searchsorted(times, times - (LONGEST_GAP + 0.4) * period)
    best_before = int(starts[0])
    for i in range(1, n):
        past = slice(starts[i], i)
        gap = (times[i] - times[past]) / period
        steps = np.maximum(np.rint(gap), 1.0)
        value = score[past] - TIGHT * np.square(gap - steps) / steps - MISSING * (steps - 1.0)
        # The best chain that ends before the past that is looked at.
        ended = np.arange(best_before, starts[i])
        if len(ended):
            best_before = int(ended[score[ended].argmax()])
        choices = [(0.0, -1)]
        if len(value):
            choices.append((float(value.max()), int(starts[i] + value.argmax())))
        if starts[i] > 0:
            choices.append((float(score[best_before]) - BREAK, best_before))
        won, before[i] = max(choices)
        score[i] += won
    last = int(score.argmax())
    chain = [last]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return np.array(chain[::-1])


def _filled(chain: NDArray[np.float64], period: float, n: int) -> NDArray[np.float64]:
    """Put beats into wide gaps, and before and after the chain."""
    parts = [chain[:1]]
    for gap_begin, gap_end in pairwise(chain):
        steps = max(1, round((gap_end - gap_begin) / period))
        parts.append(gap_begin + (gap_end - gap_begin) * np.arange(1, steps + 1) / steps)
    inside = np.concatenate(parts)
    first, last = _period_near(inside[:9], period), _period_near(inside[-9:], period)
    head = np.arange(inside[0] - first, -0.15 * period, -first)[::-1]
    tail = np.arange(inside[-1] + last, n - 1 + 0.01 * period, last)
    return np.asarray(np.maximum(np.concatenate((head, inside, tail)), 0.0))


def _period_near(beats: NDArray[np.float64], period: float) -> float:
    return float(beats[-1] - beats[0]) / (len(beats) - 1) if len(beats) > 2 else period


def tempo_of(beats: NDArray[np.float64]) -> float | None:
    """Give the median tempo of beats in BPM, each gap taken over four beats; None of fewer than five.

    >>> tempo_of(np.arange(9) * 0.5)
    120.0
    """
    if len(beats) < 5:
        return None
    return float(60.0 / np.median((beats[4:] - beats[:-4]) / 4))
