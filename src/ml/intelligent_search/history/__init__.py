"""What was searched for: kept for a while, to learn from, to ask again, and to see what is missing."""

from ml.intelligent_search.history.log import Asked, Frequent, SearchLog
from ml.intelligent_search.history.saved import SavedSearch

__all__ = ["Asked", "Frequent", "SavedSearch", "SearchLog"]
