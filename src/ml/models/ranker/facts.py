"""What a ranker knows of items beside their scores."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.models.base import Arrays, TrainingData
from ml.models.plays import UNDATED, Floats, Plays

DAY_MS = 86_400_000
#: Days after which a play counts half for what is being heard now.
RECENT_DAYS = 14.0
#: Plays that the skip rate of all items is worth, for an item of few.
PRIOR_PLAYS = 10.0


@dataclass(frozen=True)
class Facts:
    """Facts of each item, as of the newest play of the training.

    Parameters
    ----------
    listeners : float32 [shape=(n_items,)]
        Logarithm of one more than the listeners who liked it.
    skip_rate : float32 in [0, 1] [shape=(n_items,)]
        Share of plays that were skipped, shrunk towards that of all items.
    age_days : float32 [shape=(n_items,)]
        Since its first dated play; -1 where it has none.
    recent : float32 [shape=(n_items,)]
        Logarithm of one more than its plays, each counted by how recent it is.
    trend : float32 [shape=(n_items,)]
        Those recent plays for each play it ever had.
    artists : int32 [shape=(n_items,)]
        Index of the artist; ``n_artists`` where unknown.
    """

    listeners: Floats
    skip_rate: Floats
    age_days: Floats
    recent: Floats
    trend: Floats
    artists: NDArray[np.int32]

    @classmethod
    def of(cls, data: TrainingData) -> Self:
        """Learn the facts."""
        plays, n_items = data.plays, data.n_items
        listeners = np.bincount(plays.counts.indices, minlength=n_items)
        heard = np.bincount(plays.items, minlength=n_items)
        skipped = np.bincount(plays.items[plays.weights <= 0], minlength=n_items)
        usual = skipped.sum() / max(1, heard.sum())
        recent, age_days = _by_date(plays)
        n_artists = int(data.artists.max(initial=-1)) + 1
        return cls(
            np.log1p(listeners).astype(np.float32),
            ((skipped + PRIOR_PLAYS * usual) / (heard + PRIOR_PLAYS)).astype(np.float32),
            age_days,
            np.log1p(recent).astype(np.float32),
            (recent / (heard + 1)).astype(np.float32),
            np.where(data.artists < 0, n_artists, data.artists).astype(np.int32),
        )

    @property
    def n_artists(self) -> int:
        """Number of artists, the unknown one among them."""
        return int(self.artists.max(initial=-1)) + 1

    def arrays(self) -> Arrays:
        """Give the facts as arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def _by_date(plays: Plays) -> tuple[NDArray[np.float64], Floats]:
    """Count plays by how recent they are; tell how old each item's first one is."""
    dated = plays.times != UNDATED
    items, times = plays.items[dated], plays.times[dated]
    age_days = (times.max(initial=0) - times) / DAY_MS
    recent = np.asarray(np.bincount(items, np.exp2(-age_days / RECENT_DAYS), minlength=plays.n_items), np.float64)
    oldest = np.full(plays.n_items, -1.0, dtype=np.float32)
    np.maximum.at(oldest, items, age_days.astype(np.float32))
    return recent, oldest
