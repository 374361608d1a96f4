"""Which words a name is read as: numbers in words, letters one by one, signs that stand for letters.

Conventions
-----------
- A *reading* is a sequence of words of small letters and apostrophes; a letter that is said by its name is a word of
  that letter with a dot, ``"b."``.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import product

from anyascii import anyascii

from ml.features.text import without_brackets

Reading = tuple[str, ...]

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SIGNS = {"&": " and ", "+": " plus ", "@": " at ", "%": " percent ", "=": " equals ", "’": "'", "´": "'", "`": "'"}
_LEET = str.maketrans({"$": "s", "!": "i", "@": "a", "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"})
_LEET_WORD = re.compile(r"(?:(?<=[^\W\d_])[$!@013457](?=[^\W\d_]))|(?:\b|^)[$@](?=[^\W\d_])|(?<=[^\W\d_])[$5](?!\w)")
_TOKEN = re.compile(r"[A-Za-z']+|\d+")
_INITIALS = re.compile(r"(?<![A-Za-z.])(?:[A-Za-z]\.){2,}[A-Za-z]?")
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_MOST, _LONGEST_ACRONYM = 6, 5


def readings(name: str) -> list[Reading]:
    """Give the ways to read a name, the likeliest first, at most six.

    >>> readings("50 Cent")
    [('fifty', 'cent')]
    >>> readings("R.E.M.")
    [('r.', 'e.', 'm.'), ('rem',)]
    >>> readings("P!nk")
    [('pink',), ('p.', 'n.', 'k.'), ('p.', 'nk')]
    """
    plain = without_brackets(name)
    found: dict[Reading, None] = {}
    for text in _leet_forms(plain):
        ways = [_ways(token) for token in _tokens(text)]
        for picked in product(*ways):
            reading = tuple(word for words in picked for word in words)
            if reading:
                found.setdefault(reading)
            if len(found) >= _MOST:
                return list(found)
    return list(found)


def _leet_forms(name: str) -> list[str]:
    other = _LEET_WORD.sub(lambda sign: sign.group().translate(_LEET), name)
    return [name] if other == name else [other, name]


def _tokens(text: str) -> list[str]:
    for sign, word in _SIGNS.items():
        text = text.replace(sign, word)
    folded = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    latin = _INITIALS.sub(lambda found: f" {found.group().replace('.', '').upper()}. ", anyascii(folded))
    tokens = []
    for found in _TOKEN.finditer(latin):
        dotted = latin[found.end() : found.end() + 1] == "." and found.group().isupper() and len(found.group()) > 1
        word = found.group().strip("'")
        if word:
            tokens.append(word + "." * dotted)
    return tokens


def _ways(token: str) -> list[Reading]:
    """Give the ways to say a token."""
    if token.isdigit():
        return _number(token)
    letters = tuple(f"{sign}." for sign in token.lower() if sign.isalpha())
    word = (token.lower().rstrip("."),)
    if token.endswith(".") or not _VOWEL.search(token):
        return [letters, word] if len(letters) > 1 else [letters]
    if len(token) == 1:
        return [word, letters]
    if token.isupper() and len(token) <= _LONGEST_ACRONYM:
        return [word, letters] if len(token) > 3 else [letters, word]
    return [word]


def _number(digits: str) -> list[Reading]:
    value = int(digits)
    one_by_one = tuple(_ONES[int(digit)] for digit in digits)
    if value > 9_999 or digits.startswith("0"):
        return [one_by_one]
    found = {whole(value): None}
    if value >= 100:
        found[whole(value, joined=True)] = None
        head, tail = divmod(value, 100)
        if tail:
            between: Reading = ("oh",) if tail < 10 else ()
            found[(*whole(head), *between, *whole(tail))] = None
    if value >= 100:
        found[one_by_one] = None
    return list(found)[:4]


def whole(value: int, *, joined: bool = False) -> Reading:
    """Write a number below 10,000 in words.

    >>> whole(182), whole(182, joined=True)
    (('one', 'hundred', 'eighty', 'two'), ('one', 'hundred', 'and', 'eighty', 'two'))
    """
    if value < 20:
        return (_ONES[value],)
    if value < 100:
        tens, ones = divmod(value, 10)
        return (_TENS[tens - 2], *((_ONES[ones],) if ones else ()))
    size, unit = (1_000, "thousand") if value >= 1_000 else (100, "hundred")
    head, tail = divmod(value, size)
    glue: Reading = ("and",) if joined and 0 < tail < 100 else ()
    return (*whole(head), unit, *glue, *(whole(tail, joined=joined) if tail else ()))
