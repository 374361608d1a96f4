r"""Whether what was learned of a situation foretells later listens, and how much of it to believe.

Method
------
Lifts are learned on earlier listens. Of each later listen, the value is guessed twice: by the listener's habits, and by
habits and the item, :math:`p(v \mid u, i) \propto p(v \mid u)\, e^{s\, l_{iv}}`. The gain is the difference in log
likelihood, a mean over listeners; a listener of n listens weighs the root of n, between one voice each and one a
listen, since the listens of a session are alike. Of the strengths s whose gain's interval excludes zero, the one of
the largest gain is taken; if there is none, the strength is exactly 0, so that chance does not become an opinion.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.foundation.results import Result
from ml.metrics.significance import bootstrap_mean
from ml.models.context.lifts import Doubles
from ml.models.plays import Indices

#: Strengths that are tried. At 1, what was learned is taken at its word.
STRENGTHS = (0.25, 0.5, 0.75, 1.0, 1.25)
#: The interval's level: several things are tried in one training, and chance gets a turn at each.
LEVEL = 0.99
#: Listeners whom a trial needs; fewer prove nothing.
FEWEST = 30


@dataclass(frozen=True, slots=True)
class Found(Result):
    """What a trial came to.

    Parameters
    ----------
    strength : float >= 0
        0 where the gain may be chance, or too few listeners could be asked.
    gain : float
        In log likelihood a listen, of the best that was tried.
    low, high : float
        Ends of the gain's interval.
    n_listeners : int
    """

    strength: float = 0.0
    gain: float = 0.0
    low: float = 0.0
    high: float = 0.0
    n_listeners: int = 0

    @property
    def judged(self) -> bool:
        """Whether there was enough to judge by."""
        return self.n_listeners >= FEWEST


def choose(users: Indices, gain_at: Callable[[float], Doubles], strengths: tuple[float, ...], *, seed: int) -> Found:
    """Take the strength of the largest gain, if it is one for sure.

    Parameters
    ----------
    users : int32 [shape=(n,)]
        Of each later listen.
    gain_at : callable
        Gives the gain of each listen at a strength.
    strengths : tuple of float > 0
    seed : int
    """
    listens = np.bincount(users)
    there = np.flatnonzero(listens)
    if len(there) < FEWEST:
        return Found(n_listeners=len(there))
    weights = np.sqrt(listens[there])
    tried = []
    for strength in strengths:
        sums = np.bincount(users, gain_at(strength), len(listens))[there]
        # A listener's sum over the root of their listens, in the unit of one listen.
        interval = bootstrap_mean(sums / weights / weights.mean(), rng=np.random.default_rng(seed), level=LEVEL)
        tried.append((interval.low > 0, interval.mean, strength, interval))
    sure, mean, strength, interval = max(tried, key=lambda each: each[:2])
    return Found(strength if sure else 0.0, mean, interval.low, interval.high, len(there))


def value_gain(habits: Doubles, lifts: Doubles, codes: NDArray[np.integer], strength: float) -> Doubles:
    """Give how much better each listen's value is guessed with the item than without.

    Parameters
    ----------
    habits : float64 > 0 [shape=(n, n_values)]
        Each listener's shares of the values.
    lifts : float64 [shape=(n, n_values)]
        Of each listen's item.
    codes : int >= 0 [shape=(n,)]
        The values that were.
    strength : float

    Examples
    --------
    >>> value_gain(np.array([[0.5, 0.5]]), np.log([[3.0, 1.0]]), np.array([0]), 1.0).round(3)  # log(0.75 / 0.5)
    array([0.405])
    """
    weighed = habits * np.exp(strength * lifts)
    rows = np.arange(len(codes))
    gain: Doubles = np.log(weighed[rows, codes] / weighed.sum(axis=1)) - np.log(habits[rows, codes])
    return gain
