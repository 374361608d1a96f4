"""What tracks sound like, as short vectors whose cosine says how alike they are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: Directions that are kept of long vectors: those in which tracks differ most.
_KEPT = 24
#: Vectors that the directions are found from, at most.
_SAMPLE = 20_000
#: What stands for the sound where nobody has listened to it.
_DESCRIBING = ("acousticness", "instrumentalness", "valence", "danceability", "energy")


def timbre_vectors(embeddings: Floats, features: Mapping[str, Floats]) -> Floats:
    """Give short vectors of length 1; zeros where nothing is known.

    Vectors of the sound are taken where at least half of the tracks have one, and descriptive features else: the two
    cannot be compared.

    Parameters
    ----------
    embeddings : float32 [shape=(n, d)]
        Rows of zeros where there is none; ``d`` may be 0.
    features : mapping of str to float32 [shape=(n,)]
        NaN where unknown.

    Returns
    -------
    float32 [shape=(n, k)]
    """
    known = np.asarray(embeddings.any(axis=1)) if embeddings.size else np.zeros(len(embeddings), dtype=np.bool_)
    if known.any() and known.mean() >= 0.5:
        return _placed(_reduced(embeddings[known]), known)
    table = np.stack([features[name] for name in _DESCRIBING], axis=1)
    table = table[:, np.isfinite(table).any(axis=0)]
    known = np.asarray(np.isfinite(table).all(axis=1)) if table.shape[1] else np.zeros(len(table), dtype=np.bool_)
    return _placed(_standard(table[known]), known)


def _placed(vectors: Floats, known: NDArray[np.bool_]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    placed = np.zeros((len(known), vectors.shape[1]), dtype=np.float32)
    placed[known] = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return placed


def _standard(table: Floats) -> Floats:
    if not len(table):
        return table
    spread = table.std(axis=0)
    return np.asarray((table - table.mean(axis=0)) / np.where(spread > 1e-6, spread, 1), dtype=np.float32)


def _reduced(embeddings: Floats) -> Floats:
    standard = np.clip(_standard(embeddings), -4, 4)
    step = max(1, len(standard) // _SAMPLE)
    sample = standard[::step].astype(np.float64)
    _, directions = np.linalg.eigh(sample.T @ sample)
    kept: Floats = (standard @ directions[:, ::-1][:, :_KEPT]).astype(np.float32)
    return _standard(kept)
