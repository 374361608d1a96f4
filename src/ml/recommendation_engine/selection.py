"""From scores to a list: what is left out, how much is familiar, how many of one artist.

Conventions
-----------
Two rankings meet here: *familiar* items, by replay, and *new* ones, by the algorithm. The
dial says which share of the list is familiar; familiar places are spread evenly, so
every beginning of the list has about that share. Where one side runs out, the other fills in, except
at the ends of the dial: 0 is only new, 1 only familiar.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.models.exposure import Placed


@dataclass(frozen=True, slots=True)
class Pick:
    """An item that was chosen.

    Parameters
    ----------
    index : int
        In the vocabulary.
    score : float
    familiar : bool
    for_group : str
        The group for whose share it came before better ones; see :mod:`ml.models.exposure`.
    """

    index: int
    score: float
    familiar: bool
    for_group: str = ""


def is_familiar(place: int, ratio: float) -> bool:
    """Tell whether a place of the list, from 0, belongs to a familiar item.

    >>> [is_familiar(place, 0.25) for place in range(8)]
    [False, True, False, False, False, True, False, False]
    """
    # Half a step ahead, so that a list of 2 at 0.25 begins with what is new.
    return int((place + 1) * ratio + 0.5) > int(place * ratio + 0.5)


def places_of_new(count: int, ratio: float) -> int:
    """Count the places of a list that belong to new items.

    >>> places_of_new(8, 0.25)
    6
    """
    return count - int(count * ratio + 0.5)


def choose(
    familiar: Iterator[tuple[int, float]],
    new: Iterator[tuple[int, float]],
    *,
    count: int,
    ratio: float,
    artists: NDArray[np.int64],
    max_per_artist: int,
    in_shares: Callable[..., Iterator[Placed]] | None = None,
) -> list[Pick]:
    """Merge two rankings into one list.

    Parameters
    ----------
    familiar, new : iterators of (index, score)
        Best first, with no item in both.
    count : int
        Length of the list; shorter where both rankings run out.
    ratio : float in [0, 1]
        Share of familiar items; at 0 and 1 nothing of the other side fills in.
    artists : int64 [shape=(n_items,)]
        Who made each item.
    max_per_artist : int
    in_shares : callable, optional
        Gives the new items in an order that keeps the shares of groups, told by ``allowed`` what may still be placed;
        then ``new`` is not looked at.
    """
    of_artist: Counter[int] = Counter()

    def allowed(ranking: Iterator[tuple[int, float]], *, known: bool) -> Iterator[Pick]:
        for index, score in ranking:
            artist = int(artists[index])
            if of_artist[artist] < max_per_artist:
                of_artist[artist] += 1
                yield Pick(index, score, known)

    def by_shares(order: Callable[..., Iterator[Placed]]) -> Iterator[Pick]:
        for each in order(allowed=lambda index: of_artist[int(artists[index])] < max_per_artist):
            of_artist[int(artists[each.index])] += 1
            yield Pick(each.index, each.score, familiar=False, for_group=each.for_group)

    # At its ends the dial is a promise: then a list is rather shorter than mixed.
    sides = {
        True: allowed(familiar if ratio > 0 else iter(()), known=True),
        False: by_shares(in_shares)
        if in_shares is not None and ratio < 1
        else allowed(new if ratio < 1 else iter(()), known=False),
    }
    picks: list[Pick] = []
    for place in range(count):
        side = is_familiar(place, ratio)
        pick = next(sides[side], None) or next(sides[not side], None)
        if pick is None:
            break
        picks.append(pick)
    return picks
