"""Where the frames of a sound lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Framing:
    """How a mono sound is cut into overlapping frames.

    Frame ``k`` is centred on sample ``k * hop``; the sound is continued by silence on both sides, so that it has
    ``1 + n_samples // hop`` frames, as in librosa.

    Parameters
    ----------
    rate : int
        Of the sound, in Hz.
    size : int
        Samples of a frame, even.
    hop : int
        Samples from one frame to the next, at most ``size``.

    Examples
    --------
    >>> framing = Framing(22050, 2048, 512)
    >>> framing.n_bins, framing.frames_in(22050), round(framing.frames_per_s, 2)
    (1025, 44, 43.07)
    >>> framing.times_s(3).round(4).tolist()
    [0.0, 0.0232, 0.0464]
    """

    rate: int = 22_050
    size: int = 2_048
    hop: int = 512

    def __post_init__(self) -> None:
        if self.rate < 1 or self.size < 2 or self.size % 2 or not 1 <= self.hop <= self.size:
            raise ValueError(f"{self}: size is even, hop between 1 and size, rate positive")

    @property
    def n_bins(self) -> int:
        """Frequencies of a spectrum."""
        return self.size // 2 + 1

    @property
    def frames_per_s(self) -> float:
        """Frames a second."""
        return self.rate / self.hop

    def frames_in(self, n_samples: int) -> int:
        """Count the frames of a sound."""
        return 1 + n_samples // self.hop

    def times_s(self, n_frames: int) -> NDArray[np.float64]:
        """Give the centres of the first frames in seconds [shape=(n_frames,)]."""
        return np.arange(n_frames, dtype=np.float64) * (self.hop / self.rate)

    def frequencies_hz(self) -> NDArray[np.float64]:
        """Give the centres of the bins in Hz [shape=(n_bins,)]."""
        return np.arange(self.n_bins, dtype=np.float64) * (self.rate / self.size)


class FrameStream:
    """Cuts a sound that arrives in pieces; the frames are the same however it is cut.

    Parameters
    ----------
    framing : Framing
    """

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._waiting = np.zeros(framing.size // 2, dtype=np.float32)
        self._n_samples = self._n_frames = 0

    def push(self, samples: Floats) -> Floats:
        """Take the next samples [shape=(n,)] and give the frames that are whole [shape=(n_frames, size)], a view."""
        self._n_samples += len(samples)
        return self._cut(np.concatenate((self._waiting, samples)))

    def finish(self) -> Floats:
        """Give the last frames, which reach beyond the end."""
        framing = self._framing
        left = framing.frames_in(self._n_samples) - self._n_frames
        wanted = (left - 1) * framing.hop + framing.size
        return self._cut(np.pad(self._waiting, (0, max(0, wanted - len(self._waiting))))[: max(0, wanted)])

    def _cut(self, samples: Floats) -> Floats:
        size, hop = self._framing.size, self._framing.hop
        n_frames = 0 if len(samples) < size else 1 + (len(samples) - size) // hop
        self._n_frames += n_frames
        self._waiting = samples[n_frames * hop :]
        if not n_frames:
            return np.empty((0, size), dtype=np.float32)
        # As sliding_window_view gives them, which takes longer to make them than many a feature.
        step = samples.strides[0]
        return np.ndarray((n_frames, size), samples.dtype, samples, 0, (hop * step, step))
