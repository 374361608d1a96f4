"""The head, the middle and the tail of artists by what is heard of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

#: In the order of their numbers.
TIERS = ("head", "mid", "tail")
#: Share of what is heard that the head takes, and the tail.
END = 0.2


def tiers(heard: NDArray[np.integer[Any]], *, end: float = END) -> NDArray[np.int64]:
    """Tell the tier of each artist.

    Parameters
    ----------
    heard : int >= 0 [shape=(n_artists,)]
        How much is heard of each: pairs of a listener and an item.
    end : float in (0, 0.5]
        Share of all that the head takes, and the tail.

    Returns
    -------
    int64 [shape=(n_artists,)]
        Places in :data:`TIERS`. The artist who straddles a border is of the more popular side. Whoever nobody heard
        is of the tail.

    References
    ----------
    Abdollahpouri, Mansoury, Burke, Mobasher and Malthouse, "User-centered evaluation of popularity bias in
    recommender systems", UMAP 2021: short head, mid and tail of 20, 60 and 20 % of the ratings; there of items.

    Examples
    --------
    >>> [TIERS[tier] for tier in tiers(np.array([5, 40, 5, 30, 10, 10, 0]))]
    ['tail', 'head', 'tail', 'mid', 'mid', 'tail', 'tail']
    """
    if not 0 < end <= 0.5:
        raise ValueError(f"end must be in (0, 0.5], not {end}")
    order = np.argsort(-heard, kind="stable")
    sorted_heard = heard[order].astype(np.int64)
    total, after = int(sorted_heard.sum()), np.cumsum(sorted_heard)
    before = after - sorted_heard
    # A border that is met exactly is met, whatever the last digit of the share says.
    rounding = 1e-9 * total
    found = np.full(len(heard), TIERS.index("mid"), dtype=np.int64)
    # The artist whose first listen lies within the last fifth is wholly in it.
    found[order[before >= (1 - end) * total - rounding]] = TIERS.index("tail")
    found[order[(before < end * total - rounding) & (sorted_heard > 0)]] = TIERS.index("head")
    return found
