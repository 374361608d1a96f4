"""A large index of vectors: eight-bit codes in cells, brought up to date in a folder.

Conventions
-----------
- A vector is its direction, kept as int8, and a *length*, which weighs the products of queries with it.
- A search reads the cells nearest to what is asked for, or everything. Everything is read too where the index is small,
  or where only few rows are allowed.
- Measured by ``make bench BENCH_ARGS=search_vectors``: of what needs no further library this is the quickest, with a
  quarter of the memory; `faiss` and `usearch` find no more in their own cells and graphs.
"""

from ml.models.retrieval.vectors.folder import Update, VectorFolder
from ml.models.retrieval.vectors.index import CellIndex

__all__ = ["CellIndex", "Update", "VectorFolder"]
