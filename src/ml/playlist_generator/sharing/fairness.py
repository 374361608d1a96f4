"""How unfair a list is to several listeners, in what it plays and in when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.request import Fairness

Doubles = NDArray[np.float64]
Lists = NDArray[np.integer]

#: How much less each better-off listener counts than the one before, in the ordered mean.
_NEXT = 0.25
#: What counts as waiting, of what a listener lacks; the rest is what they think of the tracks.
_WAITING = 0.3
#: A wait of so many tracks, or of as many as there are others, is half as bad as one that never ends.
_LONG_WAIT = 2


@dataclass(frozen=True)
class Unfairness:
    """A term of the search: what the listeners lack, those who lack most counting most.

    What one lacks is, in [0, 1], a mean of one minus their satisfaction, and of their waits: ``w / (w + h)``, with
    ``w`` the length of the stretch without a track they like that one is in at a random track of the list, 0 where
    there is none, and ``h`` what one waits where all take turns. Two short waits so weigh less than one long one.

    - ``leximin``: an ordered weighted mean of what they lack, the most first, each next weighing a quarter of the one
      before. With weights that fall without end it orders lists as leximin does (first the worst off, then the next,
      …); with these it is smooth enough for a search by small changes, for a gain of any listener counts.
    - ``proportional``: one minus the geometric mean of what they have: the Nash product.
    - ``average``: the mean of one minus their satisfaction; nothing is fair about it, and it is there to be compared.

    Parameters
    ----------
    ratings : float32 in [0, 1] [shape=(n_listeners, m)]
        Of the considered tracks: what satisfies is their mean.
    liked : bool [shape=(n_listeners, m)]
    weight : float
    rule : {"leximin", "proportional", "average"}

    References
    ----------
    Sen, *Collective Choice and Social Welfare*, 1970 (leximin); Yager, 'On the analytic representation of the leximin
    ordering and its application to flexible constraint propagation', European Journal of Operational Research 102,
    1997 (ordered weights); Nash, 'The bargaining problem', Econometrica 18, 1950; Masthoff, 'Group modeling: selecting
    a sequence of television items to suit a group of viewers', User Modeling and User-Adapted Interaction 14, 2004
    (averaging, least misery, and that it is the sequence that has to be fair).
    """

    ratings: NDArray[np.float32]
    liked: NDArray[np.bool_]
    weight: float = 1.0
    rule: Fairness = "leximin"

    def cost(self, lists: Lists) -> Doubles:
        """Give what lists [shape=(k, n)] cost, float64 [shape=(k,)]."""
        satisfied = np.stack([own[lists].mean(axis=1, dtype=np.float64) for own in self.ratings])
        if self.rule == "average":
            return self.weight * self._together(1 - satisfied)
        waits = np.stack([self._waiting(own[lists]) for own in self.liked])
        return self.weight * self._together(_lacking(satisfied, waits))

    def cost_by_replacing(self, one: Lists) -> Doubles:
        """Give what a list costs with any one track replaced by any other, float64 [shape=(n, m)]."""
        n = len(one)
        ratings = self.ratings.astype(np.float64)
        own = ratings[:, one]
        satisfied = ((own.sum(axis=1)[:, None] - own)[:, :, None] + ratings[:, None, :]) / n
        if self.rule == "average":
            return self.weight * self._together(1 - satisfied)
        liked = np.repeat(self.liked[:, one][:, None, :], n, axis=1)  # [listener, replaced, place]
        same = np.arange(n)
        ways = []
        for come in (False, True):
            liked[:, same, same] = come
            ways.append(np.stack([self._waiting(each) for each in liked]))
        waits = np.where(self.liked[:, None, :], ways[1][:, :, None], ways[0][:, :, None])
        return self.weight * self._together(_lacking(satisfied, waits))

    def _together(self, lacking: Doubles) -> Doubles:
        """Take what all lack, [shape=(n_listeners, …)], as one."""
        if self.rule == "average":
            return np.asarray(lacking.mean(axis=0))
        if self.rule == "proportional":
            return np.asarray(1 - np.exp(np.log(np.maximum(1 - lacking, 1e-9)).mean(axis=0)))
        weights = _NEXT ** np.arange(len(lacking))
        return np.asarray(np.tensordot(weights / weights.sum(), -np.sort(-lacking, axis=0), axes=1))

    def _waiting(self, liked: NDArray[np.bool_]) -> Doubles:
        """Tell how bad the waits of each row are, in [0, 1)."""
        k, n = liked.shape
        run, squares = np.zeros(k, dtype=np.int32), np.zeros(k, dtype=np.int32)
        for place in range(n):
            run = (run + 1) * ~liked[:, place]
            squares += np.maximum(2 * run - 1, 0)  # a run of r: 1 + 3 + … + (2r - 1) = r²
        mean = squares / float(n)
        return np.asarray(mean / (mean + max(_LONG_WAIT, len(self.ratings) - 1)))


def longest_wait(liked: NDArray[np.bool_]) -> int:
    """Give the most tracks in a row, from the beginning to the end, of which a listener likes none.

    >>> longest_wait(np.array([False, True, False, False, False, True]))
    3
    """
    marks = np.flatnonzero(np.concatenate([[True], liked, [True]]))
    return int(np.diff(marks).max()) - 1


def _lacking(satisfied: Doubles, waits: Doubles) -> Doubles:
    return (1 - _WAITING) * (1 - satisfied) + _WAITING * waits
