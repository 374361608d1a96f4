"""Pictures in files: read whatever they hold, or say what is wrong with them."""

from ml.data.images.reading import MOST_PIXELS, Picture, read_picture
from ml.data.images.sources import PICTURE_STEMS, PICTURE_SUFFIXES, embedded_pictures, picture_beside

__all__ = [
    "MOST_PIXELS",
    "PICTURE_STEMS",
    "PICTURE_SUFFIXES",
    "Picture",
    "embedded_pictures",
    "picture_beside",
    "read_picture",
]
