"""A list planned around what is in it already."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from ml.foundation.errors import AmbiguousId, BadInput, UnknownId
from ml.foundation.workers import quiet_blas
from ml.playlist_generator.asking import put
from ml.playlist_generator.composing import Composer, Composition, compose
from ml.playlist_generator.holding.demands import Demand, Demands, Only
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.live.held import hold
from ml.playlist_generator.naming import track_named
from ml.playlist_generator.parts import GeneratorParts
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.results import Playlist
from ml.playlist_generator.telling import tell

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Around:
    """What a list is planned around.

    Parameters
    ----------
    places : mapping of int to int
        Rows of held tracks by position, from 0.
    name : {"played", "kept", "before"}
        Why they are held.
    demands : sequence of Demand
        More than the request has, of all tracks.
    fit : mapping of str to float32 [shape=(n,)]
        More than the request has.
    change : callable
        Gives each demand of the request as it holds here; None leaves it out.
    notices : tuple of str
    """

    places: Mapping[int, int] = field(default_factory=dict)
    name: str = "played"
    demands: Sequence[Demand] = ()
    fit: Mapping[str, Floats] = field(default_factory=dict)
    change: Callable[[Demand], Demand | None] = lambda demand: demand
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A list that was planned.

    Parameters
    ----------
    playlist : Playlist
    whole : bool
        Whether all is met but what the held tracks break among themselves.
    """

    playlist: Playlist
    whole: bool


class Desk:
    """The tracks as they are while one question is answered.

    Parameters
    ----------
    connection : Connection
    parts : GeneratorParts
    tracks : Tracks
    """

    def __init__(self, connection: Connection, parts: GeneratorParts, tracks: Tracks) -> None:
        self.connection, self.parts, self.tracks = connection, parts, tracks

    def plan(self, request: PlaylistRequest, around: Around) -> Plan | None:
        """Make a list; None where there is none at all.

        Raises
        ------
        BadInput, UnknownId, AmbiguousId
        """
        asked = put(self.connection, self.parts, self.tracks, request)
        kept = [changed for demand in asked.demands if (changed := around.change(demand)) is not None]
        fit = asked.fit
        for name, part in around.fit.items():
            fit = fit.with_part(name, part)
        asked = replace(asked, demands=Demands((*kept, *around.demands)), fit=fit)
        tracks, told, asked = hold(self.tracks, asked, around.places, around.name)
        found = compose(tracks, asked, asked.request)
        if found is None:
            return None
        notices = (*self.parts.notices, *asked.notices, *around.notices)
        if not asked.fit.tells_all:
            # What is not told has no part in what the list costs either; nothing is known of other lists then.
            asked = replace(asked, fit=asked.fit.told())
            found = replace(found, cost=_cost(Composer(told, asked, asked.request), found.rows), bound=None)
        whole = not found.conflicts and not found.undecided
        return Plan(tell(self.connection, told, request, asked, found, notices), whole)

    def show(self, request: PlaylistRequest, rows: Rows) -> Playlist:
        """Put a list that is there already into words and numbers."""
        asked = put(self.connection, self.parts, self.tracks, request)
        composer = Composer(self.tracks, asked, asked.request)
        allowed = int(composer.allowed.sum())
        found = Composition(rows, _cost(composer, rows), None, (), False, len(np.unique(rows)), allowed)
        notices = (*self.parts.notices, *asked.notices)
        return tell(self.connection, self.tracks, request, asked, found, notices)

    def rows(self, ids: Sequence[str]) -> list[int | None]:
        """Find the rows of tracks by outside id; None where one is not here any more."""
        return [self._row(one) for one in ids]

    def row(self, text: str) -> int:
        """Find the row of a track that is named.

        Raises
        ------
        UnknownId, AmbiguousId, BadInput
        """
        return int(track_named(self.connection, self.tracks, text).rows[0])

    def _row(self, text: str) -> int | None:
        try:
            return self.row(text)
        except (UnknownId, AmbiguousId, BadInput):
            return None

    def but(self, name: str, asked: Any, rows: Collection[int]) -> Only:
        """Leave out some tracks, and all versions of their songs."""
        songs = self.tracks.ground.song
        return Only(name, asked, ~np.isin(songs, songs[np.array(sorted(rows), dtype=np.int64)]))

    def within(self, rows: Collection[int]) -> Floats:
        """Give a part of the fit: 1 for some tracks, 0 for the others."""
        part = np.zeros(len(self.tracks), dtype=np.float32)
        part[np.array(sorted(rows), dtype=np.int64)] = 1.0
        return part


def _cost(composer: Composer, rows: Rows) -> float:
    each = np.unique(rows)
    return float(composer.table(each, len(rows)).cost(np.searchsorted(each, rows)[None, :])[0])


@contextmanager
def opened(parts: GeneratorParts, read: Callable[[Connection], Tracks]) -> Iterator[Desk]:
    """Read the tracks, and keep the numbers' library to the cores there are."""
    with parts.store.read() as connection, quiet_blas(len(os.sched_getaffinity(0))):
        yield Desk(connection, parts, read(connection))


def impossible() -> BadInput:
    """Give the error where there is no list at all."""
    return BadInput(
        "no list can be made of this", "ask for less, or import more music: ml import PATH", code="list_impossible"
    )
