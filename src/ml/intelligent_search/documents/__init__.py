"""What is searched: artists, albums and tracks of the store, a row each."""

from ml.intelligent_search.documents.reading import read_documents
from ml.intelligent_search.documents.schema import FEATURES, KINDS, SCHEMA

__all__ = ["FEATURES", "KINDS", "SCHEMA", "read_documents"]
