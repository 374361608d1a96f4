"""How good a ranking is, one number a listener.

Conventions
-----------
- ``ranked`` is int ``[n_users, n]``: item indices, best first, no item twice; -1 where a
  list ends early. A metric at k reads the first k columns.
- ``relevant`` is a sparse matrix ``[n_users, n_items]``; an entry that is not zero is relevant.
- Every metric gives float64 ``[n_users]`` in [0, 1], larger is better, and ``nan`` for a
  listener with nothing relevant: such a listener can be neither served well nor badly.
- The ranking must be over *all* items that may be recommended. Ranking a sample of them
  changes the order of models (Krichene and Rendle, KDD 2020).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Scores = NDArray[np.float64]
Ranked = NDArray[np.integer[Any]]


def recall(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    """Give the share of the relevant items that are among the first k.

    The denominator is the number of relevant items, as in the LightGCN line of papers; with
    more than k of them, 1 is out of reach.

    >>> relevant = csr_matrix([[1, 1, 0, 0], [0, 0, 0, 0]])
    >>> recall(np.array([[0, 2, 1], [0, 1, 2]]), relevant, k=2)
    array([0.5, nan])
    """
    return _share(hits(ranked, relevant, k=k).sum(axis=1), _totals(relevant))


def precision(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    """Give the share of the first k places that hold a relevant item; an empty place is a miss.

    >>> precision(np.array([[0, 2, -1, -1]]), csr_matrix([[1, 1, 0, 0]]), k=4)
    array([0.25])
    """
    found = hits(ranked, relevant, k=k).sum(axis=1)
    return np.where(_totals(relevant) > 0, found / k, np.nan)


def hit_rate(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    """Give 1 where at least one of the first k items is relevant, else 0.

    >>> hit_rate(np.array([[3, 1], [3, 2]]), csr_matrix([[1, 1, 0, 0], [1, 1, 0, 0]]), k=2)
    array([1., 0.])
    """
    found = hits(ranked, relevant, k=k).any(axis=1)
    return np.where(_totals(relevant) > 0, found.astype(np.float64), np.nan)


def reciprocal_rank(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    """Give 1 / rank of the first relevant item, 0 if it is not among the first k. Its mean is the MRR.

    >>> reciprocal_rank(np.array([[3, 1], [3, 2]]), csr_matrix([[1, 1, 0, 0], [1, 1, 0, 0]]), k=2)
    array([0.5, 0. ])
    """
    hit = hits(ranked, relevant, k=k)
    first = np.where(hit.any(axis=1), 1.0 / (hit.argmax(axis=1) + 1), 0.0)
    return np.where(_totals(relevant) > 0, first, np.nan)


def ndcg(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    r"""Give the normalised discounted cumulative gain of the first k, with gains of 0 and 1.

    .. math:: \frac{\sum_{r=1}^{k} h_r / \log_2(r + 1)}{\sum_{r=1}^{\min(k, n)} 1 / \log_2(r + 1)}

    where :math:`h_r` is 1 if the item at rank r is relevant and n counts the relevant items.

    References
    ----------
    Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002.

    Examples
    --------
    >>> ndcg(np.array([[2, 0, 1]]), csr_matrix([[1, 1, 0]]), k=3).round(4)
    array([0.6934])
    """
    hit = hits(ranked, relevant, k=k)
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])
    return _share(hit @ discounts[: hit.shape[1]], ideal[np.minimum(_totals(relevant), k)])


def hits(ranked: Ranked, relevant: csr_matrix, *, k: int) -> NDArray[np.bool_]:
    """Tell which of the first k places hold a relevant item, bool [shape=(n_users, min(k, n))].

    Raises
    ------
    ValueError
        If k is not positive, or the two arguments speak of different numbers of listeners.
    """
    n_users, n_items = relevant.shape
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    if len(ranked) != n_users:
        raise ValueError(f"{len(ranked)} rankings for {n_users} listeners")
    first = ranked[:, :k].astype(np.int64)
    rows, columns = relevant.nonzero()
    wanted = rows.astype(np.int64) * n_items + columns
    # -1 must not become the last item of the listener before.
    places = np.where(first >= 0, np.arange(n_users)[:, None] * n_items + first, -1)
    return np.isin(places, wanted)


def _totals(relevant: csr_matrix) -> NDArray[np.int64]:
    return np.bincount(relevant.nonzero()[0], minlength=relevant.shape[0])


def _share(part: NDArray[Any], whole: NDArray[Any]) -> Scores:
    shares = np.full(len(part), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares
