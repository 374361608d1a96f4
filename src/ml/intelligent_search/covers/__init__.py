"""Albums by their covers.

``CoverSearch(workspace)`` has ``scan(places)``, ``add(albums)`` and ``remove(ids)``; ``find(image)`` says which album a
photograph shows, ``by_colour("blue")`` and ``by_mood("calm")`` list albums by the colours of their covers,
``alike(image)`` by what an encoder such as CLIP's says of them.
"""

from ml.intelligent_search.covers.encoders import ImageEncoder, OnnxImageEncoder
from ml.intelligent_search.covers.judging import KNOWN
from ml.intelligent_search.covers.results import Album, CoverAnswer, CoverHit, CoverScan, Refused
from ml.intelligent_search.covers.scanning import CoverSource, album_id, covers_in
from ml.intelligent_search.covers.search import CoverSearch

__all__ = [
    "KNOWN",
    "Album",
    "CoverAnswer",
    "CoverHit",
    "CoverScan",
    "CoverSearch",
    "CoverSource",
    "ImageEncoder",
    "OnnxImageEncoder",
    "Refused",
    "album_id",
    "covers_in",
]
