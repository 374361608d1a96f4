"""The rhythm as an analysis tells it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.rhythm import Groove, Rhythm, TempoCandidate


@dataclass(frozen=True, slots=True)
class ToldRhythm:
    """The fields of an :class:`~ml.audio_analysis.AudioAnalysis` that are about rhythm; as it stands, of silence."""

    tempo_bpm: float | None = None
    tempo_confidence: float | None = None
    tempo_candidates: tuple[TempoCandidate, ...] = ()
    time_signature: str | None = None
    time_signature_confidence: float | None = None
    onsets: tuple[float, ...] | None = None
    beats: tuple[float, ...] | None = None
    downbeats: tuple[float, ...] | None = None
    groove: Groove | None = None
    danceability: float | None = None


def tell_rhythm(found: Rhythm) -> ToldRhythm:
    """Tell what was found; tempi to 0.01 BPM, times to the millisecond."""
    onsets = _times(found.onsets_s)
    if found.tempo_bpm is None:
        return ToldRhythm(onsets=onsets)
    barred = found.time_signature is not None
    return ToldRhythm(
        tempo_bpm=round(found.tempo_bpm, 2),
        tempo_confidence=round(found.tempo_confidence, 4),
        tempo_candidates=tuple(
            TempoCandidate(round(one.bpm, 2), round(one.probability, 4)) for one in found.tempo_candidates
        ),
        time_signature=found.time_signature,
        time_signature_confidence=round(found.time_signature_confidence, 4) if barred else None,
        onsets=onsets,
        beats=_times(found.beats_s),
        downbeats=_times(found.downbeats_s) if barred else None,
        groove=None if found.groove is None else _rounded(found.groove),
        danceability=None if found.danceability is None else round(found.danceability, 3),
    )


def _times(seconds: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(seconds.round(3).tolist())


def _rounded(groove: Groove) -> Groove:
    digits = {"swing_ratio": 3, "microtiming_ms": 1, "pulse_clarity": 3}
    said = {name: getattr(groove, name) for name in digits}
    return replace(groove, **{name: round(value, digits[name]) for name, value in said.items() if value is not None})
