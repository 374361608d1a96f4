r"""Scores of any model, moved by how well items suit a situation.

Method
------
A lift is a logarithm of chances; a score is in its model's own unit. What scores say of chances is read off the
ranking itself: chances fall about as a power of the rank (Zipf), so the logarithm of a chance is a slope times that of
the rank. At the top, where lists are made, gaps between scores count: a line through the scores over the logarithm of
the rank says how many units of score one unit of the logarithm is. Further down the rank alone says how likely an item
is, since many models tell hardly anything of what they would not recommend: content scores of a genre that somebody
does not listen to lie as far below the top as one likes. What comes to the top from there, or leaves it, is given the
score of the chance that it then has; what stays below is moved along the line.

Where scores are chances, as those of trees are, nothing has to be read off: :func:`likelier` multiplies the odds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats

#: Ranks that the slope is read off, and the offset that keeps the very first from bending it.
RANKS, OFFSET = 100, 3
#: Chances of what is heard next fall more slowly than 1 / rank, about as its square root. Chosen on another demo world
#: than is reported on, among 1, 2, 3 and 4: ``make bench BENCH_ARGS=context_scale``.
EXPONENT = 2.0
# Every so many-th score is looked at where there are more: their ranks are so many times as far.
_LOOKED_AT = 16_384
# Ranks below the top that are looked at, evenly by their logarithm.
_KNOTS = 48


def shift(scores: Floats, lift: Floats, *, exponent: float = EXPONENT) -> Floats:
    """Give what is to be added to a listener's scores.

    Parameters
    ----------
    scores : float32 [shape=(n_items,)]
        ``-inf`` marks what must not be recommended.
    lift : float32 [shape=(n_items,)]
    exponent : float > 0
        Chances fall as ``rank ** (-1 / exponent)``.

    Returns
    -------
    float32 [shape=(n_items,)]
        Zeros where all scores at the top are equal: then no unit can be read off.

    Examples
    --------
    >>> scores = -np.log(np.arange(1, 1001, dtype=np.float32) + 3)
    >>> shift(scores, np.ones(1000, dtype=np.float32))[[0, 500]].round(2)
    array([2., 2.], dtype=float32)
    """
    scale = Scale.of(scores, exponent)
    return np.zeros(len(scores), dtype=np.float32) if scale is None else scale.shift(scores, lift)


def likelier(chances: Floats, lift: Floats) -> Floats:
    """Multiply the odds of chances in (0, 1) by ``exp(lift)``.

    >>> likelier(np.array([0.01, 0.5], np.float32), np.log([20, 20]).astype(np.float32)).round(3)
    array([0.168, 0.952], dtype=float32)
    """
    odds = chances / (1 - chances) * np.exp(lift)
    return np.asarray(odds / (1 + odds), dtype=np.float32)


@dataclass(frozen=True)
class Scale:
    """What one listener's scores say of chances.

    Parameters
    ----------
    unit : float > 0
        Score for one unit of the logarithm of the chance, at the top.
    scores, chances : float64 [shape=(n_knots,)]
        Below the top: scores, rising, and the logarithms of their chances, but for a constant.
    """

    unit: float
    scores: NDArray[np.float64]
    chances: NDArray[np.float64]

    @classmethod
    def of(cls, scores: Floats, exponent: float = EXPONENT) -> Scale | None:
        """Read it off the scores; None where those at the top are all equal."""
        step = max(1, len(scores) // _LOOKED_AT)
        some = scores[::step]
        best = np.sort(some[some > -np.inf])[::-1].astype(np.float64)
        top = min(len(best), max(2, RANKS // step))
        unit = exponent * _slope(best[:top], step)
        if unit <= 0:
            return None
        places = np.unique(np.geomspace(top, len(best), _KNOTS).astype(np.int64)) - 1
        chances = -np.log((places + 1) * step + OFFSET) / exponent
        return cls(unit, *_untied(best[places], chances, (places + 1).astype(np.float64)))

    def shift(self, scores: Floats, lift: Floats) -> Floats:
        """Give what is to be added; see :func:`shift`."""
        line = lift * np.float32(self.unit)
        edge, at_edge = float(self.scores[-1]), float(self.chances[-1])
        # What is lifted past the edge along the line alone stops there.
        below = scores < edge
        line = np.where(below, np.minimum(line, np.float32(edge) - scores), line)
        # Only what lies so far up can reach the top, however much it is lifted.
        reach = np.interp(at_edge - float(lift.max(initial=0.0)), self.chances, self.scores)
        rising = np.flatnonzero(below & (scores >= reach) & (lift > 0))
        chance = np.interp(scores[rising], self.scores, self.chances) + lift[rising]
        up = chance >= at_edge
        line[rising[up]] = edge + (chance[up] - at_edge) * self.unit - scores[rising[up]]
        falling = np.flatnonzero(~below & (scores + line < edge))
        sunk = (scores[falling] - edge) / self.unit + at_edge + lift[falling]
        line[falling] = np.interp(sunk, self.chances, self.scores) - scores[falling]
        line[falling] += np.minimum(sunk - self.chances[0], 0) * self.unit
        line[scores == -np.inf] = 0.0
        return np.asarray(line, dtype=np.float32)


def _slope(best: NDArray[np.float64], step: int) -> float:
    """Give by how much scores, the best first, fall where the logarithm of the rank grows by one; 0 or more."""
    if len(best) < 2:
        return 0.0
    place = -np.log(np.arange(1, len(best) + 1) * step + OFFSET)
    place -= place.mean()
    return max(0.0, float(place @ (best - best.mean()) / (place @ place)))


def _untied(
    scores: NDArray[np.float64], chances: NDArray[np.float64], ranks: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give knots in rising order, each score once: equal ones share the mean of their chances, rank by rank."""
    width = np.diff(ranks, prepend=ranks[0] - 1)
    scores, first = np.unique(scores[::-1], return_index=True)
    mass, ranks_ = (np.add.reduceat(each[::-1], first) for each in (np.exp(chances) * width, width))
    return scores, np.log(mass / ranks_)
