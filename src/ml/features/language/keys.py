"""Keys: English and German names, and places of the Camelot wheel.

Conventions
-----------
A value is written as analyses write it, flats and no sharps: "Gb minor". The word "Moll" or "Dur" makes a name German,
where ``H`` is the English B and ``B`` is the English B flat.
"""

from __future__ import annotations

import re

from ml.features.keys import NAMES, from_camelot
from ml.features.language.reading import Reading, reading
from ml.features.language.tokens import Line, words

_ENGLISH = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11, "h": 11}
_GERMAN = {
    "c": 0, "cis": 1, "des": 1, "d": 2, "dis": 3, "es": 3, "e": 4, "f": 5, "fis": 6, "ges": 6, "g": 7, "gis": 8,
    "as": 8, "a": 9, "ais": 10, "b": 10, "bb": 10, "h": 11, "ces": 11, "eb": 3, "ab": 8, "db": 1, "gb": 6,
}  # fmt: skip
_NOTE = r"([a-h])(?: ?(b(?= )|#|sharp|flat|is|es))?"
_IN = r"(?:in(?: the key of)?|key of|key :|key|tonart :|tonart|in der tonart)"
_NAMED = re.compile(rf"(?:{_IN} )?(?:the )?{_NOTE} ?(minor|major|min|maj)\b")
_GERMAN_NAME = re.compile(
    rf"(?:{_IN} )?({'|'.join(sorted(_GERMAN, key=len, reverse=True))}) ?(?:(#) )?(moll|dur)\b(?: tonart)?"
)
_SHORT = re.compile(rf"{_IN} ([a-g]) ?(#|b|sharp|flat)? ?(m)?(?= |$)")
#: Without an "in", the sign and the "m" make it a key: "F#m", "Bbm"; of the plain ones "Cm", written alone.
_BARE = re.compile(r"([a-g]) ?(#|b|flat) ?m(?= |$)|([b-g])m(?= |$)")
_CAMELOT = re.compile(r"(?:camelot (?:key )?)?(1[0-2]|[1-9]) ([ab])(?= |$)")
_ANY_KEY = re.compile(r"keys?\b|tonart")
_SHIFT = {"#": 1, "sharp": 1, "is": 1, "b": -1, "flat": -1, "es": -1}
STARTS = (
    words("a b c d e f g h in key tonart the camelot")
    | frozenset(_GERMAN)
    | {f"{note}{sign}" for note in "abcdefg" for sign in ("b", "m", "bm")}
)


def camelot_key(number: int, letter: str) -> str:
    """Give the key at a place of the Camelot wheel: A are minor keys, B major ones.

    >>> camelot_key(8, "a"), camelot_key(8, "b"), camelot_key(1, "b")
    ('A minor', 'C major', 'B major')
    """
    key = from_camelot(f"{number}{letter}")
    assert key is not None
    return f"{NAMES[key % len(NAMES)]} {'minor' if key >= len(NAMES) else 'major'}"


def read(line: Line, index: int) -> Reading | None:
    """Read a key.

    >>> from ml.features.language.tokens import tokenise
    >>> [read(tokenise(text), 0).slots[0].value for text in ("F# minor", "h-Moll", "B-Dur", "in Am", "8A")]
    ['Gb minor', 'B minor', 'Bb major', 'A minor', 'A minor']
    """
    token = line.tokens[index]
    if not token.is_number and token.folded not in STARTS:
        return None
    return (
        _wheel(line, index)
        or _german(line, index)
        or _english(line, index)
        or _short(line, index)
        or _bare(line, index)
    )


def _wheel(line: Line, index: int) -> Reading | None:
    found = line.match(_CAMELOT, index)
    if found is None or line.tokens[found[1] - 2].end != line.tokens[found[1] - 1].start:
        return None
    match, after = found
    return reading(line, index, after, "key", camelot_key(int(match[1]), match[2]), f"{match[1]}{match[2].upper()}")


def _german(line: Line, index: int) -> Reading | None:
    found = line.match(_GERMAN_NAME, index)
    if found is None:
        return None
    match, after = found
    tonic = NAMES[(_GERMAN[match[1]] + (match[2] is not None)) % 12]
    return reading(line, index, after, "key", f"{tonic} {'minor' if match[3] == 'moll' else 'major'}")


def _english(line: Line, index: int) -> Reading | None:
    found = line.match(_NAMED, index)
    if found is None:
        return None
    match, after = found
    article = match[1] == "a" and not match[2] and not line.tokens[after - 2].capital
    if article and (_ANY_KEY.match(line.folded(after)) or not (line.ends_at(after) or after - index > 2)):
        return None
    return reading(line, index, after, "key", _named(match[1], match[2], minor=match[3].startswith("min")))


def _short(line: Line, index: int) -> Reading | None:
    found = line.match(_SHORT, index)
    if found is None:
        return None
    match, after = found
    written = (
        next(token for token in line.tokens[index:after] if token.folded.startswith(match[1]) and token.capital)
        if (any(token.folded.startswith(match[1]) and token.capital for token in line.tokens[index:after]))
        else None
    )
    if written is None:
        return None
    return reading(line, index, after, "key", _named(match[1], match[2], minor=match[3] is not None))


def _bare(line: Line, index: int) -> Reading | None:
    found = line.match(_BARE, index)
    if found is None or not line.tokens[index].capital:
        return None
    match, after = found
    if match[3] and not (line.ends_at(after) or line.ends_at(index - 1)):
        return None
    return reading(line, index, after, "key", _named(match[1] or match[3], match[2], minor=True))


def _named(note: str, sign: str | None, *, minor: bool) -> str:
    tonic = NAMES[(_ENGLISH[note] + _SHIFT.get(sign or "", 0)) % 12]
    return f"{tonic} {'minor' if minor else 'major'}"
