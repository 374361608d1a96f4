"""Covers by a seed, alone or in a series."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from ml.data.demo.covers.lettering import words_of, write
from ml.data.demo.covers.repeating import HELD_OUT_REPEATING, REPEATING
from ml.data.demo.covers.sheet import SIZE, Picture, Sheet, palette
from ml.data.demo.covers.styles import HELD_OUT, STYLES
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra

if TYPE_CHECKING:
    from ml.data.demo.world import World

#: What the members of a series differ in.
CHANGES = ("number", "colour", "title")
#: Members of a series that differ in colour: as many hues can be told apart.
HUES = 12
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def draw_cover(
    seed: int,
    *,
    member: int | None = None,
    change: str | None = None,
    style: str | None = None,
    held_out: bool = False,
    words: tuple[str, str] | None = None,
) -> Picture:
    """Draw the cover of an album.

    Parameters
    ----------
    seed : int >= 0
        Of the layout.
    member : int >= 0, optional
        Which of a series; left out, the cover is of none.
    change : str, optional
        One of :data:`CHANGES`, where it is of a series; left out, the seed chooses.
    style : str, optional
        Left out, the seed chooses, one that does not repeat (:mod:`~ml.data.demo.covers.repeating`).
    held_out : bool
        Of the styles that are held out.
    words : (str, str), optional
        Artist and title; left out, invented.

    Returns
    -------
    uint8 [shape=(360, 360, 3)]
        RGB.

    Raises
    ------
    ml.foundation.errors.BadInput
        If there is no such style or change.
    MissingExtra
        If Pillow is not installed.
    """
    styles = {**HELD_OUT, **HELD_OUT_REPEATING} if held_out else {**STYLES, **REPEATING}
    if (style is not None and style not in styles) or (change is not None and change not in CHANGES):
        raise BadInput(f"no cover in style {style!r} that changes {change!r}", f"styles: {', '.join(styles)}")
    with extra("images"):
        from PIL import Image
    own, chance = _style(seed, held_out=held_out)
    chosen = styles[style or own]
    changed = change or CHANGES[int(chance.integers(len(CHANGES)))]
    of_series = member is not None
    turn = (member or 0) / HUES if of_series and changed == "colour" else 0.0
    colours = palette(np.random.default_rng([seed, 12, int(held_out)]), turn, vivid=of_series and changed == "colour")
    artist, title = words or words_of(np.random.default_rng([seed, 13, int(held_out)]))
    if of_series and changed == "title":
        title = words_of(np.random.default_rng([seed, 14]), member or 0)[1]
    image = Image.new("RGB", (SIZE, SIZE))
    sheet = Sheet(image, np.random.default_rng([seed, 15, int(held_out)]), colours, artist, title)
    chosen(sheet)
    if of_series and changed == "number":
        _number(sheet, member or 0, np.random.default_rng([seed, 16, int(held_out)]))
    return np.array(image, dtype=np.uint8)


def style_of(seed: int, *, held_out: bool = False) -> str:
    """Name the style that a seed chooses."""
    return _style(seed, held_out=held_out)[0]


def _style(seed: int, *, held_out: bool) -> tuple[str, np.random.Generator]:
    chance, styles = np.random.default_rng([seed, 11, int(held_out)]), list(HELD_OUT if held_out else STYLES)
    return styles[int(chance.integers(len(styles)))], chance


def cover_of_track(world: World, track: int) -> Picture:
    """Draw the cover of the album that a track of the demo world is on.

    Parameters
    ----------
    world : World
    track : int in [0, n_tracks)
        Its place in ``world.tracks``.

    Raises
    ------
    ml.foundation.errors.BadInput
        If there is no such track.
    MissingExtra
        If Pillow is not installed.
    """
    tracks = world.tracks
    if not 0 <= track < len(tracks):
        raise BadInput(f"demo world: no track {track}", f"give 0 to {len(tracks) - 1}")
    artist, album = int(tracks.artist[track]), tracks.albums[track]
    seed = int.from_bytes(blake2b(f"{world.seed}/{artist}/{album}".encode(), digest_size=6).digest(), "little")
    return draw_cover(seed, words=(world.artists.names[artist], album))


def _number(sheet: Sheet, member: int, rng: np.random.Generator) -> None:
    """Put the number of a series on it, large or small, on a patch that it can be read on."""
    from PIL import ImageDraw

    forms = ("Vol. {}", "{}", "#{}", "No. {}", "Volume {}")
    roman = rng.random() < 0.15
    text = forms[int(rng.integers(len(forms)))].format(_ROMAN[member % 12] if roman else member + 1)
    height = float(rng.choice([rng.uniform(0.07, 0.1), rng.uniform(0.1, 0.2), rng.uniform(0.2, 0.45)]))
    x, y = rng.uniform(0.2, 0.8, 2).tolist()
    x, y = round(x * SIZE) / SIZE, round(y * SIZE) / SIZE
    wide = 0.5 * height * len(forms[0]) / 2
    box = [max(0.0, (x - wide) * SIZE), max(0.0, (y - height * 0.6) * SIZE)]
    box += [min(float(SIZE), (x + wide) * SIZE), min(float(SIZE), (y + height * 0.6) * SIZE)]
    ImageDraw.Draw(sheet.image).rectangle((box[0], box[1], box[2], box[3]), fill=sheet.ink(0))
    write(sheet, text, (x, y), height, sheet.ink(4), weight=int(rng.integers(0, 3)))
