"""The difference between two variants in one metric, at every look.

Conventions
-----------
- A listener has one value ``y``, counted within their window, and one from as long before their exposure, ``x``. They
  come in when their window is over; a *look* is the end of a day of the experiment.
- CUPED: ``y`` is freed of what ``x`` foretells. The exposure cannot have changed ``x``, so the difference stays what it
  is, and only the noise is less. The slope is that of both variants together, within each.
- Relative numbers are shares of the control's mean, which counts as known.

References
----------
Deng, Xu, Kohavi and Walker, "Improving the sensitivity of online controlled experiments by utilizing pre-experiment
data", WSDM 2013 (CUPED).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.experiments.sequential import FEWEST, Floats, Looks, looks, mixture_variance

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Arms:
    """Two variants side by side.

    Parameters
    ----------
    treated : bool [shape=(n,)]
        Whether a listener has the variant that is compared with the control.
    look : int [shape=(n,)]
        The first look at which they are in, from 0.
    y, x : float64 [shape=(n,)]
        The metric after the exposure, and before.
    n_looks : int >= 1
    """

    treated: NDArray[np.bool_]
    look: Integers
    y: Floats
    x: Floats
    n_looks: int


@dataclass(frozen=True, slots=True)
class Course:
    """A difference at every look [each of shape (n_looks,)].

    Parameters
    ----------
    n : int64 [shape=(2, n_looks)]
        Listeners of the control and of the variant.
    control_mean : float64
        nan while there is nobody.
    difference : float64
        Of the variant from the control, freed of what was before.
    variance : float64
        Of the difference; nan while it says nothing.
    removed : float64
        Share of the variance that CUPED took away.
    """

    n: Integers
    control_mean: Floats
    difference: Floats
    variance: Floats
    removed: Floats

    def judged(self, *, alpha: float, planned: float) -> Looks:
        """Give p-values and intervals, always valid.

        Parameters
        ----------
        alpha : float in (0, 1)
        planned : float > 0
            Listeners of both variants, where the intervals shall be narrowest.
        """
        last = self.variance[-1]
        if not np.isfinite(last) or last <= 0:
            nothing = np.full(len(self.variance), np.inf)
            return Looks(np.ones_like(nothing), -nothing, nothing)
        # The spread of a listener is estimated from the same data; that it becomes certain is what matters.
        tau2 = mixture_variance(alpha, float(last * self.n[:, -1].sum() / planned))
        return looks(self.difference, self.variance, tau2=tau2, alpha=alpha)


def course(arms: Arms) -> Course:
    """Compare two variants at every look, from sums alone.

    Examples
    --------
    >>> y = np.tile([1.0, 3.0], 200)
    >>> both = Arms(np.arange(400) >= 200, np.zeros(400, dtype=int), y + (np.arange(400) >= 200), np.zeros(400), 1)
    >>> found = course(both)
    >>> found.difference, found.variance.round(4)
    (array([1.]), array([0.0101]))
    """
    # Around their means, since squares of large numbers would swallow small differences.
    y, x = arms.y - _mean(arms.y), arms.x - _mean(arms.x)
    n, sy, sx, syy, sxx, sxy = (_sums(arms, each) for each in (np.ones_like(y), y, x, y * y, x * x, x * y))
    with np.errstate(divide="ignore", invalid="ignore"):
        my, mx = sy / n, sx / n
        cyy, cxx, cxy = syy - n * my * my, sxx - n * mx * mx, sxy - n * mx * my
        slope = np.where(cxx.sum(axis=0) > 0, cxy.sum(axis=0) / cxx.sum(axis=0), 0.0)
        freed = np.maximum(cyy - 2 * slope * cxy + slope**2 * cxx, 0.0)
        variance = (freed / (n - 1) / n).sum(axis=0)
        removed = np.where(cyy.sum(axis=0) > 0, 1 - freed.sum(axis=0) / cyy.sum(axis=0), 0.0)
        difference = my[1] - my[0] - slope * (mx[1] - mx[0])
    silent = (n < FEWEST).any(axis=0) | ~(variance > 0)
    return Course(
        n.astype(np.int64),
        my[0] + _mean(arms.y),
        np.where(silent, np.where(np.isfinite(difference), difference, 0.0), difference),
        np.where(silent, np.nan, variance),
        np.where(silent, 0.0, removed),
    )


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _sums(arms: Arms, values: Floats) -> Floats:
    """Sum values up to each look, for the control and the variant [shape=(2, n_looks)]."""
    cell = arms.treated * arms.n_looks + arms.look
    found = np.bincount(cell, weights=values, minlength=2 * arms.n_looks)
    return np.asarray(found.reshape(2, arms.n_looks).cumsum(axis=1))
