"""What is told of the moment of each listen, in the words of the vocabulary.

Conventions
-----------
There are four *dimensions*: activity, device, time of day, and whether it is the weekend. Of each, a listen has one
value or none. The clock is the one of the listener's country; without a country it is UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ml.features.vocabulary import ACTIVITIES, DEVICES, TIMES_OF_DAY, device_in, time_of_day, utc_offset_h
from ml.models.asking import Asking
from ml.models.plays import UNDATED, Plays
from ml.models.situations import UNKNOWN, Codes

HOUR_MS = 3_600_000
#: Values by dimension; a code is a position.
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "activity": tuple(ACTIVITIES),
    "device": tuple(DEVICES),
    "time_of_day": tuple(TIMES_OF_DAY),
    "weekday": ("working day", "weekend"),
}
#: Position of Saturday, counted from Monday.
SATURDAY = 5


def told(plays: Plays) -> dict[str, Codes]:
    """Give the value of each dimension for every play, int16 [shape=(n_plays,)]; -1 where it is not known."""
    hours, weekdays = _clock(plays)
    of_hour = np.array([*(DIMENSIONS["time_of_day"].index(time_of_day(hour)) for hour in range(24)), UNKNOWN])
    situations = plays.situations
    nothing = np.full(len(plays.items), UNKNOWN, dtype=np.int16)
    activities = devices = nothing
    if situations is not None:
        words = [ACTIVITIES.find(name) for name in situations.activity_names]
        activities = _translated(situations.activities, words, "activity")
        words = [device_in(name) for name in situations.device_names]
        devices = _translated(situations.devices, words, "device")
    return {
        "activity": activities,
        "device": devices,
        "time_of_day": of_hour[hours].astype(np.int16),
        "weekday": np.where(weekdays < 0, UNKNOWN, weekdays >= SATURDAY).astype(np.int16),
    }


def asked(asking: Asking | None) -> dict[str, int]:
    """Give the code of each dimension that a question tells; what it does not tell is absent.

    >>> asked(Asking(activity="commute", weekday=6))
    {'activity': 0, 'weekday': 1}
    """
    if asking is None:
        return {}
    values = {
        "activity": asking.activity,
        "device": asking.device,
        "time_of_day": None if asking.hour is None else time_of_day(asking.hour),
        "weekday": None if asking.weekday is None else DIMENSIONS["weekday"][asking.weekday >= SATURDAY],
    }
    return {name: DIMENSIONS[name].index(value) for name, value in values.items() if value is not None}


def _clock(plays: Plays) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the hour and the weekday of each play by the listener's clock; -1 where the play has no date."""
    countries = plays.countries or [None] * plays.n_users
    offsets = np.array([round(utc_offset_h(country) * HOUR_MS) for country in countries], dtype=np.int64)
    dated = plays.times != UNDATED
    local = np.where(dated, plays.times, 0) + offsets[plays.users] if len(offsets) else plays.times
    hours = local // HOUR_MS
    # 1 January 1970 was a Thursday.
    return np.where(dated, hours % 24, -1), np.where(dated, (hours // 24 + 3) % 7, -1)


def _translated(codes: Codes, names: Sequence[str | None], dimension: str) -> Codes:
    known = DIMENSIONS[dimension]
    table = np.array([*(UNKNOWN if name is None else known.index(name) for name in names), UNKNOWN], dtype=np.int16)
    result: Codes = table[codes]
    return result
