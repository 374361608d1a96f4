"""An index of pictures: which of them are seen in another."""

from ml.models.retrieval.pictures.entry import PictureEntry
from ml.models.retrieval.pictures.index import PictureIndex

__all__ = ["PictureEntry", "PictureIndex"]
