"""What listeners heard, read from the store as models want it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)

from ml.data.schema import items, listens, play_counts
from ml.data.store import bulk
from ml.data.vault.profiles import Profile, profiles
from ml.models.plays import UNDATED, Plays
from ml.models.situations import Situations
from ml.recommendation_engine.session import EARLY_MS

Rows = NDArray[np.int64]

#: A listener's newest listens are read up to this many; what lies before changes no answer that anyone notices.
NEWEST = 10_000

# Built once: putting a statement together takes longer than SQLite takes to answer it.
_ITEM = func.coalesce(items.c.same_as, items.c.key).label("item")
# A skip is no play; an early one, which counts against, is told apart by its sign.
_LIKED = case(
    (listens.c.skipped.is_(True) & (listens.c.ms_played < EARLY_MS), -1), (listens.c.skipped.is_(True), 0), else_=1
).label("plays")
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
    .limit(bindparam("newest"))
)
_WORDS = (listens.c.activity, listens.c.device)
_HEARD_AND_TOLD, _HEARD_AND_TOLD_BY_ONE = (statement.add_columns(*_WORDS) for statement in (_HEARD, _HEARD_BY_ONE))
_TOTALS_OF_ONE = _TOTALS.where(play_counts.c.user_key == bindparam("user"))
_SPACE = literal_column("' '", String)


def _in_one_text(statement: Select[Any], *columns: str) -> ScalarSelect[str]:
    """Join the numbers of all rows: a driver takes more time for a value than NumPy for reading it out of a text."""
    inner = statement.subquery()
    texts: list[ColumnElement[str]] = [cast(inner.c[name], String) for name in columns]
    row = reduce(lambda one, other: one + _SPACE + other, texts)
    return select(func.aggregate_strings(row, " ")).scalar_subquery()


_ALL_OF_ONE = select(
    _in_one_text(_HEARD_BY_ONE, "item", "plays", "listened_at"), _in_one_text(_TOTALS_OF_ONE, "item", "plays")
)


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


@dataclass(frozen=True)
class Heard:
    """What some listeners heard.

    Parameters
    ----------
    plays : Plays
    early : bool [shape=(n_plays,)]
        Which of them are skips within the first 30 s.
    """

    plays: Plays
    early: NDArray[np.bool_]


def read_heard(
    connection: Connection,
    user_keys: Sequence[int],
    vocabulary: Vocabulary,
    roots: Mapping[int, int],
    *,
    now: int | None = None,
    situations: bool = False,
) -> Heard:
    """Read what some listeners heard, in their order, up to this moment.

    A total without dates weighs as many plays; a skipped listen weighs nothing; an item
    that is the same as another counts as that one. Private sessions are left out.

    Parameters
    ----------
    now : int, optional
        The moment of asking, UTC milliseconds; the clock's if left out.
    situations : bool
        Whether to read the situations of listens too: their words make a history of 2,000 listens take a
        millisecond longer.
    """
    asked = np.array(user_keys, dtype=np.int64)
    listeners, where = np.unique(asked, return_inverse=True)
    one = len(listeners) == 1
    heard, totals, told = (_of_one if one else _of_many)(connection, listeners, situations)
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
        time.time_ns() // 1_000_000 if now is None else now,
        situations=None if told is None else told.take(order),
    )
    plays = plays if len(asked) == 1 else plays.select(where)
    early = plays.weights < 0
    countries, ages = _profiles(connection, user_keys)
    return Heard(replace(plays, weights=np.maximum(plays.weights, 0), countries=countries, ages=ages), early)


def _of_one(connection: Connection, user_keys: Rows, situations: bool) -> tuple[Rows, Rows, Situations | None]:
    """Read a listener's newest listens (listener, item, weight, time), totals (listener, item, weight), situations."""
    asked = {"user": int(user_keys[0]), "newest": NEWEST}
    if not situations:
        own, counted = (_numbers(text) for text in connection.execute(_ALL_OF_ONE, asked).one())
        return _of_user(asked["user"], own.reshape(-1, 3)), _of_user(asked["user"], counted.reshape(-1, 2)), None
    heard = connection.execute(_HEARD_AND_TOLD_BY_ONE, asked).all()
    totals = [tuple(row) for row in connection.execute(_TOTALS_OF_ONE, asked).all()]
    untold: list[str | None] = [None] * len(totals)
    told = Situations.of(*([row[column] for row in heard] + untold for column in (4, 5)))
    numbers = np.array([row[:4] for row in heard], dtype=np.int64).reshape(-1, 4)
    return numbers, np.array(totals, dtype=np.int64).reshape(-1, 3), told


def _numbers(text: str | None) -> Rows:
    return np.fromstring(text or "", dtype=np.int64, sep=" ")


def _of_user(user: int, rows: Rows) -> Rows:
    return np.column_stack([np.full(len(rows), user), rows])


def _of_many(connection: Connection, user_keys: Rows, situations: bool) -> tuple[Rows, Rows, Situations | None]:
    """Read the same of many listeners, in columns: row by row would take the interpreter for each row."""
    keys = user_keys.tolist()
    statement = _HEARD_AND_TOLD if situations else _HEARD
    heard = bulk.read(connection, statement.where(bulk.among(listens.c.user_key, keys)))
    if len(heard) > NEWEST:
        newest = ("at", "stored")
        age = pl.struct(newest).rank("ordinal", descending=True).over("user_key")
        heard = heard.filter(age <= NEWEST)
    totals = bulk.read(connection, _TOTALS.where(bulk.among(play_counts.c.user_key, keys)))
    told = None
    if situations:
        untold = pl.repeat(None, len(totals), dtype=pl.String, eager=True)
        told = Situations.of(*(pl.concat([heard[word.name].cast(pl.String), untold]) for word in _WORDS))
    numbers = heard.select("user_key", "item", "plays", "at").to_numpy().reshape(-1, 4)
    return numbers, totals.to_numpy().reshape(-1, 3), told


def _profiles(connection: Connection, user_keys: Sequence[int]) -> tuple[list[str | None], list[int | None]]:
    """Read countries and ages of listeners, in their order."""
    known = profiles(connection, user_keys)
    found = [known.get(key, Profile()) for key in user_keys]
    return [profile.country for profile in found], [profile.age for profile in found]
