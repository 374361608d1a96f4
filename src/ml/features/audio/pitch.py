"""How much of a sound lies at each pitch, along time: what tuning, chroma, chords and key are made from.

Conventions
-----------
- Frames are long (:data:`PITCH_FRAMING`, 8192 samples at 22,050 Hz): two notes a semitone apart are two peaks from
  about 90 Hz on.
- Pitches are MIDI numbers (69 is A4, 440 Hz); a pitch spectrum has three places a semitone, from :data:`LOWEST` on.
- What is kept is 900 bytes a frame, 10 kB a second.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ml.features.audio.collecting import Spectrograms, tail
from ml.features.audio.framing import Floats, Framing
from ml.features.audio.spectrum import Batch
from ml.features.audio.tuning import Leaning, leanings

PITCH_FRAMING = Framing(rate=22_050, size=8_192, hop=2_048)
#: The lowest pitch (A1, 55 Hz), and how many semitones from there.
LOWEST, SEMITONES = 33, 72
#: Places a semitone.
PLACES = 3


@dataclass(frozen=True, slots=True, eq=False)
class PitchCurves:
    """The pitches of a sound along time.

    Parameters
    ----------
    framing : Framing
    spectra : float32 >= 0 [shape=(n_frames, SEMITONES * PLACES + 1)]
        Magnitude around each pitch, from :data:`LOWEST` in steps of a third of a semitone.
    leaning : Leaning
        Where the peaks of each frame lie between semitones.
    """

    framing: Framing
    spectra: Floats
    leaning: Leaning

    def times_s(self) -> NDArray[np.float64]:
        """Give the frames' centres in seconds."""
        return self.framing.times_s(len(self.spectra))


class PitchCollector:
    """Takes batches of a spectrogram and keeps what :class:`PitchCurves` holds.

    Parameters
    ----------
    framing : Framing
        Its rate has to be above 7,500 Hz.
    """

    def __init__(self, framing: Framing = PITCH_FRAMING) -> None:
        self.framing = framing
        self._filters = pitch_filters(framing)
        self._spectra: list[Floats] = []
        self._leanings: list[Leaning] = []
        self.n_frames = 0

    def add(self, batch: Batch) -> None:
        """Take the next frames."""
        used = np.ascontiguousarray(batch.magnitude[:, : self._filters.shape[1]].T)
        self._spectra.append(np.ascontiguousarray((self._filters @ used).T))
        self._leanings.append(leanings(batch.magnitude, self.framing))
        self.n_frames += len(batch.magnitude)

    def latest(self, n: int) -> PitchCurves:
        """Give the last ``n > 0`` frames of :meth:`curves`, and a few before them, or what there is."""
        return self._curves(tail(self._spectra, n))

    def curves(self) -> PitchCurves:
        """Give all that was collected, of one frame at least."""
        return self._curves(0)

    def _curves(self, first: int) -> PitchCurves:
        spectra, leaning = np.concatenate(self._spectra[first:]), Leaning.joined(self._leanings[first:])
        return PitchCurves(self.framing, spectra, leaning)


def pitches_of(samples: Floats, framing: Framing = PITCH_FRAMING) -> PitchCurves:
    """Give the pitches of a whole mono sound at the framing's rate.

    Examples
    --------
    >>> curves = pitches_of(np.sin(2 * np.pi * 440.0 * np.arange(22050) / 22050).astype(np.float32))
    >>> curves.spectra.shape, LOWEST + curves.spectra[5].argmax().item() / PLACES, curves.leaning.cents()
    ((11, 217), 69.0, 0.0)
    """
    collector = PitchCollector(framing)
    spectrograms = Spectrograms([collector])
    spectrograms.push(samples)
    spectrograms.finish()
    return collector.curves()


@lru_cache(maxsize=4)
def pitch_filters(framing: Framing) -> csr_array:
    """Give triangles around the pitches, a third of a semitone to each side and one bin at least, each of sum 1.

    Returns
    -------
    float32 [shape=(SEMITONES * PLACES + 1, n_used_bins)]
        The bins are those from the first on.
    """
    pitch = LOWEST + np.arange(SEMITONES * PLACES + 1) / PLACES
    centre = 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)
    width = np.maximum(centre * (2.0 ** (1 / (12 * PLACES)) - 1.0), framing.rate / framing.size)
    hz = framing.frequencies_hz()
    hz = hz[hz < centre[-1] + 2 * width[-1]]
    weight = np.maximum(0.0, 1.0 - np.abs(hz - centre[:, np.newaxis]) / width[:, np.newaxis])
    return csr_array((weight / weight.sum(axis=1, keepdims=True)).astype(np.float32))
