"""How much of who is near whom survives when vectors are laid out in the plane: pure functions.

Conventions
-----------
- ``before`` and ``after`` are ranks of neighbours, int [shape=(n_asked, n_others)]: for each point that is asked
  about, the others, the nearest first. Points may be a sample; the others are all.
- Every number is in [0, 1], and larger is better.

References
----------
Venna and Kaski, "Local multidimensional scaling", Neural Networks 19, 2006.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ranks = NDArray[np.integer]


def kept_neighbours(before: Ranks, after: Ranks, *, k: int) -> float:
    """Give the share of the k nearest that are among the k nearest still.

    >>> kept_neighbours(np.array([[1, 2, 3, 4]]), np.array([[2, 4, 1, 3]]), k=2)
    0.5
    """
    shared = [np.intersect1d(one[:k], other[:k]).size for one, other in zip(before, after, strict=True)]
    return float(np.mean(shared) / k)


def trustworthiness(before: Ranks, after: Ranks, *, k: int) -> float:
    r"""Tell how seldom strangers are shown as neighbours.

    .. math:: 1 - \frac{2}{n k (2N - 3k - 1)} \sum_i \sum_{j \in U_k(i)} (r(i, j) - k)

    where :math:`U_k(i)` are the k nearest after, which were not before, r their ranks before, and N all points.

    >>> trustworthiness(np.array([[1, 2, 3, 4, 5]]), np.array([[1, 2, 3, 4, 5]]), k=2)
    1.0
    """
    return _unmoved(before, after, k)


def continuity(before: Ranks, after: Ranks, *, k: int) -> float:
    """Tell how seldom neighbours are torn apart: as :func:`trustworthiness`, with before and after exchanged."""
    return _unmoved(after, before, k)


def _unmoved(before: Ranks, after: Ranks, k: int) -> float:
    n, others = before.shape
    total = 0
    for one, other in zip(before, after, strict=True):
        new = np.setdiff1d(other[:k], one[:k])
        total += int((np.flatnonzero(np.isin(one, new)) + 1 - k).sum())
    return float(1 - 2 * total / (n * k * (2 * (others + 1) - 3 * k - 1)))
