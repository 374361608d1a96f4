"""What drummers play: one or two bars that repeat.

Conventions
-----------
- Grids are written a beat at a time, with bars between beats: ``X`` an accent, ``x`` a stroke, ``o`` a ghost note,
  ``.`` nothing. All beats of a grid have equally many places; it is one or two bars long.
- **The beat** is what a drummer counts: in 4/4 the backbeat lies on 2 and 4, or else every beat has a kick or a snare
  of its own; in 3/4 and 5/4 it is the quarter; in 6/8 the dotted quarter, two a bar; in 7/8 the eighth. A half-time
  feel is therefore written at half the tempo, and no pattern asks for a tempo at which a drummer would count otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo.arrays import Codes, Doubles
from ml.data.demo.sound.drums import DRUMS
from ml.data.demo.sound.song import METRES

#: Velocity of the signs of a grid.
STROKES = {"X": 1.0, "x": 0.7, "o": 0.32}


@dataclass(frozen=True)
class Pattern:
    """A pattern of drums.

    Parameters
    ----------
    metre : str
    slow, fast : int
        Tempi at which it is played.
    swing : (float, float)
        Range of the swing.
    pair : float
        Length, in beats, of the pairs that swing.
    grids : tuple of (drum, grid)
    genres : str
        Genres of the demo world that it suits, separated by commas.
    held_out : bool
        Whether it is kept for the last measurement.
    """

    metre: str
    slow: int
    fast: int
    swing: tuple[float, float]
    pair: float
    grids: tuple[tuple[str, str], ...]
    genres: str = ""
    held_out: bool = False

    @property
    def beats(self) -> int:
        """Length in beats."""
        return len(self.grids[0][1].split("|"))

    @property
    def bars(self) -> int:
        """Length in bars."""
        return self.beats // METRES[self.metre]

    def strokes(self) -> tuple[Doubles, Codes, Doubles]:
        """Give beat, drum and velocity of every stroke.

        >>> beat, drum, velocity = PATTERNS["disco"].strokes()
        >>> beat[drum == 0].tolist(), velocity[drum == 0].tolist()
        ([0.0, 1.0, 2.0, 3.0], [1.0, 1.0, 1.0, 1.0])
        """
        rows = [
            (beat + place / len(cell), DRUMS.index(drum), STROKES[sign])
            for drum, grid in self.grids
            for beat, cell in enumerate(grid.split("|"))
            for place, sign in enumerate(cell)
            if sign != "."
        ]
        beat, index, velocity = (np.array(column) for column in zip(*rows, strict=True))
        return beat, index.astype(np.int8), velocity


_STRAIGHT = (1.0, 1.0)
_BACK = "....|X...|....|X..."
_EIGHTHS = "x.x.|x.x.|x.x.|x.x."
_SIXTEENTHS = "xoxo|xoxo|xoxo|xoxo"
_FLOOR = "X...|X...|X...|X..."

PATTERNS: dict[str, Pattern] = {
    # --- four beats
    "rock": Pattern("4/4", 72, 150, _STRAIGHT, 1.0, (
        ("kick", "X...|..x.|X.x.|...."), ("snare", _BACK), ("hat", _EIGHTHS)), "rock,indie rock,pop,metal"),
    "ballad": Pattern("4/4", 40, 84, _STRAIGHT, 1.0, (
        ("kick", "X...|...x|..x.|...."), ("rim", _BACK), ("hat", _SIXTEENTHS)), "singer-songwriter,r&b,soul,folk"),
    "disco": Pattern("4/4", 100, 142, _STRAIGHT, 1.0, (
        ("kick", _FLOOR), ("snare", _BACK), ("open", "..x.|..x.|..x.|..x."), ("hat", "x..x|x..x|x..x|x..x")),
        "house,synth-pop,pop"),
    "techno": Pattern("4/4", 115, 165, _STRAIGHT, 1.0, (
        ("kick", _FLOOR), ("open", "..X.|..X.|..X.|..X."), ("shaker", _SIXTEENTHS), ("rim", "...x|..x.|....|.x..")),
        "techno"),
    "boom bap": Pattern("4/4", 62, 105, (1.2, 1.7), 0.5, (
        ("kick", "X...|...x|..X.|.x.."), ("snare", "....|X..o|....|X..."), ("hat", "x.x.|x.xo|x.x.|x.x.")),
        "hip-hop,lo-fi"),
    "breakbeat": Pattern("4/4", 135, 220, _STRAIGHT, 1.0, (
        ("kick", "X.X.|....|..XX|...."), ("snare", "....|X..o|.o..|X..o"), ("ride", _EIGHTHS)), "drum and bass"),
    "punk": Pattern("4/4", 150, 220, _STRAIGHT, 1.0, (
        ("kick", "X...|....|X.X.|...."), ("snare", _BACK), ("hat", _EIGHTHS)), "punk,metal"),
    "swing": Pattern("4/4", 90, 220, (1.5, 2.0), 1.0, (
        ("ride", "x...|X.x.|x...|X.x."), ("hat", "....|x...|....|x..."), ("brush", "o...|o...|o...|o..."),
        ("snare", "....|..o.|....|...o")),
        "jazz,blues"),
    "one drop": Pattern("4/4", 58, 98, (1.0, 1.6), 0.5, (
        ("kick", _BACK), ("rim", "....|X...|...o|X..o"), ("hat", "x.xo|x.x.|x.xo|x.x.")), "reggae"),
    "bossa": Pattern("4/4", 50, 92, _STRAIGHT, 1.0, (
        ("kick", "X..x|X..x|X..x|X..x"), ("rim", "x..x|..x.|..x.|.x.."), ("shaker", _SIXTEENTHS)), "latin,jazz"),
    "funk": Pattern("4/4", 80, 126, (1.0, 1.3), 0.5, (
        ("kick", "X..x|....|..x.|..x."), ("snare", "....|X..o|.o.o|X..o"), ("hat", "xoxo|xoxo|xoxo|xox.")),
        "soul,r&b,hip-hop"),
    "shuffle": Pattern("4/4", 78, 165, (1.7, 2.0), 1.0, (
        ("kick", "X...|..x.|X...|..x."), ("snare", _BACK), ("hat", _EIGHTHS)), "blues,country"),
    "dembow": Pattern("4/4", 78, 112, _STRAIGHT, 1.0, (
        ("kick", _FLOOR), ("snare", "...X|..X.|...X|..X."), ("hat", _EIGHTHS)), "latin"),
    "electro": Pattern("4/4", 105, 165, _STRAIGHT, 1.0, (
        ("kick", "X..x|..x.|..X.|...."), ("clap", _BACK), ("hat", "xxxx|x.xx|xxxx|x.xx")), "trap,synth-pop"),
    "country": Pattern("4/4", 95, 210, _STRAIGHT, 1.0, (
        ("kick", "X...|....|X...|...."), ("snare", "..o.|X.o.|..o.|X.o."), ("tambourine", "..x.|..x.|..x.|..x.")),
        "country,folk,indie pop"),
    "slow air": Pattern("4/4", 40, 72, (1.0, 1.4), 0.5, (
        ("kick", "X...|....|X..x|...."), ("brush", "x.x.|X.x.|x.x.|X.xo"), ("ride", "x.x.|x.x.|x.x.|x.xx")),
        "lo-fi,ambient,singer-songwriter"),
    "four floor pop": Pattern("4/4", 90, 145, _STRAIGHT, 1.0, (
        ("kick", _FLOOR), ("snare", "....|X...|....|X..x"), ("hat", _EIGHTHS), ("tambourine", "..o.|..o.|..o.|..o.")),
        held_out=True),
    "slow jam": Pattern("4/4", 40, 86, (1.0, 1.5), 0.5, (
        ("kick", "X..x|..x.|..x.|...x"), ("clap", _BACK), ("hat", "xoxx|oxxo|xoxx|oxxo")), held_out=True),
    "motown": Pattern("4/4", 88, 160, _STRAIGHT, 1.0, (
        ("kick", "X..x|..x.|X..x|..x."), ("snare", _FLOOR), ("tambourine", _EIGHTHS)), held_out=True),
    "two-step": Pattern("4/4", 115, 145, (1.2, 1.6), 0.5, (
        ("kick", "X...|....|..X.|...."), ("snare", "....|X..o|....|X..."), ("hat", "..xo|..x.|x.xo|..xx")),
        held_out=True),
    "jungle": Pattern("4/4", 150, 220, _STRAIGHT, 1.0, (
        ("kick", "X...|....|..X.|....|X.x.|....|..X.|..x."), ("snare", "....|X...|.o.o|X...|....|X..o|....|X.o."),
        ("hat", _EIGHTHS + "|" + _EIGHTHS)), held_out=True),
    "new wave": Pattern("4/4", 125, 215, _STRAIGHT, 1.0, (
        ("kick", "X...|..x.|X...|..x."), ("snare", _BACK), ("hat", "x.x.|x.x.|x.x.|x..."), ("open",
        "....|....|....|..x.")),
        held_out=True),
    "bebop": Pattern("4/4", 110, 220, (1.4, 2.0), 1.0, (
        ("ride", "x...|X.x.|x...|X..."), ("hat", "....|x...|....|x..."), ("snare", "..o.|....|....|..x."),
        ("kick", "o...|o...|o...|o...")), held_out=True),
    "steppers": Pattern("4/4", 64, 112, (1.0, 1.7), 0.5, (
        ("kick", _FLOOR), ("rim", _BACK), ("hat", "..xo|..x.|..xo|..x."), ("conga", "...x|..x.|...x|...x")),
        held_out=True),
    "samba": Pattern("4/4", 76, 130, _STRAIGHT, 1.0, (
        ("kick", "o..o|X..o|o..o|X..o"), ("conga", "x.x.|xx.x|.x.x|.xx."), ("shaker", "XooX|XooX|XooX|XooX")),
        held_out=True),
    "second line": Pattern("4/4", 76, 118, (1.2, 1.6), 0.5, (
        ("kick", "X..x|..x.|...x|..x."), ("snare", "o.oo|X.oo|.ooX|X.o."), ("cowbell", "x.x.|x.x.|x.x.|x.x.")),
        held_out=True),
    "slow blues": Pattern("4/4", 42, 78, _STRAIGHT, 1.0, (
        ("kick", "X..|..x|X..|..."), ("snare", "...|X..|...|X.."), ("ride", "xxx|xxx|xxx|xxx")), held_out=True),
    "cumbia": Pattern("4/4", 78, 118, _STRAIGHT, 1.0, (
        ("kick", _FLOOR), ("shaker", "X.xx|X.xx|X.xx|X.xx"), ("conga", "..x.|x.x.|..x.|x.xx"), ("cowbell",
        _FLOOR.lower())),
        held_out=True),
    "acid": Pattern("4/4", 108, 168, _STRAIGHT, 1.0, (
        ("kick", "X...|..X.|..X.|.x.."), ("snare", _BACK), ("hat", "x.xx|x.xx|x.xx|x.xx"), ("cowbell",
        "..x.|.x..|..x.|...x")),
        held_out=True),
    "hardcore": Pattern("4/4", 165, 220, _STRAIGHT, 1.0, (
        ("kick", "X.x.|....|X...|..x."), ("snare", _BACK), ("ride", _FLOOR)), held_out=True),
    "torch": Pattern("4/4", 40, 76, (1.0, 1.8), 0.5, (
        ("kick", "X...|....|..x.|...."), ("brush", "....|X.xo|....|X.xo"), ("hat", "xoxo|xoxo|xoxo|xoxo")),
        held_out=True),
    # --- three beats
    "waltz": Pattern("3/4", 84, 200, _STRAIGHT, 1.0, (
        ("kick", "X.|..|.."), ("snare", "..|x.|x."), ("hat", "x.|x.|x.")), "folk,country,classical"),
    "slow three": Pattern("3/4", 46, 110, _STRAIGHT, 1.0, (
        ("kick", "X...|....|..x."), ("rim", "....|....|X..."), ("hat", "x.x.|x.x.|x.x.")), "singer-songwriter,soul"),
    "jazz waltz": Pattern("3/4", 96, 210, (1.5, 2.0), 1.0, (
        ("ride", "X.|x.|x."), ("snare", "..|.o|.."), ("hat", "..|x.|.."), ("kick", "x.|..|.o")), held_out=True),
    "rock three": Pattern("3/4", 54, 160, _STRAIGHT, 1.0, (
        ("kick", "X...|....|..x."), ("snare", "....|X...|x..."), ("tambourine", "x.x.|x.x.|x.x.")), held_out=True),
    # --- six eighths, two beats
    "slow six": Pattern("6/8", 40, 92, _STRAIGHT, 1.0, (
        ("kick", "X..|..x"), ("snare", "...|X.."), ("hat", "xxx|xxx")), "blues,soul,rock"),
    "jig": Pattern("6/8", 80, 150, _STRAIGHT, 1.0, (
        ("kick", "X..|x.."), ("rim", "..x|..x"), ("tambourine", "xox|xox")), "folk"),
    "ballad six": Pattern("6/8", 40, 86, _STRAIGHT, 1.0, (
        ("kick", "X..|..x"), ("rim", "...|X.."), ("ride", "x.x|x.x")), held_out=True),
    "bembe": Pattern("6/8", 66, 140, _STRAIGHT, 1.0, (
        ("kick", "X..|x..|X..|x.."), ("cowbell", "x.x|.xx|.x.|x.x"), ("conga", "..x|x..|..x|xx.")), held_out=True),
    # --- five and seven
    "take five": Pattern("5/4", 96, 200, (1.3, 2.0), 1.0, (
        ("kick", "X.|..|..|x.|.."), ("snare", "..|.o|..|..|x."), ("ride", "x.|xx|x.|x.|xx")), "jazz"),
    "five rock": Pattern("5/4", 70, 180, _STRAIGHT, 1.0, (
        ("kick", "X...|..x.|....|X...|...."), ("snare", "....|X...|....|....|X..."), ("hat",
        "x.x.|x.x.|x.x.|x.x.|x.x.")),
        held_out=True),
    "two two three": Pattern("7/8", 140, 220, _STRAIGHT, 1.0, (
        ("kick", "X|.|.|.|X|.|."), ("snare", ".|.|X|.|.|.|x"), ("hat", "x|x|x|x|x|x|x")), "metal"),
    "three two two": Pattern("7/8", 140, 220, _STRAIGHT, 1.0, (
        ("kick", "X|.|.|x|.|.|."), ("snare", ".|.|.|.|.|X|."), ("tambourine", "x|x|x|x|x|x|x")), held_out=True),
}  # fmt: skip


def fitting(metre: str, tempo_bpm: float, *, held_out: bool, genre: str = "") -> list[str]:
    """Name the patterns of a half that are played in a metre at a tempo; with a genre those that suit it.

    >>> fitting("6/8", 120.0, held_out=False), fitting("3/4", 100.0, held_out=False, genre="soul")
    (['jig'], ['slow three'])
    """
    return [
        name
        for name, pattern in PATTERNS.items()
        if pattern.metre == metre
        and pattern.held_out is held_out
        and pattern.slow <= tempo_bpm <= pattern.fast
        and (not genre or genre in pattern.genres.split(","))
    ]
