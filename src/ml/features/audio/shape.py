"""The shape of spectra: where they lie, how wide, how tonal, how they change.

Conventions
-----------
``spectra`` are float32 >= 0 [shape=(n_frames, n_bins)], magnitudes unless it says power; ``frequencies_hz`` has
[shape=(n_bins,)]. Results have [shape=(n_frames,)] unless it says otherwise, and are those of ``librosa.feature``.
A frame without any energy has no shape: where a value is a quotient, it is 0.

References
----------
Peeters, "A large set of audio features for sound description" (2004); Jiang et al., "Music type classification by
spectral contrast feature" (2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats

_TINY = np.float32(1e-10)
#: Bins that are summed together on the way to the roll-off.
_GROUP = 32


def centroid_hz(spectra: Floats, frequencies_hz: NDArray[np.float64]) -> Floats:
    """Give the mean frequency, weighted by magnitude: how bright it sounds.

    >>> centroid_hz(np.array([[0, 1, 1], [0, 0, 0]], dtype=np.float32), np.array([0.0, 100.0, 200.0])).tolist()
    [150.0, 0.0]
    """
    return _share(spectra @ frequencies_hz.astype(np.float32), _totals(spectra))


def bandwidth_hz(spectra: Floats, frequencies_hz: NDArray[np.float64], centroids_hz: Floats) -> Floats:
    """Give the standard deviation of frequency around the centroid, weighted by magnitude.

    >>> spectra = np.array([[0, 1, 1]], dtype=np.float32)
    >>> bandwidth_hz(spectra, np.array([0.0, 100.0, 200.0]), np.array([150.0], dtype=np.float32)).tolist()
    [50.0]
    """
    # E[f^2] - 2 c E[f] + c^2 in double precision: it loses digits where a spectrum is a line.
    powers = np.stack([np.ones_like(frequencies_hz), frequencies_hz, frequencies_hz**2], axis=1)
    totals, firsts, seconds = (spectra.astype(np.float64) @ powers).T
    centers = centroids_hz.astype(np.float64)
    variance = _share(seconds - 2 * centers * firsts, totals) + centers**2
    return np.sqrt(np.maximum(variance, 0.0)).astype(np.float32)


def rolloff_hz(spectra: Floats, frequencies_hz: NDArray[np.float64], share: float = 0.85) -> Floats:
    """Give the lowest frequency under which that share of the magnitude lies.

    >>> rolloff_hz(np.ones((1, 10), dtype=np.float32), np.arange(10.0)).tolist()
    [8.0]
    """
    n_bins = spectra.shape[1]
    # First the group of bins, then the bin: a running sum over all of them takes twice as long.
    running = np.cumsum(spectra @ _membership(n_bins), axis=1)
    wanted = np.float32(share) * running[:, -1:]
    group = (running >= wanted).argmax(axis=1)[:, np.newaxis]
    before = np.where(group > 0, np.take_along_axis(running, np.maximum(group - 1, 0), axis=1), np.float32(0))
    bins = np.minimum(group * _GROUP + np.arange(_GROUP), n_bins - 1)
    within = before + np.cumsum(np.take_along_axis(spectra, bins, axis=1), axis=1)
    # What rounding leaves below the sum of the group is the last bin.
    place = np.where(within[:, -1:] < wanted, _GROUP - 1, (within >= wanted).argmax(axis=1)[:, np.newaxis])
    found: Floats = frequencies_hz[np.take_along_axis(bins, place, axis=1)[:, 0]].astype(np.float32)
    return found


@lru_cache(maxsize=16)
def _membership(n_bins: int) -> Floats:
    """Tell which group each bin is in, float32 in {0, 1} [shape=(n_bins, n_groups)]."""
    groups = np.arange(n_bins) // _GROUP
    return np.eye(groups[-1] + 1, dtype=np.float32)[groups]


def flatness(power: Floats) -> Floats:
    """Give the geometric over the arithmetic mean of power, in [0, 1]: 1 is white, 0 a pure tone.

    Silence counts as white, as in librosa: every bin is at the floor of 1e-10.

    >>> [round(value, 4) for value in flatness(np.array([[1, 1, 1], [1, 1e-6, 1e-6]], dtype=np.float32)).tolist()]
    [1.0, 0.0003]
    """
    floored = np.maximum(power, _TINY)
    share = np.full(power.shape[1], 1 / power.shape[1], dtype=np.float32)
    arithmetic = floored @ share
    geometric = np.exp(np.log(floored, out=floored) @ share)
    return np.minimum(geometric / arithmetic, np.float32(1))


def contrast_db(
    spectra: Floats,
    frequencies_hz: NDArray[np.float64],
    *,
    n_bands: int = 6,
    low_hz: float = 200.0,
    share: float = 0.02,
    bands: Sequence[tuple[slice, int]] | None = None,
) -> Floats:
    """Give how far peaks stand out of valleys, octave by octave.

    Parameters
    ----------
    spectra, frequencies_hz
        Half the rate has to lie above ``low_hz * 2 ** (n_bands - 1)``.
    n_bands : int
        Octaves from ``low_hz`` on; the first value is of what lies below it, the last reaches to half the rate.
    low_hz : float
    share : float
        Of the bins of an octave, the strongest and weakest whose means are compared.
    bands : sequence of (slice, int), optional
        What :func:`octave_bands` gives, where it was asked before.

    Returns
    -------
    float32 >= 0 [shape=(n_frames, n_bands + 1)]
        In dB of magnitude (10 log10), as ``librosa.feature.spectral_contrast``.
    """
    bands = bands or octave_bands(frequencies_hz, n_bands=n_bands, low_hz=low_hz)
    peaks, valleys = (np.empty((len(spectra), len(bands)), dtype=np.float32) for _ in range(2))
    for place, (band, width) in enumerate(bands):
        count = max(1, round(share * width))
        mean = np.full(count, 1 / count, dtype=np.float32)
        ordered = np.sort(spectra[:, band], axis=1)  # faster than a partition: NumPy sorts with vector instructions
        peaks[:, place], valleys[:, place] = ordered[:, -count:] @ mean, ordered[:, :count] @ mean
    contrast = np.log10(np.maximum(peaks, _TINY) / np.maximum(valleys, _TINY))
    return contrast * np.float32(10)


def octave_bands(
    frequencies_hz: NDArray[np.float64], *, n_bands: int = 6, low_hz: float = 200.0
) -> list[tuple[slice, int]]:
    """List the bins of each octave band, and the count that its share is of (with the bin of the upper edge)."""
    edges = [0.0, *(low_hz * 2.0**octave for octave in range(n_bands + 1))]
    bands = []
    for place, (low, high) in enumerate(pairwise(edges)):
        inside = np.flatnonzero((frequencies_hz >= low) & (frequencies_hz <= high))
        if not len(inside):
            raise ValueError(f"no bin between {low:g} and {high:g} Hz; take fewer bands or a longer frame")
        first, last = int(inside[0]) - (place > 0), int(inside[-1])
        if place == n_bands:
            last = len(frequencies_hz) - 1
        width = last - first + 1
        bands.append((slice(first, last + (place == n_bands)), width))
    return bands


def flux(spectra: Floats, before: Floats | None = None) -> Floats:
    """Give the mean rise from one frame to the next over the bins; falls do not count.

    Parameters
    ----------
    spectra : float32 [shape=(n_frames, n_bins)]
        Of log-mel spectra in dB it is the onset strength of Böck and Widmer (2013).
    before : float32 [shape=(n_bins,)], optional
        The frame before the first; without one the first value is 0.

    Examples
    --------
    >>> flux(np.array([[0, 0], [2, 0], [0, 4]], dtype=np.float32)).tolist()
    [0.0, 1.0, 2.0]
    """
    if not len(spectra):
        return np.empty(0, dtype=np.float32)
    first = spectra[:1] if before is None else before[np.newaxis]
    rises = np.diff(spectra, axis=0, prepend=first)
    np.maximum(rises, 0.0, out=rises)
    mean: Floats = rises.mean(axis=1)
    return mean


def _totals(spectra: Floats) -> Floats:
    return spectra @ np.ones(spectra.shape[1], dtype=np.float32)


def _share(parts: NDArray[Any], totals: NDArray[Any]) -> NDArray[Any]:
    shares = np.divide(parts, totals, out=np.zeros_like(parts), where=totals > 0)
    return np.asarray(shares, dtype=parts.dtype)
