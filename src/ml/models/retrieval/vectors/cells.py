"""Cells: a search looks into those nearest to what is asked for, and not at all vectors."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ml.models.retrieval.vectors.codes import Codes, Floats

#: Below this many vectors every search reads them all.
EXACT_BELOW = 40_000
_TAUGHT_BY, _ROUNDS, _ROWS = 16, 4, 4_096


def how_many(n_vectors: int) -> int:
    """Give the number of cells for a number of vectors; none where all are read.

    >>> how_many(17_000), how_many(1_000_000)
    (0, 8000)
    """
    return 0 if n_vectors < EXACT_BELOW else 8 * math.isqrt(n_vectors)


def taught(codes: Codes, scales: Floats, n_cells: int, rng: np.random.Generator) -> Floats:
    """Find the middles of cells by k-means on the sphere, float32 [shape=(n_cells, size)].

    Parameters
    ----------
    codes, scales : see :func:`~ml.models.retrieval.vectors.codes.coded`
        A seeded sample of them is looked at.
    n_cells : int >= 1
    rng : numpy.random.Generator

    References
    ----------
    Dhillon and Modha, "Concept decompositions for large sparse text data using clustering", Machine Learning 42, 2001.
    """
    chosen = np.sort(rng.permutation(len(codes))[: _TAUGHT_BY * n_cells])
    sample = codes[chosen].astype(np.float32) * scales[chosen, None]
    middles = sample[rng.permutation(len(sample))[:n_cells]].copy()
    for _ in range(_ROUNDS):
        cell = _nearest(sample, middles)
        order = np.argsort(cell, kind="stable")
        sizes = np.bincount(cell, minlength=len(middles))
        full = np.flatnonzero(sizes)
        starts = np.concatenate(([0], np.cumsum(sizes)))[full]
        sums = np.add.reduceat(sample[order], starts, axis=0)
        middles[full] = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
        empty = np.flatnonzero(sizes == 0)
        middles[empty] = sample[rng.integers(0, len(sample), len(empty))]
    return middles


def cells_of(codes: Codes, scales: Floats, middles: Floats) -> NDArray[np.int32]:
    """Give the cell of each vector, int32 [shape=(n,)]."""
    parts = [
        _nearest(codes[begin : begin + _ROWS].astype(np.float32) * scales[begin : begin + _ROWS, None], middles)
        for begin in range(0, len(codes), _ROWS)
    ]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)


def _nearest(vectors: Floats, middles: Floats) -> NDArray[np.int32]:
    found = np.empty(len(vectors), dtype=np.int32)
    for begin in range(0, len(vectors), _ROWS):
        near = vectors[begin : begin + _ROWS] @ middles.T
        found[begin : begin + len(near)] = near.argmax(axis=1)
    return found
