"""Moods, on Russell's circle of valence and arousal."""

from __future__ import annotations

from math import cos, radians, sin

from ml.features.vocabulary.region import Region
from ml.features.vocabulary.word import Table, Word

RUSSELL = "Russell, 'A circumplex model of affect', Journal of Personality and Social Psychology 39, 1980"
#: Radius of the circle in [0, 1] × [0, 1], and half the side of the square around a point that still suits.
RADIUS, HALF_SIDE = 0.4, 0.15


def at(angle: float, *, source: str = RUSSELL) -> Region:
    """Give the region around a place of the circle.

    Parameters
    ----------
    angle : float
        In degrees: 0 is pleasure, 90 arousal, 180 displeasure, 270 sleepiness.
    source : str

    Examples
    --------
    >>> {name: tuple(round(end, 2) for end in ends) for name, ends in at(90).bounds.items()}
    {'valence': (0.35, 0.65), 'energy': (0.75, 1.0)}
    """
    valence, energy = 0.5 + RADIUS * cos(radians(angle)), 0.5 + RADIUS * sin(radians(angle))
    return Region({"valence": _around(valence), "energy": _around(energy)}, source)


def _around(middle: float) -> tuple[float, float]:
    return max(0.0, middle - HALF_SIDE), min(1.0, middle + HALF_SIDE)


_BETWEEN = f"{RUSSELL}; its place between two of his eight is ours"

#: The angles of pleasure, excitement, arousal, distress, displeasure, depression, sleepiness and relaxation are his.
MOODS = Table(
    "mood",
    (
        Word(
            "happy",
            "cheerful, joyful, good mood, glücklich, fröhlich, heiter, froh, gut gelaunt, good vibes, cheer me "
            "up, cheer up, aufmunternd, gegen schlechte laune, bright, happiest, playful, verspielt, feel good, "
            "feelgood, gute laune, guter laune, gutgelaunt, sunny mood, joyous, fun",
            at(0),
        ),
        Word(
            "excited",
            "euphoric, thrilled, elated, begeistert, euphorisch, aufgedreht, ecstatic, ekstatisch, ausgelassen, "
            "hyped, uplifting",
            at(45),
        ),
        Word(
            "energetic",
            "aroused, energized, lively, powerful, upbeat, motivated, energisch, energiegeladen, lebhaft, "
            "kraftvoll, motiviert, motivating, motivational, energize, energise, motivation, motivierend, "
            "powervoll, schwungvoll, peppig, pumping, energizing, antreibend, treibend, driving beat, dynamic, "
            "dynamisch, up beat",
            at(90),
        ),
        Word(
            "tense",
            "anxious, stressed, nervous, distressed, angespannt, nervös, gestresst, ängstlich, suspenseful, "
            "spannend, restless, unruhig, unsettling",
            at(135),
        ),
        Word(
            "angry",
            "aggressive, furious, mad, wütend, zornig, aggressiv, sauer, rage, wut, brutal",
            at(112.5, source=_BETWEEN),
        ),
        Word(
            "gloomy",
            "dark, miserable, bitter, düster, finster, trostlos, elend, dunkel, somber, sombre, bleak, brooding, "
            "finstere, dusky, trist",
            at(180),
        ),
        Word(
            "sad",
            "melancholic, melancholy, depressed, blue, heartbroken, traurig, melancholisch, niedergeschlagen, "
            "sorrowful, mournful, saddest, cry, crying, weinen, heulen, depri, tearful, heartbreaking, lonely, "
            "einsam, schwermütig, melancholie, deprimierend, depressing, depressive, depressiv, heartbreak, "
            "herzschmerz, tieftraurig, trübsinnig",
            at(225),
        ),
        Word("sleepy", "tired, drowsy, müde, schläfrig, erschöpft, dozy, verschlafen, schlaftrunken", at(270)),
        Word(
            "calm",
            "relaxed, relaxing, peaceful, chill, chilled, mellow, serene, entspannt, ruhig, gelassen, friedlich, "
            "tranquil, laid back, laidback, soothing, beruhigend, entspannend, chillig, gechillt, easygoing, easy "
            "going, relaxt, gemütlich, cozy, cosy, chilly vibes, meditative, meditativ, besinnlich, calming, calm "
            "down, lazy, faul, peacefully, zen",
            at(315),
        ),
        Word(
            "romantic",
            "tender, loving, sensual, romantisch, zärtlich, verliebt, in love, kuschel, kuschelig, sexy, "
            "sinnlich, intimate, intim, lovey dovey",
            at(337.5, source=_BETWEEN),
        ),
    ),
)
