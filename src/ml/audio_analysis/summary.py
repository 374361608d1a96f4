"""Curves along time in a few numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.results import SpectralSummary, Waveform
from ml.features.audio import SpectralCurves
from ml.features.audio.framing import Floats
from ml.features.audio.overview import Overview


def summarise(curves: SpectralCurves) -> SpectralSummary | None:
    """Give means and standard deviations over the frames that are no pauses; None if all are."""
    sounding = curves.sounding()
    if not sounding.any():
        return None
    numbers: dict[str, Any] = {}
    for name in ("centroid_hz", "bandwidth_hz", "rolloff_hz", "flatness", "zero_crossing_rate"):
        values = getattr(curves, name)[sounding].astype(np.float64)
        stem, sign, unit = name.rpartition("_") if name.endswith("_hz") else (name, "", "")
        numbers[name] = float(values.mean())
        numbers[f"{stem}_std{sign}{unit}"] = float(values.std())
    rises = curves.flux_db[sounding & _comparable(curves)].astype(np.float64)
    mfcc = curves.mfcc()[sounding].astype(np.float64)
    return SpectralSummary(
        **numbers,
        flux_db=float(rises.mean()) if len(rises) else None,
        flux_std_db=float(rises.std()) if len(rises) else None,
        contrast_db=_tuple(curves.contrast_db[sounding].astype(np.float64).mean(axis=0)),
        mfcc=_tuple(mfcc.mean(axis=0)),
        mfcc_std=_tuple(mfcc.std(axis=0)),
    )


def rounded(vector: Floats, digits: int = 5) -> tuple[float, ...]:
    """Give a vector's numbers to so many digits: what is written of it then takes half the room.

    >>> rounded(np.array([1 / 3, -2000 / 3], dtype=np.float32))
    (0.33333, -666.67)
    """
    return tuple(float(f"{value:.{digits}g}") for value in vector.tolist())


def overview_told(found: Overview, rate: int) -> Waveform:
    """Give the overview of a waveform, samples to three digits behind the point."""
    values = (found.low, found.high, found.rms)
    return Waveform(found.samples_per_point / rate, *(_tuple(one.astype(np.float64).round(3)) for one in values))


def _comparable(curves: SpectralCurves) -> NDArray[np.bool_]:
    """Tell which frames lie in the sound, and so does the one before: at its edges the flux is that of a cut."""
    frame, half = np.arange(len(curves.flux_db)), curves.framing.size / 2 / curves.framing.hop
    return np.asarray((frame - 1 >= half) & (frame <= len(frame) - 1 - half))


def _tuple(values: np.ndarray[Any, Any]) -> tuple[float, ...]:
    return tuple(values.tolist())
