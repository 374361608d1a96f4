"""How far a ranking leans towards what everybody hears, in itself and against its listener's own history.

Conventions
-----------
- ``ranked`` is as in :mod:`ml.metrics.ranking`: int ``[n_users, n]``, best first, -1 where a list ends early.
- ``histories`` is a sparse matrix ``[n_users, n_items]``; an entry that is not zero was heard,
  and counts once, however often.
- ``listeners`` is int ``[n_items]``: how many different listeners each item had in training. It
  is an item's popularity.
- Every metric gives float64 ``[n_users]``, and ``nan`` where a list or a history is empty.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from ml.metrics.beyond_accuracy import Listeners
from ml.metrics.lists import Ranked, Scores, mean_of_items, same_items, same_listeners, share, totals


def recommendation_popularity(ranked: Ranked, listeners: Listeners, *, k: int) -> Scores:
    r"""Give the mean popularity of the items of a list. Its own mean is the ARP.

    .. math:: \frac{1}{m} \sum_{i} \mathrm{listeners}_i

    over the m items i in the first k places.

    Parameters
    ----------
    ranked : int [shape=(n_users, n)]
    listeners : int [shape=(n_items,)]
    k : int >= 1

    Returns
    -------
    float64 >= 0 [shape=(n_users,)]
        In listeners an item.

    References
    ----------
    Yin et al., "Challenging the long tail recommendation", VLDB 2012; Abdollahpouri, Burke and
    Mobasher, "Managing popularity bias in recommender systems with personalized re-ranking", FLAIRS 2019.

    Examples
    --------
    >>> recommendation_popularity(np.array([[0, 1], [2, -1]]), np.array([7, 3, 0]), k=2)
    array([5., 0.])
    """
    return mean_of_items(ranked, listeners, k=k)


def history_popularity(histories: csr_matrix, listeners: Listeners) -> Scores:
    """Give the mean popularity of the items a listener heard, in listeners an item.

    >>> history_popularity(csr_matrix([[1, 1, 0], [0, 0, 0]]), np.array([7, 3, 0]))
    array([ 5., nan])
    """
    same_items(listeners, histories)
    rows, items = histories.nonzero()
    sums = np.bincount(rows, weights=np.asarray(listeners)[items], minlength=histories.shape[0])
    return share(sums, totals(histories))


def popularity_lift(ranked: Ranked, histories: csr_matrix, listeners: Listeners, *, k: int) -> Scores:
    r"""Give how much more popular a list is than what its listener heard before, as a share of the latter.

    .. math:: \frac{q_u - p_u}{p_u}

    where :math:`q_u` is the mean popularity of listener u's list and :math:`p_u` that of the
    history: 0 leaves the taste as it is, 1 is twice as popular, -1 is what nobody heard.

    The paper takes :math:`q` and :math:`p` as means over a group of listeners; that is
    ``recommendation_popularity(…).mean() / history_popularity(…).mean() - 1`` over its rows, and
    not the mean of this, which a listener of rare items can rule alone.

    Parameters
    ----------
    ranked : int [shape=(n_users, n)]
    histories : csr [shape=(n_users, n_items)]
    listeners : int [shape=(n_items,)]
    k : int >= 1

    Returns
    -------
    float64 >= -1 [shape=(n_users,)]
        ``nan`` where the list or the history is empty, or nobody counted heard any item of the history.

    References
    ----------
    Abdollahpouri, Mansoury, Burke and Mobasher, "The connection between popularity bias,
    calibration, and fairness in recommendation", RecSys 2020.

    Examples
    --------
    >>> histories = csr_matrix([[1, 1, 0], [0, 1, 0]])
    >>> popularity_lift(np.array([[0, -1], [2, 1]]), histories, np.array([7, 3, 0]), k=2)
    array([ 0.4, -0.5])
    """
    same_listeners(ranked, histories)
    before = history_popularity(histories, listeners)
    return share(recommendation_popularity(ranked, listeners, k=k) - before, before)
