"""What basses, keyboards and guitars play below a melody: cells of a beat that repeat.

Conventions
-----------
A cell is a beat; cells are gone through in order and begin anew with every bar. Of a bass ``r``, ``3``, ``5`` and ``8``
are tones of the chord, ``a`` leads to the next root; of a chord ``c`` is all of it and ``0`` to ``3`` one tone from
below; ``-`` holds what sounds, ``.`` is silent. ``hold`` alone holds every chord until the next.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ml.data.demo.arrays import Doubles
from ml.data.demo.sound.song import METRES

HOLD = "hold"


class Figure(NamedTuple):
    """A figure of accompaniment.

    Parameters
    ----------
    role : str
        ``bass`` or ``chords``.
    places : int
        Places of a cell: 4 or 2 where beats are divided by two, 3 by three, 1 not at all.
    cells : str
        Separated by blanks.
    held_out : bool
        Whether it is kept for the last measurement.
    """

    role: str
    places: int
    cells: str
    held_out: bool


FIGURES: tuple[Figure, ...] = (
    Figure("bass", 4, "r---", False),
    Figure("bass", 4, "r-r-", False),
    Figure("bass", 4, "r--- 3--- 5--- a---", False),
    Figure("bass", 4, "r--r --r- ..r- r.5.", False),
    Figure("bass", 4, "..r-", False),
    Figure("bass", 4, "r--- ---- 5--- ----", False),
    Figure("bass", 4, "r--- ---- ---- ----", False),
    Figure("bass", 4, "r-8-", True),
    Figure("bass", 4, "r--5 --8- r--5 --a-", True),
    Figure("bass", 4, "r--- 5--- 8--- a---", True),
    Figure("bass", 4, "r..r ..r. r..r ..5.", True),
    Figure("bass", 4, "r-.r ..r-", True),
    Figure("bass", 4, "r--- --5- ---- --a-", True),
    Figure("bass", 4, "r--- ---- r--- ----", True),
    Figure("bass", 3, "r-- ---", False),
    Figure("bass", 3, "r-5 r-a", False),
    Figure("bass", 3, "r--", True),
    Figure("bass", 3, "r-r 5--", True),
    Figure("bass", 1, "r - 5 - r - a", False),
    Figure("bass", 1, "r . r . r . 5", True),
    Figure("chords", 4, HOLD, False),
    Figure("chords", 4, "c---", False),
    Figure("chords", 4, "..c.", False),
    Figure("chords", 4, "c--- --c- ---- ----", False),
    Figure("chords", 4, "0-1- 2-1-", False),
    Figure("chords", 4, "c-.. c-cc ..cc c-c.", False),
    Figure("chords", 4, "0121", False),
    Figure("chords", 4, HOLD, True),
    Figure("chords", 4, "c--- ..c- ..c- ....", True),
    Figure("chords", 4, "..cc", True),
    Figure("chords", 4, "c..c ..c.", True),
    Figure("chords", 4, "0-2- 1-2-", True),
    Figure("chords", 4, ".... c---", True),
    Figure("chords", 4, "c-c-", True),
    Figure("chords", 4, "0212 3212", True),
    Figure("chords", 3, "c-- ---", False),
    Figure("chords", 3, "012 321", False),
    Figure("chords", 3, "c-c", True),
    Figure("chords", 3, "021 321", True),
    Figure("chords", 1, "c - . - c - .", False),
    Figure("chords", 1, "c - - c - c -", True),
)  # fmt: skip

#: Places of a cell by metre.
PLACES: dict[str, int] = {"4/4": 4, "3/4": 4, "5/4": 4, "6/8": 3, "7/8": 1}


def suiting(role: str, metre: str, tempo_bpm: float, *, held_out: bool) -> list[Figure]:
    """List the figures of a half that hands can play: at most nine strokes a second."""
    found = [f for f in FIGURES if f.role == role and f.places == PLACES[metre] and f.held_out is held_out]
    return [figure for figure in found if busiest(figure) * tempo_bpm / 60.0 <= 9.0]


def busiest(figure: Figure) -> int:
    """Give the most strokes of any of a figure's beats.

    >>> busiest(Figure("bass", 4, "r--r --r-", False))
    2
    """
    return 1 if figure.cells == HOLD else max(sum(sign not in "-." for sign in cell) for cell in figure.cells.split())


def strokes(figure: Figure, metre: str, bars: int) -> tuple[Doubles, Doubles, str]:
    """Lay a figure over bars.

    Returns
    -------
    beat, beats : float64 [shape=(n,)]
        When strokes begin and how long they last.
    signs : str
        What is struck.

    Examples
    --------
    >>> beat, beats, signs = strokes(Figure("bass", 4, "r--5 --..", False), "4/4", 1)
    >>> beat.tolist(), beats.tolist(), signs
    ([0.0, 0.75, 2.0, 2.75], [0.75, 0.75, 0.75, 0.75], 'r5r5')
    """
    cells = figure.cells.split()
    per_bar = METRES[metre]
    line = "".join(cells[beat % len(cells)] for beat in range(per_bar)) * bars
    starts = [place for place, sign in enumerate(line) if sign not in "-."]
    ends = []
    for start in starts:
        end = start + 1
        while end < len(line) and line[end] == "-":
            end += 1
        ends.append(end)
    begin = np.array(starts, dtype=np.float64) / figure.places
    return begin, np.array(ends, dtype=np.float64) / figure.places - begin, "".join(line[start] for start in starts)
