"""When the demo world listens: sessions with a start, an activity and a device.

Method
------
A listener's listens are cut into sessions of geometric length. A session's day is drawn
from the listener's days (fewer and fewer where the listener is about to leave) and moved
within its week by the weight of the days; the activity follows the listener's habits and
the kind of day, the hour follows the activity, the device too. Sessions that would
overlap are pushed apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo import activities, clock
from ml.data.demo.arrays import Codes, Flags, Floats, Indices, Longs, allot, pick
from ml.data.demo.clock import DAY_MS, HOUR_MS
from ml.data.demo.listeners import FADE_FLOOR, Listeners

#: Mean number of listens of a session.
LENGTH = 8.0
#: Room kept for each listen: the longest track and a pause.
SLOT_MS = 490_000
#: No listener hears more than this on an average day (16 hours of the longest tracks).
CAPACITY = 120
#: Share of sessions whose activity is told to the store.
ACTIVITY_TOLD = 0.7


@dataclass(frozen=True, eq=False)
class Sessions:
    """Sessions, one row each, by listener and time.

    Parameters
    ----------
    listener : int32 [shape=(n_sessions,)]
    length : int32 >= 1 [shape=(n_sessions,)]
        Number of listens.
    start_ms : int64 [shape=(n_sessions,)]
        UTC, whole seconds.
    activity, device : int8 [shape=(n_sessions,)]
        Indices into :data:`ml.data.demo.activities.ACTIVITIES` and ``DEVICES``.
    activity_told, shuffle : bool [shape=(n_sessions,)]
    """

    listener: Indices
    length: Indices
    start_ms: Longs
    activity: Codes
    device: Codes
    activity_told: Flags
    shuffle: Flags

    def __len__(self) -> int:
        return len(self.listener)


def make_sessions(total: int, people: Listeners, *, clock_matters: bool, rng: np.random.Generator) -> Sessions:
    """Draw sessions that hold ``total`` listens together."""
    listener, length = _cut(_counts(total, people, rng), rng)
    day = _days(people, listener, rng)
    weekend = (clock.weekday(day) >= 5).astype(np.int8)
    activity = _by_row(people.habits[listener] * activities.SHARES[weekend], rng)
    hour = pick(activities.hours()[weekend, activity], rng).astype(np.int64)
    second = (rng.random(len(day)) * 3600).astype(np.int64)
    start = day * DAY_MS + hour * HOUR_MS + second * 1000 - people.offset_ms[listener]
    device = _by_row(activities.DEVICE_SHARES[activity], rng)
    shuffled = rng.permutation(len(day))
    if not clock_matters:  # the same shares, but what people do no longer goes with the hour
        activity, device = activity[shuffled], device[rng.permutation(len(day))]
    order = np.lexsort((start, listener))
    return Sessions(
        listener=listener,
        length=length,
        start_ms=_apart(start[order], listener, length, people),
        activity=activity[order],
        device=device[order],
        activity_told=rng.random(len(day)) < ACTIVITY_TOLD,
        shuffle=rng.random(len(day)) < 0.3,
    )


def _counts(total: int, people: Listeners, rng: np.random.Generator) -> Longs:
    """Divide the listens: at least one each where there are enough, the rest by activity and days."""
    n = len(people)
    full = (people.fading_day - people.first_day).astype(np.float64)
    days = full + (people.last_day - people.fading_day) * (1 + FADE_FLOOR) / 2
    capacity = CAPACITY * (people.last_day - people.first_day).astype(np.int64)
    weights = people.activity * days
    if total < n:
        chosen = np.argsort(-np.log(weights) - rng.gumbel(size=n))[:total]
        return np.bincount(chosen, minlength=n)
    return 1 + allot(total - n, weights, capacity - 1)


def _cut(counts: Longs, rng: np.random.Generator) -> tuple[Indices, Indices]:
    """Cut each listener's listens into sessions; give their listeners and lengths."""
    owner = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    begins = rng.random(len(owner), dtype=np.float32) < 1 / LENGTH
    begins |= np.diff(owner, prepend=-1) > 0
    first = np.flatnonzero(begins)
    return owner[first], np.diff(first, append=len(owner)).astype(np.int32)


def _days(people: Listeners, listener: Indices, rng: np.random.Generator) -> Longs:
    """Draw a local day for each session."""
    first, last = people.first_day[listener], people.last_day[listener]
    full = (people.fading_day[listener] - first).astype(np.float64)
    fade = np.maximum((last - first) - full, 1e-9)
    # The area under the rate: 1 a day, then falling in a straight line to FADE_FLOOR.
    drop = (1 - FADE_FLOOR) / fade
    area = rng.random(len(listener)) * (full + (last - first - full) * (1 + FADE_FLOOR) / 2)
    # x - drop x² / 2 = area beyond the full days, solved for x.
    beyond = np.maximum(area - full, 0)
    faded = (1 - np.sqrt(np.maximum(1 - 2 * drop * beyond, 0))) / drop
    drawn = first + np.where(area < full, area, full + faded).astype(np.int64)
    day: Longs = np.clip(drawn, first, last - 1).astype(np.int64)
    monday = day - clock.weekday(day)
    week = np.broadcast_to(np.cumsum(activities.WEEKDAYS), (len(day), 7))
    moved = monday + (week < rng.random(len(day))[:, None] * week[:, -1:]).sum(axis=1)
    return np.where((moved >= first) & (moved < last), moved, day)


def _by_row(weights: Floats, rng: np.random.Generator) -> Codes:
    return pick(weights, rng).astype(np.int8)


def _apart(start: Longs, listener: Indices, length: Indices, people: Listeners) -> Longs:
    """Push sessions of one listener apart, inside the listener's days.

    A session keeps its start unless the one before it would still be running, or too
    little time is left for the sessions after it.
    """
    slots = length.astype(np.int64) * SLOT_MS
    after = np.cumsum(slots)
    opens = np.searchsorted(listener, listener, side="left")
    closes = np.searchsorted(listener, listener, side="right") - 1
    before = (after - slots) - (after - slots)[opens]
    # One running maximum for all listeners: each lies above all the times of the one before.
    step = np.int64(clock.END_MS)
    free = start - before + listener * step
    pushed = np.maximum.accumulate(free) - listener * step + before
    end = people.last_day[listener].astype(np.int64) * DAY_MS - people.offset_ms[listener]
    latest = end - (after[closes] - (after - slots))
    apart: Longs = np.minimum(pushed, latest)
    return apart
