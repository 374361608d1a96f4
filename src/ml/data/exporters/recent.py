"""A listener's listens of tracks with what they were of, newest first: a stretch of the history at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from ml.data.identity import find_user, outside_ids
from ml.data.schema import items, listens
from ml.data.store import Store

#: As far as times can be asked about, in UTC milliseconds either way.
_FAR = 1 << 53


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some listens of a history.

    Parameters
    ----------
    listens : tuple of mapping
        Columns ``listened_at`` (UTC milliseconds), ``item_id``, ``name``, ``credit``, ``album``, ``duration_ms``,
        ``isrc``, ``mbid``, ``ms_played`` and ``device``, newest first.
    oldest_at, latest_at : int or None
        The first and the last listen of the whole history, UTC milliseconds.
    """

    listens: tuple[Mapping[str, Any], ...]
    oldest_at: int | None
    latest_at: int | None


def listens_between(
    store: Store, user_id: str, *, since: int | None = None, before: int | None = None, most: int = 25
) -> Stretch:
    """Read listens of tracks.

    Parameters
    ----------
    user_id : str
    since : int, optional
        First moment that counts, UTC milliseconds. Without ``before``, the listens that follow it are given.
    before : int, optional
        First moment that does not count any more.
    most : int
        How many listens are given.

    Raises
    ------
    UnknownId, AmbiguousId
    """
    with store.read() as connection:
        mine = _of(find_user(connection, user_id))
        ends = connection.execute(_tracks(func.min(listens.c.listened_at), func.max(listens.c.listened_at), mine)).one()
        for at, after in ((since, True), (before, False)):
            if at is not None:
                bound = max(-_FAR, min(at, _FAR))
                mine &= listens.c.listened_at >= bound if after else listens.c.listened_at < bound
        about = (items.c[name] for name in ("key", "name", "credit", "album", "duration_ms", "isrc", "mbid"))
        statement = _tracks(listens.c.listened_at, listens.c.ms_played, listens.c.device, *about, mine)
        onwards = since is not None and before is None
        order = listens.c.listened_at if onwards else listens.c.listened_at.desc()
        rows = [row._asdict() for row in connection.execute(statement.order_by(order).limit(most))]
        ids = outside_ids(connection, "item", [row["key"] for row in rows])
        rows = [row | {"item_id": ids[row.pop("key")]} for row in rows]
    return Stretch(tuple(rows[::-1] if onwards else rows), *ends)


def count_listens(store: Store, user_id: str) -> int:
    """Count a listener's listens of tracks.

    Raises
    ------
    UnknownId, AmbiguousId
    """
    with store.read() as connection:
        mine = _of(find_user(connection, user_id))
        return int(connection.execute(_tracks(func.count(), mine)).scalar_one())


def _of(user_key: int) -> ColumnElement[bool]:
    return (listens.c.user_key == user_key) & (items.c.kind == "track")


def _tracks(*columns_and_where: Any) -> Select[Any]:
    *columns, where = columns_and_where
    return select(*columns).select_from(listens.join(items, items.c.key == listens.c.item_key)).where(where)
