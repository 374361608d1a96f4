"""Search by meaning: documents as vectors of what is said of them, and requests as vectors of their words.

Conventions
-----------
- An index is of one encoder; with another it is made anew. It lies in a folder of its own, is brought up to date by
  :meth:`SemanticIndex.refresh`, and can be thrown away.
- What is encoded are phrases, each once: tags, genres, words for a sound. A document is their weighted mean.
"""

from ml.intelligent_search.semantic.encoders import TextEncoder, open_encoder
from ml.intelligent_search.semantic.index import Refreshed, SemanticIndex
from ml.intelligent_search.semantic.translating import english

__all__ = ["Refreshed", "SemanticIndex", "TextEncoder", "english", "open_encoder"]
