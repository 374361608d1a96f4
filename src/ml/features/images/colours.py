"""Colours of a picture: which there are, what they are called, which mood they make.

Conventions
-----------
Colours are CIE L*a*b* under D65: lightness from 0 to 100, then red against green, then yellow against blue. A
*palette* is float32 [shape=(n, 4)]: lightness, a, b and share of the picture, the largest share first.

References
----------
IEC 61966-2-1 (sRGB); CIE 15 (L*a*b*).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ml.features.images.keypoints import Floats

#: Colours of a palette.
COLOURS = 5
_ROUNDS = 8
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])
#: Distance in L*a*b* at which a colour counts for little.
_NEAR = 22.0
#: Names, English and German, and what they mean in sRGB.
NAMED: Mapping[str, tuple[int, int, int]] = {
    **dict.fromkeys(("red", "rot"), (205, 30, 35)),
    **dict.fromkeys(("orange",), (245, 130, 30)),
    **dict.fromkeys(("yellow", "gelb"), (245, 220, 50)),
    **dict.fromkeys(("green", "grün", "gruen"), (45, 150, 60)),
    **dict.fromkeys(("turquoise", "türkis", "tuerkis", "teal", "cyan"), (50, 180, 180)),
    **dict.fromkeys(("blue", "blau"), (40, 80, 190)),
    **dict.fromkeys(("purple", "violet", "lila", "violett"), (125, 50, 165)),
    **dict.fromkeys(("pink", "rosa"), (240, 130, 180)),
    **dict.fromkeys(("brown", "braun"), (115, 70, 40)),
    **dict.fromkeys(("black", "schwarz"), (12, 12, 12)),
    **dict.fromkeys(("white", "weiß", "weiss"), (248, 248, 248)),
    **dict.fromkeys(("grey", "gray", "grau"), (128, 128, 128)),
    **dict.fromkeys(("beige",), (225, 205, 170)),
    **dict.fromkeys(("gold",), (205, 165, 55)),
}
#: Moods, English and German.
MOODS: Mapping[str, str] = {
    "dark": "dark",
    "dunkel": "dark",
    "bright": "bright",
    "hell": "bright",
    "vivid": "vivid",
    "bunt": "vivid",
    "muted": "muted",
    "gedeckt": "muted",
    "warm": "warm",
    "cold": "cold",
    "cool": "cold",
    "kalt": "cold",
    "pastel": "pastel",
    "pastell": "pastel",
    "monochrome": "monochrome",
    "einfarbig": "monochrome",
    "calm": "calm",
    "ruhig": "calm",
    "dramatic": "dramatic",
    "dramatisch": "dramatic",
}


def to_lab(rgb: NDArray[np.generic]) -> Floats:
    """Convert sRGB from 0 to 255 [shape=(…, 3)].

    >>> np.round(to_lab(np.array([[255, 255, 255], [255, 0, 0]]))).tolist()
    [[100.0, 0.0, 0.0], [53.0, 80.0, 67.0]]
    """
    linear = np.asarray(rgb, dtype=np.float64) / 255
    linear = np.where(linear <= 0.04045, linear / 12.92, ((linear + 0.055) / 1.055) ** 2.4)
    scaled = linear @ _TO_XYZ.T / _WHITE
    root = np.where(scaled > 216 / 24389, np.cbrt(scaled), (24389 / 27 * scaled + 16) / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    lab = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)
    return np.asarray(lab + 0.0, dtype=np.float32)


def palette_of(picture: NDArray[np.generic], most: int = COLOURS) -> Floats:
    """Find the colours of a picture.

    Parameters
    ----------
    picture : sRGB from 0 to 255 [shape=(height, width, 3)]
        Small: 64 pixels a side are enough.
    most : int
        Fewer are given where the picture has fewer.

    Examples
    --------
    >>> half = np.zeros((8, 8, 3)); half[:, :6] = [255, 0, 0]
    >>> [[round(one) for one in row[:3]] + [row[3]] for row in palette_of(half, 3).tolist()]
    [[53, 80, 67, 0.75], [0, 0, 0, 0.25]]
    """
    points = to_lab(np.asarray(picture).reshape(-1, 3)).astype(np.float64)
    centres = points[:1]
    for _ in range(most - 1):  # what is farthest from those there are, where it is not alone
        away = _away(points, centres).min(axis=1)
        far = points[away >= np.quantile(away, 0.98)]
        if away.max() < 4.0:
            break
        centres = np.vstack([centres, np.median(far, axis=0)])
    for _ in range(_ROUNDS):
        nearest = _away(points, centres).argmin(axis=1)
        counts = np.bincount(nearest, minlength=len(centres))
        sums = np.stack([np.bincount(nearest, points[:, axis], len(centres)) for axis in range(3)], axis=1)
        centres = (sums / np.maximum(counts, 1)[:, None])[counts > 0]
    counts = np.bincount(_away(points, centres).argmin(axis=1), minlength=len(centres))
    found = np.column_stack([centres, counts / len(points)])[counts > 0]
    return np.asarray(found[np.argsort(-found[:, 3], kind="stable")], dtype=np.float32)


def colour_named(text: str) -> Floats | None:
    """Understand a colour: ``"blue"``, ``"blau"``, ``"#3366cc"``; float32 [shape=(3,)], None where it is none.

    >>> colour_named("#fff").round().tolist(), colour_named("loud")
    ([100.0, 0.0, 0.0], None)
    """
    word = text.strip().casefold()
    if word in NAMED:
        return to_lab(np.array(NAMED[word]))
    digits = word.removeprefix("#")
    if word.startswith("#") and len(digits) in {3, 6} and all(one in "0123456789abcdef" for one in digits):
        wide = digits if len(digits) == 6 else "".join(one * 2 for one in digits)
        return to_lab(np.array([int(wide[at : at + 2], 16) for at in (0, 2, 4)]))
    return None


def share_of(palette: Floats, colour: Floats) -> float:
    """Say how much of a picture has a colour, from 0 to 1; what is merely near counts less.

    >>> share_of(np.array([[53.2, 80.1, 67.2, 0.75], [0, 0, 0, 0.25]], dtype=np.float32), colour_named("#ff0000"))
    0.75
    """
    away = np.linalg.norm(palette[:, :3] - colour, axis=1)
    return round(float((palette[:, 3] * np.exp(-((away / _NEAR) ** 2))).sum()), 4)


def moods_of(palette: Floats) -> dict[str, float]:
    """Say how dark, warm, vivid, … a palette is, each from 0 to 1.

    >>> red = palette_of(np.full((4, 4, 3), [200, 20, 20]))
    >>> moods = moods_of(red)
    >>> moods["warm"] > 0.9, moods["cold"] < 0.1, moods["vivid"] > 0.9, moods["monochrome"] > 0.9
    (True, True, True, True)
    """
    light, a, b, share = palette.astype(np.float64).T
    share = share / share.sum()
    chroma, hue = np.hypot(a, b), np.arctan2(b, a)
    lightness, colourful = float((share * light).sum()), float((share * chroma).sum())
    contrast = float(np.sqrt((share * (light - lightness) ** 2).sum()))
    # The warmest hue is orange, the coldest the blue against it.
    tone = float((share * chroma * np.cos(hue - np.radians(50))).sum() / (colourful + 5.0))
    spread = float((share * np.hypot(a - (share * a).sum(), b - (share * b).sum())).sum())
    raw = {
        "dark": (45 - lightness) / 30,
        "bright": (lightness - 55) / 30,
        "vivid": (colourful - 20) / 35,
        "muted": (28 - colourful) / 22,
        "warm": tone * min(1.0, colourful / 12) * 1.25,
        "cold": -tone * min(1.0, colourful / 12) * 1.25,
        "pastel": min((lightness - 60) / 20, (38 - colourful) / 12, (colourful - 4) / 8),
        "monochrome": 1 - spread / 15,
        "calm": 1 - contrast / 18 - max(0.0, colourful - 35) / 40,
        "dramatic": min((contrast - 14) / 16, (62 - lightness) / 20),
    }
    return {name: round(float(np.clip(value, 0, 1)), 4) for name, value in raw.items()}


def _away(points: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(points[:, None] - centres[None], axis=2))
