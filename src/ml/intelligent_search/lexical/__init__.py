"""Search by words and by names, however they are misspelt."""

from ml.intelligent_search.lexical.index import LexicalIndex, Refreshed
from ml.intelligent_search.lexical.names import NameFound, find_names

__all__ = ["LexicalIndex", "NameFound", "Refreshed", "find_names"]
