"""What an index keeps of a picture."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.images.descriptors import LocalFeatures, local_features
from ml.foundation.extras import extra

Bytes = NDArray[np.uint8]
#: Pixels of a side in which details are looked for, and how many details are kept.
SIDE, DETAILS = 320, 400
#: Pixels of a side of what is kept of the picture itself: small, and compressed.
SMALL, KEPT = 64, 224
_QUALITY = 90
#: Changes with whatever changes what is kept.
VERSION = 2


@dataclass(frozen=True, slots=True, eq=False)
class PictureEntry:
    """A picture in an index.

    Parameters
    ----------
    name : str
    features : LocalFeatures
    small : uint8 [shape=(64, 64, 3)]
    picture : bytes
        JPEG, 224 pixels square.
    """

    name: str
    features: LocalFeatures
    small: Bytes
    picture: bytes

    @classmethod
    def of(cls, name: str, picture: Bytes) -> PictureEntry:
        """Describe a picture, uint8 [shape=(height, width, 3)]; it is made square.

        Raises
        ------
        MissingExtra
            If Pillow is not installed.
        """
        with extra("images"):
            from PIL import Image
        image, smooth = Image.fromarray(picture), Image.Resampling.LANCZOS
        grey = np.asarray(image.convert("L").resize((SIDE, SIDE), smooth), dtype=np.float32)
        small = np.asarray(image.resize((SMALL, SMALL), smooth), dtype=np.uint8)
        file = io.BytesIO()
        image.resize((KEPT, KEPT), smooth).save(file, "JPEG", quality=_QUALITY, subsampling=0)
        return cls(name, local_features(grey, DETAILS), small, file.getvalue())


def kept_picture(data: bytes) -> NDArray[np.float32] | None:
    """Read what an entry keeps of a picture, float32 [shape=(224, 224, 3)]; None where it is damaged."""
    with extra("images"):
        from PIL import Image, UnidentifiedImageError
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            if image.size != (KEPT, KEPT):
                return None
            return np.asarray(image.convert("RGB"), dtype=np.float32)
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError):
        return None
