"""The sheet that a cover is drawn on: picture, colours, words, chance."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
#: Pixels of a side.
SIZE = 360
_SCHEMES = (
    (0.0, 0.03, 0.06, 0.0, 0.1),
    (0.0, 0.5, 0.04, 0.5, 0.46),
    (0.0, 0.33, 0.67, 0.05, 0.4),
    (0, 0.2, 0.4, 0.6, 0.8),
)


@dataclass(frozen=True, eq=False)
class Sheet:
    """What a style draws with.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB, square.
    rng : numpy.random.Generator
        Of the layout: the members of a series draw the same.
    colours : uint8 [shape=(5, 3)]
        From dark to light.
    artist, title : str
    """

    image: Image
    rng: np.random.Generator
    colours: Picture
    artist: str
    title: str

    def ink(self, row: int) -> tuple[int, int, int]:
        """Give a colour as Pillow wants it."""
        red, green, blue = self.colours[row % len(self.colours)].tolist()
        return red, green, blue

    def uniform(self, low: float, high: float) -> float:
        """Draw a number."""
        return float(self.rng.uniform(low, high))

    def put(self, picture: Any) -> None:
        """Cover the whole sheet with an array [shape=(SIZE, SIZE, 3)] of values to 255."""
        from PIL import Image

        self.image.paste(Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)))


def palette(rng: np.random.Generator, turn: float = 0.0, *, vivid: bool = False) -> Picture:
    """Draw five colours, from dark to light.

    Parameters
    ----------
    rng : numpy.random.Generator
    turn : float
        Turns all hues; 1 is once around.
    vivid : bool
        No greys, so that another hue can be seen.
    """
    hue, scheme = rng.random(), _SCHEMES[int(rng.integers(len(_SCHEMES)))]
    saturation = rng.uniform(0.55 if vivid else 0.1, 0.95)
    values = np.sort(rng.uniform(0.05, 1.0, 5))
    values[[0, -1]] = values[0] * 0.5, 0.6 + 0.4 * values[-1]
    rows = [
        colorsys.hsv_to_rgb((hue + step + turn) % 1.0, saturation * rng.uniform(0.75, 1.0), value)
        for step, value in zip(scheme, values, strict=True)
    ]
    return np.round(255 * np.array(rows)).astype(np.uint8)


def texture(rng: np.random.Generator, slope: float, size: int = SIZE, stretch: float = 1.0) -> Floats:
    """Draw noise whose amplitude falls with frequency, as in photographs, float32 in [0, 1] [shape=(size, size)].

    Parameters
    ----------
    rng : numpy.random.Generator
    slope : float
        1 is rough, 2 is clouds.
    size : int
    stretch : float
        Above 1, structures are wider than high.
    """
    rows, columns = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)[None]
    radius = np.hypot(rows, columns * stretch)
    radius[0, 0] = 1.0
    noise = np.fft.rfft2(rng.standard_normal((size, size), dtype=np.float32)) / radius**slope
    noise[0, 0] = 0.0
    field = np.fft.irfft2(noise, (size, size))
    low, high = np.quantile(field, [0.01, 0.99])
    scaled: Floats = np.clip((field - low) / (high - low), 0, 1).astype(np.float32)
    return scaled


def toned(field: Floats, colours: Picture) -> Floats:
    """Turn values in [0, 1] into colours along a palette, float32 [shape=(…, 3)]."""
    stops = np.linspace(0, 1, len(colours))
    channels = [np.interp(field, stops, colours[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)
