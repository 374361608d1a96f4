"""The same listen in two exports, one of which rounds its times to the minute.

Spotify's account data gives the minute in which a listen ended; its extended history
gives the second. Both give the milliseconds played. Two rows of one listener are the same
listen if they name the same recording, were played for the same time and ended in the
same minute. The exact row stays.
"""

from __future__ import annotations

import polars as pl
from sqlalchemy import Connection, delete, select, tuple_

from ml.data.identity.lookup import matching
from ml.data.schema import items, listens
from ml.data.store import Store

MINUTE_MS = 60_000
_SAME = ["user_key", "root", "ms_played", "minute"]
_DELETED_AT_ONCE = 2_000


def rounded() -> pl.Expr:
    """Whether a listen's time is known to the minute only."""
    return pl.col("precision_ms").fill_null(0) >= MINUTE_MS


def drop_known_exactly(store: Store, frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out rounded listens that the store holds exactly."""
    coarse = frame.filter(rounded())
    if coarse.is_empty():
        return frame
    with store.read() as connection:
        there = _stored(connection, coarse, precise=True)
        doubles = _marked(connection, coarse).join(there, on=_SAME, how="semi")
    key = ["user_key", "listened_at", "item_key"]
    return frame.join(doubles.select(key), on=key, how="anti")


def delete_rounded(store: Store, frame: pl.DataFrame) -> int:
    """Delete stored rounded listens whose exact form is about to be written; return how many."""
    exact = frame.filter(~rounded() & pl.col("ms_played").is_not_null())
    if exact.is_empty():
        return 0
    with store.read() as connection:
        there = _stored(connection, exact, precise=False)
        gone = there.join(_marked(connection, exact), on=_SAME, how="semi") if len(there) else there
    for part in gone.iter_slices(_DELETED_AT_ONCE):
        keys = list(part.select("user_key", "listened_at", "item_key").iter_rows())
        with store.write() as connection:
            at = tuple_(listens.c.user_key, listens.c.listened_at, listens.c.item_key)
            connection.execute(delete(listens).where(at.in_(keys)))
    return len(gone)


def _stored(connection: Connection, frame: pl.DataFrame, *, precise: bool) -> pl.DataFrame:
    """Read the stored listens of the same listeners and time, exact or rounded."""
    low, high = frame["listened_at"].min(), frame["listened_at"].max()
    columns = (listens.c.user_key, listens.c.listened_at, listens.c.item_key, listens.c.ms_played)
    coarse = listens.c.precision_ms >= MINUTE_MS
    statement = select(*columns).where(
        listens.c.listened_at.between(low - MINUTE_MS, high + MINUTE_MS),  # type: ignore[operator]
        listens.c.ms_played.is_not(None),
        (listens.c.precision_ms < MINUTE_MS) if precise else coarse,
    )
    users = frame["user_key"].unique().to_list()
    return _marked(connection, matching(connection, statement, listens.c.user_key, users))


def _marked(connection: Connection, frame: pl.DataFrame) -> pl.DataFrame:
    """Add what two rows of one listen have in common: the recording and the minute of its end."""
    statement = select(items.c.key.label("item_key"), items.c.same_as)
    redirects = matching(connection, statement, items.c.key, frame["item_key"].unique().to_list())
    end = pl.col("listened_at") + pl.col("ms_played")
    return frame.join(redirects, on="item_key", how="left").with_columns(
        pl.coalesce("same_as", "item_key").alias("root"), (end // MINUTE_MS).alias("minute")
    )
