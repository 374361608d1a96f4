"""What is known of items beside who played them, as the item tower takes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.models.base import TrainingData
from ml.models.plays import Floats

#: Tags that are looked at: those that most items carry.
TAGS = 256


@dataclass(frozen=True)
class Content:
    """Tags and artists of items.

    Parameters
    ----------
    tags : float32 [shape=(n_items, n_tags)]
        Rows of length 1, or 0 where an item has none.
    artists : int64 [shape=(n_items,)]
        ``n_artists`` where unknown, or where an artist has one item only, of which it says nothing more.
    n_artists : int
    """

    tags: Floats
    artists: NDArray[np.int64]
    n_artists: int

    @classmethod
    def of(cls, data: TrainingData) -> Content:
        """Read the content of training data."""
        carried = np.asarray((data.tags > 0).sum(axis=0)).ravel()
        often = np.sort(np.argsort(-carried, kind="stable")[:TAGS])
        # A tag that many voices gave counts more, but not as many times more.
        tags = np.log1p(data.tags[:, often].toarray().astype(np.float32))
        lengths = np.linalg.norm(tags, axis=1, keepdims=True)
        tags = np.divide(tags, lengths, out=np.zeros_like(tags), where=lengths > 0)
        counts = np.bincount(data.artists[data.artists >= 0], minlength=1)
        shared = np.flatnonzero(counts > 1)
        place = np.full(len(counts), len(shared), dtype=np.int64)
        place[shared] = np.arange(len(shared))
        artists = np.where(data.artists >= 0, place[np.maximum(data.artists, 0)], len(shared))
        return cls(tags, artists, len(shared))
