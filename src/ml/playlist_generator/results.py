"""What a generator answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ml.foundation.results import Result
from ml.playlist_generator.holding.conflicts import Conflict


@dataclass(frozen=True, slots=True)
class PlaylistTrack(Result):
    """One track of a list.

    Parameters
    ----------
    track_id : str
        Outside id; ``file:`` and the hash of its sound for a file that no import named.
    title : str
    artist, album : str or None
    duration_s : float
    tempo_bpm : float or None
    camelot : str or None
        The key's place on the Camelot wheel.
    energy : float in [0, 1] or None
    loudness_lufs : float or None
    path : str or None
        A file with it.
    isrc, mbid : str or None
    fit : float in [0, 1]
        How well it suits what was asked.
    transition_cost : float in [0, 1] or None
        Of coming here from the track before; None for the first.
    why : str
        Why it is in the list.
    why_here : str
        Why at this place.
    """

    track_id: str
    title: str
    artist: str | None
    album: str | None
    duration_s: float
    tempo_bpm: float | None
    camelot: str | None
    energy: float | None
    loudness_lufs: float | None
    path: str | None
    isrc: str | None
    mbid: str | None
    fit: float
    transition_cost: float | None
    why: str
    why_here: str


@dataclass(frozen=True, slots=True)
class Constraint(Result):
    """One thing that was asked of the list, and what came of it.

    Parameters
    ----------
    name : str
    asked, got : object
    met : bool
    """

    name: str
    asked: Any
    got: Any
    met: bool


@dataclass(frozen=True, slots=True)
class Playlist(Result):
    """A playlist.

    Parameters
    ----------
    tracks : tuple of PlaylistTrack
    duration_s : float
    cost : float in [0, 1]
        Of the list: the weighed mean of what it lacks in fit, of its transitions and of its distance from the arc.
    bound : float or None
        No list of as many of the considered tracks that keeps to the constraints costs less; None unless the effort is
        ``best``.
    constraints : tuple of Constraint
    conflicts : tuple of Conflict
        Constraints that cannot be met together; empty where all are met.
    considered : int
        Tracks that the search looked at: those that suit best.
    allowed : int
        Tracks that keep to everything a track can keep to by itself.
    notices : tuple of str
    request : mapping
        What was asked that is not the default.
    """

    tracks: tuple[PlaylistTrack, ...]
    duration_s: float
    cost: float
    bound: float | None
    constraints: tuple[Constraint, ...]
    conflicts: tuple[Conflict, ...]
    considered: int
    allowed: int
    notices: tuple[str, ...] = ()
    request: Mapping[str, Any] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether everything that was asked is met."""
        return all(one.met for one in self.constraints)
