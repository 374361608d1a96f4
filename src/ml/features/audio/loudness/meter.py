"""The loudness of a sound, all at once or as it arrives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.features.audio.loudness.filtering import BlockFilter, block_within
from ml.features.audio.loudness.gating import integrated_lufs, range_lu, to_lufs
from ml.features.audio.loudness.peaks import TruePeak, decibels_of_peak
from ml.features.audio.loudness.weighting import channel_weights, k_weighting

#: Blocks of a second; momentary loudness is of four, short-term loudness of thirty.
BLOCKS_PER_S, MOMENTARY, SHORT_TERM = 10, 4, 30
#: What ReplayGain 2 brings a track to.
REPLAYGAIN_LUFS = -18.0


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud a sound is; None where that cannot be said: of silence, and of what is too short.

    Parameters
    ----------
    integrated_lufs : float or None
        Of the whole, gated.
    range_lu : float or None
        Needs 3 s.
    momentary_max_lufs, short_term_max_lufs : float or None
        The loudest 400 ms and 3 s.
    true_peak_dbtp, sample_peak_dbfs : float or None
    replaygain_db : float or None
        Gain that brings it to -18 LUFS (ReplayGain 2).
    """

    integrated_lufs: float | None = None
    range_lu: float | None = None
    momentary_max_lufs: float | None = None
    short_term_max_lufs: float | None = None
    true_peak_dbtp: float | None = None
    sample_peak_dbfs: float | None = None
    replaygain_db: float | None = None


class LoudnessMeter:
    """Measures a sound that arrives in pieces: at each time the result is that of what has come so far.

    However the sound is cut, the result is the same to the last bit but one; a value of loudness is at most 100 ms old.

    Parameters
    ----------
    rate : int
        In Hz, from :data:`ml.features.audio.loudness.weighting.SLOWEST_HZ` on.
    n_channels : int
    weights : sequence of float, optional
        What each channel counts; left out, by :data:`ml.features.audio.loudness.weighting.WEIGHTS`.

    Raises
    ------
    ValueError
        If the number of channels has no standard layout and no weights were given, or the rate is too low.

    Examples
    --------
    A sine of 997 Hz and -20 dBFS on both channels is what BS.1770 is calibrated by:

    >>> sine = 0.1 * np.sin(2 * np.pi * 997 * np.arange(48000) / 48000).astype(np.float32)
    >>> meter = LoudnessMeter(48000, 2)
    >>> for _ in range(5):
    ...     meter.push(np.stack([sine, sine], axis=1))
    >>> round(meter.short_term_lufs, 1), round(meter.result().integrated_lufs, 1), meter.result().range_lu < 0.01
    (-20.0, -20.0, True)
    """

    def __init__(self, rate: int, n_channels: int, *, weights: Sequence[float] | None = None) -> None:
        self.rate, self.n_channels = rate, n_channels
        self._weights = channel_weights(n_channels, weights)
        piece = rate // BLOCKS_PER_S
        block = block_within(piece)
        self._filter = BlockFilter(k_weighting(rate), n_channels, block, piece // block)
        self._true_peak = TruePeak(n_channels)
        self._waiting = np.empty((0, n_channels), dtype=np.float32)
        self._n_done = self._n_blocks = 0
        self._energies: list[NDArray[np.float64]] = []
        self._lengths: list[NDArray[np.int64]] = []

    def push(self, samples: Floats) -> None:
        """Take the next samples [shape=(n, n_channels), or (n,) of a mono sound]."""
        samples = samples.reshape(len(samples), self.n_channels)
        self._true_peak.push(samples)
        joined = np.concatenate((self._waiting, samples)) if len(self._waiting) else samples
        whole = int((self._n_done + len(joined)) * BLOCKS_PER_S // self.rate) - self._n_blocks
        if whole < 1:
            self._waiting = joined.copy()
            return
        bounds = self._bounds(whole)
        self._weigh(joined[: bounds[-1]], bounds)
        self._waiting = joined[bounds[-1] :].copy()

    def _bounds(self, n_blocks: int) -> NDArray[np.int64]:
        """Give where the next blocks of 100 ms begin and end in what waits; rounding does not add up."""
        edges = -(-np.arange(self._n_blocks, self._n_blocks + n_blocks + 1) * self.rate // BLOCKS_PER_S)
        return np.asarray(edges - self._n_done, dtype=np.int64)

    def _weigh(self, samples: Floats, bounds: NDArray[np.int64]) -> None:
        filtered = self._filter(np.ascontiguousarray(samples.T, dtype=np.float32))
        power = np.add.reduceat(np.square(filtered, out=filtered), bounds[:-1], axis=1, dtype=np.float64)
        self._energies.append(self._weights @ power)
        self._lengths.append(np.diff(bounds))
        self._n_done += len(samples)
        self._n_blocks += len(bounds) - 1

    def _power(self, blocks: int, *, last: bool = False) -> NDArray[np.float64]:
        """Give the mean weighted power of that many blocks in a row, ending at each block, or at the last one only."""
        if self._n_blocks < blocks:
            return np.empty(0)
        if last:
            energies, lengths = _last(self._energies, blocks), _last(self._lengths, blocks)
            return np.array([energies.sum() / lengths.sum()])
        energies, lengths = np.concatenate(self._energies), np.concatenate(self._lengths)
        window = np.lib.stride_tricks.sliding_window_view
        return np.asarray(window(energies, blocks).sum(axis=1) / window(lengths, blocks).sum(axis=1))

    @property
    def momentary_lufs(self) -> float | None:
        """Loudness of the last 400 ms; None for silence and before there were as many."""
        return _finite(to_lufs(self._power(MOMENTARY, last=True)))

    @property
    def short_term_lufs(self) -> float | None:
        """Loudness of the last 3 s; None for silence and before there were as many."""
        return _finite(to_lufs(self._power(SHORT_TERM, last=True)))

    def momentary_curve(self) -> NDArray[np.float64]:
        """Give the momentary loudness, ten values a second from 0.4 s on; -inf for silence."""
        return to_lufs(self._power(MOMENTARY))

    def short_term_curve(self) -> NDArray[np.float64]:
        """Give the short-term loudness, ten values a second from 3 s on; -inf for silence."""
        return to_lufs(self._power(SHORT_TERM))

    def result(self) -> Loudness:
        """Give the loudness of all that has come; more may come afterwards."""
        momentary, short_term = self._power(MOMENTARY), self._power(SHORT_TERM)
        integrated = integrated_lufs(momentary)
        return Loudness(
            integrated_lufs=integrated,
            range_lu=range_lu(short_term),
            momentary_max_lufs=_finite(to_lufs(momentary)),
            short_term_max_lufs=_finite(to_lufs(short_term)),
            true_peak_dbtp=decibels_of_peak(self._true_peak.peak()),
            sample_peak_dbfs=decibels_of_peak(self._true_peak.sample_peak),
            replaygain_db=None if integrated is None else REPLAYGAIN_LUFS - integrated,
        )


def measure_loudness(samples: Floats, rate: int, *, weights: Sequence[float] | None = None) -> Loudness:
    """Measure a whole sound; see :class:`LoudnessMeter`.

    Parameters
    ----------
    samples : float32 [shape=(n_samples, n_channels) or (n_samples,)]
        At the full rate of the sound: a lower one misses what lies above its half.
    rate : int
        In Hz.
    weights : sequence of float, optional
    """
    columns = samples.reshape(len(samples), -1)
    meter = LoudnessMeter(rate, columns.shape[1], weights=weights)
    # In pieces: filtered whole, a long sound would be written to memory and read back.
    piece = 2 * rate
    for start in range(0, len(columns), piece):
        meter.push(columns[start : start + piece])
    return meter.result()


def _last(parts: list[NDArray[Any]], count: int) -> NDArray[Any]:
    """Join as many parts from the end as hold that many values."""
    taken, held = [], 0
    for part in reversed(parts):
        taken.append(part)
        held += len(part)
        if held >= count:
            break
    return np.concatenate(taken[::-1])[-count:]


def _finite(lufs: NDArray[np.float64]) -> float | None:
    highest = float(lufs.max(initial=-np.inf))
    return highest if np.isfinite(highest) else None
