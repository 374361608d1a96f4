import numpy as np
import pytest

from ml.data.demo.genres import GENRES
from ml.data.demo.sound.drums import DRUMS
from ml.data.demo.sound.patterns import PATTERNS
from ml.data.demo.sound.song import METRES


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_fills_its_bars(name: str) -> None:
    pattern = PATTERNS[name]
    for drum, grid in pattern.grids:
        cells = grid.split("|")
        assert drum in DRUMS
        assert set(grid) <= set("Xxo.|")
        assert len(cells) == pattern.beats
        assert len(cells) % METRES[pattern.metre] == 0
        assert len({len(cell) for cell in cells}) == 1
    assert 40 <= pattern.slow < pattern.fast <= 220


@pytest.mark.parametrize("name", [name for name, pattern in PATTERNS.items() if pattern.metre == "4/4"])
def test_in_four_four_a_drummer_can_count(name: str) -> None:
    """Backbeats on 2 and 4, or something on every beat: the convention of the truth about tempo."""
    beat, drum, _ = PATTERNS[name].strokes()
    two_and_four = {"snare", "clap", "rim", "brush", "hat", "kick"}
    backbeat = any(
        {1.0, 3.0} <= set((beat[drum == DRUMS.index(one)] % 4).tolist())
        and not (one != "hat" and {0.0, 2.0} & set((beat[drum == DRUMS.index(one)] % 4).tolist()) and one == "rim")
        for one in two_and_four
    )
    struck = {one: set((beat[drum == DRUMS.index(one)] % 4).tolist()) for one in ("kick", "snare")}
    every_beat = any({0.0, 1.0, 2.0, 3.0} <= beats for beats in struck.values())
    assert backbeat or every_beat


def test_patterns_name_genres_that_there_are() -> None:
    known = {genre.name for genre in GENRES}
    for pattern in PATTERNS.values():
        assert not pattern.genres or set(pattern.genres.split(",")) <= known
        assert not (pattern.held_out and pattern.genres), "the demo world has nothing of the half that is held out"


def test_no_pattern_is_faster_than_hands() -> None:
    for name, pattern in PATTERNS.items():
        beat, drum, velocity = pattern.strokes()
        for one in np.unique(drum):
            # Ghost notes between strokes are the other hand's.
            struck = np.sort(beat[(drum == one) & (velocity > 0.5)])
            gap = np.diff(np.append(struck, pattern.beats + struck[0])).min() if len(struck) else 1.0
            assert gap * 60.0 / pattern.fast >= 0.06, f"{name}: {DRUMS[one]}"
