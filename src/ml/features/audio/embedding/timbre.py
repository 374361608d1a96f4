"""Timbre: the distribution of the spectrum over the frames, without their order.

References
----------
Tzanetakis and Cook, "Musical genre classification of audio signals" (2002): means and deviations of cepstrum and
spectral shape. Seyerlehner, Widmer and Pohle, "Fusing block-level features for music similarity estimation" (2010):
percentiles of band levels and of their rises, and the correlation of bands.
"""

from __future__ import annotations

import numpy as np

from ml.features.audio.cepstrum import delta, mfcc
from ml.features.audio.curves import SpectralCurves
from ml.features.audio.embedding.levels import folded
from ml.features.audio.framing import Floats

#: Of which percentiles of band levels are kept.
_PERCENTILES = (10.0, 50.0, 90.0)
#: Frames over which rises are taken (70 ms).
_LAG = 3
#: Bands whose correlation is kept.
_CORRELATED = 12


def cepstral(levels: Floats, sounding: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """Give means and deviations of 19 coefficients, and the deviations of their slope and its slope.

    The level itself, coefficient 0, has a deviation but no mean.
    """
    coefficients = mfcc(levels)
    slope = delta(coefficients)
    bend = delta(slope)
    kept = [part[sounding] for part in (coefficients, slope, bend)]
    mean = kept[0].mean(axis=0)[1:]
    return np.concatenate([mean, *(part.std(axis=0) for part in kept)])


def spectral(curves: SpectralCurves) -> Floats:
    """Give means and deviations of brightness, spread, roll-off, flatness, flux, zero crossings and contrast.

    Frequencies are in octaves above 100 Hz, flatness in log10.
    """
    sounding = curves.sounding()
    hz = [
        np.log2(np.maximum(getattr(curves, f"{name}_hz"), 1.0) / 100.0) for name in ("centroid", "bandwidth", "rolloff")
    ]
    flat = np.log10(np.maximum(curves.flatness, 1e-6))
    columns = np.stack([*hz, flat, curves.flux_db, curves.zero_crossing_rate], axis=1)
    kept = np.concatenate([columns, curves.contrast_db], axis=1)[sounding]
    return np.concatenate([kept.mean(axis=0), kept.std(axis=0)])


def bands(levels: Floats, sounding: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """Give percentiles of the band levels: 10 %, 50 % and 90 %, of 24 bands each."""
    found = np.percentile(np.sort(folded(levels)[sounding], axis=0), _PERCENTILES, axis=0)
    return np.asarray(found, dtype=np.float32).ravel()


def rises(levels: Floats) -> Floats:
    """Give how much each band rises within 70 ms, mean and 95 %: attacks, in dB."""
    up = np.maximum(_differences(folded(levels)), np.float32(0))
    return np.concatenate([up.mean(axis=0), np.percentile(up, 95.0, axis=0).astype(np.float32)])


def correlations(levels: Floats, sounding: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """Give how far 12 bands move together: correlations of each pair."""
    kept = folded(levels, _CORRELATED)[sounding].astype(np.float64)
    kept -= kept.mean(axis=0)
    length = np.sqrt(np.square(kept).sum(axis=0)) + 1e-3 * np.sqrt(len(kept))
    both = (kept / length).T @ (kept / length)
    return np.asarray(both[np.triu_indices(_CORRELATED, 1)], dtype=np.float32)


def _differences(levels: Floats) -> Floats:
    lag = min(_LAG, len(levels) - 1)
    return np.asarray(levels[lag:] - levels[: len(levels) - lag]) if lag > 0 else np.zeros_like(levels)
