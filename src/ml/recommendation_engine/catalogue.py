"""What the engine knows of the items it ranks: names, ids, and who made them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from ml.data.identity import outside_ids
from ml.data.schema import items, track_artists
from ml.data.store import bulk
from ml.recommendation_engine.histories import Vocabulary


@dataclass(frozen=True)
class Label:
    """How an item is shown.

    Parameters
    ----------
    item_id, title : str
    artist : str or None
    """

    item_id: str
    title: str
    artist: str | None


@dataclass(frozen=True)
class Catalogue:
    """Items of a vocabulary, beside what changes with every import.

    Parameters
    ----------
    vocabulary : Vocabulary
    kind : str
    artists : int64 [shape=(n_items,)]
        Key of each item's first artist; its own key where it has none, and for artists.
    roots : dict of int to int
        Merged items and what they finally count as, where that takes more than one step.
    """

    vocabulary: Vocabulary
    kind: str
    artists: NDArray[np.int64]
    roots: dict[int, int]

    @classmethod
    def read(cls, connection: Connection, vocabulary: Vocabulary, kind: str) -> Catalogue:
        """Read the artists of a vocabulary's items."""
        roots = _long_redirects(connection)
        artists = vocabulary.keys.copy()
        if kind == "track":
            root = func.coalesce(items.c.same_as, items.c.key).label("artist")
            statement = select(track_artists.c.track_key, root).join(items, items.c.key == track_artists.c.artist_key)
            first = bulk.read(connection, statement.where(track_artists.c.position == 0))
            places = vocabulary.indices(first["track_key"].to_numpy())
            known = places >= 0
            artists[places[known]] = first["artist"].to_numpy()[known]
        return cls(vocabulary, kind, artists, roots)

    def labels(self, connection: Connection, indices: Sequence[int]) -> dict[int, Label]:
        """Read how some items are shown, by index."""
        keys = {int(self.vocabulary.keys[index]): int(index) for index in indices}
        ids = outside_ids(connection, "item", list(keys))
        statement = select(items.c.key, items.c.name, items.c.credit).where(items.c.key.in_(list(keys)))
        return {keys[row.key]: Label(ids[row.key], row.name, row.credit) for row in connection.execute(statement)}


def _long_redirects(connection: Connection) -> dict[int, int]:
    """Find the items whose redirect leads to another redirect; only merges by hand make those."""
    statement = select(items.c.key, items.c.same_as).where(items.c.same_as.is_not(None))
    step = bulk.read(connection, statement)
    inner = step.filter(pl.col("same_as").is_in(step["key"].implode()))
    if inner.is_empty():
        return {}
    once = dict(step.iter_rows())
    found = {}
    for key in {*inner["key"], *inner["same_as"]}:
        root = key
        while root in once:
            root = once[root]
        found[key] = root
    return found
