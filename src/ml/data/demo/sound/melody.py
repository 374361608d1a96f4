"""Melodies: a motif of two bars for each kind of section, which follows the chords.

Conventions
-----------
Strong notes (the first of a bar, and what lasts a beat or more) are tones of the chord, all others of the key's scale.
The last note of every fourth bar is the chord's root, whatever its length, so that phrases end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ml.data.demo.sound.figures import PLACES
from ml.data.demo.sound.harmony import QUALITIES, SCALES, nearest
from ml.data.demo.sound.song import METRES, Chord

#: Cells of a beat: ``x`` a note, ``-`` holds it, ``.`` is silent; by half and by places of a cell.
CELLS: dict[tuple[bool, int], tuple[str, ...]] = {
    (False, 4): ("x---", "x-x-", "x--x", "..x-", "x-xx", "----"),
    (True, 4): ("x-..", "xx--", "x-x.", "--x-", "x-..", ".xx-", "xxx-"),
    (False, 3): ("x--", "x-x", "---"),
    (True, 3): ("xx-", "x--", "..x"),
    (False, 1): ("x", "-", "x", "."),
    (True, 1): ("x", "x", "-"),
}


class Motif(NamedTuple):
    """Two bars of a melody: when notes begin, how long they last, how they move on the scale."""

    beat: tuple[float, ...]
    beats: tuple[float, ...]
    step: tuple[int, ...]


class Note(NamedTuple):
    """A note of a melody."""

    beat: float
    beats: float
    pitch: int


def motif(metre: str, tempo_bpm: float, rng: np.random.Generator, *, held_out: bool) -> Motif:
    """Draw a motif; the faster the music, the fewer notes a beat."""
    places = PLACES[metre]
    cells = CELLS[held_out, places]
    busy = np.array([cell.count("x") for cell in cells], dtype=np.float64)
    weight = np.exp(-busy * max(0.0, tempo_bpm / 90.0 - 0.7)) * (busy * tempo_bpm / 60.0 <= 7.0)
    chosen = rng.choice(len(cells), 2 * METRES[metre], p=weight / weight.sum())
    line = "".join(cells[i] for i in chosen)
    line = line if "x" in line else "x" + line[1:]
    begin = [place for place, sign in enumerate(line) if sign == "x"]
    end = []
    for start in begin:
        stop = start + 1
        while stop < len(line) and line[stop] == "-":
            stop += 1
        end.append(stop)
    steps = rng.choice([-3, -2, -1, -1, 0, 1, 1, 2, 4], len(begin))
    return Motif(
        tuple(start / places for start in begin),
        tuple((stop - start) / places for start, stop in zip(begin, end, strict=True)),
        tuple(int(step) for step in steps),
    )


def melody(
    phrase: Motif, bar: int, bars: int, chords: Sequence[Chord], *, metre: str, key: tuple[int, str], centre: int
) -> list[Note]:
    """Lay a motif over the bars of a section.

    Parameters
    ----------
    phrase : Motif
    bar, bars : int
    chords : sequence of Chord
        Those that cover the bars.
    metre : str
    key : (int, str)
        Tonic and mode.
    centre : int
        The melody stays within about an octave around it.

    Returns
    -------
    list of Note
    """
    per_bar = METRES[metre]
    ladder = [p for p in range(centre - 11, centre + 12) if (p - key[0]) % 12 in SCALES[key[1]]]
    place = len(ladder) // 2
    found: list[Note] = []
    end = (bar + bars) * per_bar
    for first in range(bar, bar + bars, 2):
        last_of_four = (first - bar) % 4 == 2
        for i, (beat, beats, step) in enumerate(zip(*phrase, strict=True)):
            at = first * per_bar + beat
            if at >= end:
                break
            chord = next((c for c in reversed(chords) if c.beat <= at + 1e-9), None)
            place = int(np.clip(place + step, 0, len(ladder) - 1))
            pitch = ladder[place]
            closing = last_of_four and i == len(phrase.beat) - 1
            if chord is not None and chord.quality and (closing or beat % per_bar == 0 or beats >= 1):
                steps = (0,) if closing else QUALITIES[chord.quality]
                pitch = min((nearest((chord.root + s) % 12, pitch) for s in steps), key=lambda p: abs(p - pitch))
            found.append(Note(at, min(beats, end - at), pitch))
    return found
