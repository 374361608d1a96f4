"""The best k of many scores, exactly and fast.

A row of scores is folded into blocks that interleave (block ``b`` holds the columns ``b``,
``b + n_blocks``, …), so that the block maxima are one vectorised pass over the row. The k
best entries lie in the k blocks with the largest maxima, apart from ties with the last of
them; only those blocks are looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats, Indices

#: Columns of one block. Small blocks mean many maxima to select from, large ones many columns to look at again.
BLOCK = 32

#: Ranked candidates for each place in the list: artist caps may pass over many. Where these do not fill
#: the list, so many times as many are ranked.
DEPTH = 4


def top_k(scores: Floats, k: int) -> tuple[Indices, Floats]:
    """Find the k largest scores of each row, best first; equal scores in order of their column.

    Parameters
    ----------
    scores : float32 [shape=(n_users, n_items)]
        ``-inf`` marks a column that must not be returned.
    k : int >= 0
        How many; more than there are columns is allowed.

    Returns
    -------
    indices : int32 [shape=(n_users, k)]
        Columns, filled with -1 where a row has fewer than k scores above ``-inf``.
    values : float32 [shape=(n_users, k)]
        Their scores, filled with ``-inf``.

    Raises
    ------
    ValueError
        If a score is NaN or k is negative.

    Examples
    --------
    >>> indices, values = top_k(np.array([[1.0, 3.0, -np.inf, 3.0]], dtype=np.float32), 4)
    >>> indices, values
    (array([[ 1,  3,  0, -1]], dtype=int32), array([[  3.,   3.,   1., -inf]], dtype=float32))
    """
    if k < 0:
        raise ValueError(f"k must not be negative, not {k}")
    indices = np.full((len(scores), k), -1, dtype=np.int32)
    values = np.full((len(scores), k), -np.inf, dtype=np.float32)
    if k == 0:
        return indices, values
    for user, row in enumerate(scores):
        best = _candidates(row, k)
        best = best[row[best] > -np.inf]
        best = best[np.lexsort((best, -row[best]))][:k]
        indices[user, : len(best)] = best
        values[user, : len(best)] = row[best]
    return indices, values


def ranked(scores: Floats, count: int) -> Iterator[tuple[int, float]]:
    """Give (index, score) of a row, best first and as far as it is asked for; ``-inf`` is left out.

    Parameters
    ----------
    scores : float32 [shape=(n_items,)]
    count : int
        Length of the list that is wanted; ranking goes to a small multiple of it, and deeper only on demand.
    """
    given, depth = 0, max(count, 1)
    while given < len(scores):
        depth = min(len(scores), depth * DEPTH)
        indices, values = top_k(scores[np.newaxis, :], depth)
        for index, value in zip(indices[0, given:].tolist(), values[0, given:].tolist(), strict=True):
            if index < 0:
                return
            yield index, value
        given = depth


def _candidates(row: Floats, k: int) -> NDArray[np.int64]:
    """List columns that include the k best of a row, ties with the last one settled by column."""
    n_blocks = len(row) // BLOCK
    if n_blocks <= k:
        return _all_columns(row)
    maxima = row[: n_blocks * BLOCK].reshape(BLOCK, n_blocks).max(axis=0)
    blocks = np.argpartition(maxima, n_blocks - k)[n_blocks - k :]
    # NaN sorts last, so one that exists is a maximum and among the chosen; the remainder is looked at anyway.
    near = (blocks[:, None] + np.arange(BLOCK) * n_blocks).ravel()
    near = np.concatenate([near, np.arange(n_blocks * BLOCK, len(row))])
    near_scores = row[near]
    if np.isnan(near_scores).any():
        raise ValueError("scores contain NaN")
    last = np.partition(near_scores, len(near) - k)[len(near) - k]
    above = near[near_scores > last]
    # Where the last one is no better than a block's maximum, its equals may lie in blocks that were not chosen.
    complete = last > maxima[blocks].min()
    ties = np.sort(near[near_scores == last]) if complete else np.flatnonzero(row == last)
    return np.concatenate([above, ties[: k - len(above)]])


def _all_columns(row: Floats) -> NDArray[np.int64]:
    if np.isnan(row).any():
        raise ValueError("scores contain NaN")
    return np.arange(len(row))
