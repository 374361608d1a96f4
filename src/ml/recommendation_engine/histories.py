"""What listeners heard, read from the store as models want it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, case, func, null, or_, select

from ml.data.schema import blocks, items, listens, play_counts, subjects
from ml.models.plays import UNDATED, Plays

#: A listener's newest listens are read up to this many; what lies before changes no answer that anyone notices.
NEWEST = 10_000


@dataclass(frozen=True)
class Vocabulary:
    """Store keys of the items that the models know, ascending.

    Parameters
    ----------
    keys : int64 [shape=(n_items,)]
    """

    keys: NDArray[np.int64]

    def indices(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the index of each key; -1 where the models do not know it."""
        if not len(self.keys):
            return np.full(len(keys), -1)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, places, -1)


def read_histories(
    connection: Connection, user_keys: Sequence[int], vocabulary: Vocabulary, roots: Mapping[int, int]
) -> Plays:
    """Read the plays of some listeners, in their order, up to this moment.

    A total without dates weighs as many plays; a skipped listen weighs nothing; an item
    that is the same as another counts as that one. Private sessions are left out.
    """
    rows = _rows(connection, user_keys)
    place = {key: position for position, key in enumerate(user_keys)}
    users = np.array([place[row[0]] for row in rows], dtype=np.int64)
    keys = np.array([roots.get(row[1], row[1]) for row in rows], dtype=np.int64)
    indices = vocabulary.indices(keys)
    known = indices >= 0
    order = np.flatnonzero(known)[np.argsort(users[known], kind="stable")]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(users[known], minlength=len(user_keys)))]).astype(np.int64)
    return Plays(
        indptr,
        indices[order].astype(np.int32),
        np.array([row[3] for row in rows], dtype=np.float32)[order],
        np.array([UNDATED if row[2] is None else row[2] for row in rows], dtype=np.int64)[order],
        len(vocabulary.keys),
        time.time_ns() // 1_000_000,
        _countries(connection, user_keys),
    )


def _rows(connection: Connection, user_keys: Sequence[int]) -> Sequence[tuple[int, int, int | None, float]]:
    """Read (listener, item, time, weight); newest first for a single listener, who may have very many."""
    public = or_(listens.c.incognito.is_(None), listens.c.incognito.is_(False))
    weight = case((listens.c.skipped.is_(True), 0), else_=1)
    item = func.coalesce(items.c.same_as, items.c.key)
    heard = select(listens.c.user_key, item.label("item"), listens.c.listened_at, weight.label("weight"))
    heard = heard.join(items, items.c.key == listens.c.item_key).where(listens.c.user_key.in_(user_keys), public)
    if len(user_keys) == 1:
        heard = heard.order_by(listens.c.listened_at.desc()).limit(NEWEST)
    totals = select(play_counts.c.user_key, item.label("item"), null().label("at"), play_counts.c.plays)
    totals = totals.join(items, items.c.key == play_counts.c.item_key).where(play_counts.c.user_key.in_(user_keys))
    return [*connection.execute(heard).all(), *connection.execute(totals).all()]


def _countries(connection: Connection, user_keys: Sequence[int]) -> list[str | None]:
    statement = select(subjects.c.user_key, subjects.c.country).where(subjects.c.user_key.in_(user_keys))
    known = {row.user_key: row.country for row in connection.execute(statement)}
    return [known.get(key) for key in user_keys]


def read_blocked(connection: Connection, user_keys: Sequence[int]) -> dict[int, set[int]]:
    """Read which items, by key, each listener blocked; listeners who blocked nothing are absent."""
    found: dict[int, set[int]] = {}
    statement = select(blocks.c.user_key, blocks.c.item_key).where(blocks.c.user_key.in_(user_keys))
    for row in connection.execute(statement):
        found.setdefault(row.user_key, set()).add(row.item_key)
    return found
