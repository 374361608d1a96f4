"""Numbers in words, English and German."""

from __future__ import annotations

import re

_WORDS = {
    1: "one a an ein eine einen einem einer eins",
    2: "two zwei zwo",
    3: "three drei",
    4: "four vier",
    5: "five fuenf funf",
    6: "six sechs",
    7: "seven sieben",
    8: "eight acht",
    9: "nine neun",
    10: "ten zehn",
    11: "eleven elf",
    12: "twelve zwoelf zwolf dozen dutzend",
    13: "thirteen dreizehn",
    14: "fourteen vierzehn",
    15: "fifteen fuenfzehn funfzehn",
    16: "sixteen sechzehn",
    17: "seventeen siebzehn",
    18: "eighteen achtzehn",
    19: "nineteen neunzehn",
    20: "twenty zwanzig",
    25: "fuenfundzwanzig funfundzwanzig",
    30: "thirty dreissig",
    40: "forty vierzig",
    45: "fuenfundvierzig funfundvierzig",
    50: "fifty fuenfzig funfzig",
    60: "sixty sechzig",
    70: "seventy siebzig",
    80: "eighty achtzig",
    90: "ninety neunzig",
    100: "hundred hundert",
}
_VALUES = {word: value for value, words in _WORDS.items() for word in words.split()}
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
#: A number in digits, with decimals, or in words; of folded tokens.
NUMBER = (
    rf"(?:\d{{1,4}}(?: [.,] \d{{1,3}})?|(?:a |one |ein )?(?:dozen|dutzend|hundred|hundert)|(?:{_TENS}) (?:{_ONES})|"
    rf"{'|'.join(sorted(_VALUES, key=len, reverse=True))})"
)
#: Words that a number may begin with.
FIRST_WORDS = frozenset(_VALUES)
_ARTICLES = re.compile(r"^(?:a|one|ein) (?=dozen|dutzend|hundred|hundert)")


def number(text: str) -> float:
    """Read a number that :data:`NUMBER` matched.

    >>> number("twenty five"), number("a dozen"), number("2 . 5"), number("dreissig")
    (25.0, 12.0, 2.5, 30.0)
    """
    plain = _ARTICLES.sub("", text)
    if plain[:1].isdigit():
        return float(plain.replace(" ", "").replace(",", "."))
    return float(sum(_VALUES[word] for word in plain.split()))
