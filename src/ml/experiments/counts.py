"""Tests of counts that may be looked at as often as one likes.

Method
------
Under given probabilities, the ratio of the probability that a Dirichlet mixture gives to what was counted and the one
that the given probabilities give is a martingale; where it reaches ``1 / alpha``, the given ones are refuted
whenever that happens.

References
----------
Lindon and Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022.
Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical Statistics 41, 1970.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: A split that is refuted at this level makes every other number of an experiment worthless.
MISMATCH = 0.001
# How near to the plan the mixture looks: about 1.6 % around a half.
_CONCENTRATION = 1_000.0


def log_evidence(
    counts: ArrayLike, weights: ArrayLike, *, concentration: float = _CONCENTRATION
) -> NDArray[np.float64]:
    """Give the logarithm of the evidence against given probabilities.

    Parameters
    ----------
    counts : int [shape=(…, n)]
    weights : float [shape=(n,)]
        Of the plan; they need not sum to 1.
    concentration : float > 0
        The larger, the smaller the deviations that are looked for.

    Returns
    -------
    float64 [shape=(…,)]
    """
    # Imported late: every command would wait for it.
    from scipy.special import gammaln, xlogy

    seen = np.asarray(counts, dtype=np.float64)
    plan = np.asarray(weights, dtype=np.float64)
    plan = plan / plan.sum()
    prior = concentration * plan
    mixed = gammaln(concentration) - gammaln(concentration + seen.sum(axis=-1))
    mixed = mixed + (gammaln(prior + seen) - gammaln(prior)).sum(axis=-1)
    return np.asarray(mixed - xlogy(seen, plan).sum(axis=-1))


def mismatch_p_value(counts: ArrayLike, weights: ArrayLike) -> float:
    """Give the always-valid p-value of a split: whether listeners came in as planned.

    Parameters
    ----------
    counts : int [shape=(n_looks, n)] or [shape=(n,)]
        Up to each look.
    weights : float [shape=(n,)]

    Examples
    --------
    >>> mismatch_p_value([5_030, 4_970], [1, 1])
    1.0
    >>> mismatch_p_value([5_300, 4_700], [1, 1]) < 0.001
    True
    """
    return float(np.exp(-max(0.0, float(np.max(log_evidence(counts, weights))))))


def proportion(wins: int, n: int, *, alpha: float = 0.05) -> tuple[float, float]:
    """Give the interval of a share, from a confidence sequence: it may be looked at after each one of the ``n``.

    Parameters
    ----------
    wins, n : int
        ``0 <= wins <= n``.
    alpha : float in (0, 1)

    Examples
    --------
    >>> [round(end, 3) for end in proportion(60, 100)]
    [0.441, 0.746]
    """
    from scipy.special import gammaln, xlogy

    if n == 0:
        return 0.0, 1.0
    mixed = gammaln(1 + wins) + gammaln(1 + n - wins) - gammaln(2 + n)
    most = -np.log(alpha)

    def excess(share: float) -> float:
        return float(mixed - xlogy(wins, share) - xlogy(n - wins, 1 - share) - most)

    found = wins / n
    low = 0.0 if wins == 0 else _edge(excess, found, 0.0)
    high = 1.0 if wins == n else _edge(excess, found, 1.0)
    return low, high


def _edge(excess: Callable[[float], float], inside: float, outside: float) -> float:
    """Halve the way between a share that is not refuted and one that is, until nothing is left of it."""
    for _ in range(60):
        middle = (inside + outside) / 2
        if excess(middle) < 0:
            inside = middle
        else:
            outside = middle
    return inside
