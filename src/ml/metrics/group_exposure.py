"""Who is shown how prominently: exposure of groups of items in ranked lists, against what they should be given.

Conventions
-----------
- ``ranked`` is as in :mod:`ml.metrics.ranking`: int ``[n_users, n]``, best first, -1 where a list ends early.
- ``groups`` is int ``[n_items]``: the group of each item, in ``0..n_groups - 1``; an item is in exactly one.
- A place at rank r, from 1, gives the exposure 1 / log2(1 + r): a model of attention, not a measurement of it.
- Shares of a listener sum to 1 over the groups; ``nan`` where a list, or a history, is empty. Means over them
  give each listener the same voice, however much they play.

References
----------
Singh and Joachims, "Fairness of exposure in rankings", KDD 2018.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.metrics.lists import Ranked, Scores, first_places, share

Groups = NDArray[np.integer[Any]]


def discounts(k: int) -> Scores:
    """Give the exposure of each of the first k places, float64 [shape=(k,)].

    >>> discounts(3).round(3)
    array([1.   , 0.631, 0.5  ])
    """
    return 1.0 / np.log2(np.arange(2, k + 2))


def exposure_shares(ranked: Ranked, groups: Groups, *, n_groups: int, k: int) -> Scores:
    """Give the share of a list's exposure that each group has.

    Parameters
    ----------
    ranked : int [shape=(n_users, n)]
    groups : int [shape=(n_items,)]
    n_groups : int
    k : int >= 1

    Returns
    -------
    float64 in [0, 1] [shape=(n_users, n_groups)]

    Raises
    ------
    ValueError
        If an item is in no group of these, or :func:`~ml.metrics.lists.first_places` refuses the ranking.

    Examples
    --------
    >>> exposure_shares(np.array([[0, 2], [2, -1], [-1, -1]]), np.array([0, 0, 1]), n_groups=2, k=2).round(3)
    array([[0.613, 0.387],
           [0.   , 1.   ],
           [  nan,   nan]])
    """
    _check(groups, n_groups)
    first = first_places(ranked, n_items=len(groups), k=k)
    rows, places = np.nonzero(first >= 0)
    worth = discounts(first.shape[1])[places]
    return _by_group(rows, groups[first[rows, places]], worth, shape=(len(first), n_groups))


def consumption_shares(histories: csr_matrix, groups: Groups, *, n_groups: int) -> Scores:
    """Give the share of each group in what a listener played: what a calibrated list would keep.

    Parameters
    ----------
    histories : csr >= 0 [shape=(n_users, n_items)]
        Weights, such as plays; for every item to count once, pass ones.
    groups : int [shape=(n_items,)]
    n_groups : int

    Returns
    -------
    float64 in [0, 1] [shape=(n_users, n_groups)]

    Raises
    ------
    ValueError
        If an item is in no group of these, or the shapes do not fit.

    Examples
    --------
    >>> consumption_shares(csr_matrix([[3, 0, 1], [0, 0, 0]]), np.array([0, 0, 1]), n_groups=2)
    array([[0.75, 0.25],
           [ nan,  nan]])
    """
    _check(groups, n_groups)
    if histories.shape[1] != len(groups):
        raise ValueError(f"groups of {len(groups)} items, and histories of {histories.shape[1]}")
    plays = histories.tocoo()
    return _by_group(plays.row, groups[plays.col], plays.data, shape=(histories.shape[0], n_groups))


def catalogue_shares(groups: Groups, *, n_groups: int) -> Scores:
    """Give the share of each group in the catalogue, all items alike, float64 [shape=(n_groups,)].

    >>> catalogue_shares(np.array([0, 0, 1, 0]), n_groups=2)
    array([0.75, 0.25])
    """
    _check(groups, n_groups)
    counts = np.bincount(groups, minlength=n_groups)
    return share(counts, np.full(n_groups, counts.sum()))


def pool_small(groups: Groups, members: Sequence[int], *, least: int) -> tuple[NDArray[np.int64], list[int]]:
    """Pool the groups of fewer than ``least`` members: of so few, a number could be read as one about a person.

    Where all of them together are still too few, the smallest of the other groups joins them: else what is said
    of the others would give them away.

    Parameters
    ----------
    groups : int [shape=(n,)]
    members : sequence of int
        How many members, such as artists, each group has; of a group without any nothing is said.
    least : int >= 1

    Returns
    -------
    pooled : int64 [shape=(n,)]
        Groups numbered anew: those that are kept in their order, then the pool if there is one.
    kept : list of int
        The old numbers of those that stand for themselves.

    Examples
    --------
    >>> pooled, kept = pool_small(np.array([0, 1, 2, 3]), [9, 1, 7, 2], least=3)
    >>> pooled, kept
    (array([0, 2, 1, 2]), [0, 2])
    """
    if least < 1:
        raise ValueError(f"least must be at least 1, not {least}")
    _check(groups, len(members))
    kept = [group for group, size in enumerate(members) if size >= least]
    small = sum(size for size in members if size < least)
    while kept and 0 < small < least:
        smallest = min(kept, key=lambda group: (members[group], group))
        kept.remove(smallest)
        small += members[smallest]
    anew = np.full(len(members), len(kept), dtype=np.int64)
    anew[kept] = np.arange(len(kept))
    return anew[groups], kept


def _by_group(rows: NDArray[Any], groups: NDArray[Any], worth: NDArray[Any], *, shape: tuple[int, int]) -> Scores:
    cells = np.asarray(rows, dtype=np.int64) * shape[1] + groups
    sums = np.bincount(cells, weights=worth, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    whole = np.repeat(sums.sum(axis=1), shape[1])
    return share(sums.ravel(), whole).reshape(shape)


def _check(groups: Groups, n_groups: int) -> None:
    if len(groups) and not 0 <= groups.min() <= groups.max() < n_groups:
        raise ValueError(f"groups must be in 0..{n_groups - 1}, not {groups.min()}..{groups.max()}")
