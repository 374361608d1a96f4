"""What a listener asks for besides the listener: the situation, and preferences; checked at the door.

Conventions
-----------
- ``context`` has any of :data:`CONTEXT`, in words of :mod:`ml.features.vocabulary`, English or German. It moves
  scores, and excludes nothing.
- Of the preferences, ``language``, ``explicit``, ``year_from`` and ``year_to`` are filters: what is known not to fit is
  left out, and so is what has no year or language, where one is asked for. ``explicit`` leaves out what is known
  to have explicit words where it is False, and nothing where it is True.
- ``genres`` and ``energy_level`` are strong wishes: what fits goes far up, and the rest stays to fill the list.
- ``familiar_ratio`` is the dial between the known and the new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from babel import Locale

from ml.features.vocabulary import ENERGY_LEVELS, VOCABULARY, WEEKDAYS, energy_of, hour_of
from ml.foundation.errors import BadInput, did_you_mean
from ml.models.asking import Asking

CONTEXT = ("mood", "activity", "time_of_day", "weekday", "location", "device")
PREFERENCES = ("familiar_ratio", "energy_level", "genres", "language", "explicit", "year_from", "year_to")
YEARS = (1, 9999)


@dataclass(frozen=True, slots=True)
class Wishes:
    """Preferences besides the dial; what is None or empty is not asked for.

    Parameters
    ----------
    genres : tuple of str
        Lower case.
    energy : float in [0, 1], optional
    language : str, optional
        ISO 639-1.
    explicit : bool, optional
    year_from, year_to : int, optional
        Both included.
    """

    genres: tuple[str, ...] = ()
    energy: float | None = None
    language: str | None = None
    explicit: bool | None = None
    year_from: int | None = None
    year_to: int | None = None

    @classmethod
    def of(cls, preferences: Mapping[str, Any]) -> Self:
        """Read preferences.

        Raises
        ------
        BadInput
            Naming the preference, its value and what is allowed.
        """
        given = {name: value for name, value in preferences.items() if value is not None}
        explicit = given.get("explicit")
        if explicit is not None and not isinstance(explicit, bool):
            raise BadInput(f"explicit = {explicit!r}", "give True or False; False leaves out explicit words")
        first, last = (_year(name, given.get(name)) for name in ("year_from", "year_to"))
        if first is not None and last is not None and first > last:
            raise BadInput(f"no year is from {first} and up to {last}", "give the earlier one as year_from")
        energy = _energy(given["energy_level"]) if "energy_level" in given else None
        language = _language(given["language"]) if "language" in given else None
        return cls(_genres(given.get("genres", ())), energy, language, explicit, first, last)

    @property
    def filters(self) -> bool:
        """Whether anything is left out."""
        return self.language is not None or self.explicit is False or (self.year_from or self.year_to) is not None


def asking_of(context: Mapping[str, Any]) -> Asking | None:
    """Read a context; None where it tells nothing.

    >>> asking_of({"activity": "Joggen", "time_of_day": "evening"})
    Asking(activity='workout', device=None, mood=None, location=None, hour=20, weekday=None)

    Raises
    ------
    BadInput
        If a word is not known, naming those that are near.
    """
    words = {name: VOCABULARY[name].match(value) for name, value in context.items() if value is not None}
    hour, weekday = words.pop("time_of_day", None), words.pop("weekday", None)
    asking = Asking(
        **words,
        hour=None if hour is None else hour_of(hour),
        weekday=None if weekday is None else list(WEEKDAYS).index(weekday),
    )
    return asking or None


def check_names(what: str, given: Mapping[str, Any], names: tuple[str, ...]) -> None:
    """Refuse names of context or preferences that there are not.

    Raises
    ------
    BadInput
    """
    for name in given:
        if name not in names:
            raise BadInput(f"unknown {what} {name!r}", did_you_mean(str(name), names))


def _genres(value: object) -> tuple[str, ...]:
    genres = [value] if isinstance(value, str) else value
    if not isinstance(genres, Sequence) or not all(isinstance(genre, str) and genre.strip() for genre in genres):
        raise BadInput(f"genres = {value!r}", "give a list of names, such as ['jazz', 'soul']")
    return tuple(dict.fromkeys(genre.strip().lower() for genre in genres))


def _energy(value: object) -> float:
    if isinstance(value, str):
        word = ENERGY_LEVELS.match(value)
        assert word is not None
        return energy_of(word)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise BadInput(f"energy_level = {value!r}", "give a number between 0 and 1, or low, medium or high")
    return float(value)


def _year(name: str, value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not YEARS[0] <= value <= YEARS[1]:
        raise BadInput(f"{name} = {value!r}", f"give a year between {YEARS[0]} and {YEARS[1]}")
    return value


@cache
def _languages() -> dict[str, str]:
    """Codes by everything that leads to them: themselves, and their English and German names."""
    codes = {str(code) for code in Locale("en").languages if len(str(code)) == 2}
    named: dict[str, str] = {
        str(Locale(tongue).languages[code]).lower(): code for tongue in ("de", "en") for code in codes
    }
    return named | {code: code for code in codes}


def _language(value: object) -> str:
    found = _languages().get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        near = did_you_mean(str(value).lower(), _languages())
        hint = near if near.startswith("did you mean") else "give a code of ISO 639-1 such as 'de', or 'German'"
        raise BadInput(f"language = {value!r}", hint)
    return found
