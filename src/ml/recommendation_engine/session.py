r"""The profile of the moment: what a listener plays now weighs more, and what they skip early counts against.

Method
------
The long-term profile is every play, each with its own weight. The session's moves faster: a play of age a weighs

.. math:: w\,\bigl(1 + \beta\, W\, 2^{-a / h}\bigr), \qquad W = \sum_j w_j \bigl(1 - 2^{-a_j / h}\bigr)

where W is what the long-term profile weighs, so that a play of this moment speaks :math:`\beta` times as loud as all
that is long past, whether that is ten plays or ten thousand, and half as loud after h. After a few hours nothing of it
is left, and to a listener whose every play is of today nothing is added. Time goes by in whole minutes here, so that
who asks twice is answered the same. Plays without a date belong to the long term.
Models are asked with these weights as with any others; the ranking of what is familiar is not, since replay knows
recency itself.

:math:`\beta` and h are the settings ``session_strength`` and ``session_half_life_minutes``. They were chosen on
sessions of the demo world, cut in two at a moment: ``make bench BENCH_ARGS=session`` gives what is foreseen with
and without.

A skip within 30 s is *early*: 30 s are what streaming services count as a play. Each halves what replay says of the
item, and less so with the weeks. Against its artist only the surplus over plays counts, and softly: in a history whose
listeners chose their tracks themselves, an artist who is skipped at times is one who is chosen at others, and counting
every skip made lists rather worse than better (the benchmark has that too).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import UNDATED, Floats, Plays

MINUTE_MS, DAY_MS = 60_000, 86_400_000
#: Skips before this much of a track was played are early.
EARLY_MS = 30_000
#: Days after which an early skip counts half.
SKIP_HALF_LIFE_DAYS = 30.0
#: What early skips take from an artist's scores at most is ``1 - exp(-ARTIST)``.
ARTIST = 0.5

Indices = NDArray[np.int64]


def freshness(plays: Plays, half_life_ms: float) -> NDArray[np.float64]:
    """Give ``2 ** (-age / half_life)`` of each play, float64 in [0, 1]; 0 where it has no date.

    >>> two, times = np.array([0, 1], np.int32), np.array([0, 60])
    >>> freshness(Plays(np.array([0, 2]), two, np.ones(2, np.float32), times, n_items=2, now=60), 30)
    array([0.25, 1.  ])
    """
    dated = plays.times != UNDATED
    # Dates later than the moment of asking are taken for new: clocks differ.
    age = np.maximum(0, plays.now - np.where(dated, plays.times, 0))
    return np.where(dated, np.exp2(-age / half_life_ms), 0.0)


def weigh(plays: Plays, *, strength: float, half_life_ms: float) -> Plays:
    """Let what was played just now weigh more.

    Parameters
    ----------
    plays : Plays
    strength : float >= 0
        How loud a play of this moment is beside the long-term profile; 0 changes nothing.
    half_life_ms : float > 0

    Returns
    -------
    Plays
        The same plays with other weights; the same object where nothing was played of late.

    Examples
    --------
    Nine old plays of item 0, and item 1 just now: it speaks as loud as twice the nine.

    >>> times = np.append(np.zeros(9), 10**12).astype(np.int64)
    >>> items = np.append(np.zeros(9), 1).astype(np.int32)
    >>> plays = Plays(np.array([0, 10]), items, np.ones(10, np.float32), times, n_items=2, now=10**12)
    >>> weigh(plays, strength=2, half_life_ms=30 * MINUTE_MS).counts.toarray()
    array([[ 9., 19.]], dtype=float32)
    """
    if not strength or not len(plays.times):
        return plays
    fresh = freshness(replace(plays, now=plays.now // MINUTE_MS * MINUTE_MS), half_life_ms)
    # What is below a thousandth of the long-term profile for a long time is rounded away: most asks are such.
    fresh[fresh < 2.0**-20] = 0.0
    if not fresh.any():
        return plays
    long_term = np.bincount(plays.users, plays.weights * (1 - fresh), plays.n_users)
    weights = plays.weights * (1 + strength * long_term[plays.users] * fresh)
    return replace(plays, weights=weights.astype(np.float32))


def early_skips(plays: Plays, early: NDArray[np.bool_]) -> tuple[Indices, Indices, NDArray[np.float64]]:
    """Add up early skips by listener and item, each fading.

    Returns
    -------
    users, items : int64 [shape=(n,)]
        Each pair once, sorted.
    skips : float64 >= 0 [shape=(n,)]
    """
    pairs = plays.users[early].astype(np.int64) * plays.n_items + plays.items[early]
    pairs, place = np.unique(pairs, return_inverse=True)
    # Skips are plays of listens, which have dates.
    faded = np.exp2(-np.maximum(0, plays.now - plays.times[early]) / (SKIP_HALF_LIFE_DAYS * DAY_MS))
    skips = np.asarray(np.bincount(place, faded, len(pairs)), dtype=np.float64)
    return pairs // plays.n_items, pairs % plays.n_items, skips


def artist_damping(skips: NDArray[np.float64], plays: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give what an artist's scores are multiplied by, in (0, 1].

    >>> artist_damping(np.array([0.0, 3.0, 3.0]), np.array([5.0, 0.0, 3.0])).round(2)
    array([1.  , 0.69, 1.  ])
    """
    surplus = np.maximum(0.0, skips - plays) / (skips + plays + 1.0)
    damping: NDArray[np.float64] = np.exp(-ARTIST * surplus)
    return damping


def lower(scores: Floats, factors: NDArray[np.floating], *, zero: float = 0.0) -> Floats:
    """Multiply scores by factors in (0, 1] so that they become smaller where they are negative too.

    Parameters
    ----------
    scores : float32 [shape=(n,)]
    factors : float64 in (0, 1] [shape=(n,)]
    zero : float
        What counts as 0 among the scores above it: 1 where these are 1 + a chance.

    Examples
    --------
    >>> lower(np.array([2.0, -2.0], np.float32), np.array([0.5, 0.5]))
    array([ 1., -3.], dtype=float32)
    >>> lower(np.array([1.5, 0.5], np.float32), np.array([0.5, 0.5]), zero=1.0)
    array([1.25, 0.25], dtype=float32)
    """
    base = np.where(scores > zero, zero, 0.0)
    above = scores - base
    lowered: Floats = (base + above - np.abs(above) * (1 - factors)).astype(np.float32)
    return lowered
