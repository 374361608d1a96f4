"""A list for several listeners, and what each has of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ml.foundation.errors import BadInput
from ml.foundation.phrase import spoken
from ml.playlist_generator.asking import Asked
from ml.playlist_generator.composing import Composer
from ml.playlist_generator.holding.demands import Demands, Only
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.naming import all_named
from ml.playlist_generator.ordering.improving import Objective, Term
from ml.playlist_generator.ordering.table import Table
from ml.playlist_generator.parts import GeneratorParts
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import ListenerShare, Playlist
from ml.playlist_generator.sharing.fairness import Unfairness, longest_wait
from ml.playlist_generator.sharing.listeners import Listeners, read_listeners
from ml.playlist_generator.suiting.fit import Fit
from ml.playlist_generator.telling import tell
from ml.playlist_generator.words import say

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

#: How much unfairness counts beside everything else that a list costs, which is 1 in all.
_WEIGHT = 1.6


def share(
    connection: Connection, parts: GeneratorParts, tracks: Tracks, request: PlaylistRequest, asked: Asked
) -> Playlist:
    """Make a list for the listeners of a request.

    Raises
    ------
    UnknownId, AmbiguousId, BadInput
    """
    listeners = read_listeners(connection, parts, tracks, request.user_ids)
    whole = _with_listeners(connection, tracks, request, asked, listeners)
    composer = SharingComposer(tracks, whole, whole.request, listeners)
    found = composer.compose(composer.unfairness)
    if found is None:
        raise BadInput("no list can be made of this", "ask for less, or veto less", code="list_impossible")
    told = tell(connection, tracks, request, whole, found, (*parts.notices, *whole.notices, *listeners.notices))
    return _attributed(told, listeners, composer.liked, found.rows, request)


class SharingComposer(Composer):
    """Searches for a list that is fair to several listeners.

    Parameters
    ----------
    tracks : Tracks
    asked : Asked
        With the listeners' demands.
    request : PlaylistRequest
    listeners : Listeners
    """

    def __init__(self, tracks: Tracks, asked: Asked, request: PlaylistRequest, listeners: Listeners) -> None:
        super().__init__(tracks, asked, request)
        # What they think of the tracks is in the term, and counts once.
        self.fit = Fit({name: part for name, part in asked.fit.parts.items() if name != "group"}).whole(len(tracks))
        self.listeners = listeners
        self.liked = listeners.liked(self.allowed)
        # Averaging is there to be compared: it averages satisfaction and nothing else.
        self.sought = listeners.ratings if request.fairness == "average" else listeners.sought()

    def considered(self, demands: Demands | None = None) -> Rows:
        """Choose the tracks that the search looks at: what suits all, what nobody dislikes, and each one's best."""
        rows = super().considered(demands)
        allowed = np.flatnonzero((demands or self.asked.demands).allowed(len(self.tracks)))
        if len(allowed) <= self.effort.considered:
            return rows
        ratings = self.listeners.ratings
        chance = self.liking - self.asked.fit.whole(len(self.tracks))
        each = max(1, self.effort.considered // 2 // len(ratings))
        wishes = [(ratings.min(axis=0), self.effort.considered // 2), *((own, each) for own in ratings)]
        for wish, count in wishes:
            order = allowed[np.argsort(-(self.fit + wish + chance)[allowed], kind="stable")]
            rows = np.union1d(rows, order[:count])
        return rows

    def starts(self, objective: Objective) -> list[Rows]:
        """Build the lists that are improved, of tracks that nobody dislikes."""
        found: list[Rows] = []
        for term in objective.terms:
            assert isinstance(term, Unfairness)
            lacking = 1 - (term.ratings.mean(axis=0) + term.ratings.min(axis=0)) / 2
            places = objective.table.places + lacking[None, :] * np.float32(_WEIGHT / objective.table.n)
            found += super().starts(replace(objective, table=Table(places, objective.table.steps)))
        return found

    def unfairness(self, rows: Rows) -> Sequence[Term]:
        """Say how unfair lists of some tracks are."""
        sought, liked = self.sought[:, rows], self.liked[:, rows]
        return [Unfairness(sought, liked, _WEIGHT, self.request.fairness)]


def _with_listeners(
    connection: Connection, tracks: Tracks, request: PlaylistRequest, asked: Asked, listeners: Listeners
) -> Asked:
    demands: list[Only] = []
    for user_id, blocked in zip(listeners.user_ids, listeners.blocked, strict=True):
        if blocked.any():
            demands.append(Only(f"not_blocked by {user_id}", True, ~blocked))
    for user_id, texts in request.vetoes.items():
        out = np.zeros(len(tracks), dtype=np.bool_)
        for named in all_named(connection, tracks, texts):
            out[named.rows] = True
        demands.append(Only(f"veto of {user_id}", list(texts), ~out))
    parts = {**asked.fit.parts, "group": listeners.ratings.mean(axis=0)}
    return replace(asked, demands=Demands((*asked.demands.each, *demands)), fit=Fit(parts))


def _attributed(
    told: Playlist, listeners: Listeners, liked: NDArray[np.bool_], rows: Rows, request: PlaylistRequest
) -> Playlist:
    ratings, likes = listeners.ratings[:, rows], liked[:, rows]
    names = np.array(listeners.user_ids)
    mine = _whose(ratings, likes)
    discounts = 1 / np.log2(np.arange(len(rows)) + 2.0)
    tracks = []
    for place, track in enumerate(told.tracks):
        whose = tuple(names[mine[:, place]].tolist())
        why = ", ".join([spoken(say("for_listeners", names=whose), request.language), track.why])
        tracks.append(replace(track, for_listeners=whose, why=why))
    shares = tuple(
        ListenerShare(
            user_id=user_id,
            known=listeners.known[place],
            satisfaction=round(float(ratings[place].mean(dtype=np.float64)), 4),
            satisfaction_discounted=round(float(np.average(ratings[place], weights=discounts)), 4),
            liked=int(likes[place].sum()),
            longest_wait=longest_wait(likes[place]),
            tracks=int(mine[place].sum()),
        )
        for place, user_id in enumerate(listeners.user_ids)
    )
    return replace(told, tracks=tuple(tracks), listeners=shares)


def _whose(ratings: Floats, likes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say for whom each track is: those who like it, or who rates it highest where nobody does."""
    highest = ratings >= ratings.max(axis=0, keepdims=True)
    return np.asarray(np.where(np.any(likes, axis=0, keepdims=True), likes, highest))
