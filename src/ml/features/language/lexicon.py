"""All tables as one: what a stretch of tokens can mean, the longest stretch first.

German adjectives are known with their endings, nouns in the plural, umlauts with and without their dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ml.features.language.colloquial import OF_SOUND
from ml.features.language.entries import entries
from ml.features.language.filler import FILLER
from ml.features.language.instruments import INSTRUMENTS
from ml.features.language.languages import LANGUAGES
from ml.features.language.occasions import OF_OCCASIONS
from ml.features.language.phrases import PHRASES
from ml.features.language.slots import Value
from ml.features.language.tags import TAGS
from ml.features.language.tempo import TEMPO_WORDS
from ml.features.language.things import NAMES_OF_THINGS
from ml.features.language.tokens import Line, fold, tokenise, words
from ml.features.vocabulary import ACTIVITIES, DEVICES, ENERGY_LEVELS, GENRES, LOCATIONS, MOODS, TIMES_OF_DAY, WEEKDAYS
from ml.features.vocabulary.word import Table

#: Where a word is in several tables, the first counts unless the words before say otherwise.
_TABLES: tuple[Table, ...] = (
    TAGS,
    MOODS,
    GENRES,
    INSTRUMENTS,
    ACTIVITIES,
    TIMES_OF_DAY,
    WEEKDAYS,
    LOCATIONS,
    DEVICES,
    ENERGY_LEVELS,
    LANGUAGES,
)
#: Canonical and short words that mean something else, or nothing, in running text.
_NOT_IN_TEXT = {
    "activity": (
        "rest, play, playing, job, clean, game, code, lunch, breakfast, mittagessen, frühstück, brunch, frühstücken, "
        "breakfasts, night drive, spielen"
    ),
    "time_of_day": "early, late, früh, spät",
    "weekday": "mon, mo, tue, di, wed, mi, thu, do, fri, fr, sat, sa, sun, so",
    "location": "library, lake, kitchen, küche",
    "device": "mobile, web, mac, echo, desktop, browser, watch, anlage, uhr, console, stereo",
    "energy_level": (
        "low, medium, high, middle, moderate, strong, calm, niedrig, gering, wenig, mittel, mäßig, hoch, viel, "
        "stark, ruhig, still, fett"
    ),
    "language": ", ".join(LANGUAGES),
    "genre": (
        "romantic, speech, score, contemporary, baby, surf, classic, deutschrap, deutschrock, deutschpop, deutschpunk, "
        "old school rap, romantik, "
        "psychedelic rock, psych rock"
    ),
    "mood": "driving beat",
    "tag": (
        "concert, birthday party, geburtstagsparty, geburtstagsfeier, wedding party, hochzeitsfeier, grill party, "
        "grillparty, grillabend"
    ),
}
#: Of these, what is meant behind a cue.
_CUED = {"activity": frozenset({"play", "job", "clean", "game", "code", "spielen"}), "genre": frozenset({"baby"})}
_ADJECTIVE = re.compile(
    r"(?:ig|isch|lich|iv|end|ert|ell|al|frei|los|haft|voll|sam|bar|annt|los|nell|sam|artig|oes|alt|neu|nt|net)$|"
    r"^(?:ver|ge|be|ent|er)[a-z]+t$"
)
ADJECTIVES = frozenset({"mood", "energy_level", "tempo_bpm", "popularity", "language"})
#: Forms of known words by the rule that are other words: "Indien" is no plural of "indie".
_OTHER_WORDS = words("news kuchen fahre indien eastern works lives kennen olds news earlies plays")
_DOTS = str.maketrans("äöü", "aou")


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning.

    Parameters
    ----------
    kind : str
        Of a slot; ``"name of a thing"`` for what only looks like one.
    value : Value
    word : str
        The word of the table.
    cued : bool
        Whether it is meant only where the word before says so ("to code").
    """

    kind: str
    value: Value
    word: str
    cued: bool = False


class Lexicon:
    """Senses by folded words."""

    def __init__(self) -> None:
        self._senses: dict[str, list[Sense]] = {}
        self._longest: dict[str, int] = {}
        self._derived: dict[str, list[Sense]] = {}
        for written, sense in _entries():
            for key in _spellings(written):
                self._add(self._senses, key, sense)
        for written, sense in _entries():
            for key in _spellings(written):
                for form in _forms(key, sense.kind):
                    if form in FILLER or form in _OTHER_WORDS:
                        continue
                    self._add(self._derived, form, sense)

    def _add(self, index: dict[str, list[Sense]], key: str, sense: Sense) -> None:
        parts = key.split()
        if parts and all(known.kind != sense.kind for known in index.get(key, [])):
            index.setdefault(key, []).append(sense)
            self._longest[parts[0]] = max(self._longest.get(parts[0], 0), len(parts))

    def senses(self, key: str) -> list[Sense]:
        """Give what folded words can mean, the usual first; nothing where they are not known."""
        return self._senses.get(key) or self._derived.get(key) or []

    def single_words(self) -> list[str]:
        """Give every single word with a meaning, as the tables have it."""
        keys = self._senses
        return [key for key in keys if " " not in key and self.senses(key)[0].kind != "name of a thing"]

    def longest(self, line: Line, index: int) -> tuple[list[Sense], int] | None:
        """Give the senses of the longest known stretch that begins at a token, and the index after it."""
        most = min(self._longest.get(line.folded(index), 0), len(line.tokens) - index)
        for count in range(most, 0, -1):
            found = self.senses(" ".join(token.folded for token in line.tokens[index : index + count]))
            if found:
                return found, index + count
        return None


@cache
def lexicon() -> Lexicon:
    """Give the one lexicon; it is built when it is first asked for."""
    return Lexicon()


def _entries() -> Iterator[tuple[str, Sense]]:
    for written in NAMES_OF_THINGS:
        yield written, Sense("name of a thing", written, written)
    for kind, value, synonyms in PHRASES:
        yield from ((written, Sense(kind, value, written)) for written in synonyms.split(", "))
    for written, tempo in TEMPO_WORDS.items():
        yield written, Sense("tempo_bpm", tempo, written)
    for table in _TABLES:
        left_out = set(_NOT_IN_TEXT.get(table.kind, "").split(", "))
        for word in table.words:
            for written in (word.name, *filter(None, word.synonyms.split(", "))):
                if written not in left_out:
                    yield written, Sense(table.kind, word.name, written)
                elif written in _CUED.get(table.kind, ()):
                    yield written, Sense(table.kind, word.name, written, cued=True)
    for text in (OF_SOUND, OF_OCCASIONS):
        yield from ((written, Sense(kind, value, written)) for kind, value, written in entries(text))


@cache
def _spellings(written: str) -> tuple[str, ...]:
    """Fold a word as texts are, and once more without the dots of its umlauts."""
    keys = (tokenise(each).joined for each in dict.fromkeys((written, written.translate(_DOTS))))
    return tuple(dict.fromkeys(keys))


def _forms(key: str, kind: str) -> Iterator[str]:
    """Give the inflected forms of one word."""
    if len(key) < 3:
        return
    if kind in ADJECTIVES or _ADJECTIVE.search(key):
        stem = key.removesuffix("e")
        if len(key) >= 4 or kind in {"language", "unclear"}:
            yield from (stem + ending for ending in ("e", "en", "er", "es", "em", "ste", "sten", "stes"))
        if key.endswith(("el", "er")):
            yield from (key[:-2] + key[-1] + ending for ending in ("e", "en", "er", "es", "em"))
    else:
        yield key + "s"
        if len(key) >= 5:
            yield from (key + ending for ending in ("n", "en", "e"))


def known_word(word: str) -> bool:
    """Tell whether a single word means something."""
    return bool(lexicon().senses(fold(word)))
