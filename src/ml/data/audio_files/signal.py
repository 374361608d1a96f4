"""Sound in memory: samples, their rate, and what was found wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.data.audio_files.problems import Problem

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Signal:
    """A sound; its samples cannot be written to.

    Parameters
    ----------
    samples : float32 [shape=(n_samples, n_channels)]
        Full scale is 1; decoded MP3 and floating-point files may go beyond it.
    rate : int > 0
        Samples a second, in Hz.
    source : str
        Where it comes from, to be named in messages: a path, or what kind of object it was.
    form : str or None
        What the bytes were: ``"mp3"``, ``"flac"``, ``"ogg"``, …; None for samples that were in memory already.
    problems : tuple of Problem

    Examples
    --------
    >>> stereo = Signal(np.array([[0.5, 0.25], [-0.5, 0.0]], dtype=np.float32), rate=2)
    >>> stereo.duration_s, stereo.n_channels, stereo.mono().tolist()
    (1.0, 2, [0.375, -0.25])
    """

    samples: Floats
    rate: int
    source: str = "array"
    form: str | None = None
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        view = self.samples.view()
        view.flags.writeable = False
        object.__setattr__(self, "samples", view)

    @property
    def n_samples(self) -> int:
        """Samples of each channel."""
        return len(self.samples)

    @property
    def n_channels(self) -> int:
        """Channels."""
        return int(self.samples.shape[1])

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.n_samples / self.rate

    def mono(self) -> Floats:
        """Give the mean of the channels, float32 [shape=(n_samples,)]."""
        return mixed_down(self.samples)

    def at(self, rate: int) -> Signal:
        """Give the same sound at another rate.

        Raises
        ------
        ml.foundation.errors.MissingExtra
            If the rate is another one and soxr is not installed.
        """
        from ml.data.audio_files.resampling import resample

        return self if rate == self.rate else replace(self, samples=resample(self.samples, self.rate, rate), rate=rate)


def mixed_down(samples: Floats) -> Floats:
    """Mix channels into one: their mean.

    Parameters
    ----------
    samples : float32 [shape=(n_samples, n_channels)]

    Returns
    -------
    float32 [shape=(n_samples,)]
    """
    n_channels = samples.shape[1]
    if n_channels == 1:
        return samples[:, 0]
    if n_channels == 2:  # thirty times as fast as a mean over the short axis
        mixed: Floats = (samples[:, 0] + samples[:, 1]) * np.float32(0.5)
        return mixed
    return samples @ np.full(n_channels, 1 / n_channels, dtype=np.float32)
