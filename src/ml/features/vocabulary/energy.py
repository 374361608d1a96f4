"""Levels of energy, in words and in numbers."""

from __future__ import annotations

from ml.features.vocabulary.word import Table, Word

ENERGY_LEVELS = Table(
    "energy_level",
    (
        Word(
            "low",
            "calm, quiet, soft, niedrig, gering, wenig, ruhig, leise, quietly, softly, sanft, gentle, dezent, "
            "unaufdringlich, unobtrusive, subtle, still, low energy, wenig energie, subdued, niedrige energie, "
            "energy low, energie niedrig, low key, lowkey, zart",
        ),
        Word(
            "medium",
            "middle, moderate, mittel, mäßig, medium energy, moderate energy, mittlere energie, energy medium, "
            "energie mittel",
        ),
        Word(
            "high",
            "loud, strong, intense, hoch, viel, stark, laut, high energy, viel energie, full energy, hohe "
            "energie, hoher energie, energy high, energie hoch, volle energie, intensiv, heavy, hard, hart, "
            "heftig, voller energie, full of energy, high octane, kräftig, fett",
        ),
    ),
)
# The middles of three equal parts of [0, 1].
_LEVELS = {"low": 1 / 6, "medium": 1 / 2, "high": 5 / 6}


def energy_of(name: str) -> float:
    """Give the level in [0, 1] of a canonical word.

    >>> energy_of("medium")
    0.5
    """
    return _LEVELS[name]
