"""The structure of one sound."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ml.audio_analysis.structure.ends import intro_end_s, outro_start_s
from ml.audio_analysis.structure.mixing import mix_points
from ml.features.audio import SpectralCurves
from ml.features.audio.chroma import Chroma
from ml.features.audio.rhythm import Rhythm
from ml.features.audio.structure import describe, find_materials, unit_edges
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Section(Result):
    """A stretch of a song.

    Parameters
    ----------
    start_s, end_s : float
    label : str
        ``A``, ``B``, … by first appearance: the same letter is the same material.
    novelty : float in [0, 1]
        How much changes where it begins; 0 for the first.
    """

    start_s: float
    end_s: float
    label: str
    novelty: float


@dataclass(frozen=True, slots=True)
class Structure:
    """What a sound consists of; empty and None where nothing sounds.

    Parameters
    ----------
    sections : tuple of Section
        Without gaps, from the beginning to the end; one where nothing changes.
    intro_end_s, outro_start_s : float or None
        None where there is none.
    mix_in_s, mix_out_s : float or None
        None where there is no beat.
    """

    sections: tuple[Section, ...] = ()
    intro_end_s: float | None = None
    outro_start_s: float | None = None
    mix_in_s: float | None = None
    mix_out_s: float | None = None


def structure_of(curves: SpectralCurves, chroma: Chroma, rhythm: Rhythm, duration_s: float) -> Structure:
    """Say what a sound consists of.

    Parameters
    ----------
    curves : SpectralCurves
    chroma : Chroma
    rhythm : Rhythm
    duration_s : float
    """
    edges_s = unit_edges(rhythm.beats_s, rhythm.downbeats_s, duration_s)
    units = describe(curves, chroma, edges_s, rhythm.downbeats_s)
    if units is None:
        return Structure()
    found = find_materials(units)
    edges = [0.0, *found.edges_s[1:-1].tolist(), duration_s]
    sections = tuple(
        Section(round(start_s, 3), round(end_s, 3), letters(kind), round(strength, 3))
        for (start_s, end_s), kind, strength in zip(
            pairwise(edges), found.kinds.tolist(), found.novelty.tolist(), strict=True
        )
    )
    outro_s = outro_start_s(found)
    points = mix_points(rhythm, found.edges_s[1:-1], outro_s, duration_s)
    return Structure(sections, *map(_rounded, (intro_end_s(found), outro_s, *points)))


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def letters(number: int) -> str:
    """Write a number as columns of a sheet are.

    >>> [letters(number) for number in (0, 25, 26, 27, 702)]
    ['A', 'Z', 'AA', 'AB', 'AAA']
    """
    text = ""
    while number >= 0:
        number, digit = divmod(number, 26)
        text = chr(65 + digit) + text
        number -= 1
    return text
