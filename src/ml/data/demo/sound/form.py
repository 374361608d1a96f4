"""The form of a song: which sections, how long, who plays in them."""

from __future__ import annotations

import numpy as np

from ml.data.demo.sound.song import Section

_ALL = frozenset({"drums", "bass", "chords", "pad", "lead"})
#: Label, share of the bars, energy.
FORMS: tuple[tuple[tuple[str, int, float], ...], ...] = (
    (("intro", 1, 0.4), ("verse", 2, 0.6), ("chorus", 2, 1.0), ("verse", 2, 0.6), ("chorus", 2, 1.0), ("outro", 1,
        0.4)),
    (("intro", 1, 0.5), ("verse", 2, 0.6), ("chorus", 2, 0.9), ("verse", 2, 0.65), ("chorus", 2, 0.9),
     ("bridge", 2, 0.5), ("chorus", 2, 1.0), ("outro", 1, 0.4)),
    (("intro", 2, 0.5), ("chorus", 3, 0.9), ("bridge", 2, 0.45), ("chorus", 3, 1.0), ("outro", 2, 0.5)),
    (("verse", 2, 0.6), ("verse", 2, 0.7), ("bridge", 2, 0.8), ("verse", 2, 0.7)),
)  # fmt: skip
#: Who can be missing where.
_QUIET: dict[str, tuple[frozenset[str], ...]] = {
    "intro": (
        frozenset({"drums"}),
        frozenset({"chords"}),
        frozenset({"drums", "chords"}),
        frozenset({"pad", "chords"}),
    ),
    "verse": (_ALL - {"pad"},),
    "chorus": (_ALL,),
    "bridge": (_ALL - {"drums"}, _ALL - {"lead"}, frozenset({"pad", "chords", "lead"})),
    "outro": (_ALL - {"lead"}, frozenset({"chords", "pad"}), frozenset({"drums", "bass", "chords"})),
}


def excerpt(bars: int, energy: float, rng: np.random.Generator, *, parted: bool = True) -> tuple[Section, ...]:
    """Draw what a few bars from the middle of a song are: one section, or, if it may, the end of one and the next."""
    if parted and bars >= 6 and rng.random() < 0.3:
        cut = 2 * int(rng.integers(1, bars // 2))
        return (
            Section("verse", 0, cut, 0.8 * energy, _ALL - {"pad"}),
            Section("chorus", cut, bars - cut, energy, _ALL),
        )
    return (Section("chorus" if rng.random() < 0.5 else "verse", 0, bars, energy, _ALL),)


def whole(bars: int, energy: float, playing: frozenset[str], rng: np.random.Generator) -> tuple[Section, ...]:
    """Draw the form of a whole song of about so many bars; the last section takes what is left.

    Parameters
    ----------
    bars : int
    energy : float in (0, 1]
        That of the loudest section.
    playing : frozenset of str
        Who there is; at least one of them plays in every section.
    rng : numpy.random.Generator
    """
    form = FORMS[int(rng.integers(len(FORMS)))]
    unit = max(1.0, bars / sum(share for _, share, _ in form))
    # Sections of an even number of bars, of four where there is room.
    grain = 4 if unit >= 6 else 2
    layers = {label: choices[int(rng.integers(len(choices)))] for label, choices in _QUIET.items()}
    sections: list[Section] = []
    bar = 0
    for label, share, level in form:
        length = max(grain, grain * round(share * unit / grain))
        length = min(length, bars - bar)
        if length <= 0:
            break
        who = layers[label] & playing
        sections.append(Section(label, bar, length, level * energy, who or playing))
        bar += length
    if bar < bars:
        last = sections[-1]
        sections[-1] = Section(last.label, last.bar, last.bars + bars - bar, last.energy, last.layers)
    return tuple(sections)
