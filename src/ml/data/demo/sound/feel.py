"""What everybody in a song shares: tempo, metre, pattern, swing, character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo.sound.brief import FASTEST, SLOWEST, Brief
from ml.data.demo.sound.hands import Hands
from ml.data.demo.sound.patterns import PATTERNS, fitting
from ml.data.demo.sound.song import METRES

#: How common metres are, where the tempo lets them be.
_METRES = {"4/4": 0.66, "3/4": 0.13, "6/8": 0.11, "5/4": 0.05, "7/8": 0.05}
#: Without drums nothing but habit tells a slow beat from two quick ones: tempi that people tap.
_DRUMLESS = {"4/4": (60.0, 140.0), "3/4": (70.0, 150.0), "6/8": (40.0, 80.0), "5/4": (80.0, 150.0)}


@dataclass(frozen=True)
class Feel:
    """The feel of a song.

    Parameters
    ----------
    tempo_bpm : float
    metre : str
    pattern : str
        The drums' pattern; empty without drums.
    hands : Hands
    energy, acousticness, valence : float in [0, 1]
    held_out : bool
    """

    tempo_bpm: float
    metre: str
    pattern: str
    hands: Hands
    energy: float
    acousticness: float
    valence: float
    held_out: bool

    @property
    def per_bar(self) -> int:
        """Beats of a bar."""
        return METRES[self.metre]


def draw_feel(brief: Brief, rng: np.random.Generator, *, held_out: bool) -> Feel:
    """Draw what a brief leaves open."""
    acousticness = float(rng.random()) if brief.acousticness is None else brief.acousticness
    drums = rng.random() < 0.88 if brief.drums is None else brief.drums
    tempo = float(rng.uniform(SLOWEST, FASTEST)) if brief.tempo_bpm is None else brief.tempo_bpm
    tappable = any(low <= tempo <= high for low, high in _DRUMLESS.values())
    if brief.drums is None and not tappable:
        drums = True
    metre = brief.metre or _metre(brief, tempo, drums=drums, held_out=held_out, rng=rng)
    names = _patterns(metre, tempo, brief.genre, held_out=held_out) if drums else []
    pattern = names[int(rng.integers(len(names)))] if names else ""
    low, high = PATTERNS[pattern].swing if pattern else ((1.0, 1.0) if rng.random() < 0.7 else (1.2, 2.0))
    hands = Hands(
        swing=float(rng.uniform(low, high)),
        pair=PATTERNS[pattern].pair if pattern else 1.0,
        loose_s=float(rng.uniform(0.0, 0.003 + 0.007 * acousticness)),
        touch=0.05 + 0.1 * acousticness,
    )
    energy = float(rng.uniform(0.35, 1.0)) if brief.energy is None else max(0.1, brief.energy)
    valence = float(rng.random()) if brief.valence is None else brief.valence
    return Feel(tempo, metre, pattern, hands, energy, acousticness, valence, held_out)


def _patterns(metre: str, tempo_bpm: float, genre: str, *, held_out: bool) -> list[str]:
    """Name the patterns that suit the genre at the tempo, or all of the tempo where there are none."""
    own = fitting(metre, tempo_bpm, held_out=held_out, genre=genre)
    return own or fitting(metre, tempo_bpm, held_out=held_out)


def _metre(brief: Brief, tempo_bpm: float, *, drums: bool, held_out: bool, rng: np.random.Generator) -> str:
    """Draw a metre in which there is something to play; one that the genre has."""
    if drums:
        fit = [metre for metre in _METRES if fitting(metre, tempo_bpm, held_out=held_out, genre=brief.genre)]
    else:
        fit = [metre for metre, (low, high) in _DRUMLESS.items() if low <= tempo_bpm <= high]
    if not fit or (brief.drums is False and "4/4" not in fit):
        return "4/4"
    weight = np.array([_METRES[metre] for metre in fit])
    return fit[int(rng.choice(len(fit), p=weight / weight.sum()))]
