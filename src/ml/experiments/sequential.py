"""Tests of a difference of means that may be looked at as often as one likes.

Conventions
-----------
- ``estimate`` is the difference found so far and ``variance`` the variance of that estimate, as sample means give
  them; looks lie along the last axis.
- A p-value here is *always valid*: over all looks together, however many there are and whenever one stops, it falls
  to ``alpha`` or below with a probability of at most ``alpha`` where there is no difference. An interval is one of a
  confidence sequence: all looks together, it misses the true difference with a probability of at most ``alpha``.
- Both are asymptotic: means of few listeners are not normal, so that nothing is said before there are
  :data:`FEWEST` in each variant.

Method
------
The mixture sequential probability ratio test. In the information ``1 / variance``, the score ``estimate / variance`` is
a Brownian motion whose drift is the difference; mixing its likelihood ratio over drifts distributed as N(0, ``tau2``)
gives a martingale with a closed form, whose inverse is the p-value. What the test does not reject is the interval.

References
----------
Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical Statistics 41, 1970.
Johari, Pekelis and Walsh, "Always valid inference: continuous monitoring of A/B tests", arXiv:1512.04922.
Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of
Statistics 49, 2021.
Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence
sequences", arXiv:2103.06476; :func:`mixture_variance` is its equation for the mixture that is tightest at one moment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Listeners whom each variant needs before anything is said.
FEWEST = 100

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looks:
    """What was known at each look.

    Parameters
    ----------
    p_value : float64 [shape=(…, n_looks)]
        Never rises.
    low, high : float64 [shape=(…, n_looks)]
        What every interval so far holds; infinite before there is anything to say.
    """

    p_value: Floats
    low: Floats
    high: Floats


def mixture_variance(alpha: float, planned: float) -> float:
    """Give the mixture whose interval is about the narrowest when the variance has come down to a planned one.

    Parameters
    ----------
    alpha : float in (0, 1)
    planned : float > 0
        Variance of the estimate when as many listeners as planned are in. The guarantee holds whatever it is, as
        long as it does not depend on the outcomes.

    Examples
    --------
    >>> round(mixture_variance(0.05, 0.01), 4)
    0.0794
    """
    least = -2 * math.log(alpha)
    return (least + math.log(least + 1)) * planned


def p_values(estimate: ArrayLike, variance: ArrayLike, tau2: float) -> Floats:
    """Give the inverse of the mixture likelihood ratio of each look by itself, at most 1.

    Examples
    --------
    >>> p_values([0.0, 0.2, 0.4], [0.01, 0.01, 0.01], 0.08).round(4)
    array([1.    , 0.507 , 0.0024])
    """
    found, spread = np.asarray(estimate, dtype=np.float64), np.asarray(variance, dtype=np.float64)
    known = np.isfinite(spread) & (spread > 0)
    safe = np.where(known, spread, 1.0)
    log_ratio = 0.5 * np.log(safe / (safe + tau2)) + tau2 * found**2 / (2 * safe * (safe + tau2))
    return np.where(known, np.exp(-np.maximum(log_ratio, 0.0)), 1.0)


def radius(variance: ArrayLike, tau2: float, alpha: float) -> Floats:
    """Give half the width of each look's interval; infinite where the variance says nothing.

    Examples
    --------
    >>> radius([0.01, 0.001], 0.08, 0.05).round(3)
    array([0.304, 0.103])
    """
    spread = np.asarray(variance, dtype=np.float64)
    known = np.isfinite(spread) & (spread > 0)
    safe = np.where(known, spread, 1.0)
    squared = safe * (safe + tau2) / tau2 * (np.log((safe + tau2) / safe) - 2 * math.log(alpha))
    return np.where(known, np.sqrt(squared), np.inf)


def looks(estimate: ArrayLike, variance: ArrayLike, *, tau2: float, alpha: float = 0.05) -> Looks:
    """Give what was known at each look, the earlier ones counted in.

    Parameters
    ----------
    estimate, variance : float [shape=(…, n_looks)]
        A variance that is no positive number says nothing.
    tau2 : float > 0
        See :func:`mixture_variance`.
    alpha : float in (0, 1)

    Examples
    --------
    >>> found = looks([0.5, 0.3, 0.31], [0.04, 0.01, 0.004], tau2=0.08)
    >>> found.p_value.round(4), found.low.round(3)
    (array([0.2157, 0.0549, 0.    ]), array([-0.152, -0.004,  0.115]))
    """
    found = np.asarray(estimate, dtype=np.float64)
    reach = radius(variance, tau2, alpha)
    low = np.maximum.accumulate(found - reach, axis=-1)
    high = np.minimum.accumulate(found + reach, axis=-1)
    # Where nothing is left, the difference has changed meanwhile: then only the look itself can be trusted.
    empty = low > high
    low, high = np.where(empty, found - reach, low), np.where(empty, found + reach, high)
    p_value = np.minimum.accumulate(p_values(found, variance, tau2), axis=-1)
    return Looks(p_value, low, high)
