"""Keys, chords and progressions.

Conventions
-----------
- A progression's first chord is its key's tonic, and a key's mode is that of its tonic chord: the loops that two keys
  share are told apart by where they begin.
- Chords are written as semitones above the tonic and quality, ``9:min7``; labels of chords in the syntax of `mir_eval`.
"""

from __future__ import annotations

from typing import NamedTuple

NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")

#: Semitones above the root, by the quality's name.
QUALITIES: dict[str, tuple[int, ...]] = {
    "maj": (0, 4, 7),
    "min": (0, 3, 7),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "min7": (0, 3, 7, 10),
    "dim": (0, 3, 6),
    "hdim7": (0, 3, 6, 10),
    "sus4": (0, 5, 7),
}
SCALES: dict[str, tuple[int, ...]] = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}


class Progression(NamedTuple):
    """A loop of chords.

    Parameters
    ----------
    mode : str
        ``major`` or ``minor``.
    held_out : bool
        Whether it is kept for the last measurement.
    chords : str
        One chord a place, ``offset:quality``.
    """

    mode: str
    held_out: bool
    chords: str

    def parsed(self) -> tuple[tuple[int, str], ...]:
        """Give offsets from the tonic and qualities.

        >>> Progression("minor", False, "0:min 8:maj").parsed()
        ((0, 'min'), (8, 'maj'))
        """
        pairs = (chord.split(":") for chord in self.chords.split())
        return tuple((int(offset), quality) for offset, quality in pairs)


PROGRESSIONS: tuple[Progression, ...] = (
    Progression("major", False, "0:maj 7:maj 9:min 5:maj"),
    Progression("major", False, "0:maj 9:min 5:maj 7:maj"),
    Progression("major", False, "0:maj 5:maj 0:maj 7:7"),
    Progression("major", False, "0:maj7 9:min7 2:min7 7:7"),
    Progression("major", False, "0:maj 4:min 5:maj 7:maj"),
    Progression("major", False, "0:7 0:7 5:7 5:7 0:7 7:7"),
    Progression("major", False, "0:maj 2:min 7:sus4 7:7"),
    Progression("major", False, "0:maj 5:maj 2:min 7:7"),
    Progression("minor", False, "0:min 8:maj 3:maj 10:maj"),
    Progression("minor", False, "0:min 5:min 7:7 0:min"),
    Progression("minor", False, "0:min 10:maj 8:maj 7:maj"),
    Progression("minor", False, "0:min7 5:min7 0:min7 7:7"),
    Progression("minor", False, "0:min 3:maj 5:min 7:7"),
    Progression("minor", False, "0:min7 2:hdim7 7:7 0:min7"),
    Progression("major", True, "0:maj 5:maj 7:maj 5:maj"),
    Progression("major", True, "0:maj 5:maj 9:min 7:maj"),
    Progression("major", True, "0:maj7 5:maj7 2:min7 7:7"),
    Progression("major", True, "0:maj 7:maj 2:min 5:maj"),
    Progression("major", True, "0:maj 9:min 2:min 7:7"),
    Progression("major", True, "0:7 5:7 0:7 7:7 5:7 0:7"),
    Progression("major", True, "0:maj 4:maj 5:maj 5:min"),
    Progression("major", True, "0:maj 11:dim 9:min 7:maj"),
    Progression("minor", True, "0:min 10:maj 5:min 7:7"),
    Progression("minor", True, "0:min 8:maj 5:min 7:maj"),
    Progression("minor", True, "0:min 7:min 8:maj 10:maj"),
    Progression("minor", True, "0:min7 3:maj7 8:maj7 7:7"),
    Progression("minor", True, "0:min 0:min 5:min 7:min"),
    Progression("minor", True, "0:min 2:dim 7:7 8:maj"),
)


def label(root: int, quality: str) -> str:
    """Write a chord as `mir_eval` reads it.

    >>> label(9, "min7")
    'A:min7'
    """
    return f"{NAMES[root % 12]}:{quality}"


def voicing(root: int, quality: str, centre: int) -> tuple[int, ...]:
    """Place a chord's tones in the octave around a pitch, so that chords move little.

    >>> voicing(0, "maj", 60), voicing(5, "maj", 60)
    ((55, 60, 64), (57, 60, 65))
    """
    low = centre - 6
    return tuple(sorted(low + (root + step - low) % 12 for step in QUALITIES[quality]))


def nearest(pitch_class: int, pitch: float) -> int:
    """Give the pitch of a class that is nearest another pitch.

    >>> nearest(11, 60), nearest(1, 60)
    (59, 61)
    """
    low = round(pitch) - 6
    return low + (pitch_class - low) % 12
