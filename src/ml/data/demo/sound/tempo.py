"""How fast a song goes, from its first beat to its last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo.arrays import Doubles


@dataclass(frozen=True, eq=False)
class TempoCurve:
    """Tempo as straight lines over beats; constant before the first knot and after the last.

    Parameters
    ----------
    beats : float64 [shape=(n_knots,)]
        Not decreasing; a beat that stands twice is a jump.
    bpm : float64 > 0 [shape=(n_knots,)]
        Quarter notes, dotted quarters in 6/8 and eighths in 7/8, a minute.
    """

    beats: Doubles
    bpm: Doubles

    def bpm_at(self, beat: Doubles) -> Doubles:
        """Give the tempo at beats; after the jump where there is one."""
        place, left = self._knots(beat)
        width = self.beats[place + 1] - self.beats[place]
        share = np.clip(np.divide(left, width, out=np.zeros_like(left), where=width > 0), 0.0, 1.0)
        return np.asarray(self.bpm[place] + share * (self.bpm[place + 1] - self.bpm[place]))

    def seconds(self, beat: Doubles) -> Doubles:
        """Give when beats fall, in seconds after beat 0: the integral of 60 / bpm.

        Where the tempo goes from a to b in a straight line over n beats, that is 60 n over the logarithmic mean
        (b - a) / log(b / a).

        Examples
        --------
        >>> curve = TempoCurve(np.array([0.0, 8.0, 8.0, 9.0]), np.array([120.0, 120.0, 60.0, 60.0]))
        >>> curve.seconds(np.array([-1.0, 4.0, 8.0, 10.0])).tolist()
        [-0.5, 2.0, 4.0, 6.0]
        """
        place, left = self._knots(beat)
        whole = 60.0 * np.diff(self.beats) / _log_mean(self.bpm[:-1], self.bpm[1:])
        begun = np.concatenate([[0.0], np.cumsum(whole)])
        inside = begun[place] + 60.0 * left / _log_mean(self.bpm[place], self.bpm_at(beat))
        after = np.maximum(np.asarray(beat) - self.beats[-1], 0.0)
        seconds = np.where(after > 0, begun[-1] + 60.0 * after / self.bpm[-1], inside)
        return np.asarray(seconds if self.beats[0] == 0 else seconds + 60.0 * self.beats[0] / self.bpm[0])

    def _knots(self, beat: Doubles) -> tuple[np.ndarray, Doubles]:
        """Find the knot before each beat, and how far behind it the beat is."""
        beat = np.asarray(beat, dtype=np.float64)
        place = np.clip(np.searchsorted(self.beats, beat, side="right") - 1, 0, len(self.beats) - 2)
        return place, beat - self.beats[place]


def _log_mean(one: Doubles, other: Doubles) -> Doubles:
    ratio = np.log(other / one)
    near = np.abs(ratio) < 1e-7
    return np.asarray(np.where(near, (one + other) / 2, (other - one) / np.where(near, 1.0, ratio)))


def steady(bpm: float, beats: float) -> TempoCurve:
    """Make a curve of one tempo."""
    return TempoCurve(np.array([0.0, beats]), np.array([bpm, bpm]))


def drifting(bpm: float, beats: float, share: float, rng: np.random.Generator) -> TempoCurve:
    """Make a curve that wanders, by no more than a share of the tempo, with a knot every eight beats."""
    knots: Doubles = (8 * np.arange(max(2, int(np.ceil(beats / 8)) + 1))).astype(np.float64)
    walk = np.cumsum(rng.standard_normal(len(knots)))
    walk -= walk.mean()
    wandering: Doubles = (bpm * (1.0 + share * walk / max(1.0, float(np.abs(walk).max())))).astype(np.float64)
    return TempoCurve(knots, wandering)
