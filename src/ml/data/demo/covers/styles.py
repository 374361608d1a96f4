"""Styles of covers: six to work with, six held out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from ml.data.demo.covers.lettering import letters, title_lines, write
from ml.data.demo.covers.sheet import SIZE, Sheet, texture, toned

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Style = Callable[[Sheet], None]


def photo(sheet: Sheet) -> None:
    """Draw a texture like a photograph, darker at the edges."""
    field = texture(sheet.rng, sheet.uniform(1.1, 1.9), stretch=sheet.uniform(0.4, 2.5))
    rows, columns = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    light = 1 - sheet.uniform(0.1, 0.6) * np.hypot(rows - sheet.uniform(-0.5, 0.5), columns - sheet.uniform(-0.5, 0.5))
    sheet.put(toned((field * np.clip(light, 0, 1)).astype(np.float32), sheet.colours))
    title_lines(sheet, dark=True)


def shapes(sheet: Sheet) -> None:
    """Draw circles, bars and triangles."""
    draw = _drawing(sheet)
    draw.rectangle((0, 0, SIZE, SIZE), fill=sheet.ink(int(sheet.rng.choice([0, 4]))))
    for _ in range(int(sheet.rng.integers(3, 14))):
        kind, ink = int(sheet.rng.integers(3)), sheet.ink(int(sheet.rng.integers(5)))
        x, y = (sheet.rng.random(2) * SIZE).tolist()
        r = sheet.uniform(0.04, 0.3) * SIZE
        if kind == 0:
            draw.ellipse((x - r, y - r, x + r, y + r), fill=ink)
        elif kind == 1:
            draw.rectangle((x - r, y - r * 0.4, x + r, y + r * 0.4), fill=ink)
        else:
            draw.polygon([(x + r * float(a), y + r * float(b)) for a, b in sheet.rng.normal(0, 0.8, (3, 2))], fill=ink)
    title_lines(sheet)


def typographic(sheet: Sheet) -> None:
    """Write a title as large as it goes, on one colour."""
    dark = bool(sheet.rng.random() < 0.5)
    _drawing(sheet).rectangle((0, 0, SIZE, SIZE), fill=sheet.ink(0 if dark else 4))
    lines, stretch, weight = sheet.title.split(), sheet.uniform(0.8, 1.6), int(sheet.rng.integers(0, 6))
    height = sheet.uniform(0.1, min(0.3, 0.85 / len(lines)))
    angle = float(sheet.rng.choice([0.0, 0.0, sheet.uniform(-20, 20)]))
    for row, line in enumerate(lines):
        ink = sheet.ink(4 - row % 2 if dark else row % 2)
        write(
            sheet, line, (0.5, 0.15 + 0.75 * row / len(lines)), height, ink, stretch=stretch, weight=weight, angle=angle
        )
    write(sheet, sheet.artist, (0.5, 0.93), 0.06, sheet.ink(2))


def tiles(sheet: Sheet) -> None:
    """Draw a grid of tiles, of colours or of textures."""
    draw, n, gap = _drawing(sheet), int(sheet.rng.integers(2, 8)), sheet.uniform(0, 8)
    draw.rectangle((0, 0, SIZE, SIZE), fill=sheet.ink(0))
    step, rough = SIZE / n, texture(sheet.rng, 1.3)
    for number in range(n * n):
        x, y = (number % n) * step, number // n * step
        draw.rectangle(
            (x + gap, y + gap, x + step - gap, y + step - gap), fill=sheet.ink(int(sheet.rng.integers(1, 5)))
        )
    sheet.put(np.asarray(sheet.image) * (1 - sheet.uniform(0, 0.6) * rough[..., None]))
    title_lines(sheet)


def minimal(sheet: Sheet) -> None:
    """Draw a gradient, a small mark, a small line."""
    turn = sheet.uniform(0, 2 * np.pi)
    rows, columns = np.mgrid[0 : 1 : SIZE * 1j, 0 : 1 : SIZE * 1j]
    field = (np.cos(turn) * (rows - 0.5) + np.sin(turn) * (columns - 0.5)) * 0.7 + 0.5
    first = int(sheet.rng.integers(0, 4))
    sheet.put(toned(np.clip(field, 0, 1).astype(np.float32), sheet.colours[first : first + 2]))
    x, y, r = sheet.uniform(0.25, 0.75) * SIZE, sheet.uniform(0.25, 0.65) * SIZE, sheet.uniform(0.05, 0.2) * SIZE
    ink = sheet.ink(0 if first > 1 else 4)
    draw = _drawing(sheet)
    if sheet.rng.random() < 0.5:
        draw.ellipse((x - r, y - r, x + r, y + r), outline=ink, width=int(sheet.rng.integers(2, 9)))
    else:
        draw.regular_polygon((x, y, r), int(sheet.rng.integers(3, 8)), rotation=int(sheet.rng.integers(90)), fill=ink)
    write(sheet, sheet.title, (sheet.uniform(0.3, 0.7), 0.82), sheet.uniform(0.05, 0.08), ink)
    write(sheet, sheet.artist, (sheet.uniform(0.3, 0.7), 0.92), 0.05, ink)


def landscape(sheet: Sheet) -> None:
    """Draw hills before a sky with a sun."""
    rows = np.linspace(0, 1, SIZE, dtype=np.float32)[:, None]
    sky = toned(np.broadcast_to(1 - rows * 0.6, (SIZE, SIZE)).astype(np.float32), sheet.colours[2:])
    sheet.put(sky)
    draw = _drawing(sheet)
    x, y, r = sheet.uniform(0.1, 0.9) * SIZE, sheet.uniform(0.15, 0.5) * SIZE, sheet.uniform(0.04, 0.15) * SIZE
    draw.ellipse((x - r, y - r, x + r, y + r), fill=sheet.ink(4))
    count = int(sheet.rng.integers(2, 6))
    across = np.arange(SIZE + 1)
    for layer in range(count):
        waves = sum(
            sheet.uniform(0.02, 0.1)
            / k
            * np.sin(2 * np.pi * (k * across / SIZE * sheet.uniform(0.5, 1.5) + sheet.uniform(0, 1)))
            for k in (1, 2, 5, 11)
        )
        edge = np.asarray((0.45 + 0.5 * layer / count + waves) * SIZE)
        outline = [(0.0, float(SIZE)), *zip(across.tolist(), edge.tolist(), strict=True), (float(SIZE), float(SIZE))]
        draw.polygon(outline, fill=sheet.ink(2 - layer))
    title_lines(sheet)


def stripes(sheet: Sheet) -> None:
    """Draw stripes, rays or rings."""
    kind, count = int(sheet.rng.integers(3)), sheet.uniform(4, 26)
    rows, columns = np.mgrid[0 : 1 : SIZE * 1j, 0 : 1 : SIZE * 1j]
    x, y, turn = sheet.uniform(0.1, 0.9), sheet.uniform(0.1, 0.9), sheet.uniform(0, np.pi)
    phase = [
        (np.cos(turn) * rows + np.sin(turn) * columns) * count,
        np.arctan2(rows - y, columns - x) / (2 * np.pi) * np.round(count),
        np.hypot(rows - y, columns - x) * count,
    ][kind]
    which = np.floor(phase).astype(int) % int(sheet.rng.integers(2, 5)) + int(sheet.rng.integers(0, 2))
    sheet.put(sheet.colours[which % 5])
    band = sheet.uniform(0.1, 0.9)
    _drawing(sheet).rectangle((0, (band - 0.09) * SIZE, SIZE, (band + 0.09) * SIZE), fill=sheet.ink(4))
    write(sheet, sheet.title, (0.5, band - 0.02), 0.1, sheet.ink(0), weight=int(sheet.rng.integers(0, 3)))
    write(sheet, sheet.artist, (0.5, band + 0.06), 0.05, sheet.ink(1))


def collage(sheet: Sheet) -> None:
    """Paste scraps of textures, turned."""
    from PIL import Image

    sheet.put(toned(0.3 * texture(sheet.rng, 1.0) + 0.7, sheet.colours))
    rough = [texture(sheet.rng, slope, 180) for slope in (1.0, 1.6)]
    for _ in range(int(sheet.rng.integers(3, 8))):
        order = sheet.rng.permutation(5)
        scrap = Image.fromarray(toned(rough[int(sheet.rng.integers(2))], sheet.colours[order]).astype(np.uint8))
        width, height = (sheet.rng.uniform(0.2, 0.6, 2) * SIZE).astype(int).tolist()
        scrap = scrap.resize((width, height)).convert("RGBA").rotate(sheet.uniform(-60, 60), expand=True)
        x, y = (sheet.rng.uniform(-0.1, 0.8, 2) * SIZE).astype(int).tolist()
        sheet.image.paste(scrap.convert("RGB"), (x, y), scrap.getchannel("A"))
    title_lines(sheet)


def portrait(sheet: Sheet) -> None:
    """Draw somebody before a wall, lit from one side."""
    from PIL import Image, ImageDraw, ImageFilter

    wall = toned(0.5 * texture(sheet.rng, 1.8), sheet.colours)
    figure = Image.new("L", (SIZE, SIZE))
    draw = ImageDraw.Draw(figure)
    x, y, r = sheet.uniform(0.35, 0.65) * SIZE, sheet.uniform(0.3, 0.45) * SIZE, sheet.uniform(0.1, 0.18) * SIZE
    draw.ellipse((x - r, y - 1.3 * r, x + r, y + 1.3 * r), fill=255)
    draw.ellipse((x - 2.6 * r, y + 1.5 * r, x + 2.6 * r, y + 6 * r), fill=255)
    mask = np.asarray(figure.filter(ImageFilter.GaussianBlur(3)), dtype=np.float32)[..., None] / 255
    dark, bright = sheet.rng.permutation([0.2, 1.0]).tolist()
    light = np.linspace(dark, bright, SIZE, dtype=np.float32)[None, :]
    skin = toned((light * (0.6 + 0.4 * texture(sheet.rng, 1.3))).astype(np.float32), sheet.colours[::1])
    sheet.put(wall * (1 - mask) + skin * mask)
    title_lines(sheet, dark=True)


def halftone(sheet: Sheet) -> None:
    """Draw a texture in dots of ink."""
    step = int(sheet.rng.integers(6, 14))
    turn, paper, ink = (
        sheet.uniform(0, np.pi / 2),
        sheet.colours[4].astype(float),
        sheet.colours[int(sheet.rng.integers(2))],
    )
    rows, columns = np.mgrid[0:SIZE, 0:SIZE]
    u, v = np.cos(turn) * rows + np.sin(turn) * columns, np.cos(turn) * columns - np.sin(turn) * rows
    dots = (np.cos(2 * np.pi * u / step) + np.cos(2 * np.pi * v / step) + 2) / 4
    field = texture(sheet.rng, sheet.uniform(1.6, 2.2))
    shade = np.clip((field - dots) * 6 + 0.5, 0, 1)[..., None]
    sheet.put(paper * (1 - shade) + ink * shade)
    title_lines(sheet, dark=False)


def facets(sheet: Sheet) -> None:
    """Draw a plane of facets, coloured by a texture."""
    count = int(sheet.rng.integers(12, 90))
    seeds = sheet.rng.random((count, 2)) * SIZE
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    far = np.stack([(rows - y) ** 2 + (columns - x) ** 2 for y, x in seeds.astype(np.float32)])
    shade = texture(sheet.rng, 1.9)[seeds[:, 0].astype(int), seeds[:, 1].astype(int)]
    tone = np.clip(shade + sheet.rng.normal(0, 0.08, count), 0, 1).astype(np.float32)
    sheet.put(toned(tone, sheet.colours)[far.argmin(axis=0)])
    title_lines(sheet)


def label(sheet: Sheet) -> None:
    """Draw what a label puts on all its records: a band, a frame, a picture in it."""
    draw, light = _drawing(sheet), bool(sheet.rng.random() < 0.6)
    paper, ink = sheet.ink(4 if light else 0), sheet.ink(0 if light else 4)
    draw.rectangle((0, 0, SIZE, SIZE), fill=paper)
    top = sheet.uniform(0.12, 0.3)
    draw.rectangle((0, 0, SIZE, top * SIZE), fill=sheet.ink(int(sheet.rng.integers(1, 4))))
    side = min(0.62, 0.92 - top) * SIZE
    left, down = round(sheet.uniform(0.05, 0.33) * SIZE), round((top + 0.06) * SIZE)
    scene = toned(texture(sheet.rng, sheet.uniform(1.2, 1.9), round(side)), sheet.colours)
    from PIL import Image

    sheet.image.paste(Image.fromarray(scene.astype(np.uint8)), (left, down))
    write(sheet, sheet.artist.upper(), (0.5, top * 0.35), top * 0.4, paper, stretch=sheet.uniform(0.8, 1.3), weight=1)
    write(sheet, sheet.title, (0.5, top * 0.78), top * 0.28, paper)
    mark = letters(sheet.artist[:1], 0.12 * SIZE, weight=3)
    sheet.image.paste(ink, (SIZE - mark.width - 12, SIZE - mark.height - 12), mark)


def _drawing(sheet: Sheet) -> ImageDraw:
    from PIL.ImageDraw import Draw

    return Draw(sheet.image)


STYLES: Mapping[str, Style] = {one.__name__: one for one in (photo, shapes, typographic, tiles, minimal, landscape)}
HELD_OUT: Mapping[str, Style] = {one.__name__: one for one in (stripes, collage, portrait, halftone, facets, label)}
