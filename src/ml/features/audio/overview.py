"""The shape of a waveform in a few hundred points, whatever the length: what a player draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats

#: Points at most; from half as many on, where there are as many samples.
MOST_POINTS = 800


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """A waveform, a stretch of equal length a point; the last one may be shorter.

    Parameters
    ----------
    samples_per_point : int
        A power of two.
    low, high : float32 [shape=(n_points,)]
        The least and the greatest sample.
    rms : float32 >= 0 [shape=(n_points,)]
        Root mean square.
    """

    samples_per_point: int
    low: Floats
    high: Floats
    rms: Floats


class OverviewMeter:
    """Takes a mono sound in pieces of any length and keeps its overview: points are joined when there are too many.

    Parameters
    ----------
    most_points : int >= 2
        Even.

    Examples
    --------
    >>> meter = OverviewMeter(4)
    >>> meter.push(np.array([1, -1, 3, 0, 0], dtype=np.float32))
    >>> meter.push(np.array([0, 2, 2, -4], dtype=np.float32))
    >>> found = meter.overview()
    >>> found.samples_per_point, found.low.tolist(), found.high.tolist()
    (4, [-1.0, 0.0, -4.0], [3.0, 2.0, -4.0])
    >>> np.square(found.rms).round(2).tolist()
    [2.75, 2.0, 16.0]
    """

    def __init__(self, most_points: int = MOST_POINTS) -> None:
        if most_points < 2 or most_points % 2:
            raise ValueError(f"{most_points} points: an even number, from 2 on")
        self._most = most_points
        self._each = 1
        # The least, the negative of the greatest, and the sum of squares of each point, the last one unfinished.
        self._extremes = np.full((most_points, 2), np.inf, dtype=np.float32)
        self._squares = np.zeros(most_points)
        self._n_samples = 0

    def push(self, samples: Floats) -> None:
        """Take the next samples [shape=(n,)]."""
        if not len(samples):
            return
        while self._n_samples + len(samples) > self._most * self._each:
            self._join()
        place = self._n_samples // self._each
        starts = np.arange(place, -(-(self._n_samples + len(samples)) // self._each)) * self._each - self._n_samples
        starts[0] = 0
        points = slice(place, place + len(starts))
        extremes = self._extremes[points]
        np.minimum(extremes[:, 0], np.minimum.reduceat(samples, starts), out=extremes[:, 0])
        np.minimum(extremes[:, 1], -np.maximum.reduceat(samples, starts), out=extremes[:, 1])
        self._squares[points] += np.add.reduceat(np.square(samples, dtype=np.float64), starts)
        self._n_samples += len(samples)

    def _join(self) -> None:
        """Make one point of two, so that half of them are free."""
        half = self._most // 2
        self._extremes[:half] = self._extremes.reshape(half, 2, 2).min(axis=1)
        self._squares[:half] = self._squares.reshape(half, 2).sum(axis=1)
        self._extremes[half:], self._squares[half:] = np.inf, 0.0
        self._each *= 2

    def overview(self) -> Overview:
        """Give the overview of what has come so far; more may come afterwards."""
        n_points = -(-self._n_samples // self._each)
        length: NDArray[np.float64] = np.full(n_points, float(self._each))
        if n_points:
            length[-1] = self._n_samples - (n_points - 1) * self._each
        low, high = self._extremes[:n_points, 0].copy(), -self._extremes[:n_points, 1]
        rms = np.sqrt(self._squares[:n_points] / length).astype(np.float32)
        return Overview(self._each, low, high, rms)
