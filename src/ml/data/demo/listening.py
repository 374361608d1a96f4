"""What the demo world listens to: discoveries, replays and skips, in time.

Method
------
Listens are laid out by listener and time, and each is a replay with its listener's own
probability. Discoveries are chosen first (:mod:`ml.data.demo.discovery`) and skipped or
not (:mod:`ml.data.demo.skips`); replays then point at earlier listens
(:mod:`ml.data.demo.replays`). A listener's first listen is never skipped, so that there is
always something to come back to.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo.arrays import Codes, Flags, Floats, Indices, Longs
from ml.data.demo.artists import Artists
from ml.data.demo.discovery import discover
from ml.data.demo.effects import Effects
from ml.data.demo.layout import Layout
from ml.data.demo.listeners import Listeners
from ml.data.demo.pull import Pull
from ml.data.demo.replays import roots
from ml.data.demo.sessions import Sessions
from ml.data.demo.skips import SkipChance
from ml.data.demo.tracks import Tracks

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
    layout = Layout.of(sessions, people, effects, rng)
    pull = Pull.of(artists, tracks, effects)
    found = np.flatnonzero(~layout.replay)
    track = np.zeros(len(layout.session), dtype=np.int32)
    track[found] = discover(found, layout, artists, tracks, people, sessions, pull, effects, rng)
    chance = SkipChance(layout, tracks, people, sessions, pull, effects)
    skipped = np.zeros(len(track), dtype=np.bool_)
    affinity = np.zeros(len(track), dtype=np.float32)
    skipped[found], affinity[found] = chance.draw(found, track, rng)
    skipped[found] &= np.diff(layout.listener[found], prepend=-1) == 0  # a first listen is heard: it can be copied
    track = track[roots(layout, ~skipped, effects, rng)]
    again = np.flatnonzero(layout.replay)
    skipped[again], affinity[again] = chance.draw(again, track, rng)
    return _timed(layout, tracks, sessions, track, skipped, affinity, rng)


def _timed(
    layout: Layout,
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
