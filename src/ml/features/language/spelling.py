"""Misspelt words: one letter wrong, missing, too many, or two swapped, of a word that is known.

Conventions
-----------
What is meant has six letters and more, the first letter has to be right, and what is a word of its own in English or
German (:data:`OTHER_WORDS`) stays what it is. A name that is written with a capital beside another is never mended.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from ml.features.language.lexicon import ADJECTIVES, lexicon
from ml.features.language.otherwords import OTHER_WORDS

#: Of what is written, and of the word that was meant.
SHORTEST_WRITTEN, SHORTEST = 5, 6


@lru_cache(maxsize=1 << 12)
def respelt(folded: str) -> str | None:
    """Give the known word that was meant; None where there is none or several.

    >>> respelt("gittarre"), respelt("saxaphone"), respelt("chrismas"), respelt("coming")
    ('gitarre', 'saxophone', 'christmas', None)
    """
    if len(folded) < SHORTEST_WRITTEN or not folded.isalpha() or folded in OTHER_WORDS:
        return None
    return _nearest(folded) or next(
        (_nearest(stem, adjectives=True) for stem in _stems(folded) if _nearest(stem)), None
    )


def _stems(folded: str) -> Iterator[str]:
    """Give what a German adjective is without its ending."""
    for ending in ("en", "er", "es", "em", "e"):
        if folded.endswith(ending) and len(folded) - len(ending) >= SHORTEST:
            yield folded.removesuffix(ending)


def _nearest(folded: str, *, adjectives: bool = False) -> str | None:
    near = {
        word
        for form in _deletions(folded)
        for word in _by_deletion().get(form, ())
        if word[0] == folded[0] and is_near(folded, word)
    }
    if adjectives:
        near = {word for word in near if lexicon().senses(word)[0].kind in ADJECTIVES}
    meanings = {(lexicon().senses(word)[0].kind, lexicon().senses(word)[0].value) for word in near}
    return min(near, key=lambda word: (abs(len(word) - len(folded)), word)) if len(meanings) == 1 else None


@cache
def _by_deletion() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word in lexicon().single_words():
        if len(word) >= SHORTEST and word.isalpha():
            for form in _deletions(word):
                found.setdefault(form, []).append(word)
    return {form: tuple(words) for form, words in found.items()}


def _deletions(word: str) -> Iterator[str]:
    yield word
    yield from {word[:place] + word[place + 1 :] for place in range(len(word))}


def is_near(one: str, other: str) -> bool:
    """Tell whether two words differ by one letter, or by two neighbours that are swapped.

    >>> is_near("klaveir", "klavier"), is_near("klawier", "klavier"), is_near("kavalier", "klavier")
    (True, True, False)
    """
    if abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    first = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    if len(one) == len(other):
        swapped = one[first : first + 2] == other[first : first + 2][::-1] and one[first + 2 :] == other[first + 2 :]
        return swapped or one[first + 1 :] == other[first + 1 :]
    shorter, longer = sorted((one, other), key=len)
    return shorter[first:] == longer[first + 1 :]
