"""Small array operations that the whole demo world is drawn with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Indices = NDArray[np.int32]
Codes = NDArray[np.int8]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]


def unit(vectors: Floats) -> Floats:
    """Scale vectors along the last axis to length 1.

    >>> unit(np.array([[3.0, 4.0]], dtype=np.float32)).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """
    scaled: Floats = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return scaled


def near(vectors: Floats, distance: float, rng: np.random.Generator) -> Floats:
    """Draw a unit vector beside each vector, a random step of about ``distance`` away."""
    noise = rng.standard_normal(vectors.shape, dtype=np.float32)
    return unit(vectors + noise * np.float32(distance / np.sqrt(vectors.shape[-1])))


def pick(weights: NDArray[np.floating], rng: np.random.Generator) -> Indices:
    """Draw one column of each row by its weight.

    Parameters
    ----------
    weights : float >= 0 [shape=(n, k)]
        Need not sum to 1; each row has a positive weight.

    Examples
    --------
    >>> pick(np.array([[0.0, 1.0, 0.0], [2.0, 0.0, 0.0]]), np.random.default_rng(0)).tolist()
    [1, 0]
    """
    reach = np.cumsum(weights, axis=1, dtype=np.float64)
    # In (0, total]: a column without weight is never landed on.
    point = (1.0 - rng.random(len(weights))) * reach[:, -1]
    picked: Indices = (reach < point[:, None]).sum(axis=1, dtype=np.int32)
    return picked


def allot(total: int, weights: NDArray[np.floating], capacity: Longs) -> Longs:
    """Divide a whole number by weights, with a limit for each.

    Parameters
    ----------
    total : int
        At most the sum of the capacities.
    weights : float > 0 [shape=(n,)]
    capacity : int64 >= 0 [shape=(n,)]

    Returns
    -------
    int64 [shape=(n,)]
        Sums to ``total``.

    Examples
    --------
    >>> allot(10, np.array([1.0, 1.0, 8.0]), np.array([9, 9, 4])).tolist()
    [3, 3, 4]
    """
    counts = np.zeros(len(weights), dtype=np.int64)
    while (left := total - int(counts.sum())) > 0:
        room = capacity - counts
        share = np.where(room > 0, weights, 0.0)
        share = left * share / share.sum()
        step = np.minimum(np.floor(share).astype(np.int64), room)
        if not step.any():  # less than one each: the largest shares get it
            step[np.argsort(-share, kind="stable")[: min(left, int((room > 0).sum()))]] = 1
        counts += step
    return counts
