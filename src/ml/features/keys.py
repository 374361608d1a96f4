"""Musical keys by number, by name, and on the Camelot wheel.

Conventions
-----------
A key is a number: 0 for C major to 11 for B major, 12 for C minor to 23 for B minor.
"""

from __future__ import annotations

import re

#: The tonics, in semitones above C.
NAMES: tuple[str, ...] = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
#: How many keys there are; also the number that stands for none.
N_KEYS = 24

_PLACE = re.compile(r"(1[0-2]|[1-9])([AB])", re.IGNORECASE)


def camelot(key: int) -> str:
    """Give the place on the Camelot wheel, on which keys that mix well are neighbours.

    >>> [camelot(key) for key in (0, 7, 11, 12 + 9, 12 + 4, 12 + 8)]  # C, G, B, A minor, E minor, G sharp minor
    ['8B', '9B', '1B', '8A', '9A', '1A']
    """
    return f"{hour(key)}{'A' if key >= len(NAMES) else 'B'}"


def hour(key: int) -> int:
    """Give the hour of a key on the wheel, in [1, 12]: a fifth up is an hour on, and relatives share one.

    >>> hour(0), hour(12 + 9)
    (8, 8)
    """
    major = key if key < len(NAMES) else key - len(NAMES) + 3
    return (7 * (major + 1)) % len(NAMES) + 1


def from_camelot(place: str) -> int | None:
    """Give the key at a place of the wheel; None where it is no place.

    >>> from_camelot("8a"), from_camelot("13A")
    (21, None)
    """
    found = _PLACE.fullmatch(place.strip())
    if found is None:
        return None
    major = (7 * (int(found[1]) - 1) - 1) % len(NAMES)
    return major if found[2] in "Bb" else (major - 3) % len(NAMES) + len(NAMES)


def key_number(tonic: str | None, mode: str | None) -> int | None:
    """Give the number of a key by the names that an analysis uses; None where one of them is not known.

    >>> key_number("A", "minor"), key_number("C", None)
    (21, None)
    """
    if tonic not in NAMES or mode not in ("major", "minor"):
        return None
    return NAMES.index(tonic) + (len(NAMES) if mode == "minor" else 0)
