"""A large index of vectors: eight-bit codes in cells, brought up to date in a folder.

Conventions
-----------
- A vector is its direction, kept as int8, and a *length*, which weighs the products of queries with it.
- A search reads the cells nearest to what is asked for, or everything. Everything is read too where the index is small,
  or where only few rows are allowed.
- The product of a code with a query is BLAS's on 1,024 rows turned into floats at a time: twice as quick as on float32
  from memory, with a quarter of the memory. faiss's kernels are quicker (``make bench BENCH_ARGS=search_vectors``), yet
  at a million vectors this stays near what the encoder takes for the text, and it is mapped, filtered and changed in
  place without a further library.
"""

from ml.models.retrieval.vectors.folder import Update, VectorFolder
from ml.models.retrieval.vectors.index import CellIndex

__all__ = ["CellIndex", "Update", "VectorFolder"]
