r"""What a listener comes back to in a situation: their own plays there count more.

Method
------
Replay sums a worth over the plays of an item. Where a play was in the situation asked for, its worth counts
:math:`1 + \beta` times. How much is learned from later listens to what their listener knew already: the share of an
item in everything the listener knows is taken for its probability, with :math:`\beta` and without.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ml.models.context.lifts import Doubles
from ml.models.context.trial import Found, choose
from ml.models.plays import UNDATED, Indices, Plays
from ml.models.replay import HOUR_MS
from ml.models.situations import Codes

#: Extra weights that are tried.
BOOSTS = (1.0, 3.0, 10.0)


def learn_boost(earlier: Plays, later: Plays, codes: Codes, later_codes: Codes, *, seed: int) -> Found:
    """Choose the extra weight of plays in the value asked for; 0 where it is of no use for sure.

    Parameters
    ----------
    earlier, later : Plays
        Of the same listeners.
    codes, later_codes : int16
        Value of one dimension for each of their plays; -1 where unknown.
    seed : int
    """
    worth = _worth(earlier)
    shape = (later.n_users, later.n_items, int(max(codes.max(initial=0), later_codes.max(initial=0))) + 1)
    known = _Sums(_pair(earlier.users, earlier.items, shape), worth)
    there = codes >= 0
    in_value = _Sums(_triple(earlier.users, codes, earlier.items, shape)[there], worth[there])
    whole = np.bincount(earlier.users, worth, shape[0]).astype(np.float64)
    whole_in_value = _Sums((earlier.users.astype(np.int64) * shape[2] + codes)[there], worth[there])
    asked = (later_codes >= 0) & (later.weights > 0)
    users, items, values = later.users[asked], later.items[asked], later_codes[asked]
    own = known(_pair(users, items, shape))
    again = own > 0
    users, items, values, own = users[again], items[again], values[again], own[again]
    own_here = in_value(_triple(users, values, items, shape))
    here = whole_in_value(users.astype(np.int64) * shape[2] + values)
    return choose(users, _gain(own, own_here, whole[users], here), BOOSTS, seed=seed)


def _gain(own: Doubles, own_here: Doubles, whole: Doubles, here: Doubles) -> Callable[[float], Doubles]:
    def gain(boost: float) -> Doubles:
        better: Doubles = np.log((own + boost * own_here) / (whole + boost * here)) - np.log(own / whole)
        return better

    return gain


def _worth(plays: Plays) -> Doubles:
    """Weigh plays as :class:`ml.models.replay.Replay` does by default."""
    age_ms = np.where(plays.times == UNDATED, 0, np.maximum(0, plays.now - plays.times)).astype(np.float64)
    worth: Doubles = plays.weights * (1.0 + age_ms / (24 * HOUR_MS)) ** -0.5
    return worth


def _pair(users: Indices, items: Indices, shape: tuple[int, int, int]) -> NDArray[np.int64]:
    return users.astype(np.int64) * shape[1] + items


def _triple(users: Indices, values: Codes, items: Indices, shape: tuple[int, int, int]) -> NDArray[np.int64]:
    return (users.astype(np.int64) * shape[2] + values) * shape[1] + items


class _Sums:
    """Sums of numbers by key; 0 for a key that is not there."""

    def __init__(self, keys: NDArray[np.int64], values: Doubles) -> None:
        self._keys, place = np.unique(keys, return_inverse=True)
        self._sums = np.bincount(place, values, len(self._keys))

    def __call__(self, keys: NDArray[np.int64]) -> Doubles:
        if not len(self._keys):
            return np.zeros(len(keys))
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        found: Doubles = np.where(self._keys[place] == keys, self._sums[place], 0.0)
        return found
