"""What cameras and screens make of a cover.

Conditions
----------
``screenshot`` in the window of a player, scaled; ``cropped`` to a part; ``turned`` by any angle; ``tilted`` in
perspective on a table; ``glare`` that and a lamp's reflection; ``blurred`` that and out of focus or moved; ``screen`` a
display photographed, its pixels seen; ``small`` a thumbnail made large; ``worst`` perspective, glare, blur, noise and
strong JPEG at once. All but the first have another light and noise, all end as JPEG.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from ml.data.demo.covers.lettering import letters
from ml.data.demo.covers.sheet import Picture, palette, texture, toned
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra

CONDITIONS = ("screenshot", "cropped", "turned", "tilted", "glare", "blurred", "screen", "small", "worst")
_PORTRAIT = (480, 640)


def photographed(cover: Picture, condition: str, rng: np.random.Generator) -> Picture:
    """Photograph a cover.

    Parameters
    ----------
    cover : uint8 [shape=(n, n, 3)]
    condition : str
        One of :data:`CONDITIONS`.
    rng : numpy.random.Generator

    Returns
    -------
    uint8 [shape=(height, width, 3)]
        At most 640 pixels high or wide.

    Raises
    ------
    ml.foundation.errors.BadInput
        If there is no such condition.
    """
    if condition not in CONDITIONS:
        raise BadInput(f"no condition {condition!r}", f"known: {', '.join(CONDITIONS)}")
    with extra("images"):
        import PIL  # noqa: F401
    if condition == "screenshot":
        return _jpeg(_player(cover, rng), int(rng.integers(55, 95)))
    if condition == "cropped":
        return _jpeg(_lit(_part(cover, rng), rng), int(rng.integers(55, 92)))
    if condition == "small":
        return _jpeg(_lit(_thumbnail(cover, rng), rng), int(rng.integers(50, 90)))
    seen = _lit(_placed(_pixels(cover, rng) if condition == "screen" else cover, condition, rng), rng)
    if condition in {"glare", "worst"}:
        seen = _glare(seen, rng, 0.7 if condition == "worst" else 1.0)
    if condition in {"blurred", "worst"}:
        seen = _blurred(seen, rng, 0.6 if condition == "worst" else 1.0)
    strength = 9.0 if condition == "worst" else 4.0
    noisy = seen + rng.normal(0, rng.uniform(1.0, strength), seen.shape)
    return _jpeg(noisy, int(rng.integers(35, 60) if condition == "worst" else rng.integers(50, 90)))


def _player(cover: Picture, rng: np.random.Generator) -> Any:
    """Show it in the window of a player."""
    from PIL import Image

    colours = palette(rng)
    window = Image.new("RGB", _PORTRAIT, tuple(colours[int(rng.choice([0, 4]))].tolist()))
    side = int(rng.integers(190, 470))
    left, top = int(rng.integers(0, 481 - side)), int(rng.integers(30, 631 - side))
    window.paste(Image.fromarray(cover).resize((side, side), Image.Resampling.BICUBIC), (left, top))
    for row in range(int(rng.integers(2, 7))):
        text = letters("Now playing  3:41   Queue   Shuffle"[: int(rng.integers(8, 34))], rng.uniform(12, 26))
        down = (top - 30 * (row + 1)) if row % 2 else top + side + 10 + 28 * row
        window.paste(tuple(colours[2].tolist()), (int(rng.integers(5, 120)), down), text)
    return np.asarray(window, dtype=np.float32)


def _part(cover: Picture, rng: np.random.Generator) -> Any:
    """Cut a part out, two thirds of each side at least."""
    from PIL import Image

    n = len(cover)
    width, height = (rng.uniform(0.66, 0.92, 2) * n).astype(int).tolist()
    left, top = int(rng.integers(0, n - width + 1)), int(rng.integers(0, n - height + 1))
    side = rng.uniform(280, 560) / max(width, height)
    part = Image.fromarray(cover[top : top + height, left : left + width])
    return np.asarray(part.resize((round(width * side), round(height * side)), Image.Resampling.BICUBIC), np.float32)


def _thumbnail(cover: Picture, rng: np.random.Generator) -> Any:
    """Scale it down to a thumbnail, compress it, and scale it up again."""
    from PIL import Image

    small = int(rng.integers(96, 150))
    tiny = np.asarray(Image.fromarray(cover).resize((small, small), Image.Resampling.BICUBIC), dtype=np.float32)
    side = int(rng.integers(200, 480))
    large = Image.fromarray(_jpeg(tiny, int(rng.integers(60, 92)))).resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(large, dtype=np.float32)


def _pixels(cover: Picture, rng: np.random.Generator) -> Picture:
    """Show it on a display: lines of pixels, another gamma, a blue cast."""
    n = len(cover)
    period, angle = rng.uniform(2.2, 6.0), rng.uniform(-0.3, 0.3)
    rows, columns = np.mgrid[0:n, 0:n]
    wave = np.sin(2 * np.pi * (rows * np.cos(angle) + columns * np.sin(angle)) / period)
    wave = wave * np.sin(2 * np.pi * (columns * np.cos(angle) - rows * np.sin(angle)) / period * rng.uniform(0.9, 1.1))
    bright = (cover / 255.0) ** rng.uniform(0.8, 1.25) * (1 + rng.uniform(0.05, 0.2) * wave[..., None])
    cast = np.array([rng.uniform(0.85, 1.0), rng.uniform(0.93, 1.0), 1.0])
    shown: Picture = np.clip(255 * bright * cast, 0, 255).astype(np.uint8)
    return shown


def _placed(cover: Picture, condition: str, rng: np.random.Generator) -> Any:
    """Lay it on a table and look at it from somewhere."""
    from PIL import Image

    width, height = _PORTRAIT if rng.random() < 0.6 else _PORTRAIT[::-1]
    table = toned(texture(rng, rng.uniform(0.9, 1.7), 160, rng.uniform(0.2, 4)), palette(rng))
    ground = Image.fromarray(table.astype(np.uint8)).resize((width, height), Image.Resampling.BICUBIC)
    for _ in range(int(rng.integers(0, 5))):  # what lies about
        thing = letters(str(rng.choice(list("ABEKRSXo8#"))), rng.uniform(30, 160), angle=rng.uniform(0, 360))
        ground.paste(tuple(rng.integers(0, 255, 3).tolist()), tuple(rng.integers(-40, 560, 2).tolist()), thing)
    roll = rng.uniform(-180, 180) if condition == "turned" else rng.uniform(-25, 25)
    tilt = rng.uniform(0, 12 if condition == "turned" else 35)
    corners = _corners(roll, tilt, rng.uniform(0, 360))
    fit = rng.uniform(0.55, 0.98) * min(width / np.ptp(corners[:, 0]), height / np.ptp(corners[:, 1]))
    corners = corners * fit
    room = (np.array([width, height]) - np.ptp(corners, axis=0)) / 2
    middle = (corners.max(axis=0) + corners.min(axis=0)) / 2
    corners += np.array([width, height]) / 2 - middle + rng.uniform(-1, 1, 2) * room
    n = len(cover)
    inverse = _perspective(corners, np.array([[0, 0], [n, 0], [n, n], [0, n]], dtype=float))
    size, way, smooth = (width, height), Image.Transform.PERSPECTIVE, Image.Resampling.BICUBIC
    seen = Image.fromarray(cover).transform(size, way, inverse, smooth)
    mask = Image.new("L", (n, n), 255).transform(size, way, inverse, smooth)
    ground.paste(seen, (0, 0), mask)
    return np.asarray(ground, dtype=np.float32)


def _corners(roll: float, tilt: float, towards: float) -> Any:
    """Project the corners of a unit square that is turned and tilted, float [shape=(4, 2)]."""
    around, lean, axis = np.radians([roll, tilt, towards])
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], dtype=float) / 2
    spin = np.array([[np.cos(around), -np.sin(around)], [np.sin(around), np.cos(around)]])
    flat = square @ spin.T
    along = np.array([np.cos(axis), np.sin(axis)])
    depth = flat @ along
    leaned = flat - np.outer(depth * (1 - np.cos(lean)), along)
    return leaned / (1 + depth[:, None] * np.sin(lean) / 1.6)


def _perspective(seen: Any, source: Any) -> Sequence[float]:
    """Give Pillow's eight numbers, which lead from places seen to places of the source."""
    rows, right = [], []
    for (x, y), (u, v) in zip(seen, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    solved: Sequence[float] = np.linalg.solve(np.array(rows), np.array(right)).tolist()
    return solved


def _lit(picture: Any, rng: np.random.Generator) -> Any:
    """Change light, contrast and white balance, unevenly over the picture."""
    height, width = picture.shape[:2]
    slope = rng.uniform(-0.3, 0.3, 2)
    rows, columns = np.linspace(-0.5, 0.5, height)[:, None], np.linspace(-0.5, 0.5, width)[None]
    light = rng.uniform(0.75, 1.15) * (1 + slope[0] * rows + slope[1] * columns)
    gains = rng.uniform(0.94, 1.06, 3)
    return np.clip(picture * light[..., None] * gains + rng.uniform(-6, 14), 0, 255)


def _glare(picture: Any, rng: np.random.Generator, strength: float) -> Any:
    """Let a lamp be seen in it."""
    height, width = picture.shape[:2]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    for _ in range(int(rng.integers(1, 3))):
        y, x = rng.uniform(0.2, 0.8) * height, rng.uniform(0.2, 0.8) * width
        turn, long, wide = rng.uniform(0, np.pi), rng.uniform(60, 150), rng.uniform(25, 60)
        u = (np.cos(turn) * (columns - x) + np.sin(turn) * (rows - y)) / long
        v = (np.cos(turn) * (rows - y) - np.sin(turn) * (columns - x)) / wide
        picture = picture + (strength * rng.uniform(150, 330) * np.exp(-((u**2 + v**2) ** 1.5)))[..., None]
    return np.clip(picture, 0, 255)


def _blurred(picture: Any, rng: np.random.Generator, strength: float) -> Any:
    """Take it out of focus, or move the camera."""
    from scipy.ndimage import convolve1d, gaussian_filter

    if rng.random() < 0.5:
        sigma = strength * rng.uniform(1.2, 2.8)
        return gaussian_filter(picture, (sigma, sigma, 0))
    length = max(2, round(strength * rng.uniform(4, 10)))
    return convolve1d(picture, np.full(length, 1 / length), axis=int(rng.integers(2)), mode="nearest")


def _jpeg(picture: Any, quality: int) -> Picture:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    file.seek(0)
    with Image.open(file) as image:
        return np.array(image.convert("RGB"), dtype=np.uint8)
