"""Merges made by recognition or by hand: seen, made, undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, literal, select, tuple_, update

from ml.data.identity.lookup import check_text, find_item, outside_ids, own_key, roots
from ml.data.schema import aliases, items
from ml.foundation.errors import BadInput, UnknownId
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Merge(Result):
    """One item that counts as another.

    Parameters
    ----------
    item_id, same_as_id : str
        Outside ids.
    item, same_as : str
        How people call them.
    kind : str
    confidence : float
        In [0, 1]; 1 for a merge by hand.
    method : str
        ``isrc``, ``mbid``, ``name and duration``, ``path`` (a playlist names the file), ``name`` or ``hand``.
    """

    item_id: str
    item: str
    same_as_id: str
    same_as: str
    kind: str
    confidence: float
    method: str


def list_merges(
    connection: Connection, *, below: float = 1.01, limit: int = 50, after: str | None = None
) -> list[Merge]:
    """List merges, the least certain first.

    Parameters
    ----------
    below : float
        Only merges of a confidence below this.
    limit : int
        How many at most.
    after : str, optional
        Outside id of the merged item to go on behind.

    Raises
    ------
    UnknownId
        If that item counts as no other, or no longer.
    """
    columns = (
        items.c.key,
        items.c.same_as,
        items.c.kind,
        items.c.confidence,
        items.c.method,
        items.c.name,
        items.c.credit,
    )
    statement = select(*columns).where(items.c.same_as.is_not(None), items.c.confidence < below)
    if after is not None:
        last = _merged(connection, after)
        if last is None or last.same_as is None:
            raise UnknownId(f"no merged item {after!r}", "begin again with the first")
        place = tuple_(items.c.confidence, items.c.key)
        statement = statement.where(place > tuple_(literal(last.confidence), literal(last.key)))
    rows = connection.execute(statement.order_by(items.c.confidence, items.c.key).limit(limit)).all()
    ids = outside_ids(connection, "item", [key for row in rows for key in (row.key, row.same_as)])
    return [
        Merge(
            item_id=ids[row.key],
            item=f"{row.credit} — {row.name}" if row.credit else row.name,
            same_as_id=ids[row.same_as],
            same_as=roots(connection, [row.same_as])[0].label,
            kind=row.kind,
            confidence=float(row.confidence),
            method=row.method,
        )
        for row in rows
    ]


def merge(connection: Connection, one: str, other: str) -> Merge:
    """Let ``other`` count as ``one`` from now on; :func:`split` undoes it.

    Raises
    ------
    UnknownId, AmbiguousId
    BadInput
        If they are of different kinds, or one item already.
    """
    kept, gone = find_item(connection, one), find_item(connection, other)
    if kept.kind != gone.kind:
        raise BadInput(f"{one!r} is a {kept.kind} and {other!r} a {gone.kind}", "merge two of one kind")
    if kept.key == gone.key:
        raise BadInput(f"{one!r} and {other!r} are one item already", "see: ml identity list")
    # What pointed to the merged item goes on pointing to it: readers follow the chain, and a split restores all.
    by_hand = {"same_as": kept.key, "confidence": 1.0, "method": "hand"}
    connection.execute(update(items).where(items.c.key == gone.key).values(by_hand))
    ids = outside_ids(connection, "item", [kept.key, gone.key])
    return Merge(ids[gone.key], gone.label, ids[kept.key], kept.label, kept.kind, 1.0, "hand")


def split(connection: Connection, text: str) -> str:
    """Let an item stand for itself again, with its own listens; return its label.

    Parameters
    ----------
    text : str
        The outside id of the merged item, as :func:`list_merges` shows it.

    Raises
    ------
    UnknownId
    BadInput
        If a character cannot be part of an id, or it is not merged into another.
    """
    row = _merged(connection, text)
    if row is None:
        raise UnknownId(f"no item {text!r}", "ids of merged items are listed by: ml identity list")
    if row.same_as is None:
        raise BadInput(f"{text!r} is not merged into another item", "see: ml identity list")
    alone = {"same_as": None, "confidence": None, "method": None}
    connection.execute(update(items).where(items.c.key == row.key).values(alone))
    return str(row.name)


def _merged(connection: Connection, text: str) -> Row[Any] | None:
    """Find the row of an item itself, not of what it counts as."""
    check_text(text)
    source, _, external = text.partition(":")
    statement = select(aliases.c.item_key).where(aliases.c.source == source, aliases.c.external_id == external)
    own = own_key(text)
    key = connection.execute(statement).scalar() if own is None else own
    found = select(items.c.key, items.c.same_as, items.c.confidence, items.c.name).where(items.c.key == key)
    return cast("Row[Any] | None", connection.execute(found).one_or_none())
