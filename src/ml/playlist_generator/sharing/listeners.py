"""What each of several listeners thinks of every track."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from ml.data.schema import items, listens
from ml.foundation.errors import NotTrained
from ml.foundation.phrase import Phrase
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.parts import GeneratorParts, Scores
from ml.playlist_generator.words import say

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

#: Share of tracks that a listener likes.
LIKED = 0.1
#: How much of what is sought for a listener is the place of a track among their best, on a logarithmic scale; the rest
#: is their rating. Chosen on groups of a demo world that no result is of.
_BEST = 0.25
#: So many times as many tracks count as liked at most, where ratings are equal.
_EQUALS = 4


@dataclass(frozen=True)
class Listeners:
    """Several listeners.

    Parameters
    ----------
    user_ids : tuple of str
    ratings : float32 in [0, 1] [shape=(n_listeners, n_tracks)]
    blocked : bool [shape=(n_listeners, n_tracks)]
        What each has ruled out for good.
    known : tuple of bool
        Of whom something is known; for the others what is popular stands.
    notices : tuple of Phrase
    """

    user_ids: tuple[str, ...]
    ratings: Floats
    blocked: Mask
    known: tuple[bool, ...]
    notices: tuple[Phrase, ...] = ()

    def sought(self) -> Floats:
        r"""Give what a search goes by, float32 in [0, 1] [shape=(n_listeners, n_tracks)].

        Ratings hardly tell a favourite from what is merely liked: of 8,000 tracks the first has 1 and the hundredth
        .99. So a quarter is :math:`1 - \log r / \log n` of the track's place r among all n, 1 and .49 for these.
        """
        n = max(self.ratings.shape[1], 2)
        places = np.maximum(n * (1 - self.ratings) + np.float32(0.5), 1)
        best = np.maximum(1 - np.log(places) / np.float32(np.log(n)), 0)
        return np.asarray((1 - _BEST) * self.ratings + _BEST * best, dtype=np.float32)

    def liked(self, allowed: Mask) -> Mask:
        """Tell which tracks each likes, bool [shape=(n_listeners, n_tracks)], where only some may be in the list."""
        found = np.zeros(self.ratings.shape, dtype=np.bool_)
        most = max(1, round(LIKED * int(allowed.sum())))
        for place, ratings in enumerate(self.ratings):
            own = np.sort(ratings[allowed])[::-1]
            end = min(1 - LIKED, float(own[most - 1])) if len(own) else 1 - LIKED
            # Where many are equal at the end, none of them is one of the best.
            equal = int((own >= end).sum()) > _EQUALS * most and float(own[0]) > end == float(own[most - 1])
            found[place] = (ratings > end) if equal else (ratings >= end) & (ratings > 0)
        return found


def read_listeners(connection: Connection, parts: GeneratorParts, tracks: Tracks, user_ids: Sequence[str]) -> Listeners:
    """Ask the recommender for each of them; where it knows nobody, what is popular stands for their taste.

    Raises
    ------
    AmbiguousId
    """
    notices: list[Phrase] = []
    found: list[Scores | None] = []
    try:
        found = [parts.tastes.taste(user_id) for user_id in user_ids]
    except NotTrained as error:
        notices.append(say("no_models", how=error.hint))
        found = [None] * len(user_ids)
    strangers = tuple(user_id for user_id, one in zip(user_ids, found, strict=True) if one is None)
    popular = _popularity(connection, tracks) if strangers else np.zeros(len(tracks), dtype=np.float32)
    if strangers:
        notices.append(say("strangers" if popular.any() else "strangers_neutral", names=strangers))
    ratings = np.zeros((len(user_ids), len(tracks)), dtype=np.float32)
    blocked = np.zeros(ratings.shape, dtype=np.bool_)
    for place, scores in enumerate(found):
        if scores is None:
            ratings[place] = standing(popular)
            continue
        rows = tracks.rows_of(scores.keys)
        values = np.full(len(tracks), np.nan, dtype=np.float32)
        values[rows[rows >= 0]] = scores.scores[rows >= 0]
        ratings[place] = standing(values)
        out = rows[np.isnan(scores.scores)]
        blocked[place, out[out >= 0]] = True
    return Listeners(tuple(user_ids), ratings, blocked, tuple(one is not None for one in found), tuple(notices))


def standing(scores: Floats) -> Floats:
    """Give scores as the share of tracks below them, equals counting half; unknown ones are 0.

    >>> [round(float(one), 2) for one in standing(np.array([3.0, 5.0, 3.0, np.nan], np.float32))]
    [0.33, 0.83, 0.33, 0.0]
    """
    found = np.zeros(len(scores), dtype=np.float32)
    known = np.isfinite(scores)
    if known.any():
        _, inverse, counts = np.unique(scores[known], return_inverse=True, return_counts=True)
        found[known] = (np.cumsum(counts) - counts / 2)[inverse] / known.sum()
    return found


def _popularity(connection: Connection, tracks: Tracks) -> Floats:
    """Count the listens of each track, float32 [shape=(n_tracks,)]."""
    root = func.coalesce(items.c.same_as, items.c.key)
    statement = select(root, func.count()).join_from(listens, items, items.c.key == listens.c.item_key).group_by(root)
    counted = connection.execute(statement).all()
    found = np.zeros(len(tracks), dtype=np.float32)
    if counted:
        rows = tracks.rows_of(np.array([key for key, _ in counted], dtype=np.int64))
        found[rows[rows >= 0]] = np.array([count for _, count in counted], dtype=np.float32)[rows >= 0]
    return found
