"""A whole demo world: what the store is given, and the truth behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ml.data.demo.artists import Artists, make_artists
from ml.data.demo.batches import batches
from ml.data.demo.effects import NULL, PLANTED, Effects
from ml.data.demo.listeners import Listeners, make_listeners
from ml.data.demo.listening import Listens, make_listens
from ml.data.demo.pull import Pull
from ml.data.demo.sessions import Sessions, make_sessions
from ml.data.demo.size import DemoSize
from ml.data.demo.tracks import Tracks, make_tracks
from ml.data.importers.base import Batch
from ml.foundation.errors import BadInput

#: How anything made from a demo world is marked, wherever it appears.
LABEL = "synthetic demo world"


@dataclass(frozen=True, eq=False)
class World:
    """Artists, tracks, listeners and listens; the arrays are the answer key of tests.

    Parameters
    ----------
    size : DemoSize
    seed : int
    null : bool
        Whether nothing guides what the listeners hear.
    effects : Effects
        The sizes of what is planted.
    artists : Artists
    tracks : Tracks
    listeners : Listeners
    sessions : Sessions
    listens : Listens
    """

    size: DemoSize
    seed: int
    null: bool
    effects: Effects
    artists: Artists
    tracks: Tracks
    listeners: Listeners
    sessions: Sessions
    listens: Listens

    @property
    def label(self) -> str:
        """:data:`LABEL`, with a word on the null world."""
        return f"{LABEL} (null: without effects)" if self.null else LABEL

    @property
    def pull(self) -> Pull:
        """The planted effects of activities and countries on every track."""
        return Pull.of(self.artists, self.tracks, self.effects)

    def batches(self) -> Iterator[Batch]:
        """Give the frames of :mod:`ml.data.frames`: profiles, items, tags, features, then listens in time order.

        The same world gives the same batches every time.
        """
        return batches(self)


def make_world(size: DemoSize | None = None, *, seed: int = 0, null: bool = False) -> World:
    """Make a demo world.

    Parameters
    ----------
    size : DemoSize, optional
        The default is 3,000 listeners, 8,000 tracks, 900 artists and 400,000 listens in 540 days.
    seed : int >= 0
        Same seed, same size: same world. The null world of a seed has the same catalogue
        and the same people, who listen as often and at the same times.
    null : bool
        Make the world without effects.

    Raises
    ------
    ml.foundation.errors.BadInput
        If the seed is negative.

    Examples
    --------
    >>> world = make_world(DemoSize(listeners=20, tracks=50, artists=10, listens=500, days=60))
    >>> len(world.listens), world.label
    (500, 'synthetic demo world')
    """
    if seed < 0:
        raise BadInput(f"demo world: the seed is {seed}", "give 0 or more")
    size = size or DemoSize()
    effects = NULL if null else PLANTED
    # A stream for each part, so that one part can change without moving the others; batches use [seed, 5].
    streams = [np.random.default_rng([seed, part]) for part in range(5)]
    artists = make_artists(size.artists, streams[0])
    tracks = make_tracks(size.tracks, artists, size.days, streams[1])
    listeners = make_listeners(size.listeners, artists, size.days, streams[2])
    sessions = make_sessions(size.listens, listeners, clock_matters=effects.clock, rng=streams[3])
    listens = make_listens(artists, tracks, listeners, sessions, effects=effects, rng=streams[4])
    return World(size, seed, null, effects, artists, tracks, listeners, sessions, listens)
