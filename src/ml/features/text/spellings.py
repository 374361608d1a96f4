"""The spellings under which a name may be looked for.

Conventions
-----------
- A spelling is what :func:`ml.data.identity.normalise` leaves: lower case, without accents, punctuation and articles.
- The first spelling of a name is its own. Others are added to it and never take its place: transliterated scripts,
  ``ae`` for ``ä``, letters for the signs and digits that stand for them, and what is left without guests and brackets.
"""

from __future__ import annotations

import re

from anyascii import anyascii

from ml.data.identity.names import main_credit, main_title, normalise

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
#: Signs and digits that stand for a letter: P!nk, Ke$ha, deadmau5, A$AP, t.A.T.u.
_LEET = str.maketrans({"$": "s", "!": "i", "@": "a", "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"})
_LETTER = r"[^\W\d_]"
# A word in which such a sign stands beside a letter. One at the end of a word is punctuation, as in "Help!".
_LEET_WORD = re.compile(rf"{_LETTER}[$!@013457]{_LETTER}|^[$@013457]{_LETTER}|{_LETTER}[$5](?!\w)")
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_INNER_SIGN = re.compile(r"(?<=\w)[.'’´`\-*/](?=\w)")


def spellings(name: str) -> tuple[str, ...]:
    """Give the spellings of a name, its own first.

    >>> spellings("The Beatles"), spellings("P!nk"), spellings("Die Ärzte")
    (('beatles',), ('p nk', 'pink'), ('die arzte', 'die aerzte'))
    >>> spellings("Кино"), spellings("Smooth (feat. Rob Thomas)")
    (('кино', 'kino'), ('smooth feat rob thomas', 'smooth'))
    """
    own = normalise(name)
    if name.isascii() and name.replace(" ", "").isalpha():
        return (own,)
    found = {own: None}
    for other in _others(name):
        if other.strip():
            found.setdefault(normalise(other))
    return tuple(spelt for spelt in found if spelt)


def compact(spelling: str) -> str:
    """Write a spelling as one word, so that joined and split words are alike.

    >>> compact("ac dc")
    'acdc'
    """
    return spelling.replace(" ", "")


def _others(name: str) -> list[str]:
    bare = _BRACKETS.sub("", main_title(main_credit(name)))
    found = [bare]
    if _LEET_WORD.search(name):
        found.append(bare.translate(_LEET))
    if _INNER_SIGN.search(name):
        found.append(_INNER_SIGN.sub("", bare))
    if not name.isascii():
        found += [bare.translate(_UMLAUTS), anyascii(bare)]
    return found


def without_brackets(name: str) -> str:
    """Leave out what stands in brackets, where anything is left.

    >>> without_brackets("Smooth (Live)"), without_brackets("(Untitled)")
    ('Smooth', '(Untitled)')
    """
    return _BRACKETS.sub("", name) or name
