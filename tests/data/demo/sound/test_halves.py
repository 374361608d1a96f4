"""What is held out for the last measurement, and what is not, have nothing in common."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.demo.sound import draw_song
from ml.data.demo.sound.drums import KITS
from ml.data.demo.sound.feel import _METRES as COMMON
from ml.data.demo.sound.figures import FIGURES, PLACES, suiting
from ml.data.demo.sound.harmony import PROGRESSIONS
from ml.data.demo.sound.melody import CELLS
from ml.data.demo.sound.patterns import PATTERNS, fitting
from ml.data.demo.sound.song import METRES
from ml.data.demo.sound.timbres import TIMBRES, playing


@given(st.integers(0, 2**32), st.booleans())
def test_a_song_is_made_of_one_half(seed: int, held_out: bool) -> None:
    song = draw_song(np.random.default_rng(seed), held_out=held_out)
    assert song.held_out is held_out
    assert all(TIMBRES[part.timbre].held_out is held_out for part in song.parts)
    assert not song.kit or KITS[song.kit].held_out is held_out
    assert not song.pattern or PATTERNS[song.pattern].held_out is held_out


def test_the_halves_do_not_share_a_sound_or_a_figure() -> None:
    # A pad of whole chords has no rhythm to hold out.
    def half(held_out: bool) -> set[object]:
        return {
            *(timbre.voice for timbre in TIMBRES.values() if timbre.held_out is held_out),
            *(pattern.grids for pattern in PATTERNS.values() if pattern.held_out is held_out),
            *((f.role, f.places, f.cells) for f in FIGURES if f.held_out is held_out and f.cells != "hold"),
            *((one.mode, one.chords) for one in PROGRESSIONS if one.held_out is held_out),
        }

    assert not half(held_out=True) & half(held_out=False)


@pytest.mark.parametrize("held_out", [False, True])
def test_each_half_can_play_everything(held_out: bool) -> None:
    for tempo in np.linspace(40, 220, 181):
        assert fitting("4/4", tempo, held_out=held_out)
        for metre in METRES:
            if metre != "7/8" or tempo >= 140:
                assert suiting("bass", metre, tempo, held_out=held_out)
                assert suiting("chords", metre, tempo, held_out=held_out)
    assert set(COMMON) == set(METRES) == set(PLACES) == {pattern.metre for pattern in PATTERNS.values()}
    for metre in METRES:
        assert any(pattern.metre == metre and pattern.held_out is held_out for pattern in PATTERNS.values())
    for role in ("bass", "chords", "pad", "lead", "voice"):
        assert playing(role, held_out=held_out)
    assert {kit.acoustic for kit in KITS.values() if kit.held_out is held_out} == {True, False}
    assert {half for half, _ in CELLS} == {True, False}


def test_the_halves_are_about_equally_large() -> None:
    for flags in (
        [timbre.held_out for timbre in TIMBRES.values()],
        [pattern.held_out for pattern in PATTERNS.values()],
        [kit.held_out for kit in KITS.values()],
        [one.held_out for one in PROGRESSIONS],
        [figure.held_out for figure in FIGURES],
    ):
        assert 0.4 <= np.mean(flags) <= 0.6
