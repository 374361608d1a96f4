"""A drummer: a pattern through the sections, fills at their ends, a crash where they begin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.data.demo.sound.drums import DRUMS
from ml.data.demo.sound.hands import Hands
from ml.data.demo.sound.patterns import PATTERNS, Pattern
from ml.data.demo.sound.song import METRES, Hits, Section

KICK, SNARE, CRASH = DRUMS.index("kick"), DRUMS.index("snare"), DRUMS.index("crash")
HIGH_TOM, LOW_TOM = DRUMS.index("high tom"), DRUMS.index("low tom")
_FILLS = ((SNARE, SNARE, SNARE, SNARE), (SNARE, HIGH_TOM, HIGH_TOM, LOW_TOM), (HIGH_TOM, HIGH_TOM, LOW_TOM, LOW_TOM))


def drum(
    name: str,
    sections: Sequence[Section],
    hands: Hands,
    rng: np.random.Generator,
    *,
    tempo_bpm: float,
    fills: float,
    variety: float,
) -> Hits:
    """Play a pattern.

    Parameters
    ----------
    name : str
        Of :data:`ml.data.demo.sound.patterns.PATTERNS`.
    sections : sequence of Section
    hands : Hands
    rng : numpy.random.Generator
    tempo_bpm : float
        Decides how quick a fill can be.
    fills : float in [0, 1]
        Chance of a fill every four bars; sections end with one for sure.
    variety : float in [0, 1]
        Share of the ghost notes and off-beat kicks that are left out or moved in, anew in every bar.
    """
    pattern = PATTERNS[name]
    rows = [
        row
        for section in sections
        if "drums" in section.layers
        for row in _section(pattern, section, section is sections[-1], rng, tempo_bpm, fills, variety)
    ]
    if not rows:
        return Hits.none()
    beat, index, velocity = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    # A beat that is divided by three has its swing already.
    begin = beat if _places(pattern) == 3 else hands.swung(beat)
    late, strength = hands.late(len(beat), rng), hands.strength(velocity, rng)
    order = np.lexsort((index, begin))
    return Hits(begin[order], index[order].astype(np.int8), strength[order], late[order])


def _places(pattern: Pattern) -> int:
    return len(pattern.grids[0][1].split("|")[0])


def _section(
    pattern: Pattern,
    section: Section,
    last: bool,
    rng: np.random.Generator,
    tempo_bpm: float,
    fills: float,
    variety: float,
) -> list[tuple[float, int, float]]:
    per_bar = METRES[pattern.metre]
    begin, length = section.bar * per_bar, section.bars * per_bar
    repeats = -(-length // pattern.beats)
    beat, index, velocity = pattern.strokes()
    beats = (np.arange(repeats)[:, None] * pattern.beats + beat).ravel()
    drums, strength = np.tile(index, repeats), np.tile(velocity, repeats)
    # What is free may be left out: ghost notes, and the kicks beside the beats.
    free = (strength < 0.5) | ((drums == KICK) & (beats % 1 > 0))
    kept = (beats < length) & ~(free & (rng.random(len(beats)) < variety))
    rows = list(zip((begin + beats)[kept].tolist(), drums[kept].tolist(), strength[kept].tolist(), strict=True))
    for bar in range(4, section.bars + 1, 4):
        ends = bar == section.bars and not last
        if ends or rng.random() < fills:
            rows = _filled(rows, begin + bar * per_bar, _places(pattern), tempo_bpm, rng)
    if section.energy > 0.6 and rng.random() < 0.6:
        rows.append((float(begin), CRASH, 0.9))
    return [(at, which, min(1.0, hard * (0.6 + 0.4 * section.energy))) for at, which, hard in rows]


def _filled(
    rows: list[tuple[float, int, float]], end: int, places: int, tempo_bpm: float, rng: np.random.Generator
) -> list[tuple[float, int, float]]:
    """Put a fill of one or two beats before a bar line; the kick goes on."""
    beats = 1 if tempo_bpm < 80 else 2
    per_beat = 3 if places == 3 else (1 if places == 1 else (4 if tempo_bpm < 130 else 2))
    kept = [row for row in rows if not (end - beats <= row[0] < end) or row[1] == KICK]
    fill = _FILLS[int(rng.integers(len(_FILLS)))]
    n = beats * per_beat
    strokes = [
        (end - beats + i / per_beat, fill[i * len(fill) // n], 0.6 + 0.3 * i / n)
        for i in range(n)
        if i % per_beat == 0 or rng.random() < 0.8
    ]
    return kept + strokes
