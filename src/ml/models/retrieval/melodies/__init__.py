"""Melodies that are found by humming them."""

from ml.models.retrieval.melodies.files import read_contours, write_contours
from ml.models.retrieval.melodies.index import HummedMelody, MelodyIndex

__all__ = ["HummedMelody", "MelodyIndex", "read_contours", "write_contours"]
