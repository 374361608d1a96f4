"""Texts by the words in them: tantivy's index in a folder."""

from ml.models.retrieval.text.index import TextIndex
from ml.models.retrieval.text.tokens import FOLDED, GRAMS, WHOLE, grams_of, words_of

__all__ = ["FOLDED", "GRAMS", "WHOLE", "TextIndex", "grams_of", "words_of"]
