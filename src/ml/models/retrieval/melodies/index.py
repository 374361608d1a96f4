"""Which melody somebody hums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.features.audio.melody import CONTOUR_RATE, stretched, subsequence_costs
from ml.models.retrieval.melodies.windows import PLACES, windows

#: Windows of the catalogue; those of a hum are longer or shorter by :data:`TEMPI`, as it may be slower or faster.
WINDOW_S, HOP_S, HUM_HOP_S = 4.0, 0.25, 0.5
TEMPI = tuple(2.0 ** (step / 6) for step in range(-4, 5))
#: How many melodies are warped, and keys that are tried beside the one that windows tell, in semitones.
WARPED = 400
KEYS = (-0.5, 0.0, 0.5)
#: A contour of fewer values says nothing: two seconds.
SHORTEST = int(2 * CONTOUR_RATE)


@dataclass(frozen=True, slots=True)
class HummedMelody:
    """A melody that may be meant.

    Parameters
    ----------
    id : str
    distance : float
        Mean distance along the path, in semitones.
    semitones : float
        How much higher it is hummed, each from its median.
    faster : float
        By how much it is hummed faster.
    """

    id: str
    distance: float
    semitones: float
    faster: float


class MelodyIndex:
    """Melodies by id, found by a hum of a stretch of them, in any key and tempo.

    Two stages: windows of some seconds say which melodies have most that is like the hum's windows; the best
    :data:`WARPED` of them are warped onto the whole hum.

    Parameters
    ----------
    contours : mapping of str to float32 [shape=(n,)]
        See :mod:`ml.features.audio.melody`. One under two seconds is left out.
    """

    def __init__(self, contours: Mapping[str, Floats]) -> None:
        kept = {name: np.asarray(one, dtype=np.float32) for name, one in contours.items() if len(one) >= SHORTEST}
        self.ids: tuple[str, ...] = tuple(kept)
        self.contours: tuple[Floats, ...] = tuple(kept.values())

    def __len__(self) -> int:
        return len(self.ids)

    def search(self, hum: Floats, count: int = 10) -> list[HummedMelody]:
        """Find the melodies that a hum is nearest to, the nearest first.

        Parameters
        ----------
        hum : float32 [shape=(n,)]
            A contour; of under two seconds nothing is found.
        count : int >= 1
        """
        if len(hum) < SHORTEST or not self.ids:
            return []
        rows, tempi, keys = self.nearest_windows(hum, max(WARPED, count))
        others = [
            stretched(self.contours[row], len(self.contours[row]) / TEMPI[tempo])
            for row, tempo in zip(rows, tempi, strict=True)
        ]
        padded = np.full((len(others), max(map(len, others))), np.inf, dtype=np.float32)
        for place, other in enumerate(others):
            padded[place, : len(other)] = other
        costs = np.stack([subsequence_costs(hum, padded, keys + np.float32(away)) for away in KEYS])
        best = costs.argmin(axis=0)
        least = costs.min(axis=0)
        order = [place for place in np.argsort(least, kind="stable") if np.isfinite(least[place])][:count]
        return [
            HummedMelody(
                self.ids[rows[place]],
                float(least[place]),
                float(keys[place]) + KEYS[best[place]],
                TEMPI[tempi[place]],
            )
            for place in order
        ]

    def nearest_windows(self, hum: Floats, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
        """Give the melodies with the likest windows, at which tempo, and how much higher the hum is."""
        vectors, means, starts = self._windows
        squares = np.einsum("ij,ij->i", vectors, vectors)
        scores = np.full((len(TEMPI), len(self.ids)), np.inf, dtype=np.float32)
        asked = []
        for row, tempo in enumerate(TEMPI):
            mine, my_means = windows(hum, WINDOW_S / tempo, HUM_HOP_S)
            asked.append((mine, my_means))
            away = squares[:, np.newaxis] - 2.0 * (vectors @ mine.T)
            least = np.minimum.reduceat(away, starts[:-1], axis=0) + np.einsum("ij,ij->i", mine, mine)
            scores[row] = np.sqrt(np.maximum(least, 0.0) / PLACES).mean(axis=1)
        order = np.argsort(scores.min(axis=0), kind="stable")[:most]
        tempi = scores[:, order].argmin(axis=0)
        keys = np.empty(len(order), dtype=np.float32)
        for place, (one, tempo) in enumerate(zip(order, tempi, strict=True)):
            mine, my_means = asked[tempo]
            part = slice(starts[one], starts[one + 1])
            nearest = (squares[part, np.newaxis] - 2.0 * (vectors[part] @ mine.T)).argmin(axis=0)
            keys[place] = np.median(my_means - means[part][nearest])
        return order, tempi, keys

    @property
    def window_bytes(self) -> int:
        """How much memory the windows take."""
        vectors, means, _ = self._windows
        return vectors.nbytes + means.nbytes

    @cached_property
    def _windows(self) -> tuple[Floats, Floats, NDArray[np.intp]]:
        """Give the windows of all melodies, their means, and where those of each begin, with the end at last."""
        parts = [windows(one, WINDOW_S, HOP_S) for one in self.contours]
        starts = np.cumsum([0, *(len(means) for _, means in parts)])
        return np.concatenate([one for one, _ in parts]), np.concatenate([one for _, one in parts]), starts
