"""An excerpt, as it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.fingerprint.landmarks import ASKED_PAIRS, landmarks
from ml.features.audio.fingerprint.peaks import ASKED, FRAMING, peaks_of
from ml.features.audio.framing import Floats

#: Alignments, so many to a hop.
ALIGNMENTS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """The landmarks of an excerpt at several alignments, each once a frame.

    Parameters
    ----------
    hashes : int64 [shape=(n,)]
        Ascending.
    frames : int64 [shape=(n,)]
    parts : int64 in [0, ALIGNMENTS) [shape=(n,)]
        By how many parts of a hop it was shifted.
    n_frames : int
    """

    hashes: NDArray[np.int64]
    frames: NDArray[np.int64]
    parts: NDArray[np.int64]
    n_frames: int

    @classmethod
    def of(cls, samples: Floats) -> Query:
        """Take a mono excerpt at 22,050 Hz [shape=(n,)]; ten seconds are plenty, thirty the most that is of use."""
        found = []
        n_frames = FRAMING.frames_in(len(samples))
        for part in range(ALIGNMENTS):
            peaks = peaks_of(samples[part * FRAMING.hop // ALIGNMENTS :], ASKED)
            hashes, frames = landmarks(peaks, ASKED_PAIRS)
            found.append(np.stack((hashes, frames, np.full(len(hashes), part))))
        every = np.concatenate(found, axis=1)
        _, first = np.unique((every[0] << 20) | every[1], return_index=True)
        hashes, frames, parts = every[:, first]
        return cls(hashes, frames, parts, n_frames)
