"""Curves along time in a few numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from ml.audio_analysis.results import SpectralSummary
from ml.features.audio import SpectralCurves


def summarise(curves: SpectralCurves) -> SpectralSummary | None:
    """Give means and standard deviations over the frames that are no pauses; None if all are."""
    sounding = curves.sounding()
    if not sounding.any():
        return None
    # The first frames have half a window of silence before them, and no frame before: the flux there says nothing.
    numbers: dict[str, Any] = {}
    for name in ("centroid_hz", "bandwidth_hz", "rolloff_hz", "flatness", "flux_db", "zero_crossing_rate"):
        values = getattr(curves, name)[sounding].astype(np.float64)
        stem, sign, unit = name.rpartition("_") if name.endswith(("_hz", "_db")) else (name, "", "")
        numbers[name] = float(values.mean())
        numbers[f"{stem}_std{sign}{unit}"] = float(values.std())
    mfcc = curves.mfcc()[sounding].astype(np.float64)
    return SpectralSummary(
        **numbers,
        contrast_db=_tuple(curves.contrast_db[sounding].astype(np.float64).mean(axis=0)),
        mfcc=_tuple(mfcc.mean(axis=0)),
        mfcc_std=_tuple(mfcc.std(axis=0)),
    )


def _tuple(values: np.ndarray[Any, Any]) -> tuple[float, ...]:
    return tuple(values.tolist())
