"""Colours whose answer is known by their names."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ml.features.images.colours import NAMED, colour_named, moods_of, palette_of, share_of


def plain(*colours: tuple[int, int, int]) -> np.ndarray:
    """Stripes of colours, equally wide."""
    return np.repeat(np.array(colours, dtype=np.uint8), 16, axis=0)[None].repeat(16, 0)


def test_shares_of_a_palette_are_those_of_the_picture() -> None:
    palette = palette_of(plain((200, 20, 20), (200, 20, 20), (200, 20, 20), (20, 20, 200)))
    assert palette[:, 3].tolist() == [0.75, 0.25]


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_colour_is_nearest_to_itself(name: str) -> None:
    palette = palette_of(plain(NAMED[name]))
    best = max(NAMED, key=lambda other: share_of(palette, colour_named(other)))
    assert NAMED[best] == NAMED[name]
    assert share_of(palette, colour_named(name)) > 0.99


@pytest.mark.parametrize(
    ("colours", "is_so", "is_not"),
    [
        ([(20, 10, 10), (5, 5, 5)], "dark", "bright"),
        ([(250, 250, 245)], "bright", "dark"),
        ([(240, 120, 20), (220, 60, 20)], "warm", "cold"),
        ([(20, 90, 220), (30, 160, 220)], "cold", "warm"),
        ([(250, 20, 20), (20, 220, 30), (240, 230, 10)], "vivid", "muted"),
        ([(120, 118, 110), (140, 130, 130)], "muted", "vivid"),
        ([(245, 215, 225), (215, 230, 245)], "pastel", "dramatic"),
        ([(10, 10, 10), (230, 230, 230), (10, 10, 10)], "dramatic", "calm"),
        ([(90, 140, 150), (95, 145, 150)], "monochrome", "dramatic"),
    ],
)
def test_moods_of_colours(colours: list[tuple[int, int, int]], is_so: str, is_not: str) -> None:
    moods = moods_of(palette_of(plain(*colours)))
    assert moods[is_so] > 0.5
    assert moods[is_not] < 0.3


@given(arrays(np.uint8, (8, 8, 3), elements=st.integers(0, 255)))
def test_any_picture_has_a_palette_and_moods(picture: np.ndarray) -> None:
    palette = palette_of(picture)
    assert 1 <= len(palette) <= 5
    assert palette[:, 3].sum() == pytest.approx(1.0, abs=1e-5)
    assert all(0 <= value <= 1 for value in moods_of(palette).values())


@given(st.text(max_size=12))
def test_any_text_is_a_colour_or_none(text: str) -> None:
    found = colour_named(text)
    assert found is None or found.shape == (3,)
