"""What is asked of a search, checked at the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from ml.features.keys import from_camelot
from ml.features.vocabulary import GENRES, VOCABULARY
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.phrase import Language, require_language
from ml.intelligent_search.documents import KINDS
from ml.intelligent_search.filters import Bounds, Filters

#: Longer texts are cut.
LONGEST = 1_000
MOST_HITS, FARTHEST = 1_000, 10_000
SORTS = ("relevance", "plays", "year", "duration_s", "tempo_bpm", "energy")
CONTEXT = ("mood", "activity", "time_of_day", "weekday", "location", "device")
FACETS = ("kind", "genre", "language", "decade", "key")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One search.

    Parameters
    ----------
    text : str
        Anything; may be empty where something else is asked for.
    count, offset : int
        How many hits, and how many are passed over before them.
    kinds : tuple of str
        Of ``"artist"``, ``"album"`` and ``"track"``; empty means all.
    genres, not_genres, languages : tuple of str
    years, bpm, duration_s, energy : (float or None, float or None), optional
        From and to, both included.
    keys : tuple of str
        Places of the Camelot wheel.
    clean : bool
        Whether to leave out what is marked explicit.
    understand : bool
        Whether to follow what the grammar reads in the text.
    typing : bool
        Whether the last word may go on.
    sort : str
        One of :data:`SORTS`; a ``-`` before it turns it around.
    facets : tuple of str
        Of :data:`FACETS`.
    user_id : str, optional
        Whose taste and languages may move hits a little.
    context : mapping of str to str
        The situation, which may move hits a little: ``{"activity": "workout", "time_of_day": "evening"}``, in words of
        :mod:`ml.features.vocabulary`. Nothing is guessed, not even the time.
    language : {"en", "de"}
        Of reasons and notices.
    """

    text: str = ""
    count: int = 10
    offset: int = 0
    kinds: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    not_genres: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    years: Bounds | None = None
    bpm: Bounds | None = None
    duration_s: Bounds | None = None
    energy: Bounds | None = None
    keys: tuple[str, ...] = ()
    clean: bool = False
    understand: bool = True
    typing: bool = False
    sort: str = "relevance"
    facets: tuple[str, ...] = ()
    user_id: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    language: Language = "en"

    @classmethod
    def of(cls, text: object = "", **asked: Any) -> Self:
        """Check what is asked.

        Raises
        ------
        BadInput
            Naming the field and what it may be.
        """
        if not isinstance(text, str):
            raise BadInput(f"text is {type(text).__name__}", "search for words: search('beatles')")
        known = {one.name for one in fields(cls)} - {"text"}
        for name in asked:
            if name not in known:
                raise BadInput(f"search has no field {name!r}", did_you_mean(name, known))
        given = {name: value for name, value in asked.items() if value is not None}
        checked: dict[str, Any] = {}
        for name, value in given.items():
            checked[name] = _CHECKS[name](name, value)
        return cls(_clean(text), **checked)

    @property
    def filters(self) -> Filters:
        """What hits have to be."""
        return Filters(
            kinds=self.kinds,
            genres=self.genres,
            not_genres=self.not_genres,
            languages=self.languages,
            years=() if self.years is None else (self.years,),
            bpm=self.bpm or (None, None),
            duration_s=self.duration_s or (None, None),
            energy=self.energy or (None, None),
            musical_keys=tuple(key for key in map(from_camelot, self.keys) if key is not None),
            explicit=False if self.clean else None,
        )


def _clean(text: str) -> str:
    """Leave out what no text has: lone halves of characters and control characters."""
    whole = text.encode("utf-8", "ignore").decode()
    return "".join(sign if sign.isprintable() else " " for sign in whole).strip()


def _whole(least: int, most: int) -> Any:
    def check(name: str, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise BadInput(f"{name} = {value!r}", f"a whole number from {least} to {most:,}")
        return value

    return check


def _yes(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadInput(f"{name} = {value!r}", "write True or False")
    return value


def _texts(name: str, value: object) -> tuple[str, ...]:
    values = (value,) if isinstance(value, str) else value
    if not isinstance(values, Iterable) or isinstance(values, Mapping):
        raise BadInput(f"{name} = {value!r}", "a list of texts")
    found = tuple(values)
    for one in found:
        if not isinstance(one, str) or not one.strip():
            raise BadInput(f"{name} = {value!r}", "a list of texts")
    return found


def _one_of(choices: tuple[str, ...]) -> Any:
    def check(name: str, value: object) -> tuple[str, ...]:
        found = tuple(one.lower() for one in _texts(name, value))
        for one in found:
            if one not in choices:
                raise BadInput(f"{name} = {one!r}", did_you_mean(one, choices))
        return found

    return check


def _genres(name: str, value: object) -> tuple[str, ...]:
    return tuple(str(GENRES.match(one)) for one in _texts(name, value))


def _codes(name: str, value: object) -> tuple[str, ...]:
    found = tuple(one.lower() for one in _texts(name, value))
    for one in found:
        if len(one) != 2 or not one.isalpha():
            raise BadInput(f"{name} = {one!r}", "a code of two letters (ISO 639-1), such as en or de")
    return found


def _places(name: str, value: object) -> tuple[str, ...]:
    found = _texts(name, value)
    for one in found:
        if from_camelot(one) is None:
            raise BadInput(f"{name} = {one!r}", "a place of the Camelot wheel, from 1A to 12B")
    return found


def _bounds(name: str, value: object) -> Bounds:
    ends = tuple(value) if isinstance(value, list | tuple) else ()
    numbers = all(end is None or (isinstance(end, int | float) and not isinstance(end, bool)) for end in ends)
    if len(ends) != 2 or not numbers:
        raise BadInput(f"{name} = {value!r}", "two numbers, from and to; None where there is no end")
    low, high = ends
    if low is not None and high is not None and not low <= high:
        raise BadInput(f"{name} = {value!r}", "the first number is the smaller")
    return low, high


def _sort(name: str, value: object) -> str:
    if not isinstance(value, str) or value.removeprefix("-") not in SORTS:
        raise BadInput(f"{name} = {value!r}", did_you_mean(str(value), SORTS))
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value:
        raise BadInput(f"{name} = {value!r}", "a text")
    return value


def _context(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise BadInput(f"{name} = {value!r}", "a mapping, such as {'activity': 'workout'}")
    for part in value:
        if part not in CONTEXT:
            raise BadInput(f"unknown {name} {part!r}", did_you_mean(str(part), CONTEXT))
    return {str(part): str(VOCABULARY[part].match(word)) for part, word in value.items()}


_CHECKS: Mapping[str, Any] = {
    "count": _whole(1, MOST_HITS),
    "offset": _whole(0, FARTHEST),
    "kinds": _one_of(KINDS),
    "genres": _genres,
    "not_genres": _genres,
    "languages": _codes,
    "years": _bounds,
    "bpm": _bounds,
    "duration_s": _bounds,
    "energy": _bounds,
    "keys": _places,
    "clean": _yes,
    "understand": _yes,
    "typing": _yes,
    "sort": _sort,
    "facets": _one_of(FACETS),
    "user_id": _text,
    "context": _context,
    "language": lambda _, value: require_language(value),
}
