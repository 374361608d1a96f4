"""What a session of music came to so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.live.planning import Desk
from ml.playlist_generator.suiting.likeness import likeness

Floats = NDArray[np.float32]

#: What can become of a track.
GIVEN, PLAYED, SKIPPED = "given", "played", "skipped"
#: For so many tracks after it, the artist of a skipped one does not come.
REST = 10
#: A track that was heard for this share of it was liked well enough.
_HEARD = 0.5


@dataclass(frozen=True, slots=True)
class Heard:
    """One track of a session.

    Parameters
    ----------
    row : int
    place : int
        How many tracks came before.
    ms : int or None
        How long it was played; None for wholly, or for a skip at once.
    """

    row: int
    place: int
    ms: int | None


@dataclass(frozen=True)
class Session:
    """What a session came to so far.

    Parameters
    ----------
    desk : Desk
    before, leg : sequence of Heard
        What was heard, not skipped, before the current leg and in it, in order.
    skipped : sequence of Heard
    rows : set of int
        All tracks there were.
    n : int
        How many there were, those included that are not here any more.
    since : int
        Where the current leg begins.
    """

    desk: Desk
    before: Sequence[Heard]
    leg: Sequence[Heard]
    skipped: Sequence[Heard]
    rows: set[int]
    n: int
    since: int

    @classmethod
    def of(cls, desk: Desk, events: Sequence[tuple[str, str, int | None]], since: int) -> Session:
        """Sort what happened; events are outside ids, what became of each, and for how long it was played."""
        before: list[Heard] = []
        leg: list[Heard] = []
        skipped: list[Heard] = []
        rows = desk.rows([track_id for track_id, _, _ in events])
        for place, ((_, what, ms), row) in enumerate(zip(events, rows, strict=True)):
            if row is not None:
                where = skipped if what == SKIPPED else leg if place >= since else before
                where.append(Heard(row, place, ms))
        return cls(desk, before, leg, skipped, {row for row in rows if row is not None}, len(events), since)

    @cached_property
    def leg_ms(self) -> int:
        """How long the current leg has been playing, what was skipped included."""
        durations = self.desk.tracks.ground.duration_ms
        heard = sum(int(durations[one.row]) if one.ms is None else one.ms for one in self.leg)
        return heard + sum(one.ms or 0 for one in self.skipped if one.place >= self.since)

    @cached_property
    def left(self) -> int:
        """How many songs there are that the session has not had."""
        song = self.desk.tracks.ground.song
        return len(np.setdiff1d(song, song[sorted(self.rows)])) if self.rows else len(np.unique(song))

    @property
    def resting(self) -> set[int]:
        """The artists that were skipped a short while ago."""
        artist = self.desk.tracks.ground.artist
        return {int(artist[one.row]) for one in self.skipped if self.n - one.place <= REST}

    def unlike_skipped(self, seeds: Sequence[str]) -> Floats | None:
        """Tell how far all tracks are from what was skipped, as against what was heard; None where nothing was.

        Parameters
        ----------
        seeds : sequence of str
            What the session was to be like; tracks among them count as heard.

        Returns
        -------
        float32 in [0, 1] [shape=(n,)]
            0 for what is most like a skipped track, and unlike all others.
        """
        if not self.skipped:
            return None
        desk, durations = self.desk, self.desk.tracks.ground.duration_ms
        whole = [
            one.row for one in (*self.before, *self.leg) if one.ms is None or one.ms >= _HEARD * durations[one.row]
        ]
        liked = [*whole, *(row for row in desk.rows(seeds) if row is not None)]
        away = likeness(desk.tracks, np.unique([one.row for one in self.skipped]))
        if not liked:
            return np.asarray(1 - away, dtype=np.float32)
        near = likeness(desk.tracks, np.unique(liked))
        return np.asarray(1 - np.maximum(away - near, 0), dtype=np.float32)
