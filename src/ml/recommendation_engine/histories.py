"""What listeners heard, read from the store as models want it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import BindParameter, Connection, bindparam, case, func, select

from ml.data.identity.lookup import families
from ml.data.schema import blocks, items, listens, play_counts, subjects
from ml.data.store import bulk
from ml.models.plays import UNDATED, Plays

Rows = NDArray[np.int64]

#: A listener's newest listens are read up to this many; what lies before changes no answer that anyone notices.
NEWEST = 10_000

# Built once: putting a statement together takes longer than SQLite takes to answer it.
_ITEM = func.coalesce(items.c.same_as, items.c.key).label("item")
_LIKED = case((listens.c.skipped.is_(True), 0), else_=1).label("plays")
_HEARD = (
    select(listens.c.user_key, _ITEM, _LIKED, listens.c.listened_at.label("at"), listens.c.item_key.label("stored"))
    .join(items, items.c.key == listens.c.item_key)
    .where(listens.c.incognito.is_not(True))
)
_TOTALS = select(play_counts.c.user_key, _ITEM, play_counts.c.plays).join(items, items.c.key == play_counts.c.item_key)
_HEARD_BY_ONE = (
    _HEARD.with_only_columns(listens.c.user_key, _ITEM, _LIKED, listens.c.listened_at)
    .where(listens.c.user_key == bindparam("user"))
    .order_by(listens.c.listened_at.desc(), listens.c.item_key.desc())
    .limit(NEWEST)
)
_TOTALS_OF_ONE = _TOTALS.where(play_counts.c.user_key == bindparam("user"))
_USERS: BindParameter[int] = bindparam("users", expanding=True)
_PROFILES = select(subjects.c.user_key, subjects.c.country, subjects.c.age).where(subjects.c.user_key.in_(_USERS))
_BLOCKED = select(blocks.c.user_key, blocks.c.item_key).where(blocks.c.user_key.in_(_USERS))


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
    asked = np.array(user_keys, dtype=np.int64)
    listeners, where = np.unique(asked, return_inverse=True)
    heard, totals = _of_one(connection, user_keys[0]) if len(listeners) == 1 else _of_many(connection, listeners)
    users, keys, weights = np.concatenate([heard[:, :3], totals]).T
    times = np.concatenate([heard[:, 3], np.full(len(totals), UNDATED)])
    if roots:
        keys = np.array([roots.get(key, key) for key in keys.tolist()], dtype=np.int64)
    indices = vocabulary.indices(keys)
    places = np.searchsorted(listeners, users)
    # In one order whatever the way they were read, so that one answer is the batch's to the last digit.
    order = np.lexsort((indices, times, places))
    order = order[indices[order] >= 0]
    indptr = np.concatenate([[0], np.cumsum(np.bincount(places[order], minlength=len(listeners)))])
    plays = Plays(
        indptr.astype(np.int64),
        indices[order].astype(np.int32),
        weights[order].astype(np.float32),
        times[order],
        len(vocabulary.keys),
        time.time_ns() // 1_000_000,
    )
    countries, ages = _profiles(connection, user_keys)
    return replace(plays if len(asked) == 1 else plays.select(where), countries=countries, ages=ages)


def _of_one(connection: Connection, user_key: int) -> tuple[Rows, Rows]:
    """Read a listener's newest listens (listener, item, weight, time) and totals (listener, item, weight)."""
    found = (connection.execute(statement, {"user": user_key}).all() for statement in (_HEARD_BY_ONE, _TOTALS_OF_ONE))
    heard, totals = ([tuple(row) for row in rows] for rows in found)
    return np.array(heard, dtype=np.int64).reshape(-1, 4), np.array(totals, dtype=np.int64).reshape(-1, 3)


def _of_many(connection: Connection, user_keys: NDArray[np.int64]) -> tuple[Rows, Rows]:
    """Read the same of many listeners, in columns: row by row would take the interpreter for each row."""
    keys = user_keys.tolist()
    heard = bulk.read(connection, _HEARD.where(listens.c.user_key.in_(keys)))
    if len(heard) > NEWEST:
        newest = ("at", "stored")
        age = pl.struct(newest).rank("ordinal", descending=True).over("user_key")
        heard = heard.filter(age <= NEWEST)
    totals = bulk.read(connection, _TOTALS.where(play_counts.c.user_key.in_(keys)))
    return heard.drop("stored").to_numpy().reshape(-1, 4), totals.to_numpy().reshape(-1, 3)


def _profiles(connection: Connection, user_keys: Sequence[int]) -> tuple[list[str | None], list[int | None]]:
    """Read countries and ages of listeners, in their order."""
    rows = {row.user_key: row for row in connection.execute(_PROFILES, {"users": user_keys})}
    found = [rows.get(key) for key in user_keys]
    return [row and row.country for row in found], [row and row.age for row in found]


def read_blocked(connection: Connection, user_keys: Sequence[int]) -> dict[int, set[int]]:
    """Read which items, by key, each listener blocked; listeners who blocked nothing are absent.

    With an item go all that count as one with it, now: models trained before a merge still know them apart.
    """
    rows = connection.execute(_BLOCKED, {"users": user_keys}).all()
    same = families(connection, {row.item_key for row in rows})
    found: dict[int, set[int]] = {}
    for row in rows:
        found.setdefault(row.user_key, set()).update(same[row.item_key])
    return found
