"""The set that constants are chosen on: nothing of it is in either half, and it leaves nothing behind."""

import numpy as np
import pytest
from benchmarks.training.rhythm_choices import f_measure
from benchmarks.training.third_set import third_set

from ml.data.demo.sound import compose, excerpts, figures
from ml.data.demo.sound.drums import KITS
from ml.data.demo.sound.patterns import PATTERNS
from ml.data.demo.sound.timbres import TIMBRES


def tables():
    """All that songs are made of: patterns by their grids, figures but the held chord, progressions, kits, timbres."""
    cells = {one.cells for one in figures.FIGURES if one.cells != figures.HOLD}
    voices = {repr(one.voice) for one in TIMBRES.values()}
    grids, loops = {one.grids for one in PATTERNS.values()}, {one.chords for one in compose.PROGRESSIONS}
    return cells, grids, loops, {repr(one) for one in KITS.values()}, voices


def test_the_third_set_has_nothing_of_either_half():
    halves = tables()
    with third_set():
        third = tables()
        assert all(third)
        assert not any(one & other for one, other in zip(third, halves, strict=True))
        songs = list(excerpts(40))
    assert tables() == halves
    assert {song.metre for song in songs} >= {"4/4", "3/4", "6/8"}
    assert {song.pattern for song in songs}.isdisjoint(PATTERNS)
    assert not any(song.held_out for song in songs)


def test_the_third_set_is_the_same_every_time():
    drawn = []
    for _ in range(2):
        with third_set():
            drawn.append([(song.pattern, song.kit, song.parts[0].timbre) for song in excerpts(5)])
    assert drawn[0] == drawn[1]


@pytest.mark.parametrize(("found", "expected"), [([], 0.0), ([1.0, 2.0], 1.0), ([1.04, 1.05, 2.0, 9.0], 2 / 3)])
def test_a_time_is_matched_at_most_once(found, expected):
    assert f_measure(np.array([1.0, 2.0]), np.array(found), 0.06) == pytest.approx(expected)
