"""Where a path should be at each of its places, and how far from there tracks are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.flow.transitions import UNKNOWN, Sounds

Floats = NDArray[np.float32]

#: How much each side of a sound counts, where both ends know it.
_TIMBRE, _TEMPO, _ENERGY = 0.5, 0.25, 0.25
#: Differences that are as far as it gets: of energy in its own unit, of tempo in octaves, of timbre as an angle.
_ENERGY_WHOLE, _TEMPO_WHOLE, _TIMBRE_WHOLE = 0.3, 0.25, float(np.pi / 3)


@dataclass(frozen=True)
class Waypoints:
    """The sounds that lie on the way from one track to another.

    Timbre goes along the great circle's chord, tempo in equal ratios to the octave of the end's tempo that is nearest
    to the start's, energy in equal steps. What one of the ends does not know has no say.

    Parameters
    ----------
    sounds : Sounds
        Of all tracks.
    start, end : int
        Rows.
    """

    sounds: Sounds
    start: int
    end: int

    @property
    def known(self) -> bool:
        """Whether anything is known of both ends that a way could go along."""
        return bool(self._timbre_known or self._both(self.sounds.tempo_bpm) or self._both(self.sounds.energy))

    def away(self, along: Floats, rows: NDArray[np.integer]) -> Floats:
        """Tell how far tracks are from places on the way, the start being 0 and the end 1.

        Parameters
        ----------
        along : float [shape=(n,)]
        rows : int [shape=(m,)]

        Returns
        -------
        float32 in [0, 1] [shape=(n, m)]
            :data:`UNKNOWN` for what of a track is unknown, and everywhere where nothing is known of the ends.
        """
        along = np.asarray(along, dtype=np.float32)
        parts = []
        if self._timbre_known:
            parts.append((_TIMBRE, self._from_timbre(along, self.sounds.timbre[rows])))
        if self._both(self.sounds.tempo_bpm):
            parts.append((_TEMPO, self._from_tempo(along, self.sounds.tempo_bpm[rows])))
        if self._both(self.sounds.energy):
            energy = self.sounds.energy
            wanted = energy[self.start] + along * (energy[self.end] - energy[self.start])
            apart = np.minimum(np.abs(energy[rows][None, :] - wanted[:, None]) / np.float32(_ENERGY_WHOLE), 1)
            parts.append((_ENERGY, np.where(np.isfinite(apart), apart, np.float32(UNKNOWN))))
        if not parts:
            return np.full((len(along), len(rows)), UNKNOWN, dtype=np.float32)
        whole = sum(weight for weight, _ in parts)
        away = sum((part * np.float32(weight / whole) for weight, part in parts), np.zeros((1, 1), np.float32))
        return np.asarray(away, dtype=np.float32)

    def progress(self, rows: NDArray[np.integer]) -> Floats:
        """Tell how much of the way tracks have behind them, float32 in [0, 1]: 0 is at the start, 1 at the end."""
        ends = self.away(np.array([0, 1], np.float32), rows)
        whole = ends.sum(axis=0)
        return np.asarray(np.where(whole > 0, ends[0] / np.where(whole > 0, whole, 1), 0.5), dtype=np.float32)

    @property
    def _timbre_known(self) -> bool:
        timbre = self.sounds.timbre
        return bool(timbre.size and timbre[self.start].any() and timbre[self.end].any())

    def _both(self, values: Floats) -> bool:
        return bool(np.isfinite(values[self.start]) and np.isfinite(values[self.end]))

    def _from_timbre(self, along: Floats, timbre: Floats) -> Floats:
        ends = self.sounds.timbre[[self.start, self.end]]
        wanted = (1 - along)[:, None] * ends[0][None, :] + along[:, None] * ends[1][None, :]
        lengths = np.linalg.norm(wanted, axis=1, keepdims=True)
        wanted = np.divide(wanted, lengths, out=np.zeros_like(wanted), where=lengths > 1e-6)
        angles = np.arccos(np.clip(wanted @ timbre.T, -1, 1))
        apart = np.minimum(angles / np.float32(_TIMBRE_WHOLE), 1)
        return np.where(np.asarray(timbre.any(axis=1))[None, :], apart, np.float32(UNKNOWN)).astype(np.float32)

    def _from_tempo(self, along: Floats, tempo: Floats) -> Floats:
        first, last = np.log2(self.sounds.tempo_bpm[[self.start, self.end]])
        last -= np.round(last - first)
        wanted = first + along * (last - first)
        with np.errstate(invalid="ignore", divide="ignore"):
            octaves = np.log2(tempo)[None, :] - wanted[:, None]
            apart = np.minimum(np.abs(octaves - np.round(octaves)) / np.float32(_TEMPO_WHOLE), 1)
        return np.where(np.isfinite(apart), apart, np.float32(UNKNOWN)).astype(np.float32)
