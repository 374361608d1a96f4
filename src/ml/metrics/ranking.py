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

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.metrics.lists import Ranked, Scores, first_places, same_listeners, share, totals


def recall(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    """Give the share of the relevant items that are among the first k.

    The denominator is the number of relevant items, as in the LightGCN line of papers; with
    more than k of them, 1 is out of reach.

    >>> relevant = csr_matrix([[1, 1, 0, 0], [0, 0, 0, 0]])
    >>> recall(np.array([[0, 2, 1], [0, 1, 2]]), relevant, k=2)
    array([0.5, nan])
    """
    return share(hits(ranked, relevant, k=k).sum(axis=1), totals(relevant))


def precision(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    """Give the share of the first k places that hold a relevant item; an empty place is a miss.

    >>> precision(np.array([[0, 2, -1, -1]]), csr_matrix([[1, 1, 0, 0]]), k=4)
    array([0.25])
    """
    found = hits(ranked, relevant, k=k).sum(axis=1)
    return np.where(totals(relevant) > 0, found / k, np.nan)


def hit_rate(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    """Give 1 where at least one of the first k items is relevant, else 0.

    >>> hit_rate(np.array([[3, 1], [3, 2]]), csr_matrix([[1, 1, 0, 0], [1, 1, 0, 0]]), k=2)
    array([1., 0.])
    """
    found = hits(ranked, relevant, k=k).any(axis=1)
    return np.where(totals(relevant) > 0, found.astype(np.float64), np.nan)


def reciprocal_rank(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    """Give 1 / rank of the first relevant item, 0 if it is not among the first k. Its mean is the MRR.

    >>> reciprocal_rank(np.array([[3, 1], [3, 2]]), csr_matrix([[1, 1, 0, 0], [1, 1, 0, 0]]), k=2)
    array([0.5, 0. ])
    """
    hit = hits(ranked, relevant, k=k)
    # The first of the hits is the largest of them; without a place there is none.
    first = (hit / np.arange(1, hit.shape[1] + 1)).max(axis=1, initial=0.0)
    return np.where(totals(relevant) > 0, first, np.nan)


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
    return share(hit @ discounts[: hit.shape[1]], ideal[np.minimum(totals(relevant), k)])


def average_precision(ranked: Ranked, relevant: csr_matrix, *, k: int) -> Scores:
    r"""Give the mean of the precisions at the ranks of the relevant items. Its own mean is the MAP.

    .. math:: \frac{1}{\min(k, n)} \sum_{r=1}^{k} h_r \, \frac{h_1 + \dots + h_r}{r}

    where :math:`h_r` is 1 if the item at rank r is relevant and n counts the relevant items. With
    the smaller of k and n below, a list full of relevant items reaches 1; dividing by n, as
    evaluations of whole rankings do, would put 1 out of reach of a listener with more than k.

    References
    ----------
    Buckley and Voorhees, "Evaluating evaluation measure stability", SIGIR 2000.

    Examples
    --------
    >>> average_precision(np.array([[2, 0, 1]]), csr_matrix([[1, 1, 0]]), k=3).round(4)
    array([0.5833])
    """
    hit = hits(ranked, relevant, k=k)
    precisions = hit.cumsum(axis=1) / np.arange(1, hit.shape[1] + 1)
    return share((hit * precisions).sum(axis=1), np.minimum(totals(relevant), k))


def hits(ranked: Ranked, relevant: csr_matrix, *, k: int) -> NDArray[np.bool_]:
    """Tell which of the first k places hold a relevant item, bool [shape=(n_users, min(k, n))].

    Raises
    ------
    ValueError
        If k is not positive, an item is not in the catalogue, or the two arguments speak of
        different numbers of listeners.
    """
    n_users, n_items = relevant.shape
    first = first_places(ranked, n_items=n_items, k=k)
    same_listeners(ranked, relevant)
    rows, columns = relevant.nonzero()
    wanted = rows.astype(np.int64) * n_items + columns
    # -1 must not become the last item of the listener before.
    places = np.where(first >= 0, np.arange(n_users)[:, None] * n_items + first, -1)
    return np.isin(places, wanted)
