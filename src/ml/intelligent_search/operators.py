"""Signs in a text that say how it is meant: quotes around words in a row, a minus before what must not be there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ml.models.retrieval.text import words_of

_QUOTED = re.compile(r"""(?<![^\s(-])(-?)["“„«](?P<text>[^"“”„«»]+)["”“»]""")
# A word after a minus that stands behind a space: "jay-z" and "- Live" are none.
_MINUS = re.compile(r"(?:^|(?<=\s))-(?=[^\W_])(\S+)")


@dataclass(frozen=True)
class Typed:
    """What was typed, apart.

    Parameters
    ----------
    text : str
        All that is looked for, without signs.
    rest : str
        The same without what is in quotes.
    phrases : tuple of str
        Words that have to stand in a row.
    without : tuple of str
        Words, or words in a row, that must not be there.
    """

    text: str
    rest: str
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def read_operators(text: str) -> Typed:
    """Read the signs in a text.

    >>> read_operators('radiohead "no surprises" -live')
    Typed(text='radiohead no surprises', rest='radiohead', phrases=('no surprises',), without=('live',))
    >>> read_operators("jay-z").text
    'jay-z'
    """
    phrases: list[str] = []
    without: list[str] = []

    def quoted(found: re.Match[str]) -> str:
        words = found["text"].strip()
        if not words_of(words):
            return found[0]
        (without if found[1] else phrases).append(words)
        return " "

    def refused(found: re.Match[str]) -> str:
        without.append(found[1])
        return " "

    rest = " ".join(_MINUS.sub(refused, _QUOTED.sub(quoted, text)).split())
    if not rest and not phrases:
        return Typed(text, text)  # nothing would be left to look for
    return Typed(" ".join([*([rest] if rest else []), *phrases]), rest, tuple(phrases), tuple(without))
