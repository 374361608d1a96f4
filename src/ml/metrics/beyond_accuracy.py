"""What a ranking is worth besides being right: variety, novelty, surprise.

Conventions
-----------
- ``ranked`` is as in :mod:`ml.metrics.ranking`: int ``[n_users, n]``, best first, -1 where a list ends early.
- ``listeners`` is int ``[n_items]``: how many different listeners each item had in training.
- Every metric gives float64 ``[n_users]``, larger is more of it, and ``nan`` where a list says
  nothing. Only serendipity asks whether a list is any good; on the others random lists do well.
  Read them beside accuracy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix, issparse

from ml.metrics.lists import Ranked, Scores, first_places, listed, mean_of_items, same_items, share, totals
from ml.metrics.ranking import hits

Listeners = NDArray[np.integer[Any]]


def intra_list_diversity(ranked: Ranked, vectors: csr_matrix | NDArray[np.floating[Any]], *, k: int) -> Scores:
    r"""Give how unlike each other the items of a list are: the mean of 1 - cosine over its pairs.

    .. math:: 1 - \frac{\lVert \sum_i v_i \rVert^2 - m}{m \, (m - 1)}

    where :math:`v_i` is the vector of the i-th of m items, scaled to length 1. The square of the
    sum holds each pair's cosine twice, so that no pair has to be visited.

    Parameters
    ----------
    ranked : int [shape=(n_users, n)]
    vectors : csr or float [shape=(n_items, d)]
        What the items are like, such as their tags or an embedding. Nothing is known of an item
        whose vector is zero: it is left out, rather than called unlike everything.
    k : int >= 1

    Returns
    -------
    float64 in [0, 2] [shape=(n_users,)]
        0 for lists of equals, 1 for orthogonal items, more only where vectors point apart.
        ``nan`` for lists of fewer than two items that have a vector.

    References
    ----------
    Smyth and McClave, "Similarity vs. diversity", ICCBR 2001; Ziegler et al., "Improving
    recommendation lists through topic diversification", WWW 2005.

    Examples
    --------
    >>> vectors = np.array([[1.0, 0.0], [2.0, 0.0], [0.0, 3.0]])
    >>> intra_list_diversity(np.array([[0, 1, 2], [0, 1, -1], [2, -1, -1]]), vectors, k=3).round(4)
    array([0.6667, 0.    ,    nan])
    """
    n_items = vectors.shape[0]
    features = (csr_array(vectors) if issparse(vectors) else np.asarray(vectors)).astype(np.float64)
    lengths = np.sqrt(_square_rows(features))
    described = lengths > 0
    scale = np.divide(1.0, lengths, out=np.zeros(n_items), where=described)
    shown = listed(ranked, n_items=n_items, k=k)
    m = shown @ described.astype(np.float64)
    shown.data *= scale[shown.indices]
    cosines = share(_square_rows(shown @ features) - m, m * (m - 1))
    # Rounding must not make equals a hair more alike than alike.
    return np.clip(1 - cosines, 0.0, 2.0)


def novelty(ranked: Ranked, listeners: Listeners, *, n_users: int, k: int, normalised: bool = False) -> Scores:
    r"""Give how little known the items of a list are: their mean self-information, in bits.

    .. math:: -\log_2 \frac{\mathrm{listeners}_i + 1}{n + 1}

    for item i and n listeners. One imagined listener who knows everything is added to both, so
    that an item nobody heard has a finite value, the largest: :math:`\log_2 (n + 1)`. One that everybody heard has 0.

    Parameters
    ----------
    ranked : int [shape=(n_users, n)]
    listeners : int [shape=(n_items,)]
    n_users : int >= 1
        Number of listeners in training, those that were counted: not the number of lists.
    k : int >= 1
    normalised : bool
        Divide by the largest possible value, so that 0 is "all heard by everybody" and 1 "all
        heard by nobody", whatever the number of listeners.

    Returns
    -------
    float64 [shape=(n_users,)]
        In bits, in [0, log2(n + 1)]; or normalised in [0, 1]. ``nan`` for empty lists.

    Raises
    ------
    ValueError
        If there are no listeners, or an item has more than all or fewer than none.

    References
    ----------
    Zhou et al., "Solving the apparent diversity-accuracy dilemma of recommender systems", PNAS
    107(10), 2010; Vargas and Castells, "Rank and relevance in novelty and diversity metrics", RecSys 2011.

    Examples
    --------
    >>> novelty(np.array([[0, 1], [2, -1]]), np.array([7, 3, 0]), n_users=7, k=2)
    array([0.5, 3. ])
    >>> novelty(np.array([[0, 1], [2, -1]]), np.array([7, 3, 0]), n_users=7, k=2, normalised=True).round(4)
    array([0.1667, 1.    ])
    """
    if n_users < 1 or (len(listeners) and not 0 <= listeners.min() <= listeners.max() <= n_users):
        raise ValueError(f"an item has between 0 and n_users listeners, and n_users is positive, not {n_users}")
    largest = np.log2(n_users + 1)
    bits = largest - np.log2(np.asarray(listeners, dtype=np.float64) + 1)
    return mean_of_items(ranked, bits / largest if normalised else bits, k=k)


def serendipity(ranked: Ranked, relevant: csr_matrix, listeners: Listeners, *, k: int) -> Scores:
    r"""Give how far a list finds what is relevant and what popularity would not have shown.

    .. math:: \frac{1}{k} \sum_{r=1}^{k} h_r \, \frac{\max(p_r - r, 0)}{n}

    where :math:`h_r` is 1 if the item at rank r is relevant, n is the size of the catalogue and
    :math:`p_r` that item's rank by popularity: 1 + the number of items with more listeners. Where
    nobody heard an item, :math:`p_r = n + 1`: popularity never shows it.

    With :math:`(n + 1 - r) / n` for the chance of being shown at rank r this is the unexpectedness
    of Murakami et al., and what RecTools computes; but RecTools counts popularity ranks in distinct
    numbers of listeners, by which the many items that share a small number all rank high, and
    divides by the length of a shorter list. Here an empty place is a miss, as in precision.

    Parameters
    ----------
    ranked : int [shape=(n_users, n)]
    relevant : csr [shape=(n_users, n_items)]
    listeners : int [shape=(n_items,)]
    k : int >= 1

    Returns
    -------
    float64 in [0, 1] [shape=(n_users,)]
        ``nan`` for a listener with nothing relevant.

    References
    ----------
    Murakami, Mori and Orihara, "Metrics for evaluating the serendipity of recommendation lists", JSAI
    2007 workshops, LNAI 4914; Kaminskas and Bridge, "Diversity, serendipity, novelty, and coverage", TiiS 7(1), 2016.

    Examples
    --------
    >>> listeners, relevant = np.array([9, 5, 1, 0]), csr_matrix([[1, 0, 0, 1], [1, 0, 0, 1]])
    >>> serendipity(np.array([[3, 0], [0, 1]]), relevant, listeners, k=2)
    array([0.5, 0. ])
    """
    same_items(listeners, relevant)
    n_items = len(listeners)
    hit = hits(ranked, relevant, k=k)
    first = first_places(ranked, n_items=n_items, k=k)
    popularity_ranks = 1 + n_items - np.searchsorted(np.sort(listeners), listeners, side="right")
    popularity_ranks = np.where(np.asarray(listeners) > 0, popularity_ranks, n_items + 1)
    # The rank that an empty place, -1, picks up is the last one: ahead of nothing.
    ahead = np.maximum(np.append(popularity_ranks, 0)[first] - np.arange(1, first.shape[1] + 1), 0)
    return np.where(totals(relevant) > 0, (hit * ahead).sum(axis=1) / (k * max(n_items, 1)), np.nan)


def _square_rows(matrix: csr_array | NDArray[np.float64]) -> NDArray[np.float64]:
    squares: Scores = (
        np.einsum("ij,ij->i", matrix, matrix) if isinstance(matrix, np.ndarray) else matrix.multiply(matrix).sum(axis=1)
    )
    return squares
