"""Names in the form in which two spellings of one name are equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# "feat. X", "(ft. X)", "[featuring X]" at the end of a title or a credit.
_FEATURED = re.compile(r"\s*[(\[]?\b(?:feat|ft|featuring)\b\.?\s.*$", re.IGNORECASE)
# "- Remastered 2009", "(2011 Remaster)": the same recording, polished.
_REMASTER = re.compile(
    r"\s*(?:-\s*|[(\[]\s*)(?:\d{4}\s+)?(?:digital\s+)?remaster(?:ed)?(?:\s+version)?(?:\s+\d{4})?\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_JOINERS = re.compile(r"\s*(?:&|\+|;|,|/|\band\b)\s*", re.IGNORECASE)
_NO_LETTER = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"^the (?!the$)")
# Only the Latin block of combining marks: a Japanese voicing mark is a different letter, not an accent.
_ACCENTS = re.compile("[\u0300-\u036f]")


@lru_cache(maxsize=1 << 16)
def normalise(name: str) -> str:
    """Reduce a name to what its spellings share: case, accents, punctuation and articles go.

    >>> normalise("The Beatles"), normalise("Beyoncé"), normalise("Simon & Garfunkel")
    ('beatles', 'beyonce', 'simon and garfunkel')
    >>> normalise("!!!")
    '!!!'
    """
    folded = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", name))).casefold()
    words = _NO_LETTER.sub(" ", _JOINERS.sub(" and ", folded)).strip()
    plain = _ARTICLE.sub("", words)
    # A name made of signs alone ("!!!", "+/-") keeps them. No bar: it separates the parts of a match key.
    return plain if plain and plain != "and" else folded.strip().replace("|", "¦")


def main_credit(credit: str) -> str:
    """Drop the guests of a credit.

    >>> main_credit("Santana feat. Rob Thomas")
    'Santana'
    """
    return _FEATURED.sub("", credit) or credit


def main_title(title: str) -> str:
    """Drop guests and remastering notes from a title; live, remix and edit notes stay.

    >>> main_title("Smooth (feat. Rob Thomas)"), main_title("Help! - Remastered 2009"), main_title("Help! - Live")
    ('Smooth', 'Help!', 'Help! - Live')
    """
    return _REMASTER.sub("", _FEATURED.sub("", title) or title) or title


def match_key(kind: str, name: str, credit: str | None) -> str:
    """Give the text that two descriptions of one item share.

    >>> match_key("track", "Smooth (feat. Rob Thomas)", "Santana")
    't|santana|smooth'
    >>> match_key("artist", "The Beatles", None)
    'a|beatles'
    """
    if kind == "artist":
        return f"a|{normalise(name)}"
    artist = normalise(main_credit(credit)) if credit else ""
    return f"t|{artist}|{normalise(main_title(name))}"
