"""Rhythm and dynamics of a track as a few numbers."""

from __future__ import annotations

import numpy as np

from ml.features.audio.curves import SpectralCurves
from ml.features.audio.framing import Floats
from ml.features.audio.rhythm import Rhythm

#: What a tempo is told beside, in BPM.
_USUAL_BPM = 110.0
#: Frames over which level is taken: 0.4 s.
_LONG = 17
_PERCENTILES = (5.0, 25.0, 50.0, 75.0, 95.0)


def rhythmic(rhythm: Rhythm, duration_s: float) -> Floats:
    """Give tempo, how sure it is, onsets a second and how evenly they come, float32 [shape=(8,)].

    A tempo counts by its confidence: where there is none its octaves above 110 BPM are 0.
    """
    sure = rhythm.tempo_confidence if rhythm.tempo_bpm else 0.0
    octaves = np.log2(rhythm.tempo_bpm / _USUAL_BPM) if rhythm.tempo_bpm else 0.0
    gaps = np.log2(np.maximum(np.diff(rhythm.onsets_s), 0.02))
    middle, spread = (np.median(gaps), gaps.std()) if len(gaps) > 1 else (1.0, 0.0)
    strong = np.percentile(gaps, [10, 90]) if len(gaps) > 1 else np.array([1.0, 1.0])
    per_s = len(rhythm.onsets_s) / max(duration_s, 0.1)
    in_three = float(rhythm.time_signature in {"3/4", "6/8"})
    return np.array([octaves * sure, sure, per_s, middle, spread, *strong, in_three], dtype=np.float32)


def dynamic(curves: SpectralCurves) -> Floats:
    """Give how the level is spread and how it moves, in dB, float32 [shape=(12,)]: beside its mean power."""
    power = np.square(curves.rms.astype(np.float64))
    mean = max(float(power.mean()), 1e-12)
    width = min(_LONG, len(power))
    smooth = np.convolve(power, np.full(width, 1 / width), mode="valid")
    short, long = (10 * np.log10(np.maximum(part / mean, 1e-6)) for part in (power, smooth))
    falls = np.abs(np.diff(long)) if len(long) > 1 else np.zeros(1)
    found = [*np.percentile(short, _PERCENTILES), *np.percentile(long, _PERCENTILES), long.std(), falls.mean()]
    return np.asarray(found, dtype=np.float32)
