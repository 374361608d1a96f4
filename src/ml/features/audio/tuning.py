"""How far a sound lies off A = 440 Hz, from where its spectral peaks lie between semitones.

References
----------
Gómez, "Tonal description of music audio signals" (2006); Dressler and Streich, "Tuning frequency estimation using
circular statistics" (2007).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats, Framing

#: Peaks below are not told from their neighbours well enough, above they are mostly noise and stretched partials.
_LOW_HZ, _HIGH_HZ = 150.0, 2_000.0
#: Of the frame's highest peak, the least that counts.
_LEAST = 0.03


#: Turns around the circle that are kept: so many make the mode of the peaks' distribution out, not just its mean.
_TURNS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Leaning:
    """Where peaks lie between semitones: moments on the circle, for each frame.

    Parameters
    ----------
    moments : complex128 [shape=(n_frames, 6)]
        Sums over the peaks of ``weight * exp(2j * pi * k * pitch)``, k from 1: a semitone is once around, 0 a pitch of
        A = 440 Hz.
    weight : float64 [shape=(n_frames,)]
        Sum of the weights: roots of magnitudes.
    """

    moments: NDArray[np.complex128]
    weight: NDArray[np.float64]

    @classmethod
    def joined(cls, parts: Sequence[Leaning]) -> Leaning:
        """Put leanings one after the other."""
        return cls(np.concatenate([one.moments for one in parts]), np.concatenate([one.weight for one in parts]))

    def cents(self) -> float | None:
        """Give the tuning in [-50, 50) cents, where most peaks lie; None where there is no peak.

        It is the mode and not the mean, since fifth and seventh partials lie 14 and 31 cents below the nearest
        semitone.
        """
        total = self.moments.sum(axis=0)
        if total[0] == 0:
            return None
        cents = np.arange(-50.0, 50.0, 0.5)
        turns = np.arange(1, _TURNS + 1)
        # Fejér's kernel: a density without negative side lobes.
        kernel = 1.0 - turns / (_TURNS + 1.0)
        density = (np.exp(-2j * np.pi * np.outer(cents / 100.0, turns)) @ (kernel * total)).real
        return float(cents[density.argmax()])

    def agreement(self) -> float:
        """Give how well peaks agree, from 0 (they lie anywhere, as those of noise) to 1."""
        weight = float(self.weight.sum())
        return float(abs(self.moments[:, 0].sum())) / weight if weight else 0.0

    def clear_agreement(self) -> float:
        """Give how well peaks agree in the half of the frames where they do most: between the strokes of drums."""
        total = self.moments[:, 0].sum()
        if total == 0:
            return 0.0
        heard = self.weight > 0
        along = np.real(self.moments[heard, 0] * np.conj(total) / abs(total)) / self.weight[heard]
        return float(np.sort(along)[len(along) // 2 :].mean())


def leanings(magnitude: Floats, framing: Framing) -> Leaning:
    """Look where the spectral peaks of frames lie between semitones.

    Parameters
    ----------
    magnitude : float32 >= 0 [shape=(n_frames, n_bins)]
    framing : Framing

    Examples
    --------
    >>> framing = Framing(22050, 8192, 2048)
    >>> from ml.features.audio.spectrum import magnitude_of
    >>> hz = 440 * 2 ** (3.2 / 12)
    >>> sine = np.sin(2 * np.pi * hz * np.arange(8192) / 22050).astype(np.float32)
    >>> found = leanings(magnitude_of(sine[np.newaxis]), framing)
    >>> round(found.cents()), round(found.agreement(), 2)
    (20, 1.0)
    """
    bin_hz = framing.rate / framing.size
    first, last = max(1, int(_LOW_HZ / bin_hz)), min(framing.n_bins - 1, int(_HIGH_HZ / bin_hz))
    inner, below, above = (
        magnitude[:, first:last],
        magnitude[:, first - 1 : last - 1],
        magnitude[:, first + 1 : last + 1],
    )
    least = np.float32(_LEAST) * inner.max(axis=1, keepdims=True, initial=0.0)
    frame, place = np.nonzero((inner > below) & (inner >= above) & (inner > least))
    peak, left, right = (np.log(np.maximum(part[frame, place], 1e-20)) for part in (inner, below, above))
    offset = 0.5 * (left - right) / np.minimum(left - 2 * peak + right, -1e-9)
    pitch = 12.0 * np.log2((place + first + offset) * bin_hz / 440.0)
    weight = np.sqrt(inner[frame, place]).astype(np.float64)
    turn, n_frames = np.exp(2j * np.pi * pitch), len(magnitude)
    moments = np.empty((n_frames, _TURNS), dtype=np.complex128)
    turned = weight + 0j
    for k in range(_TURNS):
        turned = turned * turn
        moments[:, k] = np.bincount(frame, turned.real, n_frames) + 1j * np.bincount(frame, turned.imag, n_frames)
    return Leaning(moments, np.asarray(np.bincount(frame, weight, n_frames), dtype=np.float64))
