"""How a catalogue is dealt out over all lists together.

Conventions
-----------
- ``ranked`` is as in :mod:`ml.metrics.ranking`: int ``[n_users, n]``, best first, -1 where a list ends early.
- ``n_items`` is the size of the catalogue: all items that may be recommended, shown or not.
- A metric is one float for all lists. It depends on how many there are: compare models on the same listeners.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.metrics.lists import Ranked, first_places, share


def catalogue_coverage(ranked: Ranked, *, n_items: int, k: int) -> float:
    """Give the share of the catalogue that is in the first k places of at least one list, in [0, 1].

    Parameters
    ----------
    ranked : int [shape=(n_users, n)]
    n_items : int >= 1
        Size of the catalogue: all items that may be recommended.
    k : int >= 1

    References
    ----------
    Ge, Delgado-Battenfeld and Jannach, "Beyond accuracy: evaluating recommender systems by
    coverage and serendipity", RecSys 2010.

    Examples
    --------
    >>> catalogue_coverage(np.array([[0, 1, 2], [0, 2, -1]]), n_items=4, k=2)
    0.75
    """
    return float(np.count_nonzero(exposure(ranked, n_items=n_items, k=k)) / n_items)


def exposure_gini(ranked: Ranked, *, n_items: int, k: int) -> float:
    r"""Give the Gini index of the exposure of the catalogue: how unequally places are dealt out.

    .. math:: \frac{\sum_{j=1}^{n} (2 j - n - 1) \, x_j}{n \sum_{j=1}^{n} x_j}

    where :math:`x_1 \le \dots \le x_n` is how often each of the n items of the whole catalogue is
    in the first k places: 0 if all items are shown equally often, 1 - 1/n if one takes every place.

    Parameters
    ----------
    ranked : int [shape=(n_users, n)]
    n_items : int >= 1
        Size of the catalogue. Items never shown count: leaving them out would flatter the narrowest model.
    k : int >= 1

    Returns
    -------
    float in [0, 1)
        ``nan`` if no item is shown at all.

    References
    ----------
    Fleder and Hosanagar, "Blockbuster culture's next rise or fall", Management Science 55(5), 2009.

    Examples
    --------
    >>> exposure_gini(np.array([[0, 1], [0, 1]]), n_items=4, k=2)
    0.5
    """
    shown = np.sort(exposure(ranked, n_items=n_items, k=k)).astype(np.float64)
    weights = 2.0 * np.arange(1, n_items + 1) - n_items - 1
    return float(share(np.array([weights @ shown]), np.array([n_items * shown.sum()]))[0])


def exposure(ranked: Ranked, *, n_items: int, k: int) -> NDArray[np.int64]:
    """Count in how many of the first k places each item stands, int64 [shape=(n_items,)].

    Raises
    ------
    ValueError
        If the catalogue is empty, or :func:`~ml.metrics.lists.first_places` refuses the ranking.
    """
    if n_items < 1:
        raise ValueError("the catalogue has no items")
    first = first_places(ranked, n_items=n_items, k=k)
    return np.bincount(first[first >= 0], minlength=n_items)
