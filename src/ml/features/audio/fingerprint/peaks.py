"""Spectral peaks: the points of a spectrogram that lie above all around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.collecting import Spectrograms
from ml.features.audio.framing import Floats, Framing
from ml.features.audio.spectrum import Batch

FRAMING = Framing(rate=22_050, size=2_048, hop=512)
#: Raised where the same sound gets other peaks.
PEAKS_VERSION = 1
#: Bins that are looked at, 150 Hz to 3.4 kHz, and where the bands begin that get an equal share of the peaks.
LOWEST, HIGHEST = 14, 316
BANDS = (14, 40, 68, 118, 193)
#: A peak is the highest of so many bins and frames to each side: 86 Hz and 116 ms.
AROUND_BINS, AROUND_FRAMES = 8, 5
#: Peaks a second, by band, of a track that is kept, and of an excerpt that is looked for.
KEPT, ASKED = 5, 10
#: Magnitude under which nothing is a peak: a sine of -90 dBFS.
FLOOR = FRAMING.size / 4 * 10 ** (-90 / 20)
#: Frames over which the strongest are chosen: a second.
BLOCK = 43


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """Peaks by time, then by frequency.

    Parameters
    ----------
    frames : int64 [shape=(n,)]
        Of :data:`FRAMING`.
    bins : int64 in [0, 512) [shape=(n,)]
    n_frames : int
        Of the whole sound.
    """

    frames: NDArray[np.int64]
    bins: NDArray[np.int64]
    n_frames: int

    def to_bytes(self) -> bytes:
        """Write them in two bytes a peak: seven bits of frames since the last peak, nine of the bin.

        >>> peaks = Peaks(np.array([3, 400]), np.array([20, 300]), 500)
        >>> again = Peaks.from_bytes(peaks.to_bytes())
        >>> again.frames.tolist(), again.bins.tolist(), again.n_frames
        ([3, 400], [20, 300], 500)
        """
        steps = np.diff(self.frames, prepend=0)
        # A longer step is written as steps of 127 to no peak (bin 0), as often as it takes.
        more = steps // 127
        steps -= 127 * more
        at = np.arange(len(steps)) + np.cumsum(more)
        words = np.full(len(steps) + int(more.sum()), 127 << 9, dtype="<u2")
        words[at] = (steps << 9) | self.bins
        return np.array([self.n_frames], dtype="<u4").tobytes() + words.tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Peaks:
        """Read what :meth:`to_bytes` has written.

        Raises
        ------
        ValueError
            If it is something else.
        """
        if len(data) < 4 or len(data) % 2:
            raise ValueError("no fingerprint")
        n_frames = int(np.frombuffer(data, dtype="<u4", count=1)[0])
        words = np.frombuffer(data, dtype="<u2", offset=4).astype(np.int64)
        frames, bins = np.cumsum(words >> 9), words & 511
        there = bins > 0
        if len(frames) and frames[-1] >= max(n_frames, 1):
            raise ValueError("no fingerprint: peaks beyond the end")
        return cls(frames[there], bins[there], n_frames)


class PeakCollector:
    """Takes batches of a spectrogram and keeps its peaks; 90 a second at most, twenty bytes each."""

    framing = FRAMING

    def __init__(self) -> None:
        width = HIGHEST - LOWEST
        # Before the first frame and after the last there is silence.
        self._spectra = np.zeros((AROUND_FRAMES, width), dtype=np.float32)
        self._highest = np.zeros((AROUND_FRAMES, width), dtype=np.float32)
        self._first = -AROUND_FRAMES
        self._n_frames = 0
        self._found: list[tuple[NDArray[np.int64], NDArray[np.int64], Floats]] = []

    def add(self, batch: Batch) -> None:
        """Take the next frames."""
        self._n_frames += len(batch.magnitude)
        self._take(batch.magnitude[:, LOWEST:HIGHEST])

    def peaks(self, per_band: int = KEPT) -> Peaks:
        """Give the strongest, so many a second and band; nothing can be added afterwards."""
        self._take(np.zeros((AROUND_FRAMES, HIGHEST - LOWEST), dtype=np.float32))
        if not self._found:
            none = np.empty(0, dtype=np.int64)
            return Peaks(none, none, self._n_frames)
        frames, bins, strength = (np.concatenate(part) for part in zip(*self._found, strict=True))
        keep = _strongest(frames, bins, strength, per_band)
        return Peaks(frames[keep], bins[keep], self._n_frames)

    def _take(self, spectra: Floats) -> None:
        spectra = np.concatenate((self._spectra, spectra))
        highest = np.concatenate((self._highest, _running_max(spectra[len(self._spectra) :].T, AROUND_BINS).T))
        inner = len(spectra) - 2 * AROUND_FRAMES
        if inner > 0:
            middle = spectra[AROUND_FRAMES:-AROUND_FRAMES]
            around = _running_max(highest, AROUND_FRAMES)[AROUND_FRAMES:-AROUND_FRAMES]
            frames, bins = np.nonzero((middle >= around) & (middle > np.float32(FLOOR)))
            if len(frames):
                first = self._first + AROUND_FRAMES
                self._found.append((frames + first, bins + LOWEST, middle[frames, bins]))
            self._first += inner
            spectra, highest = spectra[inner:], highest[inner:]
        self._spectra, self._highest = spectra, highest


def peaks_of(samples: Floats, per_band: int = KEPT) -> Peaks:
    """Give the peaks of a whole mono sound at 22,050 Hz.

    Examples
    --------
    >>> time = np.arange(22050) / 22050
    >>> peaks = peaks_of((0.5 * np.sin(2 * np.pi * 1000 * time) * np.exp(-5 * time)).astype(np.float32))
    >>> set(peaks.bins[peaks.frames < 3].tolist()) >= {93}, peaks.n_frames
    (True, 44)
    """
    collector = PeakCollector()
    spectrograms = Spectrograms([collector])
    spectrograms.push(samples)
    spectrograms.finish()
    return collector.peaks(per_band)


def _running_max(values: Floats, reach: int) -> Floats:
    """Give the highest of so many rows to each side, by doubling spans; rows beyond the ends do not count."""
    n, width = len(values), 2 * reach + 1
    padded = np.full((n + 2 * reach, *values.shape[1:]), -np.inf, dtype=values.dtype)
    padded[reach : reach + n] = values
    span, run = 1, padded
    while 2 * span <= width:
        run = np.maximum(run[:-span], run[span:])
        span *= 2
    found: Floats = np.maximum(run[:n], run[width - span : width - span + n])
    return found


def _strongest(
    frames: NDArray[np.int64], bins: NDArray[np.int64], strength: Floats, per_band: int
) -> NDArray[np.int64]:
    """Choose the strongest of each band in each second, in the order of time."""
    cell = (frames // BLOCK) * len(BANDS) + np.searchsorted(BANDS, bins, side="right")
    order = np.lexsort((-strength, cell))
    ordered = cell[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered, side="left")
    return np.sort(order[rank < per_band])
