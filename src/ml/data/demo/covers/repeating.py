"""Styles of covers whose details repeat by the thousand: six to work with, three held out.

Each is a picture of one texture, as in photographs, seen through a pattern whose parts are all alike: what tells
two such covers apart is larger than the parts. No seed chooses them; they are drawn where they are named.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ml.data.demo.covers.lettering import letters, title_lines
from ml.data.demo.covers.sheet import SIZE, Floats, Sheet, texture, toned
from ml.data.demo.covers.styles import Style

Doubles = NDArray[np.float64]


def screen(sheet: Sheet) -> None:
    """Draw a texture in lines of ink, thick and thin, straight or in waves."""
    step, (u, v) = sheet.uniform(5, 13), _turned(sheet)
    waves = sheet.uniform(0, 1.5) * np.sin(2 * np.pi * v / sheet.uniform(40, 150))
    lines = (np.cos(2 * np.pi * (u / step + waves)) + 1) / 2
    _inked(sheet, (_field(sheet) - lines) * 5)


def checks(sheet: Sheet) -> None:
    """Draw squares of two colours, lit by a texture."""
    step, (u, v) = sheet.uniform(7, 22), _turned(sheet)
    odd = (np.floor(u / step) + np.floor(v / step)) % 2
    light = 1 - sheet.uniform(0.3, 0.8) * _field(sheet)[..., None]
    sheet.put(np.where(odd[..., None] > 0, sheet.ink(4), sheet.ink(int(sheet.rng.integers(4)))) * light)
    title_lines(sheet)


def woven(sheet: Sheet) -> None:
    """Draw cloth: threads over and under each other, dyed in a picture."""
    step, (u, v) = sheet.uniform(6, 16), _turned(sheet)
    over = (np.floor(u / step) + np.floor(v / step)) % 2 > 0
    across = np.where(over, u, v) / step % 1
    round_ = np.sqrt(np.clip(1 - (2 * across - 1) ** 2, 0, 1))
    dyed = toned(_field(sheet), sheet.colours)
    sheet.put(dyed * (0.35 + 0.65 * round_ * np.where(over, 1.0, sheet.uniform(0.6, 0.9)))[..., None])
    title_lines(sheet)


def stipple(sheet: Sheet) -> None:
    """Draw a texture in points of the pen, more of them where it is dark."""
    field, r = _field(sheet), sheet.uniform(1.2, 3.0)
    places = sheet.rng.random((int(sheet.uniform(2_000, 9_000) / r), 2)) * SIZE
    at = places.astype(int)
    places = places[sheet.rng.random(len(places)) < field[at[:, 0], at[:, 1]] ** 1.5]
    nearest = np.full((SIZE, SIZE), 99.0)
    reach = int(r) + 2
    for down, across in np.ndindex(2 * reach + 1, 2 * reach + 1):
        near = places.astype(int) + np.array([down - reach, across - reach])
        inside = ((near >= 0) & (near < SIZE)).all(axis=1)
        row, column = near[inside].T
        np.minimum.at(nearest, (row, column), np.hypot(*(near[inside] + 0.5 - places[inside]).T))
    _inked(sheet, r - nearest)


def motifs(sheet: Sheet) -> None:
    """Print one sign all over, on a ground of a texture."""
    step, sign = int(sheet.rng.integers(14, 36)), str(sheet.rng.choice(list("oOx+*SAZ8&")))
    mask, angle = letters(sign, step * 0.9, weight=int(sheet.rng.integers(0, 2))), sheet.uniform(0, 90)
    mask = mask.rotate(angle, expand=True)
    first = int(sheet.rng.integers(0, 3))
    sheet.put(toned(_field(sheet), sheet.colours[first : first + 3]))
    for row, down in enumerate(range(-step, SIZE, step)):
        for across in range(-step + row % 2 * step // 2, SIZE, step):
            sheet.image.paste(sheet.ink(first + 3), (across, down), mask)
    title_lines(sheet)


def raster(sheet: Sheet) -> None:
    """Print a texture in large and small dots, square or round, in rows that may be shifted."""
    step, (u, v) = sheet.uniform(5, 13), _turned(sheet)
    shift, square = float(sheet.rng.choice([0.0, 0.5])), bool(sheet.rng.random() < 0.4)
    row = np.floor(v / step)
    x, y = (u / step + row * shift) % 1 - 0.5, v / step % 1 - 0.5
    away = np.maximum(np.abs(x), np.abs(y)) if square else np.hypot(x, y)
    _inked(sheet, (0.65 * np.sqrt(_field(sheet)) - away) * step)


def hatching(sheet: Sheet) -> None:
    """Shade a texture as with a pen: the darker, the more directions of strokes."""
    field, step, turn = _field(sheet), sheet.uniform(4, 9), sheet.uniform(0, np.pi)
    ink = np.full((SIZE, SIZE), -1.0)
    for layer in range(3):
        u, _ = _turned(sheet, turn + layer * np.pi / 3)
        stroke = np.cos(2 * np.pi * u / step) - sheet.uniform(0.1, 0.5)
        ink = np.maximum(ink, np.where(field > 0.25 + 0.22 * layer, stroke, -1.0))
    _inked(sheet, ink * 3)


def honeycomb(sheet: Sheet) -> None:
    """Draw cells of six sides, each in the colour that a texture has there."""
    step, wall, (u, v) = sheet.uniform(10, 24), sheet.uniform(0.06, 0.16), _turned(sheet)
    high = step * np.sqrt(3) / 2
    cells, far = np.zeros((2, SIZE, SIZE)), np.full((2, SIZE, SIZE), np.inf)
    for shift in (-1, 0, 1):
        row = np.floor(v / high) + shift
        odd = row % 2 / 2
        for near in (0, 1):
            column = np.floor(u / step - odd) + near + odd
            away = np.hypot(u - column * step, v - row * high)
            closer = away < far[0]
            far[1] = np.where(closer, far[0], np.minimum(far[1], away))
            far[0] = np.where(closer, away, far[0])
            cells = np.where(closer, np.stack([column * step, row * high]), cells)
    keys = np.round(cells).astype(int) % SIZE
    shade = toned(_field(sheet)[keys[1], keys[0]], sheet.colours[1:])
    edge = np.clip((far[1] - far[0]) / step - wall, 0, 0.1)[..., None] * 10
    sheet.put(shade * edge + np.array(sheet.ink(0)) * (1 - edge))
    title_lines(sheet)


def scales(sheet: Sheet) -> None:
    """Draw scales that overlap in rows, lit by a texture."""
    step, (u, v) = sheet.uniform(12, 30), _turned(sheet)
    rim = np.zeros((SIZE, SIZE))
    for back in (2, 1, 0):  # those in front lie upon those behind
        row = np.floor(v / (step / 2)) - back
        middle = (np.floor(u / step - row % 2 / 2) + 0.5 + row % 2 / 2) * step
        away = np.hypot(u - middle, v - row * step / 2) / (step / 2)
        rim = np.where(away <= 1.0, away, rim)
    rings = 0.5 + 0.5 * np.cos(2 * np.pi * rim * int(sheet.rng.integers(1, 4)))
    shade = sheet.uniform(0.3, 0.6)
    sheet.put(toned(_field(sheet), sheet.colours) * (1 - shade * rings)[..., None])
    title_lines(sheet)


def _turned(sheet: Sheet, turn: float | None = None) -> tuple[Doubles, Doubles]:
    """Give the axes of a pattern at every pixel, in pixels."""
    angle = sheet.uniform(0, np.pi / 2) if turn is None else turn
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float64)
    return np.cos(angle) * rows + np.sin(angle) * columns, np.cos(angle) * columns - np.sin(angle) * rows


def _field(sheet: Sheet) -> Floats:
    return texture(sheet.rng, sheet.uniform(1.5, 2.2), stretch=sheet.uniform(0.6, 1.6))


def _inked(sheet: Sheet, strength: Doubles) -> None:
    """Print with one ink on paper where a strength is above 0, and write the title."""
    dark = bool(sheet.rng.random() < 0.25)
    order = (sheet.ink(int(sheet.rng.integers(2))), sheet.ink(4))
    ink, paper = order[::-1] if dark else order
    shade = np.clip(strength + 0.5, 0, 1)[..., None]
    sheet.put(np.array(paper) * (1 - shade) + np.array(ink) * shade)
    title_lines(sheet, dark=dark)


REPEATING: Mapping[str, Style] = {one.__name__: one for one in (screen, checks, woven, stipple, motifs, raster)}
HELD_OUT_REPEATING: Mapping[str, Style] = {one.__name__: one for one in (hatching, honeycomb, scales)}
