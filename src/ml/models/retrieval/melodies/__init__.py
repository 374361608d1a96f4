"""Melodies that are found by humming them: in a catalogue of written ones, and in mixes."""

from ml.models.retrieval.melodies.files import read_saliences, write_saliences
from ml.models.retrieval.melodies.index import HummedMelody, MelodyIndex
from ml.models.retrieval.melodies.mixes import HummedMix, MixIndex, Salience

__all__ = [
    "HummedMelody",
    "HummedMix",
    "MelodyIndex",
    "MixIndex",
    "Salience",
    "read_saliences",
    "write_saliences",
]
