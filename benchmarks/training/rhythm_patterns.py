"""More patterns of drums than the open half has: its lines put together anew, and strokes moved.

What learns from 22 patterns learns them by heart. Each pattern made here takes kick, backbeat and cymbals from
different patterns of the open half, whose tempi and grids agree, swaps drums of a kind, and adds, drops and moves
strokes beside the beats. The convention of :mod:`ml.data.demo.sound.patterns` holds: a backbeat on 2 and 4, or a kick
or snare on every beat. Metres of which the open half has only a pattern or two get kicks on the first beat and snares
on one or two of the others. Nothing of the half that is held out is looked at.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ml.data.demo.sound.patterns import PATTERNS, Pattern
from ml.data.demo.sound.song import METRES

LOW, BACK = ("kick",), ("snare", "rim", "clap", "brush")
TOP = ("hat", "ride", "shaker", "tambourine", "open")
Cells = list[list[str]]


def mixed(count: int, rng: np.random.Generator) -> dict[str, Pattern]:
    """Make patterns, by a name that lists what they were made from."""
    weights = {"4/4": 0.62, "3/4": 0.14, "6/8": 0.12, "5/4": 0.06, "7/8": 0.06}
    metres = list(weights)
    made: dict[str, Pattern] = {}
    while len(made) < count:
        metre = metres[int(rng.choice(len(metres), p=list(weights.values())))]
        own = [name for name, one in PATTERNS.items() if one.metre == metre and not one.held_out and one.bars == 1]
        sources = [own[int(rng.integers(len(own)))] for _ in range(3)]
        pattern = _mixed(*(PATTERNS[name] for name in sources), rng)
        if pattern is not None:
            made[f"{len(made)}: {' + '.join(sources)}"] = pattern
    return made


def _mixed(base: Pattern, low: Pattern, top: Pattern, rng: np.random.Generator) -> Pattern | None:
    metre = base.metre
    places = {len(one.grids[0][1].split("|")[0]) for one in (base, low, top)}
    slow, fast = max(one.slow for one in (base, low, top)), min(one.fast for one in (base, low, top))
    if len(places) > 1 or fast - slow < 10:
        return None
    grids: list[tuple[str, Cells]] = []
    backs = [(drum, _cells(grid)) for drum, grid in base.grids if drum in BACK]
    regular = metre != "4/4" or any(_is_backbeat(cells) for _, cells in backs)
    grids += _swapped(backs, BACK, rng)
    kicks = low if regular else base
    grids += [(drum, _cells(grid)) for drum, grid in kicks.grids if drum in LOW]
    grids += _swapped([(drum, _cells(grid)) for drum, grid in top.grids if drum in TOP], TOP, rng)
    grids += [(drum, _cells(grid)) for drum, grid in base.grids if drum not in (*LOW, *BACK, *TOP)]
    if metre in {"5/4", "7/8", "3/4"} and rng.random() < 0.7:
        grids = _redrawn(grids, metre, rng)
    if rng.random() < 0.3:
        grids.append(("conga" if rng.random() < 0.5 else "cowbell", _sprinkled(METRES[metre], max(places), rng)))
    busy = float(rng.uniform(0.0, 0.35))
    lines = tuple((drum, _joined(_moved(drum, cells, busy, rng))) for drum, cells in grids)
    return replace(base, slow=slow, fast=fast, grids=lines, genres="")


def _cells(grid: str) -> Cells:
    return [list(cell) for cell in grid.split("|")]


def _joined(cells: Cells) -> str:
    return "|".join("".join(cell) for cell in cells)


def _is_backbeat(cells: Cells) -> bool:
    return len(cells) == 4 and all(cells[beat][0] in "Xx" for beat in (1, 3)) and cells[0][0] in ".o"


def _swapped(
    lines: list[tuple[str, Cells]], kind: tuple[str, ...], rng: np.random.Generator
) -> list[tuple[str, Cells]]:
    """Give lines to other drums of their kind; no two to the same."""
    free = [kind[int(i)] for i in rng.permutation(len(kind))]
    named = []
    for drum, cells in lines:
        other = free[0] if rng.random() < 0.6 else drum
        if other in free:
            free.remove(other)
        named.append((other, cells))
    return named


def _redrawn(grids: list[tuple[str, Cells]], metre: str, rng: np.random.Generator) -> list[tuple[str, Cells]]:
    """Put the kick on the first beat, and perhaps another, and backbeats on one or two of the rest."""
    n = METRES[metre]
    backs = set((1 + rng.permutation(n - 1)[: int(rng.integers(1, 3))]).tolist())
    made = []
    for drum, cells in grids:
        size = len(cells[0])
        if drum in (*LOW, *BACK):
            new = [["."] * size for _ in range(n)]
            chosen = {0, *([int(rng.integers(1, n))] if rng.random() < 0.5 else [])} if drum in LOW else backs
            for beat in chosen:
                new[beat][0] = "X"
        elif drum in TOP and rng.random() < 0.4:
            cell = ["x", *("." if rng.random() < 0.5 else "x" for _ in range(size - 1))]
            new = [list(cell) for _ in range(n)]
        else:
            new = cells
        made.append((drum, new))
    return made


def _sprinkled(beats: int, places: int, rng: np.random.Generator) -> Cells:
    share = float(rng.uniform(0.15, 0.5))
    return [["x" if rng.random() < share else "." for _ in range(places)] for _ in range(beats)]


def _moved(drum: str, cells: Cells, busy: float, rng: np.random.Generator) -> Cells:
    """Add and drop strokes beside the beats, and here and there a cymbal's on the beat."""
    for beat, cell in enumerate(cells):
        for place, sign in enumerate(cell):
            if place == 0 and (drum not in TOP or rng.random() > 0.25):
                continue
            if rng.random() > busy:
                continue
            if sign != ".":
                cells[beat][place] = "." if drum not in TOP or rng.random() < 0.5 else "o"
            elif drum in LOW:
                cells[beat][place] = "x"
            elif rng.random() < 0.5:
                cells[beat][place] = "o"
    return cells
