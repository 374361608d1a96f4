"""How many tracks."""

from __future__ import annotations

import re

from ml.features.language.numbers import FIRST_WORDS, NUMBER, number
from ml.features.language.reading import Reading, reading
from ml.features.language.slots import Slot
from ml.features.language.tokens import Line

MOST = 1000
_NOUNS = (
    r"(?:songs|song|tracks|track|tunes|pieces|hits|lieder|liedern|titel|stuecke|stuecken|nummern|albums|alben|artists|kuenstler|"
    r"bands|results|treffer|classics|klassiker|ballads|balladen|anthems|recommendations|empfehlungen|x)"
)
_COUNTED = re.compile(rf"({NUMBER}) (?:{_NOUNS})\b")
_BEFORE_NOUN = re.compile(
    rf"({NUMBER})(?= (?:[a-z&]+ ){{1,4}}(?:songs|tracks|tunes|lieder|liedern|titel|stuecke|pieces|hits|klassiker|classics|ballads|balladen|anthems)\b)"
)
_TOP = re.compile(r"top (\d{1,4})\b")
_ARTICLES = frozenset("a an one ein eine einen einem einer eins".split())


def read(line: Line, index: int) -> Reading | None:
    """Read a number of tracks.

    >>> from ml.features.language.tokens import tokenise
    >>> [read(tokenise(text), 0).slots[0].value for text in ("20 songs", "zwanzig Lieder", "a dozen tracks")]
    [20, 20, 12]
    """
    token = line.tokens[index]
    if token.folded == "top":
        return _top(line, index)
    if not token.is_number and token.folded not in FIRST_WORDS:
        return None
    counted = line.match(_COUNTED, index)
    found = counted or line.match(_BEFORE_NOUN, index)
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


def _top(line: Line, index: int) -> Reading | None:
    found = line.match(_TOP, index)
    if found is None or not 1 <= int(found[0][1]) <= MOST:
        return None
    word, figure = line.tokens[index], line.tokens[found[1] - 1]
    popular = Slot("popularity", "popular", word.start, word.end, word="top")
    return Reading((popular, Slot("count", int(found[0][1]), figure.start, figure.end)), found[1])
