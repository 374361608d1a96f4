"""Tuning, key and chords of one sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.harmony.chords import NONE, chord_scores, likeliest_path, runs
from ml.audio_analysis.harmony.diatonic import expected, tonics_along
from ml.audio_analysis.harmony.key import (
    LEAST_CLASSES,
    evidence,
    key_scores,
    movement,
    tonal_probability,
    tonality,
)
from ml.audio_analysis.harmony.weights import HarmonyWeights, shipped
from ml.features.audio.chroma import Chroma, chroma_of, classes_sounding
from ml.features.audio.framing import Framing
from ml.features.audio.pitch import PitchCurves
from ml.features.keys import NAMES, camelot
from ml.foundation.results import Result

#: A sound whose probability of having a key is less has none.
_LEAST = 0.5
#: One note, or one chord, that never changes has no key.
_LEAST_MOVEMENT = 0.1
#: A key that is less likely is none: nothing speaks for it.
_LEAST_KEY = 0.2
#: Keys that are listed.
_CANDIDATES = 3
#: A window of pitches takes 0.37 s: what is shorter is a click to it, which has any chord.
_SHORTEST_S = 0.4


@dataclass(frozen=True, slots=True)
class KeyCandidate(Result):
    """A key and how likely it is."""

    key: str
    mode: str
    camelot: str
    probability: float


@dataclass(frozen=True, slots=True)
class KeyChange(Result):
    """Another key, and from when on."""

    start_s: float
    key: str
    mode: str
    camelot: str


@dataclass(frozen=True, slots=True)
class ChordSpan(Result):
    """A stretch of time with one chord, in the syntax of Harte: ``C:maj``, ``A:min``; ``N`` where there is none."""

    start_s: float
    end_s: float
    chord: str


@dataclass(frozen=True, slots=True)
class Harmony:
    """What is heard of the harmony; None and empty where there is none.

    Parameters
    ----------
    tuning_cents : float or None
        Off A = 440 Hz, in [-50, 50).
    key, mode, camelot : str or None
    key_confidence : float in [0, 1] or None
        How likely the key is right.
    candidates : tuple of KeyCandidate
        The likeliest keys, the best first, also where none is likely enough to be named. Their probabilities are with
        that of there being a key.
    changes : tuple of KeyChange
        Where the key changes to one of the same mode.
    chords : tuple of ChordSpan
        Without gaps, from the beginning to the end.
    """

    tuning_cents: float | None = None
    key: str | None = None
    mode: str | None = None
    key_confidence: float | None = None
    camelot: str | None = None
    candidates: tuple[KeyCandidate, ...] = ()
    changes: tuple[KeyChange, ...] = ()
    chords: tuple[ChordSpan, ...] = ()


def harmony_of(
    curves: PitchCurves, duration_s: float, weights: HarmonyWeights | None = None, *, chroma: Chroma | None = None
) -> Harmony:
    """Say what key and chords a sound has.

    Parameters
    ----------
    curves : PitchCurves
    duration_s : float
    weights : HarmonyWeights, optional
        Those that come with the package, if left out.
    chroma : Chroma, optional
        Of these curves, where it was folded already.
    """
    weights = weights or shipped()
    chroma = chroma_of(curves) if chroma is None else chroma
    if not chroma.registers.any():
        return Harmony()
    scores = chord_scores(chroma, weights.chords)
    path = likeliest_path(scores)
    chords = _spans(path, chroma.framing, duration_s)
    if duration_s < _SHORTEST_S or classes_sounding(curves) < LEAST_CLASSES:
        return Harmony(chords=(ChordSpan(0.0, duration_s, chord_name(NONE)),))
    tonal = tonal_probability(tonality(chroma, scores, path), weights.key)
    if tonal < _LEAST or movement(chroma) < _LEAST_MOVEMENT:
        return Harmony(chords=chords)
    keys = np.exp(key_scores(evidence(chroma, path), weights.key))
    chords = _spans(likeliest_path(scores + expected(keys)), chroma.framing, duration_s)
    likely = tonal * keys
    best = np.argsort(-likely, kind="stable")[:_CANDIDATES].tolist()
    candidates = tuple(KeyCandidate(*_named(key), float(likely[key])) for key in best)
    first = candidates[0]
    if first.probability < _LEAST_KEY:
        return Harmony(chroma.tuning_cents, candidates=candidates, chords=chords)
    named = (first.key, first.mode, first.probability, first.camelot)
    return Harmony(chroma.tuning_cents, *named, candidates, _changes(path, best[0], chroma.framing), chords)


def _named(key: int) -> tuple[str, str, str]:
    """Give name, mode and place on the wheel."""
    return NAMES[key % 12], "minor" if key >= 12 else "major", camelot(key)


def _changes(path: NDArray[np.intp], key: int, framing: Framing) -> tuple[KeyChange, ...]:
    """Say where the key changes; nowhere, if most of the time it would then not be the key of the whole."""
    tonics = tonics_along(path, key)
    if np.bincount(tonics, minlength=12).argmax() != key % 12:
        return ()
    found = []
    for first, _, tonic in runs(tonics)[1:]:
        found.append(KeyChange((first - 0.5) / framing.frames_per_s, *_named(tonic + 12 * (key >= 12))))
    return tuple(found)


def _spans(path: NDArray[np.intp], framing: Framing, duration_s: float) -> tuple[ChordSpan, ...]:
    """Put chords on the time line: a frame reaches half a hop to both sides of its centre."""
    found = []
    for first, end, chord in runs(path):
        start_s = max(0.0, (first - 0.5) / framing.frames_per_s)
        end_s = duration_s if end == len(path) else min(duration_s, (end - 0.5) / framing.frames_per_s)
        if end_s > start_s:
            found.append(ChordSpan(start_s, end_s, chord_name(chord)))
    return tuple(found)


def chord_name(chord: int) -> str:
    """Write a chord.

    >>> [chord_name(chord) for chord in (0, 21, 24)]
    ['C:maj', 'A:min', 'N']
    """
    return "N" if chord == NONE else f"{NAMES[chord % 12]}:{'min' if chord >= 12 else 'maj'}"
