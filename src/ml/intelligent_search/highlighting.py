"""Where in a hit's names the words are that were looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from ml.intelligent_search.lexical.words import edits_of
from ml.models.retrieval.text import words_of

_WORD = re.compile(r"[^\W_]+")
Spans = tuple[tuple[int, int], ...]


def highlighted(text: str, words: Sequence[str], *, typing: bool = False) -> Spans:
    """Give the stretches of a text that hold one of some words, however misspelt: from and to, in characters.

    Parameters
    ----------
    text : str
        As it is shown.
    words : sequence of str
        As :func:`ml.models.retrieval.text.words_of` cuts them.
    typing : bool
        Whether the last of them may go on.

    Examples
    --------
    >>> highlighted("Sigur Rós – Hoppípolla", ["sigur", "hopipolla"])
    ((0, 5), (12, 22))
    """
    found = []
    for place in _WORD.finditer(text):
        folded = words_of(place[0])
        if folded and (_is_one_of(folded[0], words) or (typing and words and folded[0].startswith(words[-1]))):
            found.append(place.span())
    return tuple(found)


def _is_one_of(word: str, words: Sequence[str]) -> bool:
    return any(OSA.distance(word, other, score_cutoff=edits_of(other)) <= edits_of(other) for other in words)
