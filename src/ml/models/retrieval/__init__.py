"""Nearest neighbours among vectors: a small exact index in one file, and a large one mapped from the disk."""

from ml.models.retrieval.neighbours import Neighbour, VectorIndex, nearest, standardising

__all__ = ["Neighbour", "VectorIndex", "nearest", "standardising"]
