"""The nearest neighbours of many vectors: all of them at once, by cosine."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ml.models.retrieval.vectors.cells import cells_of, taught
from ml.models.retrieval.vectors.codes import coded

Floats = NDArray[np.float32]
Rows = NDArray[np.int32]
#: Above so many vectors, neighbours are looked for in the nearest cells only.
EXACT_UP_TO = 12_000
#: Cells that are looked into.
_PROBES = 40
_ROWS = 512
Told = Callable[[int, int], None]


def nearest_rows(
    vectors: Floats, k: int, *, among: Floats | None = None, rng: np.random.Generator, on_rows: Told = lambda *_: None
) -> Rows:
    """Find the nearest neighbours of each vector, the nearest first; none is its own neighbour.

    Parameters
    ----------
    vectors : float32 [shape=(n, size)]
    k : int >= 1
        At most as many as there are to be found.
    among : float32 [shape=(m, size)], optional
        Where to look; left out, among the vectors themselves.
    rng : numpy.random.Generator
        For the cells.
    on_rows : callable
        Told how many are done, and of how many.

    Returns
    -------
    int32 [shape=(n, k)]
        Exact for some thousand vectors; of more, some 19 of 20 are found (``library_map`` of the benchmarks).
    """
    asked, others = unit(vectors), unit(vectors if among is None else among)
    own = among is None
    if len(others) <= EXACT_UP_TO:
        found = np.empty((len(asked), k), dtype=np.int32)
        for begin in range(0, len(asked), _ROWS):
            near = asked[begin : begin + _ROWS] @ others.T
            if own:
                near[np.arange(len(near)), begin + np.arange(len(near))] = -np.inf
            found[begin : begin + _ROWS] = best(near, k)
            on_rows(min(begin + _ROWS, len(asked)), len(asked))
        return found
    return _in_cells(asked, others, k, own, rng, on_rows)


def unit(vectors: Floats) -> Floats:
    """Give directions; zeros stay zeros.

    >>> unit(np.array([[3, 4], [0, 0]], dtype=np.float32)).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0))


def best(near: Floats, k: int) -> Rows:
    """Give the columns of the k largest values of each row, the largest first."""
    top = np.argpartition(-near, k - 1, axis=1)[:, :k] if k < near.shape[1] else np.argsort(-near, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(near, top, axis=1), axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1).astype(np.int32)


def _in_cells(asked: Floats, others: Floats, k: int, own: bool, rng: np.random.Generator, on_rows: Told) -> Rows:
    codes, scales = coded(others)
    middles = taught(codes, scales, math.isqrt(len(others)), rng)
    members = np.argsort(cell := cells_of(codes, scales, middles), kind="stable").astype(np.int32)
    starts = np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=len(middles)))))
    asks = cell if own else (asked @ middles.T).argmax(axis=1)
    order = np.argsort(asks, kind="stable")
    ends = np.searchsorted(asks[order], np.arange(len(middles) + 1))
    # Whoever asks looks into the cells nearest to the middle of their own.
    looked = np.argsort(-(middles @ middles.T), axis=1, kind="stable")[:, :_PROBES]
    found = np.empty((len(asked), k), dtype=np.int32)
    for one in range(len(middles)):
        rows = order[ends[one] : ends[one + 1]]
        if not len(rows):
            continue
        candidates = np.concatenate([members[starts[each] : starts[each + 1]] for each in looked[one]])
        if len(candidates) <= k:  # cells that are nearly empty
            candidates = members
        for begin in range(0, len(rows), _ROWS):
            some = rows[begin : begin + _ROWS]
            near = asked[some] @ others[candidates].T
            if own:
                near[some[:, None] == candidates[None, :]] = -np.inf
            found[some] = candidates[best(near, k)]
        on_rows(int(ends[one + 1]), len(asked))
    return found
