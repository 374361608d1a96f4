"""An excerpt, as it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.fingerprint.landmarks import ASKED_PAIRS, landmarks
from ml.features.audio.fingerprint.peaks import ASKED, FRAMING, Peaks, peaks_of
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
    begin : int
        Where in its own track it begins, in frames.
    """

    hashes: NDArray[np.int64]
    frames: NDArray[np.int64]
    parts: NDArray[np.int64]
    n_frames: int
    begin: int = 0

    def at(self, rows: NDArray[np.intp]) -> Query:
        """Give some of the landmarks; rows ascend."""
        return replace(self, hashes=self.hashes[rows], frames=self.frames[rows], parts=self.parts[rows])

    @classmethod
    def of_track(cls, peaks: Peaks, seconds: float = 30.0) -> Query:
        """Take the middle of a track whose peaks are known, at the one alignment that they have."""
        length = round(seconds * FRAMING.rate / FRAMING.hop)
        begin = max(0, (peaks.n_frames - length) // 2)
        here = (peaks.frames >= begin) & (peaks.frames < begin + length)
        hashes, frames = landmarks(Peaks(peaks.frames[here] - begin, peaks.bins[here], length))
        order = np.argsort(hashes, kind="stable")
        return cls(
            hashes[order], frames[order], np.zeros(len(order), dtype=np.int64), min(length, peaks.n_frames), begin
        )

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
