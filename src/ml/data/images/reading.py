"""Pictures from files and bytes, by Pillow, as upright RGB.

Conventions
-----------
- uint8 [shape=(height, width, 3)], sRGB as far as the file says nothing else; 16 bits and more are scaled to 8, CMYK is
  converted, what is transparent lies on white, EXIF turns are carried out, of an animation the first picture counts.
- A file is judged by its bytes, never by its name. No more is decoded than :data:`MOST_PIXELS`.
- A larger picture is given smaller: its longer side is at most :data:`LONGEST`.
"""

from __future__ import annotations

import io
import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ml.foundation.errors import BadInput
from ml.foundation.extras import extra

if TYPE_CHECKING:
    from PIL.Image import Image

Picture = NDArray[np.uint8]
#: More pixels are refused before one is decoded, and so are files of more bytes.
MOST_PIXELS, MOST_BYTES = 100_000_000, 200_000_000
#: Pixels of the longer side of what is given.
LONGEST = 1_600
#: A picture of fewer pixels a side shows nothing.
SHORTEST = 16
#: What covers come in. Formats that run programs (EPS) or hold anything at all are not tried.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "JPEG2000", "PPM", "ICO")
_OPENED = "open it in an image viewer, and save it as JPEG or PNG"


def read_picture(source: Path | str | bytes, *, name: str | None = None) -> Picture:
    """Read a picture.

    Parameters
    ----------
    source : Path, str or bytes
        A file, or what it holds.
    name : str, optional
        What errors call it.

    Returns
    -------
    uint8 [shape=(height, width, 3)]
        RGB, 16 pixels a side or more.

    Raises
    ------
    BadInput
        If it is empty, no picture, damaged, or of too many pixels or too few.
    MissingExtra
        If Pillow is not installed.
    """
    called = name or (_printable(source) if isinstance(source, Path | str) else "the picture")
    data = source if isinstance(source, bytes) else _bytes_of(Path(source), called)
    if not data:
        raise BadInput(f"{called}: the file is empty (0 bytes)", "give a picture: JPEG, PNG, WebP, …")
    with extra("images"):
        from PIL import Image, ImageOps, UnidentifiedImageError
    Image.init()
    formats = [form for form in FORMATS if form in Image.OPEN]  # some builds of Pillow lack some
    faults = (
        OSError,
        SyntaxError,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        OverflowError,
        EOFError,
        AttributeError,
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is odd about a file but does not hinder reading it
            with Image.open(io.BytesIO(data), formats=formats) as image:
                _check_size(image.size, called)
                image.draft("RGB", (LONGEST, LONGEST))
                image.load()
                return _plain(ImageOps.exif_transpose(image))
    except UnidentifiedImageError as error:
        raise BadInput(
            f"{called}: no picture, or of a format that is not known",
            _OPENED,
            code="no_picture",
            values={"name": called},
        ) from error
    except Image.DecompressionBombError as error:
        raise BadInput(f"{called}: has too many pixels", f"{MOST_PIXELS:,} are read at most") from error
    except (*faults, struct.error, ZeroDivisionError, RuntimeError, MemoryError) as error:
        raise BadInput(
            f"{called}: the picture is damaged or cut short ({error})",
            _OPENED,
            code="no_picture",
            values={"name": called},
        ) from error


def _bytes_of(path: Path, called: str) -> bytes:
    try:
        if path.is_dir():
            raise BadInput(f"{called}: a folder", "give a picture file")
        if path.stat().st_size > MOST_BYTES:
            raise BadInput(f"{called}: larger than {MOST_BYTES:,} bytes", "give a smaller picture")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise BadInput(f"{called}: no such file", "give a picture file: JPEG, PNG, WebP, …") from error
    except (OSError, ValueError) as error:
        raise BadInput(f"{called}: cannot be read ({getattr(error, 'strerror', None) or error})") from error


def _check_size(size: tuple[int, int], called: str) -> None:
    width, height = size
    if width * height > MOST_PIXELS:
        raise BadInput(f"{called}: has {width} × {height} pixels", f"{MOST_PIXELS:,} are read at most")
    if min(size) < SHORTEST:
        raise BadInput(f"{called}: has {width} × {height} pixels", f"{SHORTEST} a side are needed at least")


def _plain(image: Image) -> Picture:
    """Give 8 bits RGB on white."""
    from PIL import Image as Pillow

    longest = max(image.size)
    if image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        ground = Pillow.new("RGBA", clear.size, "white")
        image = Pillow.alpha_composite(ground, clear)
    image = image.convert("RGB")
    if longest > LONGEST:
        scale = LONGEST / longest
        size = (max(SHORTEST, round(image.width * scale)), max(SHORTEST, round(image.height * scale)))
        image = image.resize(size, Pillow.Resampling.LANCZOS, reducing_gap=3.0)
    return np.array(image, dtype=np.uint8)


def _eight_bits(image: Image) -> Image:
    """Scale 16 and 32 bits, and numbers with a point, to 8: by what the mode holds, or by what is there."""
    from PIL import Image as Pillow

    values: Any = np.nan_to_num(np.asarray(image, dtype=np.float64))
    most = float(values.max(initial=0.0))
    whole = 65_535.0 if most > 255 and most <= 65_535 else max(most, 255.0)
    if image.mode.startswith("F") and most <= 1.0:
        whole = 1.0
    return Pillow.fromarray(np.clip(values / whole * 255, 0, 255).astype(np.uint8))


def _printable(path: Path | str) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode()
