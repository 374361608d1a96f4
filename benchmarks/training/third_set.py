"""Songs of neither half, to choose on what is not learnt: thresholds, a few weights, calibration.

The open half is known by heart to what has learnt from it: all is sure there, and nearly all right. The half that is
held out is for the last measurement. So a third set of patterns, figures, progressions, cells, kits and timbres takes
the place of the open half while :func:`third_set` lasts. Patterns and figures are written down here, by the same
convention; kits and timbres are drawn by a seed. None is one of the two halves'.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np

from ml.data.demo.sound import compose, figures, melody
from ml.data.demo.sound.drums import KITS, Kit
from ml.data.demo.sound.figures import HOLD, Figure
from ml.data.demo.sound.harmony import Progression
from ml.data.demo.sound.patterns import PATTERNS, Pattern
from ml.data.demo.sound.timbres import TIMBRES, Timbre
from ml.data.demo.sound.voices import Fm, Plucked, Struck, Wave

_STRAIGHT = (1.0, 1.0)
_BACK, _FLOOR = "....|X...|....|X...", "X...|X...|X...|X..."
_EIGHTHS = "x.x.|x.x.|x.x.|x.x."


def _pattern(metre: str, slow: int, fast: int, grids: str, swing: tuple[float, float] = _STRAIGHT) -> Pattern:
    """Read a pattern: ``drum grid``, separated by semicolons. What swings fast swings in eighths."""
    lines = tuple((name.strip(), grid) for name, _, grid in (line.strip().rpartition(" ") for line in grids.split(";")))
    return Pattern(metre, slow, fast, swing, 0.5 if fast < 120 else 1.0, lines)


_PATTERNS: dict[str, Pattern] = {
    "train": _pattern("4/4", 80, 130, f"kick {_FLOOR}; snare o.o.|X.oo|o.o.|X.oo"),
    "diddley": _pattern("4/4", 85, 140, f"kick {_FLOOR}; conga X..X|..X.|..X.|X...; shaker xoxo|xoxo|xoxo|xoxo"),
    "motorik": _pattern("4/4", 110, 180, f"kick X.x.|..x.|X.x.|..x.; snare {_BACK}; hat {_EIGHTHS}"),
    "soca": _pattern("4/4", 105, 165, f"kick {_FLOOR}; clap ...X|..x.|...X|..x.; hat ..x.|..x.|..x.|..x."),
    "b-boy": _pattern("4/4", 92, 140, f"kick X...|..x.|x..x|..x.; snare ....|X..o|.o..|X.o.; hat {_EIGHTHS}"),
    "roller": _pattern("4/4", 155, 220, f"kick X...|...x|....|.x..; snare {_BACK}; hat x.xx|x.x.|x.xx|x.x."),
    "anthem": _pattern("4/4", 40, 80, f"kick X..x|....|X...|..x.; snare {_BACK}; ride {_EIGHTHS}"),
    "neo soul": _pattern(
        "4/4", 58, 100, "kick X..x|...x|.x..|x...; snare ....|X...|...o|X..o; hat x.xx|x.x.|xxx.|x.x.", (1.1, 1.6)
    ),
    "half shuffle": _pattern("4/4", 60, 112, "kick X..|..x|..x|...; snare ..o|X.o|..o|X.o; hat x.x|x.x|x.x|x.x"),
    "polka": _pattern("4/4", 90, 150, f"kick {_FLOOR}; snare ..x.|..x.|..x.|..x."),
    "gospel": _pattern("4/4", 90, 160, f"kick x.x.|x.x.|x.x.|x.x.; clap {_BACK}; tambourine xoxo|xoxo|xoxo|xoxo"),
    "march": _pattern("4/4", 80, 130, "kick x...|....|x...|....; snare X.oo|X.oo|X.oo|Xooo"),
    "afrobeat": _pattern(
        "4/4", 90, 132, "kick X...|..X.|X..x|..x.; snare ....|X...|..o.|X.o.; hat x.x.|x.xo|x.x.|x.xo; shaker "
        "x.xx|x.xx|x.xx|x.xx"
    ),
    "tango": _pattern("4/4", 52, 82, "kick X...|x...|X...|x..x; rim ...x|....|..x.|...."),
    "mambo": _pattern(
        "4/4", 85, 132, "kick X...|..x.|....|..x.; snare ....|x...|....|x...; cowbell x.x.|x.xx|.x.x|x.xx; conga "
        "....|..XX|....|..XX"
    ),
    "hi-nrg": _pattern(
        "4/4", 118, 160, f"kick {_FLOOR}; clap {_BACK}; hat x.xx|x.xx|x.xx|x.xx; cowbell x...|x.x.|x...|x.x."
    ),
    "d-beat": _pattern("4/4", 150, 220, f"kick X..x|....|.xX.|....; snare {_BACK}; ride x...|x...|x...|x..."),
    "brushes": _pattern(
        "4/4", 62, 140, "kick o...|....|o...|....; brush x.o.|X.o.|x.o.|X.o.; hat ....|x...|....|x...", (1.5, 2.0)
    ),
    "fast brushes": _pattern(
        "4/4", 130, 220, "kick o...|....|o...|....; brush x...|X.o.|x...|X.o.; ride x.x.|x...|x.x.|x...", (1.4, 1.9)
    ),
    "stoner": _pattern("4/4", 45, 92, f"kick X.x.|....|..x.|x...; snare {_BACK}; open x...|x...|x...|x..."),
    "slow twelve": _pattern("4/4", 40, 78, "kick X..|...|X.x|...; clap ...|X..|...|X..; ride x.x|xxx|x.x|xxx"),
    "mazurka": _pattern("3/4", 90, 190, "kick X.|..|..; snare ..|X.|.o; hat x.|xx|x."),
    "viennese": _pattern("3/4", 110, 215, "kick X.|..|..; brush ..|x.|x.; ride x.|..|x."),
    "pop three": _pattern("3/4", 55, 130, "kick X..x|..x.|....; snare ....|x...|X.o.; hat xoxo|xoxo|xoxo"),
    "soul six": _pattern("6/8", 40, 84, "kick X.x|..x; snare ...|X.o; ride x..|x.."),
    "tarantella": _pattern("6/8", 84, 150, "kick X..|X..; snare ..o|..o; tambourine xxx|xox"),
    "afro six": _pattern("6/8", 60, 120, "kick X..|..x; snare ...|x..; cowbell x.x|x.x; conga ..x|.x."),
    "five swing": _pattern(
        "5/4", 100, 195, "kick X.|..|.x|X.|..; snare ..|..|x.|..|x.; ride x.|xx|x.|x.|xx", (1.3, 2.0)
    ),
    "five floor": _pattern(
        "5/4", 70, 150, "kick X...|x...|x...|x...|x...; clap ....|....|X...|....|X...; hat ..x.|..x.|..x.|..x.|..x."
    ),
    "two three two": _pattern("7/8", 140, 220, "kick X|.|x|.|.|X|.; snare .|.|.|.|x|.|.; hat x|x|x|x|x|x|x"),
    "four three": _pattern("7/8", 140, 220, "kick X|.|.|.|x|.|.; snare .|.|X|.|.|.|X; tambourine x|x|x|x|x|x|x"),
}  # fmt: skip

_FIGURES: tuple[Figure, ...] = tuple(
    Figure(role, places, cells, False)
    for role, places, lines in (
        ("bass", 4, "r--- r--- 5--- 8---; r-.. r-..; rrrr; r--- --8- ..5- ----; ..r- ..8-; r-5-; r--. ..r- r--. ...."),
        ("bass", 4, "r--- ---- ---- a---"),
        ("bass", 3, "r-- 5--; r.r r.r; r-- --r"),
        ("bass", 1, "r - r - 5 - -; r - - 5 - r -"),
        ("chords", 4, f"{HOLD}; c-..; c--- ---- c--- ----; ..c- ..c.; c.c. .c.c; 0-1- 3-1-; 0123; c--c --c- --c- c---"),
        ("chords", 3, "c-- c--; 0-1 2-1; c.c ..c"),
        ("chords", 1, "c - c - c - -; c - - - c - c"),
    )
    for cells in lines.split("; ")
)

_PROGRESSIONS: tuple[Progression, ...] = (
    Progression("major", False, "0:maj 9:min 7:maj 5:maj"),
    Progression("major", False, "0:maj7 5:maj7 9:min7 7:7"),
    Progression("major", False, "0:maj 10:maj 5:maj 0:maj"),
    Progression("major", False, "0:maj 7:maj 5:maj 7:maj"),
    Progression("major", False, "0:maj 2:7 5:maj 0:maj"),
    Progression("major", False, "0:maj 4:min 9:min 5:maj"),
    Progression("major", False, "0:7 5:7 7:7 5:7"),
    Progression("minor", False, "0:min 8:maj 10:maj 0:min"),
    Progression("minor", False, "0:min 5:min 8:maj 7:7"),
    Progression("minor", False, "0:min 3:maj 10:maj 5:min"),
    Progression("minor", False, "0:min7 10:7 3:maj7 7:7"),
    Progression("minor", False, "0:min 10:maj 0:min 7:min"),
    Progression("minor", False, "0:min 7:7 8:maj 5:min"),
    Progression("minor", False, "0:min 8:maj 7:7 7:7"),
)

_CELLS = {
    (False, 4): ("x---", "x.x-", "--xx", "x--.", ".x--", "xx-x", "----"),
    (False, 3): ("x-.", "xxx", "-x-", "---"),
    (False, 1): ("x", "-", "x", "-", "."),
}


def _kit(acoustic: bool, rng: np.random.Generator) -> Kit:
    u = rng.uniform
    return Kit(
        acoustic, False, u(45, 72), u(0.13, 0.45), u(1.6, 5.5), u(0.08, 0.4), u(165, 300), u(0.08, 0.24),
        u(0.4, 0.85), u(5000, 9000), u(0.022, 0.07), u(0.2, 0.9), u(80, 135), u(0, 1) if rng.random() < 0.4 else 0.0,
    )  # fmt: skip


def _timbres(rng: np.random.Generator) -> dict[str, Timbre]:
    u = rng.uniform
    made: dict[str, Timbre] = {}

    def add(roles: str, voice: Any, centre: int, acoustic: bool) -> None:
        made[f"third {len(made)}"] = Timbre(roles, acoustic, False, voice, centre)

    for i in range(3):
        add("bass", Plucked(u(1.4, 3.2), u(0.1, 0.5), u(0.08, 0.4)), int(rng.integers(34, 38)), i > 0)
        add("bass", Wave(u(1, 2.6), even=u(0, 1), bright=u(0, 0.6), decay_s=u(0.1, 0.8), sustain=u(0.4, 0.9),
            attack_s=u(0.003, 0.03)), int(rng.integers(33, 38)), False)  # fmt: skip
    add("bass", Fm(float(rng.integers(1, 3)), u(1, 3), rest=u(0.3, 0.8), fall_s=u(0.08, 0.3), sustain=0.4), 35, False)
    for i in range(3):
        add("chords lead", Struck(u(0.9, 4), u(0.2, 1.2), u(0.7, 1.2), stiffness=u(0, 6e-4)), 60, True)
        add("chords", Plucked(u(1, 3.5), u(0.08, 0.45), u(0.1, 0.35)), int(rng.integers(56, 61)), i > 0)
        add("chords", Fm(float(rng.integers(1, 8)), u(0.5, 1.6), rest=u(0.05, 0.3), fall_s=u(0.2, 0.6),
            decay_s=u(2, 3)), 60, False)  # fmt: skip
        add("chords", Wave(u(0.9, 1.3), even=u(0.2, 1), bright=u(0.2, 0.6), decay_s=u(0.12, 0.9),
            sustain=u(0.15, 0.7)), int(rng.integers(50, 62)), False)  # fmt: skip
    for i in range(3):
        add("pad", Wave(u(1, 1.9), even=u(0.2, 1), attack_s=u(0.15, 0.3), sustain=1.0, release_s=u(0.2, 0.4), unison=3,
            spread_cents=u(4, 10)), int(rng.integers(61, 66)), i > 0)  # fmt: skip
    for i in range(2):
        peaks = ((u(450, 1200), u(150, 500), 1.0), (u(1300, 2800), u(250, 500), u(0.4, 0.8)))
        add("lead", Wave(u(0.8, 1.1), formants=peaks, attack_s=u(0.02, 0.045), bright=u(0.2, 0.6),
            vibrato_cents=u(6, 18), breath=u(0, 0.15), sustain=0.85), int(rng.integers(66, 75)), True)  # fmt: skip
        add("lead", Wave(u(0.9, 1.2), even=u(0, 1), decay_s=u(0.3, 0.6), sustain=0.7, unison=1 + i,
            spread_cents=6 * i), 72, False)  # fmt: skip
    add(
        "lead",
        Fm(u(1, 4), u(1, 2), rest=u(0.1, 0.9), fall_s=u(0.3, 0.6), decay_s=u(1.5, 2), sustain=u(0, 0.6)),
        74,
        False,
    )
    for centre in (56, 64, 69):
        vowel = (
            (u(300, 700), 95.0, 1.0),
            (u(850, 2200), 130.0, 0.5),
            (u(2500, 3000), 210.0, 0.28),
            (3500.0, 260.0, 0.2),
        )
        add("voice", Wave(u(0.8, 0.95), formants=vowel, attack_s=0.03, decay_s=0.5, sustain=0.75, release_s=0.07,
            vibrato_cents=u(14, 27), breath=0.06), centre, True)  # fmt: skip
    return made


@contextmanager
def third_set(seed: int = 3) -> Iterator[None]:
    """Let songs that are drawn and rendered inside be of the third set, as long as ``held_out`` is not said.

    Examples
    --------
    >>> from ml.data.demo.sound import excerpts
    >>> with third_set():
    ...     song = next(excerpts(1))
    >>> song.pattern in PATTERNS
    False
    """
    rng = np.random.default_rng([seed, 80])
    kits = {f"third {i}": _kit(i % 2 == 0, rng) for i in range(8)}
    with (
        patch.dict(PATTERNS, _PATTERNS, clear=True),
        patch.dict(KITS, kits, clear=True),
        patch.dict(TIMBRES, _timbres(rng), clear=True),
        patch.dict(melody.CELLS, _CELLS),
        patch.object(figures, "FIGURES", _FIGURES),
        patch.object(compose, "PROGRESSIONS", _PROGRESSIONS),
    ):
        yield
