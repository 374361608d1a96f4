"""Times of day and weekdays, by the listener's own clock."""

from __future__ import annotations

from ml.features.vocabulary.region import Region
from ml.features.vocabulary.word import Table, Word

_NIGHT = Region(
    {"energy": (0.0, 0.5)},
    # More relaxing music late at night, in 51 countries.
    "Park, Thom, Mennicken, Cramer and Macy, 'Global music streaming data reveal diurnal and seasonal patterns of "
    "affective preference', Nature Human Behaviour 3, 2019",
)

TIMES_OF_DAY = Table(
    "time_of_day",
    (
        Word(
            "morning",
            "early, early morning, morgen, morgens, früh, vormittag, vormittags, mornings, early mornings, wake "
            "up, waking up, aufwachen, aufstehen, getting up, am morgen",
        ),
        Word("midday", "noon, lunchtime, mittagspause, lunch break, mittag, mittags"),
        Word("afternoon", "nachmittag, nachmittags, afternoons"),
        Word("evening", "abend, abends, tonight, heute abend, evenings, feierabendzeit, am abend"),
        Word(
            "night",
            "late, late night, midnight, nacht, nachts, spät, spätabends, late at night, spät in der nacht, "
            "mitternacht, nights, late nights, late evening, late evenings, spätabend, später abend, spät am "
            "abend, spät nachts, in der nacht, after dark",
            _NIGHT,
        ),
    ),
)
WEEKDAYS = Table(
    "weekday",
    (
        Word("monday", "mon, montag, mo"),
        Word("tuesday", "tue, dienstag, di"),
        Word("wednesday", "wed, mittwoch, mi"),
        Word("thursday", "thu, donnerstag, do"),
        Word("friday", "fri, freitag, fr"),
        Word("saturday", "sat, samstag, sonnabend, sa, weekend, wochenende"),
        Word("sunday", "sun, sonntag, so"),
    ),
)
# First hour and the one that stands for all.
_HOURS = {"night": (22, 0), "morning": (5, 8), "midday": (11, 12), "afternoon": (14, 16), "evening": (18, 20)}


def time_of_day(hour: int) -> str:
    """Name the time of day of an hour in [0, 23].

    >>> [time_of_day(hour) for hour in (4, 5, 13, 17, 21, 22)]
    ['night', 'morning', 'midday', 'afternoon', 'evening', 'night']
    """
    begun = {name: first for name, (first, _) in _HOURS.items() if first <= hour}
    return max(begun, key=lambda name: begun[name]) if begun else "night"


def hour_of(name: str) -> int:
    """Give the hour in [0, 23] that stands for a time of day.

    >>> hour_of("night"), hour_of("evening")
    (0, 20)
    """
    return _HOURS[name][1]
