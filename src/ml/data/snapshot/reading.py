"""What a snapshot takes from the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import polars as pl
from sqlalchemy import Connection, select, text, tuple_

from ml.data import schema
from ml.data.snapshot.roots import Roots
from ml.data.snapshot.tables import TABLES
from ml.data.store import Store, bulk

#: Listens of one part: some 15 MB as text and 20 MB as columns.
PART_ROWS = 250_000
_LISTENS = TABLES["listens"]

_MERGED = ("credit", "album", "duration_ms", "isrc", "mbid", "year", "language", "explicit", "country")


@contextmanager
def one_state(store: Store) -> Iterator[Connection]:
    """Give a transaction whose statements all see the database as it is now, whoever writes meanwhile."""
    with store.read() as connection:
        if connection.dialect.name == "postgresql":
            # By default each statement there sees what was committed before *it* began.
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        yield connection


def read_items(connection: Connection) -> tuple[pl.DataFrame, Roots]:
    """Read the table ``items`` and what is the same as what."""
    table = schema.items.c
    columns = [table[name] for name in TABLES["items"].columns]
    rows = bulk.read(connection, select(*columns, table.same_as), split=table.key)
    roots = Roots.of(rows)
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
    return items.sort("key"), roots


def read_redirects(roots: Roots) -> pl.DataFrame:
    """Give the table ``redirects``."""
    return pl.DataFrame({"key": roots.keys, "root": roots.roots}, schema=TABLES["redirects"].columns)


def read_listens(connection: Connection, roots: Roots) -> Iterator[pl.DataFrame]:
    """Read the table ``listens`` in its order, in parts of about :data:`PART_ROWS`."""
    carried = _LISTENS.empty()
    for page in _pages(connection):
        rows = pl.concat([carried, page])
        if len(page) < PART_ROWS:
            yield _rooted(rows, roots)
            return
        # Listens of one moment may turn out to be doubles: they stay together in one part.
        last = rows.select("user_key", "listened_at").row(-1)
        torn = (pl.col("user_key") == last[0]) & (pl.col("listened_at") == last[1])
        carried = rows.filter(torn)
        yield _rooted(rows.filter(~torn), roots)
    yield _rooted(carried, roots)


def _pages(connection: Connection) -> Iterator[pl.DataFrame]:
    table = schema.listens.c
    key = [table[name] for name in _LISTENS.key]
    columns = [table[name] for name in _LISTENS.columns]
    wanted = select(*columns).where(table.incognito.is_not(True)).order_by(*key).limit(PART_ROWS)
    page = bulk.read(connection, wanted)
    while len(page):
        page = page if _ascending(page) else page.sort(_LISTENS.key)
        yield page
        if len(page) < PART_ROWS:
            return
        last = page.select(_LISTENS.key).row(-1)
        page = bulk.read(connection, wanted.where(tuple_(*key) > tuple_(*last)))


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


def read_tags(connection: Connection, roots: Roots) -> pl.DataFrame:
    """Read the table ``tags``."""
    table = schema.tags.c
    columns = [table[name] for name in TABLES["tags"].columns]
    rows = bulk.read(connection, select(*columns), split=table.item_key)
    return rows.with_columns(roots.apply(rows["item_key"])).unique().sort(TABLES["tags"].key)


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
    best = rows.sort(order, descending=[False] * 5 + [True]).unique(
        ["root", "feature"], keep="first", maintain_order=True
    )
    # SQLite keeps no sign of zero.
    return best.select(pl.col("root").alias("item_key"), "feature", pl.col("value") + 0.0)
