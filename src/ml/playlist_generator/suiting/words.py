"""How well tracks suit a word: by their sound, and by tags that say the word itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.data.identity import normalise
from ml.features.vocabulary import Word
from ml.playlist_generator.library.tracks import Tracks

Floats = NDArray[np.float32]

#: How far outside of a region a feature suits no more: half of the unit interval's third; a fifth of a usual tempo.
_GONE = {"tempo_bpm": 25.0}
_GONE_UNIT = 0.35
#: What is said of a feature that is unknown: as much as of one that is halfway out.
_UNKNOWN = 0.5


def suits_word(tracks: Tracks, word: Word) -> Floats:
    """Tell how well each track suits a word.

    The mean over the features that the word's region speaks of, each 1 inside and falling to 0; a tag that is the word,
    or leads to it, is as good as all of them. NaN for tracks of which nothing is known that the word speaks of.

    Returns
    -------
    float32, in [0, 1] or NaN [shape=(n,)]
    """
    suited = np.full(len(tracks), np.nan, dtype=np.float32)
    if word.region is not None:
        parts = [_inside(tracks.features[name], name, *ends) for name, ends in word.region.bounds.items()]
        table = np.stack(parts)
        known = np.isfinite(table)
        mean = np.where(known, table, np.float32(_UNKNOWN)).mean(axis=0)
        suited = np.where(known.any(axis=0), mean, np.float32(np.nan)).astype(np.float32)
    for text in (word.name, *(word.synonyms.split(", ") if word.synonyms else ())):
        suited[tracks.tags.get(normalise(text), np.empty(0, dtype=np.int64))] = 1.0
    return suited


def unknown_features(tracks: Tracks, word: Word) -> tuple[str, ...]:
    """Name the features that a word speaks of and no track has."""
    if word.region is None:
        return ()
    return tuple(name for name in word.region.bounds if not np.isfinite(tracks.features[name]).any())


def _inside(values: Floats, name: str, low: float, high: float) -> Floats:
    away = np.maximum(np.maximum(np.float32(low) - values, values - np.float32(high)), 0)
    return np.asarray(np.maximum(1 - away / np.float32(_GONE.get(name, _GONE_UNIT)), 0), dtype=np.float32)
