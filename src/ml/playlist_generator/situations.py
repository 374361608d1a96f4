"""Preferences and a situation, as recommendations take them, as what is asked of a playlist."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ml.features.vocabulary import ENERGY_LEVELS, LOCATIONS, VOCABULARY, energy_of
from ml.foundation.errors import BadInput

#: Half of a level of energy.
HALF_LEVEL = 1 / 6
_FIRST_YEAR, _LAST_YEAR = 1, 9999


def asked_by(
    preferences: Mapping[str, Any] | None, context: Mapping[str, Any] | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Give the fields of a request, and what has no say in it.

    Besides the fields of :class:`~ml.playlist_generator.PlaylistRequest`, preferences may have ``energy_level``,
    ``language`` (of the songs), ``year_from`` and ``year_to``, and the context ``weekday``, ``location`` and
    ``device``. A place stands for what people mostly do there, where nothing else is said of that.

    >>> asked_by({"genres": ["rock"], "year_from": 1990}, {"location": "gym", "device": "phone"})
    ({'genres': ['rock'], 'years': (1990, 9999), 'activity': 'workout'}, ('phone',))

    Raises
    ------
    BadInput
    """
    fields = _mapping("user_preferences", preferences)
    level, language = fields.pop("energy_level", None), fields.pop("language", None)
    first, last = fields.pop("year_from", None), fields.pop("year_to", None)
    if level is not None:
        middle = _energy(level)
        fields.setdefault("energy", (max(0.0, middle - HALF_LEVEL), min(1.0, middle + HALF_LEVEL)))
    if language is not None:
        fields.setdefault("languages", language)
    if first is not None or last is not None:
        fields.setdefault("years", (_FIRST_YEAR if first is None else first, _LAST_YEAR if last is None else last))
    silent = []
    for name, value in _mapping("context", context).items():
        if value is None:
            continue
        if name not in ("weekday", "location", "device"):
            fields[name] = value
            continue
        word = str(VOCABULARY[name].match(value))
        activity = LOCATIONS[word].activity if name == "location" else None
        if activity is None:
            silent.append(word)
        else:
            fields.setdefault("activity", activity)
    if "mood" in fields:
        raise BadInput(f"mood = {fields['mood']!r} beside the mood", "name one mood")
    return fields, tuple(silent)


def _mapping(name: str, given: object) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
        raise BadInput(f"{name} = {given!r}", f"give names and values: {name}={{'genres': ['rock']}}")
    return dict(given)


def _energy(level: object) -> float:
    if isinstance(level, str):
        return energy_of(str(ENERGY_LEVELS.match(level)))
    if isinstance(level, bool) or not isinstance(level, int | float) or not 0 <= level <= 1:
        raise BadInput(f"energy_level = {level!r}", "give a number between 0 and 1, or low, medium or high")
    return float(level)
