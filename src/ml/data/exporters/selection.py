"""What can be exported as a table, and its rows.

Conventions
-----------
- Columns carry the names that ``ml import`` guesses, so that an exported table can be
  imported again: the same listens of the same items.
- Listeners and items stand with their outside ids. An item that no source has named has
  none; ``key`` of the table ``items`` holds what names it in this workspace alone.
- Rows name the item that they came with. What counts as the same stands in ``same_as``.
- Times are UTC; durations are ``_ms``.
- Private sessions are marked (``incognito``), not left out.
- ``profiles`` is the only table with personal data.
- ``feedback`` is what listeners said and did not take back; its events are no plays, so that it cannot be imported.
- Rows come in slices of bounded size, all of one state of the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl
from sqlalchemy import Column, Connection, Select, func, or_, select, tuple_

from ml.data.exporters.naming import item_ids, item_names, title, user_ids
from ml.data.frames import Schema
from ml.data.schema import feedback, items, listens, play_counts, playlist_items, playlists, subjects, tags
from ml.data.store import bulk
from ml.data.vault.profiles import profile_frame

#: Rows of one slice: some 20 MB as text.
SLICE_ROWS = 250_000

_TEXT, _WHOLE, _YES_NO, _TIME = pl.String(), pl.Int64(), pl.Boolean(), pl.Datetime("ms", "UTC")
_ITEM: Schema = {"item_id": _TEXT, "kind": _TEXT, "title": _TEXT, "artist": _TEXT, "album": _TEXT}

#: Gives the rows of a table, of one listener where a key is given.
Rows = Callable[[Connection, int | None], Iterator[pl.DataFrame]]


@dataclass(frozen=True)
class Selection:
    """A table that can be exported.

    Parameters
    ----------
    columns : mapping of str to polars.DataType
    rows : callable
    """

    columns: Schema
    rows: Rows

    def read(self, connection: Connection, user_key: int | None = None) -> Iterator[pl.DataFrame]:
        """Read the table in slices; their columns are :attr:`columns`, in that order.

        Parameters
        ----------
        user_key : int, optional
            Only what belongs to this listener; of items, those in their history and playlists.
        """
        for rows in self.rows(connection, user_key):
            yield rows.select(_typed(name, dtype) for name, dtype in self.columns.items())


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
    return pl.col(name).cast(dtype)


def _listens(connection: Connection, user_key: int | None) -> Iterator[pl.DataFrame]:
    things, listeners = item_names(connection), user_ids(connection)
    for page in _listen_pages(connection, user_key):
        yield _named(page, things, listeners)


def _listen_pages(connection: Connection, user_key: int | None) -> Iterator[pl.DataFrame]:
    """Walk along the primary key: one listener may have millions of listens."""
    table = listens.c
    key = (table.user_key, table.listened_at, table.item_key)
    rest = (table.ms_played, table.skipped, table.incognito, table.shuffle, table.device, table.activity)
    wanted = _of(select(*key, *rest), table.user_key, user_key).order_by(*key).limit(SLICE_ROWS)
    page = bulk.read(connection, wanted)
    while len(page):
        page = page.sort(column.name for column in key)
        yield page
        if len(page) < SLICE_ROWS:
            return
        last = page.select(column.name for column in key).row(-1)
        page = bulk.read(connection, wanted.where(tuple_(*key) > tuple_(*last)))


def _counts(connection: Connection, user_key: int | None) -> Iterator[pl.DataFrame]:
    things, listeners = item_names(connection), user_ids(connection)
    table = play_counts.c
    wanted = _of(select(table.user_key, table.item_key, table.plays), table.user_key, user_key)
    for part in _stretches(connection, wanted, table.item_key if user_key else table.user_key):
        yield _named(part.sort("user_key", "item_key"), things, listeners)


def _tags(connection: Connection, user_key: int | None) -> Iterator[pl.DataFrame]:
    """Give the tags of listeners and of nobody in particular; genres stand with the items."""
    things, listeners = item_names(connection), user_ids(connection)
    table = tags.c
    wanted = select(table.user_key, table.item_key, table.tag, table.tagged_at).where(table.kind == "tag")
    for part in _stretches(connection, _of(wanted, table.user_key, user_key), table.item_key):
        yield _named(part.sort("item_key", "tag", "user_key"), things, listeners)


def _items(connection: Connection, user_key: int | None) -> Iterator[pl.DataFrame]:
    table = items.c
    ids = item_ids(connection)
    own_key = pl.format("key:{}", "item_key").alias("key")
    roots = ids.rename({"item_key": "same_as", "item_id": "root_id"})
    wanted = select(table.key.label("item_key"), *(table[name] for name in _STORED))
    if user_key is not None:
        wanted = wanted.where(_belongs_to(user_key))
    genres = _genres(connection)
    for part in _stretches(connection, wanted, table.key):
        named = part.sort("item_key").join(ids, on="item_key", how="left", maintain_order="left")
        named = named.join(genres, on="item_key", how="left", maintain_order="left")
        named = named.join(roots, on="same_as", how="left", maintain_order="left")
        root = pl.coalesce("root_id", pl.format("key:{}", "same_as"))
        yield named.with_columns(own_key, title(), pl.col("credit").alias("artist"), root.alias("same_as"))


_STORED = (
    "kind name credit album duration_ms isrc mbid year language explicit country match same_as".split()  # noqa: SIM905
)


def _belongs_to(user_key: int) -> Any:
    """Say that an item is in a listener's listens, totals, playlists or feedback."""
    own = select(playlist_items.c.item_key).join(playlists, playlists.c.key == playlist_items.c.playlist_key)
    return or_(
        items.c.key.in_(select(listens.c.item_key).where(listens.c.user_key == user_key)),
        items.c.key.in_(select(play_counts.c.item_key).where(play_counts.c.user_key == user_key)),
        items.c.key.in_(own.where(playlists.c.user_key == user_key)),
        items.c.key.in_(select(feedback.c.item_key).where(feedback.c.user_key == user_key)),
    )


def _genres(connection: Connection) -> pl.DataFrame:
    wanted = select(tags.c.item_key, tags.c.tag).where(tags.c.kind == "genre")
    rows = bulk.read(connection, wanted, split=tags.c.item_key)
    return rows.group_by("item_key").agg(pl.col("tag").unique().sort().alias("genres"))


def _profiles(connection: Connection, user_key: int | None) -> Iterator[pl.DataFrame]:
    table = subjects.c
    names = user_ids(connection)
    for part in _stretches(connection, _of(select(table.user_key), table.user_key, user_key), table.user_key):
        known = profile_frame(connection, part["user_key"].to_list())
        yield known.join(names, on="user_key", how="inner").sort("user_id")


def _feedback(connection: Connection, user_key: int | None) -> Iterator[pl.DataFrame]:
    things, listeners = item_names(connection), user_ids(connection)
    table = feedback.c
    columns = (table.user_key, table.event_id, table.item_key, table.until_at, table.from_ms, table.to_ms)
    wanted = select(*columns, table.kind.label("event"), table.at.label("said_at")).where(table.undone.is_(False))
    for part in _stretches(connection, _of(wanted, table.user_key, user_key), table.event_id):
        yield _named(part.sort("event_id"), things, listeners)


def _of(statement: Select[Any], column: Column[int], user_key: int | None) -> Select[Any]:
    return statement if user_key is None else statement.where(column == user_key)


def _stretches(connection: Connection, statement: Select[Any], by: Column[int]) -> Iterator[pl.DataFrame]:
    """Read a statement in stretches of a column whose values are spread evenly."""
    inner = statement.with_only_columns(by.label("by")).subquery()
    bounds = select(func.count(), func.min(inner.c.by), func.max(inner.c.by))
    count, low, high = connection.execute(bounds).one()
    parts = -(-count // SLICE_ROWS)
    cuts = [low + (high + 1 - low) * part // parts for part in range(parts + 1)] if count else []
    for start, stop in pairwise(cuts):
        yield bulk.read(connection, statement.where(by >= start, by < stop))


def _named(rows: pl.DataFrame, things: pl.DataFrame, listeners: pl.DataFrame) -> pl.DataFrame:
    """Put names in the place of keys."""
    rows = rows.join(things, on="item_key", how="left", maintain_order="left")
    return rows.join(listeners, on="user_key", how="left", maintain_order="left")


#: Every table that can be exported, by name.
SELECTIONS: dict[str, Selection] = {
    "listens": Selection(
        {"user_id": _TEXT, "listened_at": _TIME}
        | _ITEM
        | {
            "ms_played": _WHOLE,
            "skipped": _YES_NO,
            "incognito": _YES_NO,
            "shuffle": _YES_NO,
            "device": _TEXT,
            "activity": _TEXT,
        },
        _listens,
    ),
    "counts": Selection({"user_id": _TEXT} | _ITEM | {"plays": _WHOLE}, _counts),
    "items": Selection(
        _ITEM
        | {
            "duration_ms": _WHOLE,
            "isrc": _TEXT,
            "mbid": _TEXT,
            "year": _WHOLE,
            "language": _TEXT,
            "explicit": _YES_NO,
            "country": _TEXT,
            "genres": pl.List(pl.String()),
            "same_as": _TEXT,
            "key": _TEXT,
        },
        _items,
    ),
    "tags": Selection({"user_id": _TEXT} | _ITEM | {"tag": _TEXT, "tagged_at": _TIME}, _tags),
    "feedback": Selection(
        {"user_id": _TEXT, "event": _TEXT, "said_at": _TIME}
        | _ITEM
        | {"until_at": _TIME, "from_ms": _WHOLE, "to_ms": _WHOLE, "event_id": _WHOLE},
        _feedback,
    ),
    "profiles": Selection(
        {"user_id": _TEXT, "name": _TEXT, "gender": _TEXT, "age": _WHOLE, "country": _TEXT, "registered_at": _TIME},
        _profiles,
    ),
}
