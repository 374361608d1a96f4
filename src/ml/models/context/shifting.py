r"""Scores of any model, moved by how well items suit a situation.

Method
------
A lift is a logarithm of chances; a score is in its model's own unit. What one unit of the logarithm is worth is read
off the scores themselves: near the top of a ranking, chances fall about as a power of the rank (Zipf), so the slope of
the scores over the logarithm of the rank says how many units of score one unit of the logarithm is.
"""

from __future__ import annotations

import numpy as np

from ml.models.plays import Floats

#: Ranks that the slope is read off, and the offset that keeps the very first from bending it.
RANKS, OFFSET = 100, 3
#: Chances of what is heard next fall more slowly than 1 / rank, about as its square root. Chosen on the part of the
#: demo world that is left for choosing, among 1, 2, 3 and 4; popularity and item neighbours have theirs at the same.
EXPONENT = 2.0
# Every so many-th score is looked at where there are more: their ranks are so many times as far.
_LOOKED_AT = 16_384


def shift(scores: Floats, lift: Floats) -> Floats:
    """Give what is to be added to a listener's scores.

    Parameters
    ----------
    scores : float32 [shape=(n_items,)]
        ``-inf`` marks what must not be recommended.
    lift : float32 [shape=(n_items,)]

    Returns
    -------
    float32 [shape=(n_items,)]
        Zeros where all scores are equal: then no unit can be read off.

    Examples
    --------
    >>> scores = -np.log(np.arange(1, 1001, dtype=np.float32) + 3)
    >>> shift(scores, np.ones(1000, dtype=np.float32))[0].round(2)
    np.float32(2.0)
    """
    moved: Floats = lift * np.float32(EXPONENT * slope(scores))
    return moved


def slope(scores: Floats) -> float:
    """Give by how much scores fall where the logarithm of the rank grows by one, at the top; 0 or more."""
    step = max(1, len(scores) // _LOOKED_AT)
    some = scores[::step]
    some = some[some > -np.inf]
    k = min(len(some), max(2, RANKS // step))
    if k < 2:
        return 0.0
    best = np.sort(np.partition(some, len(some) - k)[len(some) - k :])[::-1].astype(np.float64)
    place = -np.log(np.arange(1, k + 1) * step + OFFSET)
    place -= place.mean()
    return max(0.0, float(place @ (best - best.mean()) / (place @ place)))
