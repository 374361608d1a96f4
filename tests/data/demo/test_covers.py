"""Covers of the demo world: the same by the same seed, near-identical in a series, seen in many ways."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from ml.data.demo import DemoSize, make_world
from ml.data.demo.covers import CHANGES, CONDITIONS, cover_of_track, draw_cover, photographed, style_of
from ml.data.demo.covers.repeating import HELD_OUT_REPEATING, REPEATING
from ml.data.demo.covers.styles import Style
from ml.foundation.errors import BadInput

pytest.importorskip("PIL")


def test_the_same_seed_draws_the_same_cover() -> None:
    assert (draw_cover(5) == draw_cover(5)).all()
    assert (draw_cover(5) != draw_cover(6)).any()
    assert (draw_cover(5) != draw_cover(5, held_out=True)).any()


@pytest.mark.parametrize("change", CHANGES)
def test_members_of_a_series_differ_in_one_thing(change: str) -> None:
    one, other = (draw_cover(778, member=member, change=change).astype(int) for member in (0, 1))
    differs = (np.abs(one - other).max(axis=2) > 24).mean()
    assert 0 < differs < (1.0 if change == "colour" else 0.2)


@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_photograph_is_another_picture_each_time(condition: str) -> None:
    cover = draw_cover(3)
    one, again, other = (photographed(cover, condition, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert one.dtype == np.uint8
    assert max(one.shape) <= 640
    assert one.shape == again.shape
    assert (one == again).all()
    assert one.shape != other.shape or (one != other).any()


@pytest.mark.parametrize(("styles", "held_out"), [(REPEATING, False), (HELD_OUT_REPEATING, True)])
def test_styles_that_repeat_are_drawn_where_they_are_named(styles: Mapping[str, Style], held_out: bool) -> None:
    for style in styles:
        one, other = (draw_cover(seed, style=style, held_out=held_out).astype(float) for seed in (1, 2))
        assert one.std() > 5
        assert np.abs(one - other).mean() > 5
        assert style not in {style_of(seed, held_out=held_out) for seed in range(100)}
        with pytest.raises(BadInput, match="no cover in style"):
            draw_cover(1, style=style, held_out=not held_out)


def test_tracks_of_an_album_have_one_cover() -> None:
    world = make_world(DemoSize(tracks=60, artists=10, listeners=5, listens=500, days=30), seed=1)
    album = [int(track) for track in np.flatnonzero(world.tracks.artist == 0) if world.tracks.albums[int(track)]]
    same = [track for track in album if world.tracks.albums[track] == world.tracks.albums[album[0]]]
    assert (cover_of_track(world, same[0]) == cover_of_track(world, same[-1])).all()
    with pytest.raises(BadInput, match="no track"):
        cover_of_track(world, 10_000)


def test_what_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput, match="no cover in style"):
        draw_cover(1, style="oil")
    with pytest.raises(BadInput, match="no condition"):
        photographed(draw_cover(1), "upside down", np.random.default_rng(0))
