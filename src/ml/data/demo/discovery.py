"""Which new tracks the demo world's listeners choose.

Method
------
:data:`CONSIDERED` tracks come to mind, by popularity: of the session's genre, or of the
whole catalogue. One of them is chosen with a chance that grows with the exponential of its
log weights: how near it is to the session's mood, and what :class:`~ml.data.demo.pull.Pull` and its
freshness add. A track that is not out yet is never chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo import activities, genres
from ml.data.demo.arrays import Codes, Doubles, Indices, Longs, near, pick
from ml.data.demo.artists import Artists
from ml.data.demo.clock import DAY_MS
from ml.data.demo.effects import Effects
from ml.data.demo.layout import Layout
from ml.data.demo.listeners import Listeners
from ml.data.demo.pull import Pull
from ml.data.demo.sessions import Sessions
from ml.data.demo.tracks import Tracks

#: Tracks that come to mind for one discovery.
CONSIDERED = 12
#: How far a session's mood lies from the taste that it follows.
MOOD = 0.5
_CHUNK = 1 << 15


def discover(
    found: Longs,
    layout: Layout,
    artists: Artists,
    tracks: Tracks,
    people: Listeners,
    sessions: Sessions,
    pull: Pull,
    effects: Effects,
    rng: np.random.Generator,
) -> Indices:
    """Choose the track of each discovery."""
    pools = Pools.of(artists, tracks, effects)
    taste = _follow(people, sessions, artists, tracks, effects, rng)
    mood = near(people.tastes[sessions.listener, taste], MOOD, rng)
    session_genre = people.genres[sessions.listener, taste]
    chosen = np.empty(len(found), dtype=np.int32)
    for begin in range(0, len(found), _CHUNK):
        rows = found[begin : begin + _CHUNK]
        session, listener = layout.session[rows], layout.listener[rows]
        inside = rng.random(len(rows)) < effects.scene * (1 - people.adventure[listener])
        genre = np.where(inside, session_genre[session], -1)
        mind = pools.draw(genre, rng)
        day = (sessions.start_ms[session] // DAY_MS)[:, None]
        age = (day - tracks.released[mind]).astype(np.float32)
        weight = np.float32(effects.taste) * np.matmul(tracks.vectors[mind], mood[session][:, :, None])[:, :, 0]
        weight += pull.context[layout.activity[rows][:, None], mind]
        weight += pull.place[people.country[listener][:, None], mind]
        weight += effects.freshness * np.exp(-np.maximum(age, 0) / np.float32(effects.fresh_days))
        # Minus the log of an exponential is Gumbel noise: the largest sum is a draw by exp(weight).
        weight -= np.log(rng.standard_exponential(weight.shape, dtype=np.float32) + np.float32(1e-30))
        weight[age < 0] = -np.inf
        best = weight.argmax(axis=1)
        line = np.arange(len(rows))
        chosen[begin : begin + _CHUNK] = np.where(
            np.isneginf(weight[line, best]), pools.anchor[genre], mind[line, best]
        )
    return chosen


def _follow(
    people: Listeners,
    sessions: Sessions,
    artists: Artists,
    tracks: Tracks,
    effects: Effects,
    rng: np.random.Generator,
) -> Indices:
    """Choose the taste that each session follows: its weight, and how its genre suits the activity."""
    count = np.bincount(artists.genre[tracks.artist], minlength=len(genres.GENRES))
    total = np.zeros((len(genres.GENRES), len(activities.SOUNDS)))
    np.add.at(total, artists.genre[tracks.artist], tracks.standard)
    suits = effects.context * activities.WANTED @ (total / np.maximum(count, 1)[:, None]).T
    fit = suits[sessions.activity[:, None], people.genres[sessions.listener]]
    return pick(people.weights[sessions.listener] * np.exp(fit), rng)


@dataclass(frozen=True, eq=False)
class Pools:
    """Tracks by genre and weight, to draw those that come to mind."""

    order: Indices
    reach: Doubles
    low: Doubles
    high: Doubles
    anchor: Indices  # a track of each pool that is out before anybody listens

    @classmethod
    def of(cls, artists: Artists, tracks: Tracks, effects: Effects) -> Pools:
        """Lay the tracks of each genre side by side; the last pool, -1, is everything."""
        genre = artists.genre[tracks.artist]
        order = np.argsort(genre, kind="stable").astype(np.int32)
        reach = np.concatenate([[0.0], np.cumsum(tracks.weight[order].astype(np.float64) ** effects.popularity)])
        edges = np.searchsorted(genre[order], np.arange(len(genres.GENRES) + 1))
        low, high = edges[:-1], edges[1:]
        empty = low == high
        low = np.append(np.where(empty, 0, low), 0)
        high = np.append(np.where(empty, len(order), high), len(order))
        anchor = [rows[tracks.released[rows].argmin()] for rows in (order[a:b] for a, b in zip(low, high, strict=True))]
        return cls(order, reach, reach[low], reach[high], np.array(anchor, dtype=np.int32))

    def draw(self, genre: Codes, rng: np.random.Generator) -> Indices:
        """Draw CONSIDERED tracks for each row, by weight, from the pool of its genre."""
        low = self.low[genre][:, None]
        point = low + rng.random((len(genre), CONSIDERED)) * (self.high[genre][:, None] - low)
        place = np.searchsorted(self.reach, point, side="right") - 1
        return self.order[np.minimum(place, len(self.order) - 1)]
