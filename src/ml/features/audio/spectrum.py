"""The shared spectrogram: power spectra of overlapping frames.

Everything spectral takes it, so that a sound is transformed once. Memory is 4 * n_bins bytes a frame (180 kB a second
at the default framing); :class:`SpectralStream` gives it batch by batch instead, for sounds of any length and for any
number of collectors, each of which keeps what it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.fft import rfft

from ml.features.audio.framing import Floats, FrameStream, Framing

#: Frames that are transformed together: their spectra stay in a processor's second cache.
BATCH = 128


@lru_cache(maxsize=16)
def hann(size: int) -> Floats:
    """Give the periodic Hann window, float32 [shape=(size,)].

    >>> hann(4).tolist()
    [0.0, 0.5, 1.0, 0.5]
    """
    window: Floats = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)
    window.flags.writeable = False
    return window


def magnitude_of(frames: Floats) -> Floats:
    """Transform frames.

    Parameters
    ----------
    frames : float32 [shape=(n_frames, size)]

    Returns
    -------
    float32 >= 0 [shape=(n_frames, size // 2 + 1)]
        Magnitude of the transform of each frame under a Hann window. A sine of amplitude 1 at the centre of a bin has
        ``size / 4``.
    """
    window = hann(frames.shape[1])
    magnitude = np.empty((len(frames), frames.shape[1] // 2 + 1), dtype=np.float32)
    for start in range(0, len(frames), BATCH):
        spectra = rfft(frames[start : start + BATCH] * window, axis=1, overwrite_x=True)
        np.abs(spectra, out=magnitude[start : start + BATCH])
    return magnitude


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Frames in a row with their spectra: what every spectral feature is made from.

    Parameters
    ----------
    first : int
        Number of the first frame.
    frames : float32 [shape=(n_frames, size)]
        Samples, a view.
    power : float32 >= 0 [shape=(n_frames, n_bins)]
        Square of the magnitude.
    magnitude : float32 >= 0 [shape=(n_frames, n_bins)]
        See :func:`magnitude_of`.
    """

    first: int
    frames: Floats
    power: Floats
    magnitude: Floats


class SpectralStream:
    """The spectrogram of a mono sound that arrives in pieces of any length.

    Parameters
    ----------
    framing : Framing

    Examples
    --------
    >>> stream = SpectralStream(Framing(rate=8000, size=64, hop=32))
    >>> [batch.power.shape for batch in stream.push(np.zeros(100, dtype=np.float32))]
    [(3, 33)]
    >>> [(batch.first, len(batch.power)) for batch in stream.finish()]
    [(3, 1)]
    """

    def __init__(self, framing: Framing) -> None:
        self.framing = framing
        self._frames = FrameStream(framing)
        self._n_frames = 0

    def push(self, samples: Floats) -> Iterator[Batch]:
        """Take the next samples [shape=(n,)] and give the frames that are whole."""
        return self._batches(self._frames.push(samples))

    def finish(self) -> Iterator[Batch]:
        """Give the last frames, which reach beyond the end."""
        return self._batches(self._frames.finish())

    def _batches(self, frames: Floats) -> Iterator[Batch]:
        for start in range(0, len(frames), BATCH):
            part = frames[start : start + BATCH]
            magnitude = magnitude_of(part)
            yield Batch(self._n_frames, part, np.square(magnitude), magnitude)
            self._n_frames += len(part)


def power_spectrogram(samples: Floats, framing: Framing) -> Floats:
    """Give the power spectra of a whole mono sound.

    Parameters
    ----------
    samples : float32 [shape=(n_samples,)]
        At the framing's rate.
    framing : Framing

    Returns
    -------
    float32 >= 0 [shape=(n_frames, n_bins)]
        Squares of :func:`magnitude_of`.

    Examples
    --------
    >>> framing = Framing(rate=8000, size=64, hop=32)
    >>> sine = np.sin(2 * np.pi * 1000 * np.arange(800) / 8000).astype(np.float32)
    >>> spectra = power_spectrogram(sine, framing)
    >>> spectra.shape, framing.frequencies_hz()[spectra[10].argmax()].item(), round(spectra[10].max().item())
    ((26, 33), 1000.0, 256)
    """
    stream = FrameStream(framing)
    power = np.concatenate((magnitude_of(stream.push(samples)), magnitude_of(stream.finish())))
    return np.square(power, out=power)
