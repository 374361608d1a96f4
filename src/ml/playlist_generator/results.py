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
    for_listeners : tuple of str
        Of a list for several: those who like it, or who likes it most where nobody does.
    playable : bool
        Whether a file with it is here.
    energy_wanted : float in [0, 1] or None
        What the arc wants here, from the calmest of the list to its most energetic; None where there is no arc.
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
    for_listeners: tuple[str, ...] = ()
    playable: bool = False
    energy_wanted: float | None = None


@dataclass(frozen=True, slots=True)
class Constraint(Result):
    """One thing that was asked of the list, and what came of it.

    Parameters
    ----------
    name : str
    asked, got : object
    met : bool
    said : str
        The same in words, in the language of the request.
    """

    name: str
    asked: Any
    got: Any
    met: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class ListenerShare(Result):
    """What one of several listeners has of a list.

    Parameters
    ----------
    user_id : str
    known : bool
        False for one of whom nothing is known: all numbers are then about what is popular.
    satisfaction : float in [0, 1]
        The mean, over the tracks of the list, of the share of all tracks that they like less.
    satisfaction_discounted : float in [0, 1]
        The same, with early tracks counting more: place ``i`` weighs ``1 / log2(i + 1)``.
    liked : int
        Tracks that are among their best tenth.
    longest_wait : int
        Tracks in a row that are not.
    tracks : int
        Tracks that are for them.
    """

    user_id: str
    known: bool
    satisfaction: float
    satisfaction_discounted: float
    liked: int
    longest_wait: int
    tracks: int


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
    listeners : tuple of ListenerShare
        Of a list for several.
    understood : tuple of str
        What was understood of the theme, piece by piece.
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
    listeners: tuple[ListenerShare, ...] = ()
    understood: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that was asked is met."""
        return all(one.met for one in self.constraints)


@dataclass(frozen=True, slots=True)
class Reordering(Result):
    """Tracks in a better order.

    Parameters
    ----------
    playlist : Playlist
        The same tracks, all of them.
    cost_before, cost_after : float in [0, 1]
        Of the order that was given, and of this one: the mean transition, or its weighed mean with the distance from
        the arc, where there is one.
    bound : float
        No order of these tracks that leaves alone what stays costs less; what artists are apart is not asked there.
    moved : int
        Tracks that stand elsewhere now.
    repeated : tuple of str
        Tracks that came several times; all are kept.
    """

    playlist: Playlist
    cost_before: float
    cost_after: float
    bound: float
    moved: int
    repeated: tuple[str, ...] = ()
