"""A text as words, numbers and signs, each with its place.

Conventions
-----------
- A token is *folded*: lower case, accents off, umlauts as two letters (``ä`` is ``ae``, ``ß`` is ``ss``), so that
  spellings of one word are equal. ``start`` and ``end`` count characters of the text as it was given.
- Letters and digits are tokens of their own: ``120bpm`` is two, ``1h30`` three. A hyphen between letters is nothing, so
  that ``hip-hop`` and ``hip hop`` are the same; between numbers it stands; before a word that has nothing before it
  (``jazz -vocals``) it excludes, and is written ``~``.
- Pictures (emoji) and signs that say nothing here are no tokens.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "œ": "oe"})
_ACCENTS = re.compile("[\u0300-\u036f]")
_SPELLINGS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-"})
_LETTERS = "[^\\W\\d_](?:[^\\W\\d_]|[\u0300-\u036f])*"
#: An apostrophe inside a word is part of it, and an accent may be a character of its own.
_QUOTED = '"[^"]{1,200}"|„[^„“”"]{1,200}[“”"]|“[^“”]{1,200}”|«[^«»]{1,200}»|»[^«»]{1,200}«'
_TOKEN = re.compile(rf"{_QUOTED}|{_LETTERS}(?:['’‘`´]{_LETTERS})*|\d+|[-,;.:!?/&+#♯♭–—−‐‑()]")
#: How a quoted stretch is folded: it is one token, and never read.
QUOTED = '"'
#: How a hyphen before a word that is not wanted is folded.
EXCLUDES = "~"
#: Tokens that end a thought.
ENDS = frozenset({",", ";", ".", "!", "?", ":", "(", ")", "--"})


@lru_cache(maxsize=1 << 14)
def fold(word: str) -> str:
    """Write a word as its spellings share it.

    >>> fold("Fröhlich"), fold("froehlich"), fold("Straße"), fold("Café")
    ('froehlich', 'froehlich', 'strasse', 'cafe')
    """
    lower = unicodedata.normalize("NFC", word).lower().translate(_UMLAUTS)
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", lower))


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or a sign.

    Parameters
    ----------
    folded : str
    start, end : int
        Its place in the text: ``text[start:end]``.
    capital : bool
        Whether it begins with a capital letter.
    is_word, is_number : bool
        Whether it is made of letters, or of digits; a sign is neither.
    """

    folded: str
    start: int
    end: int
    capital: bool = False
    is_word: bool = False
    is_number: bool = False


@dataclass(frozen=True)
class Line:
    """A text and its tokens, also joined by single blanks, which is what patterns are matched with.

    Parameters
    ----------
    text : str
    tokens : tuple of Token
    """

    text: str
    tokens: tuple[Token, ...]

    @cached_property
    def joined(self) -> str:
        """The folded tokens, a blank between any two."""
        return " ".join(token.folded for token in self.tokens)

    @cached_property
    def offsets(self) -> list[int]:
        """Where each token begins in :attr:`joined`, and where one more would."""
        places = [0]
        for token in self.tokens:
            places.append(places[-1] + len(token.folded) + 1)
        return places

    def match(self, pattern: re.Pattern[str], index: int) -> tuple[re.Match[str], int] | None:
        """Match a pattern that begins at a token and ends with one; give the match and the index after it."""
        found = pattern.match(self.joined, self.offsets[index])
        if found is None or found.end() == found.start():
            return None
        after = bisect_left(self.offsets, found.end() + 1)
        return (found, after) if self.offsets[after] == found.end() + 1 else None

    @cached_property
    def _nexts(self) -> dict[Callable[[str], bool], list[int]]:
        return {}

    def within(self, index: int, is_one: Callable[[str], bool], reach: int) -> bool:
        """Tell whether one of the next tokens, the one at the index included, is of some sort.

        Parameters
        ----------
        index : int
        is_one : callable
            Says of a folded token whether it is; asked once of each token of the line.
        reach : int
            How many tokens are looked at.
        """
        if is_one not in self._nexts:
            following = [1 << 60]
            for place in range(len(self.tokens) - 1, -1, -1):
                following.append(place if is_one(self.tokens[place].folded) else following[-1])
            self._nexts[is_one] = following[::-1]
        return index < len(self.tokens) and self._nexts[is_one][index] < index + reach

    def folded(self, index: int) -> str:
        """Give a token's folded text; nothing before the first and after the last."""
        return self.tokens[index].folded if 0 <= index < len(self.tokens) else ""

    def ends_at(self, index: int) -> bool:
        """Whether there a thought ends: a sign that separates, or the text's end."""
        return not 0 <= index < len(self.tokens) or self.tokens[index].folded in ENDS

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Give the characters of some tokens."""
        return self.tokens[first].start, self.tokens[after - 1].end


def tokenise(text: str) -> Line:
    """Cut a text into tokens.

    >>> [token.folded for token in tokenise("Hip-Hop, 100–120bpm: Küche -Gesang").tokens]
    ['hip', 'hop', ',', '100', '-', '120', 'bpm', ':', 'kueche', '~', 'gesang']
    """
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        token = _token(text, found.start(), found.end())
        if token is not None:
            tokens.append(token)
    return Line(text, tuple(tokens))


def _token(text: str, start: int, end: int) -> Token | None:
    written = text[start:end].translate(_SPELLINGS)
    if len(written) > 1 and written[0] in '"„“«»':
        return Token(QUOTED, start, end, capital=True) if written[1:-1].strip() else None
    if written != "-":
        folded = {"♯": "#", "♭": "flat"}.get(written) or fold(written.replace("'", ""))
        if not folded:
            return None
        return Token(folded, start, end, written[:1].isupper(), folded[:1].isalpha(), folded[:1].isdigit())
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isdigit() and (after.isdigit() or after.isspace()):
        return Token("-", start, end)
    if not before or before.isspace() or before in "(,;":
        if after.isspace() or not after:
            nearest = text[:start].rstrip()[-1:]
            following = text[end : end + 3].lstrip()[:1]
            return Token("-" if nearest.isdigit() and following.isdigit() else "--", start, end)
        return Token("-" if after.isdigit() else EXCLUDES, start, end)
    return None


def words(text: str) -> frozenset[str]:
    """Give the words of a text as a set, which is how the tables of this package are written.

    >>> sorted(words("no not"))
    ['no', 'not']
    """
    return frozenset(text.split())
