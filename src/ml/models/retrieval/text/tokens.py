"""How texts are cut up, in the index and in what is asked of it."""

from __future__ import annotations

from functools import cache

from tantivy import Filter, Index, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

#: Words in lower case and without accents; pieces of three letters; the text as it is.
FOLDED, GRAMS, WHOLE = "folded", "grams", "raw"
#: Longer words are not looked for.
_LONGEST = 80
_GRAM = 3
#: What the beginning and the end of a text are marked with, so that they make pieces of their own.
BEGIN, END = "^", "$"


def register(index: Index) -> None:
    """Make the analyzers known to an index."""
    index.register_tokenizer(FOLDED, _folded())
    index.register_tokenizer(GRAMS, TextAnalyzerBuilder(Tokenizer.ngram(_GRAM, _GRAM, False)).build())


def words_of(text: str) -> list[str]:
    """Cut a text up into the words that the index knows it by.

    >>> words_of("Beyoncé – Halo (Live)")
    ['beyonce', 'halo', 'live']
    """
    return _folded().analyze(text)


def grams_of(text: str) -> list[str]:
    """Cut a text up into the pieces of three letters that :data:`GRAMS` makes of it, each once.

    >>> grams_of("abba")
    ['^ab', 'abb', 'ba$', 'bba']
    """
    whole = BEGIN + text + END
    return sorted({whole[start : start + _GRAM] for start in range(len(whole) - _GRAM + 1)})


@cache
def _folded() -> TextAnalyzer:
    return (
        TextAnalyzerBuilder(Tokenizer.simple())
        .filter(Filter.remove_long(_LONGEST))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
        .build()
    )
