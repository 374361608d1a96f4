"""The one vocabulary of situations: moods, activities, times of day, weekdays, places, devices, levels of energy.

Conventions
-----------
- A *canonical* word is lower case, English and of one word. Synonyms, English and German, lead to it;
  upper and lower case are the same. A word nobody knows is refused with those that are near it.
- What a word says of sound is a :class:`Region`: for some features, in their own units, the stretch that suits.
  Every region names the publication that it is from. Where no publication says anything, there is no region: to
  commute is to listen to whatever one listens to.
- A region is what is believed before anybody has listened; :mod:`ml.models.context` takes it for that and lets it
  fade where listens tell more.
- Genres are a table of their own and not part of :data:`VOCABULARY`: they are of tracks, not of situations.
"""

from ml.features.vocabulary.activities import ACTIVITIES
from ml.features.vocabulary.clock import utc_offset_h
from ml.features.vocabulary.energy import ENERGY_LEVELS, energy_of
from ml.features.vocabulary.genres import GENRES
from ml.features.vocabulary.moments import TIMES_OF_DAY, WEEKDAYS, hour_of, time_of_day
from ml.features.vocabulary.moods import MOODS
from ml.features.vocabulary.region import Region
from ml.features.vocabulary.surroundings import DEVICES, LOCATIONS, device_in
from ml.features.vocabulary.word import Table, Word

#: Every table by the name that ``context`` and ``preferences`` use for it.
VOCABULARY: dict[str, Table] = {
    "mood": MOODS,
    "activity": ACTIVITIES,
    "time_of_day": TIMES_OF_DAY,
    "weekday": WEEKDAYS,
    "location": LOCATIONS,
    "device": DEVICES,
    "energy_level": ENERGY_LEVELS,
}

__all__ = [
    "ACTIVITIES",
    "DEVICES",
    "ENERGY_LEVELS",
    "GENRES",
    "LOCATIONS",
    "MOODS",
    "TIMES_OF_DAY",
    "VOCABULARY",
    "WEEKDAYS",
    "Region",
    "Table",
    "Word",
    "device_in",
    "energy_of",
    "hour_of",
    "time_of_day",
    "utc_offset_h",
]
