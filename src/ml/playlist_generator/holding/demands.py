"""Demands on a playlist."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.ordering.rules import Quota, Rules

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Only:
    """Nothing but tracks of some sort.

    Parameters
    ----------
    name : str
    asked : object
        As it is shown.
    of : bool [shape=(n_tracks,)]
    """

    name: str
    asked: Any
    of: Mask


@dataclass(frozen=True)
class Length:
    """How long the whole is, in milliseconds, both ends included."""

    low_ms: int
    high_ms: int
    asked: Any
    name: str = "duration"


@dataclass(frozen=True)
class Count:
    """How many tracks, both ends included."""

    least: int
    most: int
    asked: Any
    name: str = "count"


@dataclass(frozen=True)
class Cap:
    """How many tracks by one artist, at most."""

    most: int
    name: str = "max_per_artist"

    @property
    def asked(self) -> int:
        """What is shown."""
        return self.most


@dataclass(frozen=True)
class Gap:
    """How many other tracks between two by one artist, or of one album, at least."""

    between: str
    tracks: int

    @property
    def name(self) -> str:
        """``artist_gap`` or ``album_gap``."""
        return f"{self.between}_gap"

    @property
    def asked(self) -> int:
        """What is shown."""
        return self.tracks


@dataclass(frozen=True)
class Share:
    """A part of the list that is of some sort.

    Parameters
    ----------
    name : str
    asked : object
    of : bool [shape=(n_tracks,)]
    least, most : float in [0, 1]
    """

    name: str
    asked: Any
    of: Mask
    least: float = 0.0
    most: float = 1.0


@dataclass(frozen=True)
class Have:
    """A track that is in it.

    Parameters
    ----------
    track : int
        Its row among all tracks.
    label : str
        How it is shown.
    """

    track: int
    label: str

    @property
    def name(self) -> str:
        """``include`` and the track."""
        return f"include {self.label}"

    @property
    def asked(self) -> str:
        """What is shown."""
        return self.label


@dataclass(frozen=True)
class Pin:
    """A track that is at a position, from 0."""

    position: int
    track: int
    label: str

    @property
    def name(self) -> str:
        """``pin``, the position from 1, and the track."""
        return f"pin {self.position + 1} {self.label}"

    @property
    def asked(self) -> str:
        """What is shown."""
        return self.label


@dataclass(frozen=True)
class Given:
    """Tracks that are at their positions whatever else is asked, such as those that were played already.

    Parameters
    ----------
    name : {"played", "kept", "before"}
    places : mapping of int to int
        Tracks by position, from 0; each track once.
    """

    name: str
    places: Mapping[int, int]

    @property
    def asked(self) -> int:
        """What is shown: how many there are."""
        return len(self.places)


Demand = Only | Length | Count | Cap | Gap | Share | Have | Pin | Given


@dataclass(frozen=True)
class Ground:
    """What demands are about, an entry a track.

    Parameters
    ----------
    duration_ms : int64 [shape=(n_tracks,)]
    artist, album, song : int64 [shape=(n_tracks,)]
        Equal numbers are the same one.
    credits : int64 [shape=(n_tracks, k)], optional
        All artists of each track, the first first; numbers of no other track fill the rows. Left out, each has one.
    """

    duration_ms: NDArray[np.int64]
    artist: NDArray[np.int64]
    album: NDArray[np.int64]
    song: NDArray[np.int64]
    credits: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.duration_ms)

    @property
    def credited(self) -> NDArray[np.int64]:
        """All artists of each track, int64 [shape=(n_tracks, k)]."""
        return self.artist[:, None] if self.credits is None else self.credits


@dataclass(frozen=True)
class Demands:
    """All demands of one request, under different names."""

    each: tuple[Demand, ...]

    def __iter__(self) -> Iterator[Demand]:
        return iter(self.each)

    def __len__(self) -> int:
        return len(self.each)

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(demand.name for demand in self.each)

    def without(self, names: Collection[str]) -> Demands:
        """Leave some out."""
        return Demands(tuple(demand for demand in self.each if demand.name not in names))

    def only(self, names: Collection[str]) -> Demands:
        """Keep some."""
        return Demands(tuple(demand for demand in self.each if demand.name in names))

    def of(self, *kinds: type) -> Iterator[Any]:
        """Give those of some kinds."""
        return (demand for demand in self.each if isinstance(demand, kinds))

    def allowed(self, n_tracks: int) -> Mask:
        """Tell which tracks may be in a list, bool [shape=(n_tracks,)]: those that have to be, always."""
        allowed = np.ones(n_tracks, dtype=np.bool_)
        for only in self.of(Only):
            allowed &= only.of
        allowed[list(self.fixed)] = True
        return allowed

    @property
    def fixed(self) -> set[int]:
        """The tracks that have to be in it."""
        given = {track for demand in self.of(Given) for track in demand.places.values()}
        return given | {demand.track for demand in self.of(Have, Pin)}

    def counts(self) -> tuple[int, int]:
        """Give the least and the most tracks that are asked for; at least one."""
        least, most = 1, 10**9
        for count in self.of(Count):
            least, most = max(least, count.least), min(most, count.most)
        return least, most

    def rules(self, ground: Ground, rows: NDArray[np.integer]) -> Rules:
        """Put demands into arrays over some tracks, which include the fixed ones.

        Parameters
        ----------
        ground : Ground
        rows : int [shape=(m,)]
            Rows of the tracks.
        """
        place = {int(row): index for index, row in enumerate(rows)}
        refused = np.zeros(len(rows), dtype=np.int64)
        for only in self.of(Only):
            refused += ~only.of[rows]
        gaps = {gap.between: gap.tracks for gap in self.of(Gap)}
        caps = [cap.most for cap in self.of(Cap)]
        windows = [(length.low_ms, length.high_ms) for length in self.of(Length)]
        return Rules(
            duration_ms=ground.duration_ms[rows],
            artist=ground.artist[rows],
            album=ground.album[rows],
            song=ground.song[rows],
            refused=refused,
            window_ms=windows[0] if windows else None,
            max_per_artist=caps[0] if caps else None,
            artist_gap=gaps.get("artist", 0),
            album_gap=gaps.get("album", 0),
            quotas=tuple(Quota(share.name, share.of[rows], share.least, share.most) for share in self.of(Share)),
            wanted=tuple(place[have.track] for have in self.of(Have)),
            pinned={
                **{pin.position: place[pin.track] for pin in self.of(Pin)},
                **{at: place[track] for given in self.of(Given) for at, track in given.places.items()},
            },
            firm=frozenset(at for given in self.of(Given) for at in given.places),
            credits=None if ground.credits is None else ground.credits[rows],
        )
