"""What the engine knows of the items it ranks: names, ids, and who made them."""

from __future__ import annotations

import sys
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection, bindparam, func, select

from ml.data.schema import aliases, items, track_artists
from ml.data.store import bulk
from ml.models.rows import entries_of
from ml.recommendation_engine.histories import Vocabulary

#: Keys that one statement asks for at most, and up to which rows come one by one: columns take longer to begin with.
_IN_ONE_STATEMENT, _FEW = 10_000, 500
# Built once: putting a statement together takes longer than SQLite takes to answer it.
_ALL_NAMES = select(items.c.key, items.c.name, items.c.credit, aliases.c.source, aliases.c.external_id).join_from(
    items, aliases, aliases.c.item_key == items.c.key, isouter=True
)
_NAMES = _ALL_NAMES.where(items.c.key.in_(bindparam("keys", expanding=True)))
# Sorts behind every source and id.
_LAST = (chr(sys.maxunicode), "")


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


class KnownLabels:
    """Labels that were read under a mark: of the newest one only, and of so many items."""

    MOST = 1 << 16

    def __init__(self) -> None:
        self._now: tuple[Hashable, dict[int, Label]] = (None, {})

    def under(self, mark: Hashable) -> Mapping[int, Label]:
        """Give those that were read under a mark, by index."""
        known, labels = self._now
        return labels if known == mark else {}

    def add(self, mark: Hashable, found: Mapping[int, Label]) -> None:
        """Keep what was read under a mark."""
        known, labels = self._now
        if known == mark and len(labels) + len(found) <= self.MOST:
            labels.update(found)
        else:
            # One assignment: another thread goes on with the old ones.
            self._now = mark, dict(found)


@dataclass(frozen=True)
class Catalogue:
    """Items of a vocabulary, beside what changes with every import.

    Parameters
    ----------
    vocabulary : Vocabulary
    kind : str
    artists : int64 [shape=(n_items,)]
        Key of each item's first artist, after all merges; its own key where it has none, and for artists.
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
            made_by = [roots.get(key, key) for key in first["artist"]] if roots else first["artist"].to_numpy()
            artists[places[known]] = np.asarray(made_by, dtype=np.int64)[known]
        return cls(vocabulary, kind, artists, roots)

    def labels(
        self, connection: Connection, indices: Sequence[int], *, mark: Hashable | None = None
    ) -> dict[int, Label]:
        """Read how some items are shown, by index; those that are no longer in the store are absent.

        Parameters
        ----------
        mark : hashable, optional
            What changes with the names of items: those that were read under the same mark are not read again. (An id
            that an item is given by a play that is recorded is shown from the next import on.)
        """
        if mark is None:
            return self._read_labels(connection, indices)
        known = self._known.under(mark)
        missing = [index for index in indices if index not in known]
        found = self._read_labels(connection, missing) if missing else {}
        there = {index: known[index] for index in indices if index in known} | found
        self._known.add(mark, found)
        return there

    def _read_labels(self, connection: Connection, indices: Sequence[int]) -> dict[int, Label]:
        keys = self.vocabulary.keys[np.array(indices, dtype=np.int64)].tolist()
        shown: dict[int, tuple[str, str | None]] = {}
        ids: dict[int, tuple[str, str]] = {}
        for key, name, credit, source, external in _named(connection, keys):
            shown[key] = name, credit
            # As ml.data.identity.outside_ids: of several ids the first by source and id, of none the key.
            ids[key] = min((source or "key", external or str(key)), ids.get(key, _LAST))
        return {
            index: Label(":".join(ids[key]), *shown[key])
            for index, key in zip(indices, keys, strict=True)
            if key in shown
        }

    @cached_property
    def _known(self) -> KnownLabels:
        return KnownLabels()

    def items_of(self, keys: Collection[int]) -> NDArray[np.int64]:
        """List the indices of what some keys stand for, sorted: items, and all that artists made."""
        if not keys:
            return np.empty(0, dtype=np.int64)
        asked = np.array(sorted(keys), dtype=np.int64)
        own = self.vocabulary.indices(asked)
        places = np.minimum(np.searchsorted(self.makers, asked), len(self.makers) - 1)
        theirs, _ = self.made_by(places[self.makers[places] == asked])
        return np.unique(np.concatenate([own[own >= 0], theirs]))

    def made_by(self, makers: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """List the indices of what some of :attr:`makers`, by their places, made; and how much each did."""
        order, starts = self._discographies
        places, lengths = entries_of(starts, makers)
        return order[places], lengths

    @cached_property
    def makers(self) -> NDArray[np.int64]:
        """Keys of who made anything, sorted; an item of nobody stands for itself."""
        return np.unique(self.artists)

    @cached_property
    def maker_of(self) -> NDArray[np.int64]:
        """The place of each item's maker in :attr:`makers`."""
        return np.searchsorted(self.makers, self.artists).astype(np.int64)

    @cached_property
    def _discographies(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Items sorted by who made them, and where each maker's begin."""
        order = np.argsort(self.maker_of, kind="stable").astype(np.int64)
        return order, np.searchsorted(self.maker_of[order], np.arange(len(self.makers) + 1)).astype(np.int64)

    def gone(self, connection: Connection) -> NDArray[np.int64]:
        """List the indices of items that were removed from the store since the models were trained."""
        there = bulk.read(connection, select(items.c.key).where(items.c.kind == self.kind))["key"].to_numpy()
        return np.flatnonzero(~np.isin(self.vocabulary.keys, there))


def _named(connection: Connection, keys: list[int]) -> Iterator[tuple[int, str, str | None, str | None, str | None]]:
    """Read (key, name, credit, source, id) of items, a row for each of their ids."""
    for first in range(0, len(keys), _IN_ONE_STATEMENT):
        some = keys[first : first + _IN_ONE_STATEMENT]
        if len(some) <= _FEW:
            yield from connection.execute(_NAMES, {"keys": some})
        else:
            yield from bulk.read(connection, _ALL_NAMES.where(bulk.among(items.c.key, some))).iter_rows()


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
