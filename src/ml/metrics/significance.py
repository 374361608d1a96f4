"""How far a mean can be trusted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.foundation.results import Result

#: Numbers drawn at a time: bounds the memory whatever the number of listeners.
_DRAWS = 1 << 22


@dataclass(frozen=True, slots=True)
class Interval(Result):
    """A mean and the interval that its bootstrap distribution fills.

    Parameters
    ----------
    mean : float
    low, high : float
        Ends of the interval, ``low <= mean <= high`` apart from very skewed samples.
    level : float in (0, 1)
        Share of the bootstrap means that lie inside.
    n : int
        Number of values that had a say.
    """

    mean: float
    low: float
    high: float
    level: float
    n: int

    @property
    def differs_from_zero(self) -> bool:
        """Whether zero lies outside."""
        return self.low > 0 or self.high < 0


def bootstrap_mean(
    values: NDArray[np.floating],
    *,
    baseline: NDArray[np.floating] | None = None,
    rng: np.random.Generator,
    level: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """Give the percentile bootstrap interval of a mean, or of a mean difference in pairs.

    Parameters
    ----------
    values : float [shape=(n,)]
        One value a listener; ``nan`` has no say.
    baseline : float [shape=(n,)], optional
        What another model reached for the same listeners in the same order. Then the interval
        is of the mean of ``values - baseline``: pairing takes out how hard each listener is.
    rng : numpy.random.Generator
        Same seed, same interval.
    level : float in (0, 1)
    resamples : int >= 1

    Raises
    ------
    ValueError
        If the lengths differ, nothing but ``nan`` is there, or an argument is out of range.

    References
    ----------
    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> ours, theirs = np.array([0.5, 0.7, 0.9]), np.array([0.4, 0.6, 0.8])
    >>> interval = bootstrap_mean(ours, baseline=theirs, rng=rng)
    >>> round(interval.mean, 3), round(interval.low, 3), interval.differs_from_zero
    (0.1, 0.1, True)
    """
    if not 0 < level < 1 or resamples < 1:
        raise ValueError(f"level must be in (0, 1) and resamples positive, not {level} and {resamples}")
    sample = np.asarray(values, dtype=np.float64)
    if baseline is not None:
        if len(baseline) != len(sample):
            raise ValueError(f"{len(sample)} values cannot be paired with {len(baseline)}")
        sample = sample - np.asarray(baseline, dtype=np.float64)
    sample = sample[~np.isnan(sample)]
    if len(sample) == 0:
        raise ValueError("no values")
    tail = (1 - level) / 2
    low, high = np.quantile(_resampled_means(sample, rng, resamples), [tail, 1 - tail])
    return Interval(float(sample.mean()), float(low), float(high), level, len(sample))


def _resampled_means(sample: NDArray[np.float64], rng: np.random.Generator, resamples: int) -> NDArray[np.float64]:
    n = len(sample)
    step = max(1, _DRAWS // n)
    sizes = [min(step, resamples - start) for start in range(0, resamples, step)]
    return np.concatenate([sample[rng.integers(0, n, size=(size, n))].mean(axis=1) for size in sizes])


def bootstrap_ratio(
    parts: NDArray[np.floating],
    wholes: NDArray[np.floating],
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    resamples: int = 2000,
) -> Interval:
    """Give the percentile bootstrap interval of a ratio of means, the two of a listener drawn together.

    Parameters
    ----------
    parts, wholes : float [shape=(n,)]
        One value each a listener; a pair with a ``nan`` has no say.
    rng : numpy.random.Generator
        Same seed, same interval.
    level : float in (0, 1)
    resamples : int >= 1

    Returns
    -------
    Interval
        ``nan`` throughout where the wholes sum to nothing; so are draws in which they do, and they have no say.

    Raises
    ------
    ValueError
        As :func:`bootstrap_mean`.

    References
    ----------
    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, sections 10.3 and 13.

    Examples
    --------
    >>> ratio = bootstrap_ratio(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0]), rng=np.random.default_rng(0))
    >>> ratio.mean, ratio.low, ratio.high
    (0.5, 0.5, 0.5)
    """
    if not 0 < level < 1 or resamples < 1:
        raise ValueError(f"level must be in (0, 1) and resamples positive, not {level} and {resamples}")
    if len(parts) != len(wholes):
        raise ValueError(f"{len(parts)} values cannot be paired with {len(wholes)}")
    pairs = np.column_stack([parts, wholes]).astype(np.float64)
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    if not len(pairs):
        raise ValueError("no values")
    part, whole = pairs.sum(axis=0)
    if whole == 0:
        return Interval(float("nan"), float("nan"), float("nan"), level, len(pairs))
    step = max(1, _DRAWS // len(pairs))
    sizes = [min(step, resamples - start) for start in range(0, resamples, step)]
    drawn = np.concatenate([pairs[rng.integers(0, len(pairs), size=(size, len(pairs)))].sum(axis=1) for size in sizes])
    drawn = drawn[drawn[:, 1] > 0]
    tail = (1 - level) / 2
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], [tail, 1 - tail])
    return Interval(float(part / whole), float(low), float(high), level, len(pairs))
