"""What the demo world listens to: discoveries, replays and skips.

Method
------
Listens are laid out by listener and time, and each is a replay with its listener's own
probability. A *discovery* is a choice among :data:`CONSIDERED` tracks that come to mind
(of the session's genre, or of the whole catalogue), by taste, context, home, language and
freshness. A *replay* copies an earlier listen of the same listener, the one ``lag`` places
ago with a chance of about 1 / (lag + c): a memory in which both the recent and the
frequent come back [1]_ [2]_. A discovery that was skipped is not copied. As a replay
points at an earlier listen, which may be a replay too, all of them are resolved together
by following the pointers, doubling the step each time.

References
----------
.. [1] H. A. Simon, "On a class of skew distribution functions", Biometrika 42, 1955.
.. [2] C. Cattuto, V. Loreto, L. Pietronero, "Semiotic dynamics and collaborative tagging",
   PNAS 104(5), 2007 (copying with a memory that fades).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo import activities, genres, places
from ml.data.demo.arrays import Codes, Doubles, Flags, Floats, Indices, Longs, near, pick
from ml.data.demo.artists import Artists
from ml.data.demo.clock import DAY_MS
from ml.data.demo.effects import Effects
from ml.data.demo.listeners import Listeners
from ml.data.demo.sessions import Sessions
from ml.data.demo.tracks import Tracks

#: Tracks that come to mind for one discovery.
CONSIDERED = 12
#: Weight of an artist at home: a hero's and another's; and a hero's abroad.
HERO_HOME, HOME, HERO_ABROAD = 12.0, 2.0, 1 / 3
#: How far a session's vector lies from the taste that it follows.
MOOD = 0.5
_CHUNK = 1 << 15

REASONS_START: tuple[str, ...] = ("clickrow", "trackdone", "fwdbtn")
REASONS_END: tuple[str, ...] = ("trackdone", "fwdbtn", "endplay")


@dataclass(frozen=True, eq=False)
class Listens:
    """Listens, one row each, in time order, and the truth about them.

    Parameters
    ----------
    listener, track, session : int32 [shape=(n_listens,)]
    listened_at : int64 [shape=(n_listens,)]
        Start, UTC, in milliseconds, whole seconds; no listener starts two at once.
    ms_played : int32 [shape=(n_listens,)]
    skipped, replay, shuffle, activity_told : bool [shape=(n_listens,)]
    reason_start, reason_end : int8 [shape=(n_listens,)]
        Indices into :data:`REASONS_START` and :data:`REASONS_END`.
    activity, device : int8 [shape=(n_listens,)]
        The truth; the store learns the activity where it is told.
    affinity : float32 in [-1, 1] [shape=(n_listens,)]
        Largest cosine of the track and a taste of the listener.
    """

    listener: Indices
    track: Indices
    session: Indices
    listened_at: Longs
    ms_played: Indices
    skipped: Flags
    replay: Flags
    shuffle: Flags
    activity_told: Flags
    reason_start: Codes
    reason_end: Codes
    activity: Codes
    device: Codes
    affinity: Floats

    def __len__(self) -> int:
        return len(self.track)


@dataclass(frozen=True, eq=False)
class Pull:
    """What draws listeners to tracks, tabulated once.

    Parameters
    ----------
    context : float32 [shape=(n_activities, n_tracks)]
        Log weight of each track for each activity; the context effect.
    place : float32 [shape=(n_countries, n_tracks)]
        Log weight of each track for each country: home and language.
    """

    context: Floats
    place: Floats

    @classmethod
    def of(cls, artists: Artists, tracks: Tracks, effects: Effects) -> Pull:
        """Tabulate the effects of activities and countries."""
        context = effects.context * activities.WANTED @ tracks.standard.T
        artist = tracks.artist
        country = np.arange(len(places.COUNTRIES))[:, None]
        hero, at_home = artists.hero[artist], artists.country[artist] == country
        weight = np.where(at_home, np.where(hero, HERO_HOME, HOME), np.where(hero, HERO_ABROAD, 1.0))
        foreign = (tracks.language > places.ENGLISH) & (tracks.language != places.languages()[country])
        place = effects.home * np.log(weight) + effects.language * foreign
        return cls(context.astype(np.float32), place.astype(np.float32))


@dataclass(frozen=True, eq=False)
class _Layout:
    """Listens by listener and time, before anything is chosen."""

    session: Indices
    listener: Indices
    activity: Codes
    replay: Flags
    opens: Flags  # first listen of its session

    @classmethod
    def of(cls, sessions: Sessions, people: Listeners, effects: Effects, rng: np.random.Generator) -> _Layout:
        session = np.repeat(np.arange(len(sessions), dtype=np.int32), sessions.length)
        listener = sessions.listener[session]
        replay = rng.random(len(session), dtype=np.float32) < effects.replay * people.replay[listener]
        replay &= np.diff(listener, prepend=-1) == 0  # nobody has a past at the first listen
        return cls(session, listener, sessions.activity[session], replay, np.diff(session, prepend=-1) > 0)


def make_listens(
    artists: Artists,
    tracks: Tracks,
    people: Listeners,
    sessions: Sessions,
    *,
    effects: Effects,
    rng: np.random.Generator,
) -> Listens:
    """Let the listeners of the sessions listen."""
    layout = _Layout.of(sessions, people, effects, rng)
    pull = Pull.of(artists, tracks, effects)
    found = np.flatnonzero(~layout.replay)
    track = np.zeros(len(layout.session), dtype=np.int32)
    track[found] = _discover(found, layout, artists, tracks, people, sessions, pull, effects, rng)
    chance = _SkipChance(layout, tracks, people, sessions, pull, effects)
    skipped = np.zeros(len(track), dtype=np.bool_)
    affinity = np.zeros(len(track), dtype=np.float32)
    skipped[found], affinity[found] = chance.draw(found, track, rng)
    skipped[found] &= np.diff(layout.listener[found], prepend=-1) == 0  # a first listen is heard: it can be copied
    track = track[_roots(layout, ~skipped, effects, rng)]
    again = np.flatnonzero(layout.replay)
    skipped[again], affinity[again] = chance.draw(again, track, rng)
    return _timed(layout, tracks, sessions, track, skipped, affinity, rng)


def _discover(
    found: Longs,
    layout: _Layout,
    artists: Artists,
    tracks: Tracks,
    people: Listeners,
    sessions: Sessions,
    pull: Pull,
    effects: Effects,
    rng: np.random.Generator,
) -> Indices:
    """Choose the track of each discovery."""
    pools = _Pools.of(artists, tracks, effects)
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
class _Pools:
    """Tracks by genre and weight, to draw those that come to mind."""

    order: Indices
    reach: Doubles
    low: Doubles
    high: Doubles
    anchor: Indices  # a track of each pool that is out before anybody listens

    @classmethod
    def of(cls, artists: Artists, tracks: Tracks, effects: Effects) -> _Pools:
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


def _roots(layout: _Layout, kept: Flags, effects: Effects, rng: np.random.Generator) -> Longs:
    """Find the discovery that each listen goes back to; a discovery is its own."""
    n = len(layout.replay)
    run = layout.replay & (rng.random(n, dtype=np.float32) < effects.run) & ~layout.opens
    run[1:] &= layout.replay[:-1]
    narrow = rng.random(n, dtype=np.float32) < effects.same_activity
    draw = rng.random(n)
    # A run keeps the lag and the memory of the replay that it continues, so it moves on one listen at a time.
    leader = np.maximum.accumulate(np.where(run, 0, np.arange(n)))
    wide_order = np.arange(n)
    group = layout.listener.astype(np.int64) * len(activities.ACTIVITIES) + layout.activity
    wide, _ = _sources(layout.listener, wide_order, kept, leader, draw, effects)
    same, has_past = _sources(group, np.argsort(group, kind="stable"), kept, leader, draw, effects)
    source = np.where((narrow & has_past)[leader], same, wide)
    return _resolve(np.where(layout.replay, source, wide_order))


def _sources(
    group: Longs | Indices, order: Longs, kept: Flags, leader: Longs, draw: Doubles, effects: Effects
) -> tuple[Longs, Flags]:
    """Point each listen at an earlier, kept one of its group; the flags tell where there is one.

    ``order`` sorts the listens by group, then by time.
    """
    n = len(group)
    memory = order[kept[order]]  # the listens that can come back
    count: Longs = np.cumsum(kept[order]) - kept[order]
    begins = np.diff(group[order], prepend=-1) > 0
    base = np.maximum.accumulate(np.where(begins, count, 0))
    place, past = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    place[order], past[order] = count, count - base
    c = effects.recency
    lag = np.floor(c * (((past + c) / c) ** draw - 1)).astype(np.int64) + 1
    lag = np.minimum(lag, np.maximum(past, 1))[leader]
    return memory[np.clip(place - lag, 0, len(memory) - 1)], past > 0


def _resolve(source: Longs) -> Longs:
    """Follow pointers to their ends, doubling the step each time.

    >>> _resolve(np.array([0, 0, 1, 2, 4])).tolist()
    [0, 0, 0, 0, 4]
    """
    while True:
        further = source[source]
        if np.array_equal(further, source):
            return source
        source = further


class _SkipChance:
    """Who skips what."""

    def __init__(
        self,
        layout: _Layout,
        tracks: Tracks,
        people: Listeners,
        sessions: Sessions,
        pull: Pull,
        effects: Effects,
    ) -> None:
        self._layout, self._tracks, self._people = layout, tracks, people
        self._pull, self._effects = pull, effects
        local_day = (sessions.start_ms + people.offset_ms[sessions.listener]) // DAY_MS
        self._fading = local_day >= people.fading_day[sessions.listener]

    def draw(self, rows: Longs, track: Indices, rng: np.random.Generator) -> tuple[Flags, Floats]:
        """Decide for some rows; give the affinities too."""
        skipped = np.empty(len(rows), dtype=np.bool_)
        affinity = np.empty(len(rows), dtype=np.float32)
        for begin in range(0, len(rows), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            affinity[part] = self._affinity(rows[part], track)
            chance = 1 / (1 + np.exp(-self._logit(rows[part], track, affinity[part])))
            skipped[part] = rng.random(len(chance), dtype=np.float32) < chance
        return skipped, affinity

    def _affinity(self, rows: Longs, track: Indices) -> Floats:
        vectors = self._tracks.vectors[track[rows]]
        tastes = self._people.tastes[self._layout.listener[rows]]
        nearest: Floats = np.matmul(tastes, vectors[:, :, None])[:, :, 0].max(axis=1)
        return nearest

    def _logit(self, rows: Longs, track: Indices, affinity: Floats) -> Floats:
        effects, layout = self._effects, self._layout
        logit = effects.skip_base + effects.skip_distance * (1 - affinity - effects.skip_reference)
        logit += effects.skip_replay * layout.replay[rows]
        logit += effects.skip_context * self._pull.context[layout.activity[rows], track[rows]]
        logit += effects.skip_fading * self._fading[layout.session[rows]]
        logit += effects.skip_personal * self._people.skippiness[layout.listener[rows]]
        return logit


def _timed(
    layout: _Layout,
    tracks: Tracks,
    sessions: Sessions,
    track: Indices,
    skipped: Flags,
    affinity: Floats,
    rng: np.random.Generator,
) -> Listens:
    """Give every listen its moment, and put all in time order."""
    n = len(track)
    duration = tracks.duration_ms[track]
    last = np.append(layout.opens[1:], [True])
    broken = last & ~skipped & (rng.random(n, dtype=np.float32) < 0.2)
    share = np.where(broken, 0.4 + 0.55 * rng.random(n, dtype=np.float32), np.float32(1))
    short = 2_000 + 43_000 * rng.random(n, dtype=np.float32) ** 2
    played = np.where(skipped, short, duration * share).astype(np.int32)
    pause = rng.integers(0, 4, n, dtype=np.int32)
    step = (-(-played // 1000) + pause).astype(np.int64)
    passed = np.cumsum(step) - step
    first = np.flatnonzero(layout.opens)
    at = sessions.start_ms[layout.session] // 1000 + passed - passed[first][layout.session]
    forward = np.concatenate([[False], skipped[:-1]])
    reason_start = np.where(layout.opens, 0, np.where(forward, 2, 1)).astype(np.int8)
    reason_end = np.where(skipped, 1, np.where(broken, 2, 0)).astype(np.int8)
    order = np.lexsort((layout.listener, at))
    session = layout.session[order]
    return Listens(
        listener=layout.listener[order],
        track=track[order],
        session=session,
        listened_at=at[order] * 1000,
        ms_played=played[order],
        skipped=skipped[order],
        replay=layout.replay[order],
        shuffle=sessions.shuffle[session],
        activity_told=sessions.activity_told[session],
        reason_start=reason_start[order],
        reason_end=reason_end[order],
        activity=layout.activity[order],
        device=sessions.device[session],
        affinity=affinity[order],
    )
