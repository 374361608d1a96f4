"""The mel scale: pitches as far apart as they sound, and spectra on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ml.features.audio.framing import Floats, Framing

Scale = Literal["slaney", "htk"]

# Slaney: linear up to 1,000 Hz (15 mel), logarithmic from there, 27 steps to 6,400 Hz.
_HZ_PER_MEL, _BREAK_HZ, _LOG_STEP = 200 / 3, 1000.0, np.log(6.4) / 27
_BREAK_MEL = _BREAK_HZ / _HZ_PER_MEL
#: Groups of neighbouring filters that are multiplied together: most of the matrix is 0.
_GROUPS = 12


def hz_to_mel(hz: ArrayLike, scale: Scale = "slaney") -> NDArray[np.float64]:
    """Give frequencies as mels.

    Parameters
    ----------
    hz : array_like >= 0
    scale : str
        ``"slaney"`` (Auditory Toolbox, 1998) or ``"htk"`` (O'Shaughnessy, 1987: ``2595 log10(1 + f / 700)``).

    Examples
    --------
    >>> hz_to_mel([200.0, 1000.0, 6400.0]).round(6).tolist(), float(hz_to_mel(1000.0, "htk").round(2))
    ([3.0, 15.0, 42.0], 999.99)
    """
    hz = np.asarray(hz, dtype=np.float64)
    if scale == "htk":
        return np.asarray(2595.0 * np.log10(1.0 + hz / 700.0))
    above = _BREAK_MEL + np.log(np.maximum(hz, _BREAK_HZ) / _BREAK_HZ) / _LOG_STEP
    return np.where(hz < _BREAK_HZ, hz / _HZ_PER_MEL, above)


def mel_to_hz(mel: ArrayLike, scale: Scale = "slaney") -> NDArray[np.float64]:
    """Give mels as frequencies in Hz: the inverse of :func:`hz_to_mel`."""
    mel = np.asarray(mel, dtype=np.float64)
    if scale == "htk":
        return np.asarray(700.0 * (10.0 ** (mel / 2595.0) - 1.0))
    above = _BREAK_HZ * np.exp(_LOG_STEP * (np.maximum(mel, _BREAK_MEL) - _BREAK_MEL))
    return np.where(mel < _BREAK_MEL, mel * _HZ_PER_MEL, above)


@dataclass(frozen=True, slots=True, eq=False)
class MelFilters:
    """Triangular filters, equally far apart on the mel scale.

    Parameters
    ----------
    weights : float32 >= 0 [shape=(n_bins, n_mels)]
    centers_hz : float64 [shape=(n_mels,)]
    """

    weights: Floats
    centers_hz: NDArray[np.float64]
    _groups: tuple[tuple[slice, slice, Floats], ...]

    def __call__(self, spectra: Floats) -> Floats:
        """Give mel spectra [shape=(n_frames, n_mels)] of spectra [shape=(n_frames, n_bins)].

        Each filter covers few bins: multiplying group by group leaves most of the zeros out.
        """
        mels = np.empty((len(spectra), self.weights.shape[1]), dtype=np.float32)
        for bins, filters, weights in self._groups:
            np.matmul(spectra[:, bins], weights, out=mels[:, filters])
        return mels


@lru_cache(maxsize=16)
def mel_filters(
    framing: Framing,
    n_mels: int = 128,
    *,
    low_hz: float = 0.0,
    high_hz: float | None = None,
    scale: Scale = "slaney",
    area: bool = True,
) -> MelFilters:
    """Make the filters for a framing; made once for the same arguments.

    Parameters
    ----------
    framing : Framing
    n_mels : int
    low_hz, high_hz : float
        Where the first filter begins and the last ends; None is half the rate.
    scale : str
        See :func:`hz_to_mel`.
    area : bool
        Whether filters have equal area (Slaney: the higher, the lower) rather than height 1 (HTK).

    Notes
    -----
    As ``librosa.filters.mel``, whose ``norm="slaney"`` is ``area``.
    """
    high_hz = framing.rate / 2 if high_hz is None else high_hz
    low, high = hz_to_mel([low_hz, high_hz], scale)
    edges = mel_to_hz(np.linspace(low, high, n_mels + 2), scale)
    slopes = framing.frequencies_hz()[:, np.newaxis] - edges
    rising = slopes[:, :-2] / (edges[1:-1] - edges[:-2])
    falling = -slopes[:, 2:] / (edges[2:] - edges[1:-1])
    weights = np.maximum(0.0, np.minimum(rising, falling))
    if area:
        weights *= 2.0 / (edges[2:] - edges[:-2])
    single = weights.astype(np.float32)
    single.flags.writeable = False
    return MelFilters(single, edges[1:-1], tuple(_grouped(single)))


def _grouped(weights: Floats) -> list[tuple[slice, slice, Floats]]:
    # The bins that the filters up to each one have used, in equal shares of the bins: high filters are wide.
    n_mels = weights.shape[1]
    last = np.array([np.flatnonzero(column).max(initial=0) for column in weights.T])
    bounds = np.unique(np.searchsorted(last, np.geomspace(max(8, last[0]), last[-1], _GROUPS)[:-1], side="right"))
    bounds = np.unique(np.concatenate(([0], bounds, [n_mels])))
    groups = []
    for first, end in pairwise(bounds.tolist()):
        used = np.flatnonzero(weights[:, first:end].any(axis=1))
        bins = slice(int(used[0]), int(used[-1]) + 1) if len(used) else slice(0, 1)
        groups.append((bins, slice(first, end), np.ascontiguousarray(weights[bins, first:end])))
    return groups


def decibels(power: Floats, *, floor: float = 1e-10) -> Floats:
    """Give powers in dB, those under the floor as the floor (-100 dB).

    >>> [round(level) for level in decibels(np.array([1.0, 0.01, 0.0], dtype=np.float32)).tolist()]
    [0, -20, -100]
    """
    level = np.log10(np.maximum(power, np.float32(floor)))
    level *= np.float32(10)
    return level
