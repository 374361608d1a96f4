"""What is wrong with samples: silence, clipping, channels that are no channels, an offset.

All is found in one pass over the blocks of a sound, in constant memory and at thousands of times real time.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ml.data.audio_files.problems import Problem
from ml.data.audio_files.signal import Floats
from ml.foundation.errors import BadInput

#: A peak below -80 dBFS: what is left in 16 bits is dither.
SILENT = 1e-4
#: The largest value of 16 bits. Three samples in a row there or beyond are what a clipped wave looks like; two are what
#: a limiter may leave.
FULL, RUN = 32766.5 / 32768, 3
#: Clipped samples an hour of sound may have before it is said: a limiter leaves some at full scale, without harm.
CLIPPED_SHARE = 2e-5
#: A mean this far from zero costs 0.1 dB of headroom, and clicks where the sound begins.
OFFSET = 0.01
#: The difference of two channels, in energy, below which they are one: -50 dB.
SAME_SHARE = 1e-5
#: Correlation of two channels below which their sum loses most of the sound.
OPPOSED = -0.9
#: The shortest sound whose loudness is defined: one block of BS.1770.
SHORTEST_S = 0.4
#: Beyond this a sample is no sample, but a number of another scale.
ABSURD = 16.0


#: Samples around one that cannot be any that a broken frame spoils too: a frame of AAC on both sides.
_SPOILT = 2_048


def no_samples(block: Floats) -> NDArray[np.bool_] | None:
    """Tell which samples [shape=(n, n_channels)] stand at or beside what cannot be sound; None where all can.

    Decoders make such things of broken frames.
    """
    if block.min(initial=0.0) >= -ABSURD and block.max(initial=0.0) <= ABSURD:  # false too where one is no number
        return None
    wrong = ~(np.abs(block).max(axis=1) <= ABSURD)
    near = np.convolve(wrong, np.ones(2 * _SPOILT + 1), mode="same")[: len(wrong)] > 0.5
    return np.asarray(near, dtype=np.bool_)


class Inspector:
    """Looks at a sound block by block.

    Parameters
    ----------
    rate : int
        In Hz.
    n_channels : int
    source : str
        To be named in errors.
    """

    def __init__(self, rate: int, n_channels: int, source: str) -> None:
        self.n_samples = 0
        self.peak = 0.0
        self._rate, self._source = rate, source
        self._peaks = np.zeros(n_channels)
        self._sums = np.zeros(n_channels)
        self._gram = np.zeros((n_channels, n_channels))
        self._runs = self._clipped = 0

    def push(self, block: Floats) -> None:
        """Look at the next samples [shape=(n, n_channels)].

        Raises
        ------
        BadInput
            If a sample is no number, or cannot be one of sound.
        """
        if not len(block):
            return
        # Turned, so that everything runs along the memory.
        channels = np.ascontiguousarray(block.T)
        sums = channels.sum(axis=1)
        if not np.isfinite(sums).all():
            self._refuse(block)
        peaks = np.maximum(channels.max(axis=1), -channels.min(axis=1))
        peak = float(peaks.max())
        if peak > ABSURD:
            raise BadInput(
                f"{self._source}: samples reach {peak:,.6g}, and full scale is 1",
                "pass whole numbers as an array of integers, or divide them by their full scale: 32768 for 16 bits",
            )
        self._peaks = np.maximum(self._peaks, peaks)
        self._sums += sums
        self._gram += channels @ channels.T
        if peak >= FULL:
            self._count_clipped(channels)
        self.n_samples += len(block)
        self.peak = max(self.peak, peak)

    def problems(self) -> tuple[Problem, ...]:
        """Say what is wrong with what was looked at so far."""
        return tuple(self._found())

    def _found(self) -> Iterator[Problem]:
        duration_s = self.n_samples / self._rate
        if duration_s < SHORTEST_S:
            yield Problem(
                "too_short", f"it lasts {1000 * duration_s:.3g} ms ({self.n_samples:,} samples): loudness needs 400 ms"
            )
        if self.peak <= SILENT:
            yield Problem("silent", "nothing is louder than -80 dBFS: there is no sound to analyse")
            return
        if self._clipped > max(RUN, CLIPPED_SHARE * self.n_samples):
            share = self._clipped / self.n_samples / len(self._peaks)
            yield Problem(
                "clipped",
                f"{self._runs:,} times {RUN} or more samples in a row stand at full scale ({share:.2%} of all)",
            )
        offset = np.abs(self._sums / self.n_samples).max()
        if offset > OFFSET and duration_s >= SHORTEST_S:
            yield Problem("dc_offset", f"the mean of the samples is {offset:.3f} of full scale instead of 0")
        if len(self._peaks) > 1:
            yield from self._found_between_channels()

    def _found_between_channels(self) -> Iterator[Problem]:
        silent = [str(place + 1) for place, peak in enumerate(self._peaks) if peak <= SILENT]
        if silent:
            of = "channel " + " and ".join(silent) if len(silent) < 3 else f"{len(silent)} channels"
            yield Problem("silent_channel", f"{of} of {len(self._peaks)} without a sound")
        if len(self._peaks) != 2 or silent:
            return
        left, right, both = self._gram[0, 0], self._gram[1, 1], self._gram[0, 1]
        if left + right - 2 * both <= SAME_SHARE * (left + right):
            yield Problem("identical_channels", "both channels carry the same sound: it is mono")
        elif both / np.sqrt(left * right) < OPPOSED:
            yield Problem("opposed_channels", "the channels cancel each other: in mono most of the sound is lost")

    def _count_clipped(self, channels: Floats) -> None:
        for channel in channels:
            lengths = _run_lengths(np.abs(channel) >= FULL)
            runs = lengths[lengths >= RUN]
            self._runs += len(runs)
            self._clipped += int(runs.sum())

    def _refuse(self, block: Floats) -> None:
        wrong = ~np.isfinite(block).all(axis=1)
        if wrong.any():
            first_s = (self.n_samples + int(wrong.argmax())) / self._rate
            count = f"{int(wrong.sum()):,} samples"
            raise BadInput(
                f"{self._source}: {count} are no numbers (NaN or infinite), the first at {first_s:.3f} s",
                "a sound is made of finite numbers; np.nan_to_num makes silence of the others",
            )


def _run_lengths(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Measure the runs of True.

    >>> _run_lengths(np.array([True, True, False, True])).tolist()
    [2, 1]
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    return edges[1::2] - edges[::2]
