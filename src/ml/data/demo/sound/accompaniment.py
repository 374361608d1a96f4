"""Basses and chords: figures laid over a progression."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.data.demo.sound.figures import HOLD, Figure, strokes
from ml.data.demo.sound.harmony import QUALITIES, Progression, nearest, voicing
from ml.data.demo.sound.song import METRES, Chord, Section

Row = tuple[float, float, float, float]
#: How much of its length a note sounds.
LEGATO = 0.95


def chords(
    section: Section, progression: Progression, tonic: int, metre: str, bars_per_chord: float, *, voiced: bool
) -> list[Chord]:
    """Go round a progression from a section's first bar to its last.

    Parameters
    ----------
    section : Section
    progression : Progression
    tonic : int
    metre : str
    bars_per_chord : float
    voiced : bool
        Whether anybody plays chords; if not, they have no quality.
    """
    per_bar = METRES[metre]
    length = bars_per_chord * per_bar
    loop = progression.parsed()
    begin, end = float(section.bar * per_bar), float((section.bar + section.bars) * per_bar)
    found = []
    place = 0
    while begin + place * length < end - 1e-9:
        offset, quality = loop[place % len(loop)]
        at = begin + place * length
        found.append(Chord(at, min(length, end - at), (tonic + offset) % 12, quality if voiced else ""))
        place += 1
    return found


def bass(figure: Figure, section: Section, chords: Sequence[Chord], metre: str, centre: int) -> list[Row]:
    """Lay a bass figure over a section, rows of beat, length, pitch and velocity."""
    begin, length, signs = strokes(figure, metre, section.bars)
    first = section.bar * METRES[metre]
    rows = []
    for at, beats, sign in zip((first + begin).tolist(), length.tolist(), signs, strict=True):
        index = _sounding(chords, at)
        root = chords[index].root
        low = nearest(root, centre)
        if sign == "a":
            following = chords[min(index + 1, len(chords) - 1)].root
            pitch = nearest(following, centre) - 1 if following != root else low + 7
        elif sign == "3":
            pitch = low + QUALITIES[chords[index].quality or "maj"][1]
        else:
            pitch = low + {"r": 0, "5": _fifth(chords[index]), "8": 12}[sign]
        rows.append((at, LEGATO * beats, float(pitch), section.energy * (0.9 if at % 1 == 0 else 0.75)))
    return rows


def comping(
    figure: Figure, section: Section, chords: Sequence[Chord], metre: str, centre: int, strum_beats: float = 0.0
) -> list[Row]:
    """Lay a figure of chords over a section; ``strum_beats`` parts the strings of a stroke."""
    first = section.bar * METRES[metre]
    if figure.cells == HOLD:
        within = [c for c in chords if first <= c.beat < first + section.bars * METRES[metre]]
        strokes_of = [(chord.beat, chord.beats, "c") for chord in within]
    else:
        begin, length, signs = strokes(figure, metre, section.bars)
        strokes_of = list(zip((first + begin).tolist(), length.tolist(), signs, strict=True))
    rows = []
    for at, beats, sign in strokes_of:
        chord = chords[_sounding(chords, at)]
        tones = voicing(chord.root, chord.quality or "maj", centre)
        struck = tones if sign == "c" else (tones[int(sign) % len(tones)] + 12 * (int(sign) // len(tones)),)
        strength = section.energy * (0.85 if at % 1 == 0 else 0.7)
        for string, pitch in enumerate(struck):
            late = min(string * strum_beats, 0.2 * beats)
            rows.append((at + late, LEGATO * beats - late, float(pitch), strength))
    return rows


def _fifth(chord: Chord) -> int:
    return QUALITIES[chord.quality or "maj"][2]


def _sounding(chords: Sequence[Chord], beat: float) -> int:
    """Find the chord at a beat."""
    starts = [chord.beat for chord in chords]
    return max(0, int(np.searchsorted(starts, beat + 1e-6, side="right")) - 1)
