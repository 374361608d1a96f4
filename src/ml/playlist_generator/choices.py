"""What there is to choose from when a list is asked for: the words that are known, and what the tracks here have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ml.features.vocabulary import ACTIVITIES, MOODS, TIMES_OF_DAY
from ml.foundation.phrase import Language, spoken
from ml.foundation.results import Result
from ml.playlist_generator.demand_names import word
from ml.playlist_generator.flow.arcs import ARCS, along, middles
from ml.playlist_generator.library.tracks import Tracks

#: Places at which arcs are told: enough to draw any of them.
ARC_PLACES = 9
#: Decimals of what is told of an arc.
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Choice(Result):
    """Something that can be asked for.

    Parameters
    ----------
    name : str
        As it is asked for.
    label : str
        As people call it.
    """

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices(Result):
    """What a request can choose from.

    Parameters
    ----------
    moods, activities, times_of_day : tuple of Choice
    genres : tuple of Choice
        Of the tracks here, the most frequent first.
    languages : tuple of str
        Codes of those that tracks here are sung in.
    arcs : mapping of str to tuple of float in [0, 1]
        The arcs that have a name: the energy they want at nine even steps along a list.
    features : tuple of str
        What is known of the sound of at least one track, such as ``energy`` and ``tempo_bpm``.
    years : (int, int) or None
        The earliest and the latest.
    tracks : int
    playable : int
        Tracks with a file.
    """

    moods: tuple[Choice, ...]
    activities: tuple[Choice, ...]
    times_of_day: tuple[Choice, ...]
    genres: tuple[Choice, ...]
    languages: tuple[str, ...]
    arcs: Mapping[str, tuple[float, ...]]
    features: tuple[str, ...]
    years: tuple[int, int] | None
    tracks: int
    playable: int


def _points(name: str) -> tuple[float, ...]:
    return tuple(round(float(each), _DIGITS) for each in along(name, middles(ARC_PLACES)))


def choices(tracks: Tracks, language: Language) -> Choices:
    """Tell what there is to choose from."""

    def labelled(names: Iterable[str]) -> tuple[Choice, ...]:
        return tuple(Choice(name, spoken(word(name), language)) for name in names)

    years = tracks.years[tracks.years > 0]
    heard = (name for name, values in tracks.features.items() if np.isfinite(values).any())
    key = ("key",) if (tracks.sounds.key >= 0).any() else ()
    return Choices(
        moods=labelled(MOODS),
        activities=labelled(ACTIVITIES),
        times_of_day=labelled(TIMES_OF_DAY),
        genres=labelled(tracks.genres),
        languages=tuple(sorted(set(tracks.languages.tolist()) - {""})),
        arcs={name: _points(name) for name in ARCS},
        features=(*heard, *key),
        years=(int(years.min()), int(years.max())) if len(years) else None,
        tracks=len(tracks),
        playable=int(tracks.has_file.sum()),
    )
