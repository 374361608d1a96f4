"""An instrument in somebody's hands: it plays notes one after another."""

from __future__ import annotations

import numpy as np

from ml.data.demo.arrays import Floats
from ml.data.demo.sound.voices import Plucked, Struck, Voice, released, tone


class Instrument:
    """A voice that remembers how its strings ring, so that a pitch is computed once.

    Parameters
    ----------
    voice : Wave, Fm, Plucked or Struck
    longest_s : float
        The longest note that will be asked for.
    rate : int
    rng : numpy.random.Generator
    """

    def __init__(self, voice: Voice, longest_s: float, rate: int, rng: np.random.Generator) -> None:
        self.voice = voice
        self._longest_s = longest_s
        self._rate = rate
        self._rng = rng
        self._rung: dict[float, Floats] = {}

    def play(self, f0: float, seconds: float) -> Floats:
        """Sound a note, float32 [shape=(n,)]; see :func:`ml.data.demo.sound.voices.tone`."""
        voice = self.voice
        if not isinstance(voice, Plucked | Struck):
            return tone(voice, f0, seconds, self._rate, self._rng)
        if f0 not in self._rung:
            self._rung[f0] = tone(voice, f0, self._longest_s + 3 * voice.release_s, self._rate, self._rng)
        n = int((seconds + 3 * voice.release_s) * self._rate)
        return released(self._rung[f0][:n].copy(), seconds, voice.release_s, self._rate)
