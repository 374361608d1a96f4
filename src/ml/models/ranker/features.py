"""What a ranker sees of a listener and an item.

Conventions
-----------
Every feature of a pair depends on that listener's history, on that item and on what was learned, never on the other
candidates: so the score of an item can be asked for alone, and taking a listen out of the history changes what that
listen meant. Dates are measured from the newest play of the training, so that a model that waits does not see the
world grow old.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ml.models.plays import Floats, Plays
from ml.models.ranker.candidates import Pairs
from ml.models.ranker.facts import Facts

#: Of the item, of the listener and the item's artist, and of the listener; beside a score of each model.
ABOUT = (
    "listeners",
    "skip_rate",
    "age_days",
    "recent",
    "trend",
    "artist_plays",
    "artist_share",
    "artist_skip_rate",
    "artist_lately",
    "plays",
    "distinct_share",
    "above_usual_popularity",
    "item_plays",
)
#: Plays of a listener that are lately.
LATELY = 30


def features(history: Plays, pairs: Pairs, scores: Mapping[str, Floats], facts: Facts) -> Floats:
    """Describe pairs of a listener and an item.

    Parameters
    ----------
    history : Plays
    pairs : Pairs
    scores : mapping of str to float32 [shape=(n_pairs,)]
        By model.
    facts : Facts

    Returns
    -------
    float32 [shape=(n_pairs, n_models + len(ABOUT))]
        Columns in the order of the scores, then of :data:`ABOUT`.
    """
    own = [
        *_of_items(pairs, facts),
        *_of_artists(history, pairs, facts),
        *_of_listeners(history, pairs, facts),
    ]
    return np.stack([*scores.values(), *own], axis=1).astype(np.float32)


def _of_items(pairs: Pairs, facts: Facts) -> list[Floats]:
    return [each[pairs.items] for each in (facts.listeners, facts.skip_rate, facts.age_days, facts.recent, facts.trend)]


def _of_artists(history: Plays, pairs: Pairs, facts: Facts) -> list[Floats]:
    artists = facts.artists[history.items]
    place = history.users.astype(np.int64) * facts.n_artists + artists
    size = history.n_users * facts.n_artists
    lately = np.arange(len(history.items)) >= history.indptr[1:][history.users] - LATELY
    asked = pairs.users * facts.n_artists + facts.artists[pairs.items]
    plays, skips, late = (
        np.bincount(place, weights, minlength=size)[asked]
        for weights in (None, (history.weights <= 0).astype(np.float64), lately.astype(np.float64))
    )
    total = np.maximum(1, np.diff(history.indptr))[pairs.users]
    return [np.log1p(plays), plays / total, skips / (plays + 1), late / np.minimum(total, LATELY)]


def _of_listeners(history: Plays, pairs: Pairs, facts: Facts) -> list[Floats]:
    total = np.diff(history.indptr)
    seen = np.unique(history.users.astype(np.int64) * history.n_items + history.items)
    distinct = np.bincount(seen // history.n_items, minlength=history.n_users)
    usual = np.bincount(history.users, facts.listeners[history.items], minlength=history.n_users) / np.maximum(1, total)
    pair = pairs.users * history.n_items + pairs.items
    return [
        np.log1p(total)[pairs.users],
        (distinct / np.maximum(1, total))[pairs.users],
        facts.listeners[pairs.items] - usual[pairs.users],
        np.log1p(_times_played(history, pair)),
    ]


def _times_played(history: Plays, pair: NDArray[np.int64]) -> NDArray[np.int64]:
    made = history.actual
    known, plays = np.unique(made.users.astype(np.int64) * made.n_items + made.items, return_counts=True)
    if not len(known):
        return np.zeros(len(pair), dtype=np.int64)
    place = np.minimum(np.searchsorted(known, pair), len(known) - 1)
    return np.where(known[place] == pair, plays[place], 0)
