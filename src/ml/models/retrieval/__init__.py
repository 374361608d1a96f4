"""Indexes of what is near: derived from what is stored, kept under ``indexes``, thrown away and made again.

``VectorIndex`` holds vectors and knows the nearest by cosine. ``PictureIndex`` holds pictures, and knows which of them
share details with another.
"""

from ml.models.retrieval.vectors import Neighbour, VectorIndex, nearest, standardising

__all__ = ["Neighbour", "VectorIndex", "nearest", "standardising"]
