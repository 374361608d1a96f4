"""What players do to what is written: they swing, they are early and late, they strike harder and softer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.data.demo.arrays import Doubles
from ml.data.demo.sound.song import Notes


@dataclass(frozen=True)
class Hands:
    """How somebody plays.

    Parameters
    ----------
    swing : float in [1, 2]
        Length of the first of a pair by that of the second.
    pair : float > 0
        Length of a pair in beats.
    loose_s : float >= 0
        Standard deviation of the time.
    touch : float >= 0
        Standard deviation of the strength, as a share of it.
    """

    swing: float = 1.0
    pair: float = 1.0
    loose_s: float = 0.0
    touch: float = 0.0

    def swung(self, beat: Doubles) -> Doubles:
        """Move positions: the middle of a pair comes later.

        >>> Hands(swing=2.0).swung(np.array([0.0, 0.5, 1.0, 1.5])).round(3).tolist()
        [0.0, 0.667, 1.0, 1.667]
        """
        whole = np.floor(np.asarray(beat) / self.pair + 1e-9)
        part = np.asarray(beat) / self.pair - whole
        middle = self.swing / (1.0 + self.swing)
        moved = np.where(part < 0.5, 2.0 * part * middle, middle + (2.0 * part - 1.0) * (1.0 - middle))
        return np.asarray((whole + moved) * self.pair)

    def late(self, n: int, rng: np.random.Generator) -> Doubles:
        """Draw how late strokes are, in seconds; never more than twice the deviation."""
        return np.asarray(np.clip(rng.standard_normal(n), -2.0, 2.0) * self.loose_s)

    def strength(self, velocity: Doubles, rng: np.random.Generator) -> Doubles:
        """Vary velocities, within (0, 1]."""
        return np.asarray(np.clip(velocity * (1.0 + self.touch * rng.standard_normal(len(velocity))), 0.05, 1.0))

    def played(
        self, rows: Sequence[tuple[float, float, float, float]], rng: np.random.Generator, *, swung: bool = True
    ) -> Notes:
        """Turn rows of beat, length, pitch and velocity into notes, in order of time."""
        if not rows:
            return Notes(*(np.zeros(0) for _ in range(5)))
        beat, beats, pitch, velocity = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
        begin, end = (self.swung(beat), self.swung(beat + beats)) if swung else (beat, beat + beats)
        late = self.late(len(beat), rng)
        order = np.lexsort((pitch, begin))
        notes = begin, end - begin, pitch, self.strength(velocity, rng), late
        return Notes(*(column[order] for column in notes))
