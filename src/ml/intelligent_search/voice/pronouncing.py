"""How names sound: from the dictionary, and by their letters where it has no word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from ml.intelligent_search.voice.letters import LETTERS, letters
from ml.intelligent_search.voice.reading import Reading, readings
from ml.intelligent_search.voice.sphinx import Phones, dictionary

#: Pronunciations of a name, and of a word that is in no dictionary.
MOST, _GUESSES = 8, 4
#: How much less probable a guess may be, and what a unit of that costs, in natural logarithms.
_WORST, _COST = 4.0, 0.5
#: What a further way to read a name costs, and a further way in the dictionary to say a word.
_READING, _VARIANT = 1.0, 0.5
#: Names of letters where the dictionary's word is another.
_NAMED = {"a.": ("EY",)}

Way = tuple[Phones, float]


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """One way to say a name.

    Parameters
    ----------
    words : tuple of Phones
    cost : float
        How much less usual it is than the first, as a logarithm; 0 or more.
    """

    words: tuple[Phones, ...]
    cost: float


def pronunciations(names: Sequence[str]) -> list[list[Pronunciation]]:
    """Say each name in up to eight ways, the likeliest first; none where nothing in it can be said."""
    read = [readings(name) for name in names]
    ways = _ways({word for one in read for reading in one for word in reading})
    return [_of_name(one, ways) for one in read]


def _ways(words: Iterable[str]) -> dict[str, list[Way]]:
    known = dictionary()
    found: dict[str, list[Way]] = {}
    guessed = []
    for word in words:
        plain = word.rstrip(".")
        if word in _NAMED:
            found[word] = [(_NAMED[word], 0.0)]
        elif plain in known:
            found[word] = [(phones, place * _VARIANT) for place, phones in enumerate(known[plain])]
        elif set(plain) <= set(LETTERS):
            guessed.append(plain)
    for word, each in letters().pronounce(guessed, _GUESSES).items():
        best = each[0][1] if each else 0.0
        found[word] = [(phones, (best - value) * _COST) for phones, value in each if best - value <= _WORST]
    return found


def _of_name(read: Sequence[Reading], ways: dict[str, list[Way]]) -> list[Pronunciation]:
    found: dict[tuple[Phones, ...], float] = {}
    for place, reading in enumerate(read):
        said = [ways[word] for word in reading if ways.get(word)]
        for picked in _cheapest(said):
            words = tuple(phones for phones, _ in picked)
            cost = place * _READING + sum(value for _, value in picked)
            if words and cost < found.get(words, float("inf")):
                found[words] = cost
    best = sorted(found.items(), key=lambda one: one[1])[:MOST]
    return [Pronunciation(words, cost) for words, cost in best]


def _cheapest(said: Sequence[list[Way]]) -> list[tuple[Way, ...]]:
    """Combine ways to say words, keeping the cheapest as it goes: names may be long."""
    found: list[tuple[Way, ...]] = [()]
    for each in said:
        longer = [(*before, way) for before, way in product(found, each)]
        found = sorted(longer, key=lambda picked: sum(value for _, value in picked))[:MOST]
    return found
