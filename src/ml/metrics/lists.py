"""The first k places of many lists, as every metric reads them.

Conventions
-----------
- ``ranked`` is int ``[n_users, n]``: item indices, best first; -1 is an empty place, never the last item.
- Of a sparse matrix, an entry that is not zero is there; a stored zero is not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix

Scores = NDArray[np.float64]
Ranked = NDArray[np.integer[Any]]


def first_places(ranked: Ranked, *, n_items: int, k: int) -> NDArray[np.int64]:
    """Give the items of the first k places, int64 [shape=(n_users, min(k, n))]; -1 where a place is empty.

    Raises
    ------
    ValueError
        If k is not positive, or an item is not in the catalogue.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    first = ranked[:, :k].astype(np.int64)
    if first.size and not -1 <= first.min() <= first.max() < n_items:
        raise ValueError(f"items must be in 0..{n_items - 1}, or -1 for none, not {first.min()}..{first.max()}")
    return first


def listed(ranked: Ranked, *, n_items: int, k: int) -> csr_array:
    """Give how often each item stands in the first k places, float64 csr [shape=(n_users, n_items)].

    A product with it sums a property of the items over each list; an empty place adds nothing.

    >>> listed(np.array([[2, 0], [1, -1]]), n_items=3, k=2).toarray()
    array([[1., 0., 1.],
           [0., 1., 0.]])
    """
    first = first_places(ranked, n_items=n_items, k=k)
    filled = first >= 0
    indptr = np.concatenate([[0], np.cumsum(filled.sum(axis=1))])
    items = first[filled]
    return csr_array((np.ones(len(items)), items, indptr), shape=(len(ranked), n_items))


def mean_of_items(ranked: Ranked, values: NDArray[Any], *, k: int) -> Scores:
    """Give the mean of a property over the items of each list; ``nan`` for empty lists.

    >>> mean_of_items(np.array([[0, 2], [1, -1], [-1, -1]]), np.array([1.0, 5.0, 2.0]), k=2)
    array([1.5, 5. , nan])
    """
    shown = listed(ranked, n_items=len(values), k=k)
    return share(shown @ np.asarray(values, dtype=np.float64), np.diff(shown.indptr))


def same_listeners(ranked: Ranked, listeners: csr_matrix) -> None:
    """Refuse rankings and a matrix that speak of different numbers of listeners.

    Raises
    ------
    ValueError
        If their numbers of rows differ.
    """
    if len(ranked) != listeners.shape[0]:
        raise ValueError(f"{len(ranked)} rankings for {listeners.shape[0]} listeners")


def same_items(properties: NDArray[Any] | csr_matrix, listeners: csr_matrix) -> None:
    """Refuse properties of items and a matrix of listeners that speak of different numbers of items.

    Raises
    ------
    ValueError
        If the rows of the one are not as many as the columns of the other.
    """
    if properties.shape[0] != listeners.shape[1]:
        raise ValueError(f"something is known of {properties.shape[0]} items, but there are {listeners.shape[1]}")


def totals(relevant: csr_matrix) -> NDArray[np.int64]:
    """Count the items of each listener, int64 [shape=(n_users,)]; a stored zero is none."""
    return np.bincount(relevant.nonzero()[0], minlength=relevant.shape[0])


def share(part: NDArray[Any], whole: NDArray[Any]) -> Scores:
    """Divide, giving ``nan`` where the whole is nothing.

    >>> share(np.array([1, 0]), np.array([2, 0]))
    array([0.5, nan])
    """
    shares = np.full(len(part), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares
