"""Whether a list keeps the proportions of its listener's taste: 70 % rock and 30 % jazz stay about that.

Conventions
-----------
- ``ranked`` is as in :mod:`ml.metrics.ranking`: int ``[n_users, n]``, best first, -1 where a list ends early.
- ``histories`` is a sparse matrix ``[n_users, n_items]`` of weights >= 0, such as plays: an entry
  counts as much as it weighs. For every item to count once, pass ones.
- ``tags`` is a sparse matrix ``[n_items, n_tags]`` of weights >= 0. Each item spreads a weight of 1
  over its tags in their proportion; an item without tags has no say.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array, csr_matrix

from ml.metrics.lists import Ranked, Scores, listed, same_items, same_listeners


def miscalibration(ranked: Ranked, histories: csr_matrix, tags: csr_matrix, *, k: int, alpha: float = 0.01) -> Scores:
    r"""Give how far the tags of a list are from those of its listener's history: a divergence, in bits.

    .. math:: \mathrm{KL}(p \,\|\, \tilde q) = \sum_t p_t \log_2 \frac{p_t}{\tilde q_t}
        \quad\text{with}\quad \tilde q_t = (1 - \alpha) \, q_t + \alpha \, p_t

    where :math:`p` and :math:`q` are the distributions of tags in the history and in the first k
    places, all places alike. The smoothing keeps a tag that the list lacks from being infinitely bad.

    Parameters
    ----------
    ranked : int [shape=(n_users, n)]
    histories : csr >= 0 [shape=(n_users, n_items)]
    tags : csr >= 0 [shape=(n_items, n_tags)]
    k : int >= 1
    alpha : float in (0, 1)

    Returns
    -------
    float64 in [0, log2(1 / alpha)] [shape=(n_users,)]
        0 for a list in the listener's proportions, the most (6.64 with the default) for one that
        shares no tag with them. ``nan`` where no item of the list, or of the history, has a tag.

    Raises
    ------
    ValueError
        If alpha is out of range, a weight is negative, or the shapes do not fit.

    References
    ----------
    Steck, "Calibrated recommendations", RecSys 2018.

    Examples
    --------
    >>> tags = csr_matrix([[1, 0], [0, 1], [1, 1]])  # a rock song, a jazz song and one that is both
    >>> histories = csr_matrix([[1, 1, 0]] * 3)
    >>> miscalibration(np.array([[2, -1], [0, -1], [-1, -1]]), histories, tags, k=2).round(4)
    array([0.    , 2.8255,    nan])
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha must be in (0, 1), not {alpha}")
    same_listeners(ranked, histories)
    same_items(tags, histories)
    spread = _distributions(_weights(tags))
    p = _distributions(_weights(histories) @ spread)
    q = _distributions(listed(ranked, n_items=tags.shape[0], k=k) @ spread)
    # The sum over the tags the two share is all there is to compute: with p taken out of the
    # logarithm, the others leave p log2(1 / alpha) each.
    inverse = p.copy()
    inverse.data = 1.0 / p.data
    gain = q.multiply(inverse).tocsr()
    gain.data = np.log2(1.0 + (1.0 - alpha) / alpha * gain.data)
    divergence = -np.log2(alpha) - p.multiply(gain).sum(axis=1)
    defined = (np.diff(p.indptr) > 0) & (np.diff(q.indptr) > 0)
    # Rounding must not make a divergence negative.
    return np.where(defined, np.maximum(divergence, 0.0), np.nan)


def _weights(matrix: csr_matrix) -> csr_array:
    weights = csr_array(matrix).astype(np.float64)
    if weights.nnz and weights.data.min() < 0:
        raise ValueError("weights of histories and tags must not be negative")
    return weights


def _distributions(weights: csr_array) -> csr_array:
    """Scale each row to sum 1, in place; an empty row stays empty."""
    # Products of sparse matrices happen to drop zeros, which SciPy promises nowhere.
    weights.eliminate_zeros()
    weights.data /= np.repeat(weights.sum(axis=1), np.diff(weights.indptr))
    return weights
