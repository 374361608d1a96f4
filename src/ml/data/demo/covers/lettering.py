"""Lettering: one font in many shapes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from unicodedata import combining, normalize

import numpy as np

from ml.data.demo.covers.sheet import SIZE, Sheet
from ml.data.demo.words import ENGLISH as WORDS

if TYPE_CHECKING:
    from PIL.Image import Image


def words_of(rng: np.random.Generator, member: int = 0) -> tuple[str, str]:
    """Draw the name of an artist and a title, English, for the font has no accents; each member has another title."""
    phrase = rng.permutation(len(WORDS.phrases))[member % len(WORDS.phrases)]
    opening = WORDS.openings[int(rng.integers(len(WORDS.openings)))] if rng.random() < 0.4 else ""
    given = "".join(part[int(rng.integers(len(part)))] for part in WORDS.given)
    family = "".join(part[int(rng.integers(len(part)))] for part in WORDS.family)
    return f"{given} {family}", f"{opening} {WORDS.phrases[int(phrase)]}".strip()


def letters(text: str, height: float, *, stretch: float = 1.0, weight: int = 0, angle: float = 0.0) -> Image:
    """Draw a text as a mask, its own size.

    Parameters
    ----------
    text : str
    height : float
        Of the font, in pixels.
    stretch : float
        Width of the letters.
    weight : int
        Pixels that strokes are thicker.
    angle : float
        Degrees, counter-clockwise.
    """
    from PIL import Image, ImageDraw

    font = _font(max(6, round(height)))
    text = "".join(sign for sign in normalize("NFKD", text) if not combining(sign))
    box = font.getbbox(text or " ", stroke_width=weight)
    mask = Image.new("L", (round(box[2] - box[0]) + 2, round(box[3] - box[1]) + 2))
    ImageDraw.Draw(mask).text((1 - box[0], 1 - box[1]), text, fill=255, font=font, stroke_width=weight)
    if stretch != 1.0:
        mask = mask.resize((max(1, round(mask.width * stretch)), mask.height))
    return mask.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC) if angle else mask


def write(
    sheet: Sheet, text: str, place: tuple[float, float], height: float, ink: tuple[int, int, int], **shape: Any
) -> None:
    """Write a text on a sheet.

    Parameters
    ----------
    sheet : Sheet
    text : str
    place : (float, float)
        Of its middle, as shares of the sheet.
    height : float
        Of the font, as a share of the sheet; less where the text would be wider than the sheet.
    ink : (int, int, int)
    **shape
        As of :func:`letters`.
    """
    mask = letters(text, height * SIZE, **shape)
    if mask.width > 0.94 * SIZE:
        mask = letters(text, height * SIZE * 0.94 * SIZE / mask.width, **shape)
    across = min(max(round(place[0] * SIZE - mask.width / 2), 4), max(SIZE - 4 - mask.width, 4))
    down = min(max(round(place[1] * SIZE - mask.height / 2), 4), max(SIZE - 4 - mask.height, 4))
    sheet.image.paste(ink, (across, down), mask)


def title_lines(sheet: Sheet, *, most: float = 0.16, dark: bool | None = None) -> None:
    """Write title and artist somewhere, in some shape."""
    on_dark = bool(sheet.rng.random() < 0.5) if dark is None else dark
    stretch, weight = sheet.uniform(0.7, 1.5), int(sheet.rng.integers(0, 4))
    height, across = sheet.uniform(0.05, most), sheet.uniform(0.3, 0.7)
    top = sheet.rng.random() < 0.5
    down = sheet.uniform(0.08, 0.25) if top else sheet.uniform(0.72, 0.9)
    angle = float(sheet.rng.choice([0.0, 0.0, 0.0, sheet.uniform(-12, 12)]))
    upper = sheet.rng.random() < 0.4
    title = sheet.title.upper() if upper else sheet.title
    write(
        sheet,
        title,
        (across, down),
        height,
        sheet.ink(4 if on_dark else 0),
        stretch=stretch,
        weight=weight,
        angle=angle,
    )
    below = down + (height + 0.04) * (1 if top else -1)
    write(sheet, sheet.artist, (across, below), height * 0.6, sheet.ink(3 if on_dark else 1), stretch=stretch)


@lru_cache(maxsize=256)
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)
