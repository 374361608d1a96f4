"""The listeners of the demo world: who they are, what they like, when they come and go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo import activities, genres, places
from ml.data.demo.arrays import Codes, Flags, Floats, Indices, Longs, near
from ml.data.demo.artists import Artists
from ml.data.demo.clock import DAY_MS, END_DAY, END_MS, HOUR_MS

GENDERS: tuple[str, ...] = ("f", "m", "nonbinary")
GENDER_SHARES = (0.48, 0.48, 0.04)
TASTES = 4
#: Shares of listeners with 1, 2, 3 and 4 tastes.
TASTE_COUNTS = (0.20, 0.35, 0.30, 0.15)
LATE = 0.3
#: Log odds of leaving at mean activity, and for each standard deviation of log activity.
LEAVING = (-1.5, -0.5)
#: A listener who leaves listens ever less for so long before, down to this share.
FADE_DAYS = 60
FADE_FLOOR = 0.1
#: Standard deviation of log activity.
ACTIVITY = 0.9
#: Personal replay probability and adventurousness: parameters of their beta distributions.
REPLAY = (5.0, 5.0)
ADVENTURE = (2.0, 10.0)


@dataclass(frozen=True, eq=False)
class Listeners:
    """Listeners, one row each, and the truth about them.

    Parameters
    ----------
    country : int8 [shape=(n_listeners,)]
        Index into :data:`ml.data.demo.places.COUNTRIES`.
    age : int8 [shape=(n_listeners,)]
        In years, from 14 to 80.
    gender : int8 [shape=(n_listeners,)]
        Index into :data:`GENDERS`; it has no effect on anything.
    age_told, gender_told : bool [shape=(n_listeners,)]
        Whether the profile says it.
    registered_at : int64 [shape=(n_listeners,)]
        UTC, in milliseconds.
    first_day, last_day : int32 [shape=(n_listeners,)]
        Local days since 1970 of listening, the last one exclusive.
    fading_day : int32 [shape=(n_listeners,)]
        Local day from which a listener who leaves listens less; ``last_day`` for the others.
    churned_at : int64 [shape=(n_listeners,)]
        UTC, in milliseconds; nothing is heard from then on. -1 for those who stay.
    activity : float32 > 0 [shape=(n_listeners,)]
        Listening per day, relative.
    replay : float32 in (0, 1) [shape=(n_listeners,)]
        Probability that a listen is a replay.
    adventure : float32 in (0, 1) [shape=(n_listeners,)]
        Probability that a discovery looks beyond the genre.
    skippiness : float32 [shape=(n_listeners,)]
        Standard normal; multiplied by ``Effects.skip_personal`` it is added to the logit of a skip.
    habits : float32 > 0 [shape=(n_listeners, n_activities)]
        Multiplies the activities' shares of sessions.
    genres : int8 [shape=(n_listeners, TASTES)]
        Genre of each taste.
    tastes : float32 [shape=(n_listeners, TASTES, DIMENSIONS)]
        Unit vectors; a taste that the listener does not have repeats the first.
    weights : float32 >= 0 [shape=(n_listeners, TASTES)]
        Of the tastes, summing to 1; 0 for a taste that the listener does not have.
    """

    country: Codes
    age: Codes
    gender: Codes
    age_told: Flags
    gender_told: Flags
    registered_at: Longs
    first_day: Indices
    last_day: Indices
    fading_day: Indices
    churned_at: Longs
    activity: Floats
    replay: Floats
    adventure: Floats
    skippiness: Floats
    habits: Floats
    genres: Codes
    tastes: Floats
    weights: Floats

    def __len__(self) -> int:
        return len(self.country)

    @property
    def offset_ms(self) -> Longs:
        """Local time minus UTC, int64 [shape=(n_listeners,)]."""
        return places.offsets_h()[self.country].astype(np.int64) * HOUR_MS

    @property
    def churned(self) -> Flags:
        """Whether each listener leaves before the world ends."""
        return self.churned_at >= 0


def make_listeners(n: int, artists: Artists, days: int, rng: np.random.Generator) -> Listeners:
    """Draw listeners with one to four tastes, some who come late and some who leave."""
    country = rng.choice(len(places.COUNTRIES), n, p=places.shares("listeners")).astype(np.int8)
    age = np.clip(14.0 + rng.gamma(2.2, 9.0, n), 14, 80).astype(np.int8)
    activity = rng.standard_normal(n, dtype=np.float32)
    taste_genres, weights = _genres(age, rng)
    offset = places.offsets_h()[country].astype(np.int64) * HOUR_MS
    registered, first = _arrival(offset, days, rng)
    last, fading, leaving = _departure(first, offset, activity, rng)
    tastes = near(artists.centres[taste_genres], 0.8, rng)
    return Listeners(
        country=country,
        age=age,
        gender=rng.choice(len(GENDERS), n, p=GENDER_SHARES).astype(np.int8),
        age_told=rng.random(n) < 0.88,
        gender_told=rng.random(n) < 0.92,
        registered_at=registered,
        first_day=first,
        last_day=last,
        fading_day=fading,
        churned_at=np.where(leaving, last.astype(np.int64) * DAY_MS - offset, -1),
        activity=np.exp(ACTIVITY * activity),
        replay=rng.beta(*REPLAY, n).astype(np.float32),
        adventure=rng.beta(*ADVENTURE, n).astype(np.float32),
        skippiness=rng.standard_normal(n, dtype=np.float32),
        habits=rng.gamma(2.0, 0.5, (n, len(activities.ACTIVITIES))).astype(np.float32) + np.float32(0.05),
        genres=taste_genres,
        tastes=np.where((weights > 0)[:, :, None], tastes, tastes[:, :1]),
        weights=weights,
    )


def _genres(age: Codes, rng: np.random.Generator) -> tuple[Codes, Floats]:
    """Choose different genres, common ones more often, some by age."""
    n = len(age)
    logit = np.log(genres.shares()) + genres.column("age") * ((age - 34.0) / 13.0)[:, None]
    # The largest of log weight plus Gumbel noise are a draw without replacement.
    chosen = np.argsort(-(logit + rng.gumbel(size=logit.shape)), axis=1)[:, :TASTES].astype(np.int8)
    count = rng.choice(TASTES, n, p=TASTE_COUNTS) + 1
    weight = (rng.gamma(2.0, 1.0, (n, TASTES)) + 0.2) * (np.arange(TASTES) < count[:, None])
    return chosen, (weight / weight.sum(axis=1, keepdims=True)).astype(np.float32)


def _arrival(offset: Longs, days: int, rng: np.random.Generator) -> tuple[Longs, Indices]:
    """Sign up: most in the six years before the world begins, the late ones in its first three quarters."""
    n, begin = len(offset), END_DAY - days
    # The first local day that lies wholly inside the world.
    first = begin + (offset > 0)
    late = rng.random(n) < LATE
    first = np.where(late, first + (rng.random(n) * 0.75 * days).astype(np.int64), first)
    before = (begin - rng.random(n) * 6 * 365.25) * DAY_MS
    return np.where(late, first * DAY_MS - offset, before).astype(np.int64), first.astype(np.int32)


def _departure(
    first: Indices, offset: Longs, activity: Floats, rng: np.random.Generator
) -> tuple[Indices, Indices, Flags]:
    """Leave: the last day, the day on which the fading begins, and whether the listener leaves at all."""
    n = len(first)
    end = (END_MS + offset) // DAY_MS
    leaving = rng.random(n) < 1 / (1 + np.exp(-(LEAVING[0] + LEAVING[1] * activity)))
    stays = np.floor(rng.uniform(0.45, 0.95, n) * (end - first)).astype(np.int64)
    last = np.where(leaving, first + np.maximum(stays, 1), end)
    fading = np.where(leaving, last - np.minimum(FADE_DAYS, (last - first) // 2), last)
    return last.astype(np.int32), fading.astype(np.int32), leaving
