"""Which passwords are guessed first.

Lists of the commonest passwords hold few things: one word with a number, a word twice, a walk over the
keyboard, counting, a date. Of those that are long enough for us nearly nothing else is left, so that rules
say it shorter than a list, and say more: whatever is made of the words below, of runs and of repetitions
alone is refused, in any case and with any of the usual letters turned into digits.

Source: OWASP ASVS 5.0, 6.2.4 (commonest passwords) and 6.2.11 (words of the place itself).
"""

from __future__ import annotations

import re
import unicodedata

from ml.foundation.phrase import Phrase

_WORDS = """
password passwort passwd passphrase kennwort geheim secret secure security sicher sicherheit
admin administrator root user username benutzer guest gast login logon letmein enter access welcome willkommen
hello hallo test testing demo sample default change changeme please bitte master server system computer internet
google facebook microsoft windows apple android samsung iphone
love iloveyou ichliebedich lovely liebe baby babygirl angel princess prinzessin sunshine sonnenschein schatz
sweet flower butterfly summer winter spring autumn sommer herbst monday friday january june july
football fussball baseball basketball hockey soccer superman batman spiderman pokemon starwars naruto
dragon monkey tiger shadow ninja killer hunter ranger mustang ferrari porsche mercedes corvette
chocolate schokolade cookie pepper cheese coffee orange banana purple silver golden diamond freedom whatever
trustno jesus christ blessed heaven family friend friends forever together mother father daddy mommy
michael jennifer jessica ashley daniel thomas andrea nicole robert william charlie jordan andrew michelle matthew
berlin hamburg muenchen london paris deutschland germany england america
music musik song songs track tracks playlist listen listener spotify agent service analyst audio radio
the and und for you your mein dein meine deine this is my der die das ist ich
"""
#: Words that passwords are made of; those of the place itself among them. In lower case, without digits.
WORDS = frozenset(_WORDS.split())
# Rows of keyboards, the alphabet and the digits; a run is a piece of one of them, either way.
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiopü",
    "asdfghjklöä",
    "zxcvbnm",
    "yxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LEAST_RUN = 3
_FEWEST_CHARACTERS = 4
_LEET = str.maketrans("013457@$!|€", "oleastasiie")
_NUMBERS = re.compile(r"[\d\W_]+")

_RUNS = frozenset(
    piece
    for row in _ROWS
    for way in (row, row[::-1])
    for start in range(len(way) - _LEAST_RUN + 1)
    for piece in (way[start:end] for end in range(start + _LEAST_RUN, len(way) + 1))
)
_REASONS = {
    "few": Phrase({"en": "it repeats a few characters", "de": "es wiederholt wenige Zeichen"}),
    "common": Phrase(
        {"en": "it is made of what is guessed first", "de": "es besteht aus dem, was zuerst geraten wird"}
    ),
    "name": Phrase({"en": "it is made of the account's name", "de": "es besteht aus dem Namen des Kontos"}),
}


def why_guessable(password: str, name: str = "") -> Phrase | None:
    """Say why a password is among the first to be guessed; None if it is not.

    Parameters
    ----------
    password : str
    name : str
        Of the account: what is made of its parts and numbers is guessable too.

    Examples
    --------
    >>> print(why_guessable("P4ssw0rd-2026!"))
    it is made of what is guessed first
    >>> print(why_guessable("abcabcabcabc"))
    it repeats a few characters
    >>> print(why_guessable("anna.berg1984", "Anna Berg"))
    it is made of the account's name
    >>> why_guessable("seven quiet herons") is None
    True
    """
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(set(plain)) < _FEWEST_CHARACTERS or _repeats(plain):
        return _REASONS["few"]
    parts = frozenset(part for part in _NUMBERS.split(unicodedata.normalize("NFKC", name).casefold()) if len(part) > 1)
    if _made_of(plain, WORDS):
        return _REASONS["common"]
    return _REASONS["name"] if _made_of(plain, WORDS | parts) else None


def _repeats(text: str) -> bool:
    """Tell whether a text is a piece of at most half its length again and again: it lies within itself, doubled."""
    return text in (text + text)[1:-1]


def _made_of(text: str, words: frozenset[str]) -> bool:
    """Tell whether a text is nothing but words, runs, numbers and signs, one after the other."""
    reached = [True] + [False] * len(text)
    spelt = text.translate(_LEET)
    longest = max(map(len, words | _RUNS))
    for start in range(len(text)):
        if not reached[start]:
            continue
        if not text[start].isalpha():
            reached[start + 1] = True
        for end in range(start + 2, min(len(text), start + longest) + 1):
            piece = text[start:end]
            if piece in words or piece in _RUNS or spelt[start:end] in words:
                reached[end] = True
    return reached[-1]
