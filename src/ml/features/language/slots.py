"""What a request asks for, piece by piece, each with the characters that say so."""

from __future__ import annotations

from dataclasses import dataclass

from ml.foundation.results import Result

#: Every kind of slot, and what its value is.
KINDS = (
    "mood",  # the seven of `ml.features.vocabulary.VOCABULARY`: a canonical word
    "activity",
    "time_of_day",
    "weekday",
    "location",
    "device",
    "energy_level",
    "genre",  # a canonical word of GENRES; `word` says which subgenre
    "instrument",  # a canonical word of INSTRUMENTS
    "tag",  # a canonical word of TAGS
    "vocals",  # whether there is singing
    "explicit",  # whether explicit words are welcome
    "years",  # Range
    "tempo_bpm",  # Range
    "key",  # as an analysis writes it: "A minor"
    "mode",  # "major" or "minor", of any key
    "duration_s",  # Range, of the list
    "track_duration_s",  # Range, of each track
    "count",  # tracks
    "language",  # ISO 639-1
    "familiarity",  # "new", "known" or "favourite", to the listener
    "popularity",  # "popular" or "obscure", with others
    "like",  # a name
    "artist",  # a name that must be the artist's
    "name",  # quoted text
    "change",  # Change
    "unclear",  # what was understood and is refused, since a value would be a guess: the kind that it would have had
)


@dataclass(frozen=True, slots=True)
class Range(Result):
    """From one number to another, both included; None where there is no end.

    >>> str(Range(None, 1979)), str(Range(120, 120))
    ('-1979', '120-120')
    """

    low: float | None
    high: float | None

    def __str__(self) -> str:
        return "-".join("" if end is None else f"{end:g}" for end in (self.low, self.high))


@dataclass(frozen=True, slots=True)
class Change(Result):
    """More or less of something than the seed has, or than before.

    Parameters
    ----------
    feature : str
        One of :data:`ml.features.language.comparatives.FEATURES`, or an instrument, genre or tag.
    direction : int
        1 or -1.
    """

    feature: str
    direction: int

    def __str__(self) -> str:
        return f"{self.feature}{'+' if self.direction > 0 else '-'}"


Value = str | bool | int | Range | Change


@dataclass(frozen=True, slots=True)
class Slot(Result):
    """One piece of a request.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    value : str, bool, int, Range or Change
    start, end : int
        The characters it was read from, ``text[start:end]``.
    wanted : bool
        False where the request says that it is not to be so.
    word : str, optional
        What of a table led to the value (``"deep house"`` to the genre ``"electronic"``), or how it was written.
    """

    kind: str
    value: Value
    start: int
    end: int
    wanted: bool = True
    word: str | None = None

    def __str__(self) -> str:
        value = {True: "yes", False: "no"}[self.value] if isinstance(self.value, bool) else self.value
        return f"{'' if self.wanted else '!'}{self.kind}={value}"


@dataclass(frozen=True, slots=True)
class Term(Result):
    """Words that belong to no slot: what is left for a search.

    Parameters
    ----------
    text : str
        As written.
    start, end : int
    wanted : bool
        False where they stand after a "no" or a "without".
    """

    text: str
    start: int
    end: int
    wanted: bool = True
