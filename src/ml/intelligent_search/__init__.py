"""One box for words, misspellings, meaning and sound.

Conventions
-----------
- A *document* is an artist, an album or a track of the workspace. Indexes are made from documents, lie in the
  workspace's folder ``indexes``, and can be thrown away.
"""

from ml.intelligent_search.engine import SearchEngine
from ml.intelligent_search.filters import Filters
from ml.intelligent_search.history import Frequent, SavedSearch, SearchLog
from ml.intelligent_search.parts import SearchParts
from ml.intelligent_search.request import SearchRequest
from ml.intelligent_search.results import DidYouMean, Heard, Hit, SearchResults

__all__ = [
    "DidYouMean",
    "Filters",
    "Frequent",
    "Heard",
    "Hit",
    "SavedSearch",
    "SearchEngine",
    "SearchLog",
    "SearchParts",
    "SearchRequest",
    "SearchResults",
]
