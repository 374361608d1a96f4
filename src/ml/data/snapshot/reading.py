"""What a snapshot takes from the store."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from itertools import pairwise
from queue import SimpleQueue
from typing import Any

import numpy as np
import polars as pl
from sqlalchemy import Connection, PoolProxiedConnection, select, tuple_

from ml.data import schema
from ml.data.snapshot.roots import Roots
from ml.data.snapshot.tables import TABLES
from ml.data.store import Store, bulk

#: Listens of one part: some 15 MB as text and 20 MB as columns.
PART_ROWS = 250_000
_LISTENS = TABLES["listens"]

# How often readers begin again because somebody wrote meanwhile; a beginning takes a millisecond.
_ATTEMPTS = 20
_MERGED = ("credit", "album", "duration_ms", "isrc", "mbid", "year", "language", "explicit", "country")


@contextmanager
def same_state(store: Store, count: int) -> Iterator[list[Connection]]:
    """Give up to ``count`` transactions that all see one state of the database.

    SQLite cannot be asked for that, but it can tell whether somebody wrote while they began; then
    they begin again. Where others write without a pause, and on PostgreSQL, it is one transaction.
    """
    if store.engine.dialect.name == "sqlite":
        for _ in range(_ATTEMPTS):
            with ExitStack() as stack:
                watcher = stack.enter_context(closing(store.engine.raw_connection()))
                before = _version(watcher)
                connections = [stack.enter_context(store.read()) for _ in range(count)]
                if _version(watcher) == before:
                    yield connections
                    return
    with store.read() as connection:
        yield [connection]


def _version(watcher: PoolProxiedConnection) -> int:
    """Give a number that changes for this connection whenever another one has written."""
    driver: Any = watcher.driver_connection
    return int(driver.execute("PRAGMA data_version").fetchone()[0])


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


def read_listens(connections: Sequence[Connection], roots: Roots) -> Iterator[pl.DataFrame]:
    """Read the table ``listens`` in its order, in parts of about :data:`PART_ROWS`.

    Parameters
    ----------
    connections : sequence of sqlalchemy.Connection
        They see the same state of the database, and read at the same time.
    roots : Roots
    """
    free: SimpleQueue[Connection] = SimpleQueue()
    for connection in connections:
        free.put(connection)

    def part(low: Moment | None, high: Moment | None) -> pl.DataFrame:
        connection = free.get()
        try:
            return _rooted(_between(connection, low, high), roots)
        finally:
            free.put(connection)

    moments = [None, *_cuts(connections[0]), None]
    with ThreadPoolExecutor(len(connections), thread_name_prefix="ml-snapshot-read") as beside:
        coming: deque[Future[pl.DataFrame]] = deque()
        for low, high in pairwise(moments):
            coming.append(beside.submit(part, low, high))
            # One part more than there are readers, so that none of them waits for us.
            if len(coming) > len(connections):
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


#: A listener and a time: listens of one moment may turn out to be doubles, and stay together in one part.
Moment = tuple[int, int]


def _cuts(connection: Connection) -> list[Moment]:
    """Find where parts end: the database counts along its key, and reads nothing else."""
    key = (schema.listens.c.user_key, schema.listens.c.listened_at)
    step = select(*key).order_by(*key).limit(1).offset(PART_ROWS)
    cuts: list[Moment] = []
    found = connection.execute(step).first()
    while found:
        cuts.append((found[0], found[1]))
        found = connection.execute(step.where(tuple_(*key) > tuple_(*cuts[-1]))).first()
    return cuts


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
