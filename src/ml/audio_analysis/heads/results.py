"""What heads say of a track."""

from __future__ import annotations

from dataclasses import dataclass

from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Likely(Result):
    """A label and how probable it is."""

    name: str
    probability: float


@dataclass(frozen=True, slots=True)
class ScaleValue(Result):
    """A value on a scale that listeners rated, in the units of the ratings."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Said(Result):
    """What the heads of a workspace say of a track.

    Parameters
    ----------
    genres, moods : tuple of Likely
        The most probable first; empty where nobody has trained a head for them.
    valence, arousal : float or None
        On the scale that was learnt from.
    emotions : tuple of ScaleValue
        Other scales that were learnt.
    notices : tuple of str
        What is missing, and the command that makes it.
    """

    genres: tuple[Likely, ...] = ()
    moods: tuple[Likely, ...] = ()
    valence: float | None = None
    arousal: float | None = None
    emotions: tuple[ScaleValue, ...] = ()
    notices: tuple[str, ...] = ()
