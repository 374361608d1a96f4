"""Listens as players tell them: described or by key, many at once, durable before it returns.

Conventions
-----------
- What is told together is of one listener and is stored in one transaction: all of it or nothing.
- A described listen is of whatever an importer would take it for (:mod:`ml.data.identity`); a track that nobody has
  described before becomes an item.
- A listener hears an item once at a moment. Told again, also by another of the names that count as that item, it adds
  nothing but the playing time, where that was not known.
- While a listener's history is paused nothing is stored, the names of what they played neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import Connection, insert, select, update

from ml.data.frames import ITEM, LISTENS, conform
from ml.data.identity import Resolver
from ml.data.identity.lookup import families, matching_rows
from ml.data.importers.reasons import REASONS
from ml.data.ingest.changes import note_change
from ml.data.ingest.checks import check, clean, clean_text
from ml.data.ingest.record import checked_moment, is_paused
from ml.data.schema import listens
from ml.data.store import Store
from ml.foundation.errors import BadInput
from ml.foundation.results import Result

#: Listens that may be told at once: their transaction keeps other writers waiting.
MOST = 1_000
_KEPT = ("ms_played", "skipped", "precision_ms", "device", "activity")


@dataclass(frozen=True, slots=True)
class Scrobbled(Result):
    """What became of listens that a player told.

    Parameters
    ----------
    stored : int
        Listens that were new.
    known : int
        Listens that were there already.
    paused : bool
        Whether nothing was stored because the listener's history is paused.
    """

    stored: int
    known: int = 0
    paused: bool = False


def record_described(store: Store, user_id: str, described: pl.DataFrame) -> Scrobbled:
    """Store listens that a player describes.

    Parameters
    ----------
    user_id : str
        Outside id of the listener; of nobody yet, it makes a new one.
    described : polars.DataFrame
        Any columns of :data:`ml.data.frames.LISTENS`, at most :data:`MOST` rows; ``user_id`` says nothing here.

    Raises
    ------
    BadInput
        If there are too many, or one of them cannot be; nothing is stored then.
    StoreBusy, DiskFull
    """
    _check_number(len(described))
    frame = clean(conform(described.with_columns(pl.lit(user_id).alias("user_id")), LISTENS))
    frame, bad = check("listens", frame.with_columns(line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)))
    if len(bad):
        line, why, _ = bad.row(0)
        raise BadInput(f"listen {line}: {REASONS.read(why)}", "nothing of what was sent with it is stored")
    resolver = Resolver(store, None)
    with store.write() as connection:
        user_key = _user_key(resolver, connection, user_id)
        if is_paused(connection, user_key):
            return Scrobbled(0, paused=True)
        keys = resolver.items(frame.select(*ITEM, "artist_mbids"), within=connection)
        rows = frame.select("listened_at", *_KEPT).with_columns(keys.alias("item_key")).to_dicts()
        return _write(store, connection, user_key, rows)


def record_heard(
    store: Store, user_id: str, heard: Sequence[tuple[int, int | None]], *, device: str | None = None
) -> Scrobbled:
    """Store listens of items that are known.

    Parameters
    ----------
    user_id : str
        As for :func:`record_described`.
    heard : sequence of (int, int or None)
        Key of the item, and when it began in UTC milliseconds; None means now.
    device : str, optional
        What played it.

    Raises
    ------
    BadInput
        If there are too many, or a time cannot be; nothing is stored then.
    StoreBusy, DiskFull
    """
    _check_number(len(heard))
    device = clean_text(device)
    rows = [{"item_key": key, "listened_at": checked_moment(at), "device": device} for key, at in heard]
    with store.write() as connection:
        user_key = _user_key(Resolver(store, None), connection, user_id)
        if is_paused(connection, user_key):
            return Scrobbled(0, paused=True)
        return _write(store, connection, user_key, rows)


def _check_number(number: int) -> None:
    if number > MOST:
        raise BadInput(f"{number} listens at once", f"send at most {MOST}, and the others after them")


def _user_key(resolver: Resolver, connection: Connection, user_id: str) -> int:
    return int(resolver.users(pl.Series([user_id]), within=connection)[0])


def _write(store: Store, connection: Connection, user_key: int, rows: Sequence[dict[str, Any]]) -> Scrobbled:
    """Store the listens that are new, in the order in which they were told."""
    known = _known(connection, user_key, {row["listened_at"] for row in rows})
    root = _roots(connection, {row["item_key"] for row in rows} | {row.item_key for row in known})
    there = {(row.listened_at, root[row.item_key]): row for row in known}
    new: dict[tuple[int, int], dict[str, Any]] = {}
    for row in rows:
        at = (row["listened_at"], root[row["item_key"]])
        if at not in there:
            new.setdefault(at, row)
        elif there[at].ms_played is None and row.get("ms_played") is not None:
            _add_played(connection, user_key, there[at], row["ms_played"])
    if new:
        first = store.allocate(connection, "event", len(new))
        numbered = [{"user_key": user_key, "event_id": first + n, **row} for n, row in enumerate(new.values())]
        connection.execute(insert(listens), numbered)
        note_change(connection, user_key)
    return Scrobbled(len(new), len(rows) - len(new))


def _known(connection: Connection, user_key: int, moments: Iterable[int]) -> list[Any]:
    columns = select(listens.c.listened_at, listens.c.item_key, listens.c.ms_played)
    mine = columns.where(listens.c.user_key == user_key)
    return matching_rows(connection, mine, listens.c.listened_at, sorted(moments))


def _roots(connection: Connection, keys: set[int]) -> dict[int, int]:
    """Give one key for all items that count as one."""
    return {key: min(family) for key, family in families(connection, keys).items()}


def _add_played(connection: Connection, user_key: int, row: Any, ms_played: int) -> None:
    same = (listens.c.user_key == user_key) & (listens.c.listened_at == row.listened_at)
    one = update(listens).where(same, listens.c.item_key == row.item_key)
    connection.execute(one.values(ms_played=ms_played))
    note_change(connection, user_key)
