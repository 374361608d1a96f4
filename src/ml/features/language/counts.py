"""How many tracks."""

from __future__ import annotations

import re

from ml.features.language.numbers import FIRST_WORDS, NUMBER, number
from ml.features.language.reading import Reading, reading
from ml.features.language.slots import Slot
from ml.features.language.tokens import Line, words

MOST = 1000
_NOUNS = (
    r"(?:songs|song|tracks|track|tunes|pieces|hits|lieder|liedern|titel|stuecke|stuecken|nummern|albums|alben|"
    r"artists|kuenstler|"
    r"bands|results|treffer|stueck|singles|bangers|classics|klassiker|ballads|balladen|anthems|recommendations|"
    r"empfehlungen|x)"
)
_COUNTED = re.compile(rf"({NUMBER}) (?:{_NOUNS})\b")
_MANY = (
    r"(?:songs|tracks|tunes|lieder|liedern|titel|stuecke|stuecken|pieces|hits|klassiker|classics|ballads|balladen|"
    r"anthems)"
)
_BEFORE_NOUN = re.compile(rf"({NUMBER})(?= (?:[a-z&]+ ){{0,4}}[a-z]*{_MANY}\b)")
_BOUND = re.compile(
    r"(?:no more than|not more than|at most|up to|max \.|max|maximum|about|around|at least|nicht mehr als|"
    r"hoechstens|maximal|"
    r"bis zu|mindestens|etwa|ca \.|circa|ungefaehr|exactly|genau)(?= )"
)
_ENDS_AS_NOUN = re.compile(rf"(?:{_NOUNS}|{_MANY})$")
_TOP = re.compile(rf"top ({NUMBER})(?= |$)")
_LISTS, _OF = words("playlist playlists mix mixtape list liste set selection auswahl"), words("of with mit von aus")
_BOUNDS = words(
    "no not at up max maximum about around nicht hoechstens maximal bis mindestens etwa ca circa "
    "ungefaehr exactly genau"
)
STARTS = FIRST_WORDS | _BOUNDS | {"top"}
_ARTICLES = words("a an one ein eine einen einem einer eins")


def read(line: Line, index: int) -> Reading | None:
    """Read a number of tracks.

    >>> from ml.features.language.tokens import tokenise
    >>> [read(tokenise(text), 0).slots[0].value for text in ("20 songs", "zwanzig Lieder", "a dozen tracks")]
    [20, 20, 12]
    """
    token = line.tokens[index]
    if token.folded == "top":
        return _top(line, index)
    if token.is_number and line.folded(index - 1) in _OF and line.folded(index - 2) in _LISTS:
        return _listed(line, index)
    if not (token.is_number or token.folded in STARTS) or not line.within(index, _is_noun, 14):
        return None
    bound = line.match(_BOUND, index) if token.folded in _BOUNDS else None
    begin = index if bound is None else bound[1]
    if begin >= len(line.tokens):
        return None
    counted = line.match(_COUNTED, begin)
    found = counted or line.match(_BEFORE_NOUN, begin)
    if found is None or found[0][1] in _ARTICLES:
        return None
    count = number(found[0][1])
    if not (count == int(count) and 1 <= count <= MOST):
        return None
    after = found[1]
    if counted is not None and line.folded(after - 1) in {
        "hits",
        "classics",
        "klassiker",
        "ballads",
        "balladen",
        "anthems",
    }:
        after -= 1
    return reading(line, index, after, "count", int(count))


def _is_noun(folded: str) -> bool:
    return _ENDS_AS_NOUN.search(folded) is not None


def _listed(line: Line, index: int) -> Reading | None:
    """Read "a playlist of 20"."""
    count, after = int(line.folded(index)), index + 1
    found = line.match(_COUNTED, index)
    return reading(line, index, after if found is None else found[1], "count", count) if 1 <= count <= MOST else None


def _top(line: Line, index: int) -> Reading | None:
    found = line.match(_TOP, index)
    if found is None or not 1 <= number(found[0][1]) <= MOST:
        return None
    word, figure = line.tokens[index], line.tokens[found[1] - 1]
    popular = Slot("popularity", "popular", word.start, word.end, word="top")
    return Reading((popular, Slot("count", int(number(found[0][1])), figure.start, figure.end)), found[1])
