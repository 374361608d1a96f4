"""Vectors laid out in the plane so that neighbours stay neighbours: t-SNE on a graph of nearest neighbours.

Conventions
-----------
- Vectors are compared by cosine; a vector of zeros is like nothing, and lies at the edge of what there is.
- A layout is float32 [shape=(n, 2)], centred, its unit without a meaning: near is alike, far says little, and how large
  and how dense a region is tells how many are in it and not how much they differ.
- Same vectors, same generator, same machine: same layout. A layout that begins where another ended resembles it.
- Only NumPy and SciPy: the forces of all on all are read from a grid by a Fourier transform, those of neighbours from
  sparse matrices, so that work grows with the number of vectors and not with its square.
"""

from ml.models.layout.descent import laid_out
from ml.models.layout.neighbours import nearest_rows
from ml.models.layout.placing import placed

__all__ = ["laid_out", "nearest_rows", "placed"]
