"""What a snapshot takes from the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Connection, Select, select, tuple_

from ml.data import schema
from ml.data.snapshot.readers import Readers
from ml.data.snapshot.roots import Roots
from ml.data.snapshot.tables import TABLES
from ml.data.store import bulk

#: Listens of one part: some 15 MB as text and 20 MB as columns.
PART_ROWS = 250_000
_LISTENS = TABLES["listens"]

_MERGED = ("credit", "album", "duration_ms", "isrc", "mbid", "year", "language", "explicit", "country")


#: Asks for the next rows of a table, and says of which one.
Question = Callable[[Connection], tuple[str, pl.DataFrame]]


def read_tables(readers: Readers) -> Iterator[tuple[str, pl.DataFrame]]:
    """Read every table, a large one in parts: pairs of a table's name and its next rows, in its order."""
    roots = readers.read(read_roots)
    yield "redirects", read_redirects(roots)
    yield from readers.ahead(_questions(readers, roots))


def _questions(readers: Readers, roots: Roots) -> Iterator[Question]:
    def ask(name: str, read: Callable[..., pl.DataFrame], **options: Moment | None) -> Question:
        def answer(connection: Connection) -> tuple[str, pl.DataFrame]:
            return name, read(connection, roots, **options)

        return answer

    yield ask("features", read_features)
    yield ask("tags", read_tags)
    yield ask("items", read_items)
    yield ask("credits", read_credits)
    yield ask("counts", read_counts)
    yield ask("feedback", read_feedback)
    # Last, since small parts end at about the same time whoever reads them.
    for low, high in pairwise(_moments(readers)):
        yield ask("listens", read_listens, low=low, high=high)


def read_roots(connection: Connection) -> Roots:
    """Read what is the same as what."""
    table = schema.items.c
    return Roots.of(bulk.read(connection, select(table.key, table.same_as), split=table.key))


def read_items(connection: Connection, roots: Roots) -> pl.DataFrame:
    """Read the table ``items``; what a root lacks itself comes from what it absorbed."""
    table = schema.items.c
    columns = [table[name] for name in TABLES["items"].columns]
    rows = bulk.read(connection, select(*columns), split=table.key)
    rows = rows.with_columns(root=roots.apply(rows["key"]))
    absorbed = rows.filter(pl.col("key") != pl.col("root"))
    families = rows.filter(pl.col("root").is_in(absorbed["root"].implode()))
    values = (
        families.sort("root", pl.col("key") != pl.col("root"), "key")
        .group_by("root", maintain_order=True)
        .agg(pl.col(_MERGED).drop_nulls().first())
    )
    mended = rows.join(absorbed, on="key", how="anti").join(values, left_on="key", right_on="root", how="left")
    items = mended.select(
        pl.coalesce(name, f"{name}_right").alias(name) if name in _MERGED else name for name in TABLES["items"].columns
    )
    return items.sort("key")


def read_redirects(roots: Roots) -> pl.DataFrame:
    """Give the table ``redirects``."""
    return pl.DataFrame({"key": roots.keys, "root": roots.roots}, schema=TABLES["redirects"].columns)


#: A listener and a time: listens of one moment may turn out to be doubles, and stay together in one part.
Moment = tuple[int, int]


def _moments(readers: Readers) -> Iterator[Moment | None]:
    """Find where parts begin and end: the database counts along its key, and reads nothing else."""
    key = (schema.listens.c.user_key, schema.listens.c.listened_at)
    step = select(*key).order_by(*key).limit(1).offset(PART_ROWS)
    yield None
    found = readers.read(partial(_first, statement=step))
    while found:
        yield found
        further = step.where(tuple_(*key) > tuple_(*found))
        found = readers.read(partial(_first, statement=further))
    yield None


def _first(connection: Connection, statement: Select[Any]) -> Moment | None:
    row = connection.execute(statement).first()
    return None if row is None else (row[0], row[1])


def read_listens(connection: Connection, roots: Roots, *, low: Moment | None, high: Moment | None) -> pl.DataFrame:
    """Read the part of the table ``listens`` after one moment up to another, in its order."""
    return _rooted(_between(connection, low, high), roots)


def _between(connection: Connection, low: Moment | None, high: Moment | None) -> pl.DataFrame:
    table = schema.listens.c
    key = tuple_(table.user_key, table.listened_at)
    wanted = select(*(table[name] for name in _LISTENS.columns)).where(table.incognito.is_not(True))
    if low:
        wanted = wanted.where(key > tuple_(*low))
    if high:
        wanted = wanted.where(key <= tuple_(*high))
    rows = bulk.read(connection, wanted)
    return rows if _ascending(rows) else rows.sort(_LISTENS.key)


def _rooted(rows: pl.DataFrame, roots: Roots) -> pl.DataFrame:
    """Map items to their roots; of listens that become the same, the one with the smallest stored key stays."""
    mapped = rows.with_columns(roots.apply(rows["item_key"]), stored=rows["item_key"])
    if not _ascending(mapped):
        mapped = mapped.sort(*_LISTENS.key, "stored").unique(_LISTENS.key, keep="first", maintain_order=True)
    return mapped.drop("stored")


def _ascending(listens: pl.DataFrame) -> bool:
    """Tell whether listens are sorted without doubles, as they mostly are: looking costs a tenth of sorting."""
    later = np.zeros(max(len(listens) - 1, 0), dtype=bool)
    for name in reversed(_LISTENS.key):
        column = listens[name].to_numpy()
        later = (column[1:] > column[:-1]) | ((column[1:] == column[:-1]) & later)
    return bool(later.all())


def read_counts(connection: Connection, roots: Roots) -> pl.DataFrame:
    """Read the table ``counts``; totals of keys that became one are added."""
    table = schema.play_counts.c
    rows = bulk.read(connection, select(table.user_key, table.item_key, table.plays), split=table.user_key)
    rows = rows.with_columns(roots.apply(rows["item_key"]))
    return rows.group_by("user_key", "item_key").agg(pl.col("plays").sum()).sort("user_key", "item_key")


def read_feedback(connection: Connection, roots: Roots) -> pl.DataFrame:
    """Read the table ``feedback``; of a like and a dislike of one item the later recorded counts."""
    table = schema.feedback.c
    columns = (table.user_key, table.item_key, table.kind, table.at.label("said_at"), table.event_id)
    standing = table.undone.is_(False) & table.kind.in_(("like", "dislike", "add_to_playlist"))
    rows = bulk.read(connection, select(*columns).where(standing)).sort("event_id")
    rows = rows.with_columns(roots.apply(rows["item_key"]), rating=pl.col("kind") != "add_to_playlist")
    last = rows.unique(["user_key", "item_key", "rating"], keep="last")
    return last.drop("event_id", "rating").sort(TABLES["feedback"].key)


def read_tags(connection: Connection, roots: Roots) -> pl.DataFrame:
    """Read the table ``tags``."""
    table = schema.tags.c
    columns = [table[name] for name in TABLES["tags"].columns]
    rows = bulk.read(connection, select(*columns), split=table.item_key)
    rows = rows.with_columns(roots.apply(rows["item_key"]))
    # Only items that became one can have the same tag twice.
    return (rows.unique() if len(roots.keys) else rows).sort(TABLES["tags"].key)


def read_credits(connection: Connection, roots: Roots) -> pl.DataFrame:
    """Read the table ``credits``.

    A root without a credit of its own has that of the first key it absorbed. An artist who
    would stand twice in a credit keeps the first place.
    """
    table = schema.track_artists.c
    columns = [table[name] for name in TABLES["credits"].columns]
    rows = bulk.read(connection, select(*columns), split=table.track_key)
    rows = rows.with_columns(roots.apply(rows["track_key"]).alias("root"), roots.apply(rows["artist_key"]))
    rows = rows.sort("root", pl.col("track_key") != pl.col("root"), "track_key", "position")
    whole = rows.filter(pl.col("track_key") == pl.col("track_key").first().over("root"))
    once = whole.unique(["root", "artist_key"], keep="first", maintain_order=True)
    return once.select(pl.col("root").alias("track_key"), "position", "artist_key", "role").sort(
        "track_key", "position"
    )


def read_features(connection: Connection, roots: Roots) -> pl.DataFrame:
    """Read the table ``features``.

    Where several extractors or versions measured the same feature, the root's own value comes
    before an absorbed key's, then extractors go by name, and of one extractor the greatest version wins.
    """
    table = schema.features.c
    columns = [table.item_key, table.extractor, table.version, table.feature, table.value]
    rows = bulk.read(connection, select(*columns), split=table.item_key)
    rows = rows.with_columns(root=roots.apply(rows["item_key"]))
    order = ["root", "feature", pl.col("item_key") != pl.col("root"), "item_key", "extractor", "version"]
    rows = rows.sort(order, descending=[False] * 5 + [True])
    best = rows.filter(pl.any_horizontal(pl.col("root", "feature").ne_missing(pl.col("root", "feature").shift())))
    # SQLite keeps no sign of zero.
    return best.select(pl.col("root").alias("item_key"), "feature", pl.col("value") + 0.0)
