"""One event at a time: durable before it returns."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from ml.data.identity.lookup import families
from ml.data.ingest.checks import AHEAD_MS, DAY_MS, EARLIEST_MS, clean_text
from ml.data.schema import blocks, listens
from ml.data.store import Store
from ml.foundation.errors import BadInput


def record_listen(
    store: Store,
    user_key: int,
    item_key: int,
    *,
    listened_at: int | None = None,
    ms_played: int | None = None,
    skipped: bool | None = None,
    device: str | None = None,
    activity: str | None = None,
) -> int:
    """Store a listen; return when it started, in UTC milliseconds.

    Parameters
    ----------
    listened_at : int, optional
        Start in UTC milliseconds; now if left out. A moment already taken by the same
        listen (same listener, same item) is the same event and changes nothing, unless it
        is *now*: then the next free millisecond is taken, so that no event is lost.

    Raises
    ------
    BadInput
        If the time or the playing time cannot be.
    StoreBusy, DiskFull
    """
    now = time.time_ns() // 1_000_000
    at = now if listened_at is None else listened_at
    if not EARLIEST_MS <= at <= now + AHEAD_MS:
        raise BadInput(f"a listen {_shown(at)} is dated in the future or before 1971", "check the date and its unit")
    if ms_played is not None and not 0 <= ms_played <= DAY_MS:
        raise BadInput(f"a playing time of {ms_played} ms cannot be", "give milliseconds between 0 and one day")
    values: dict[str, object] = {"user_key": user_key, "item_key": item_key, "ms_played": ms_played, "skipped": skipped}
    values |= {"device": clean_text(device), "activity": clean_text(activity)}
    with store.write() as connection:
        same = (listens.c.user_key == user_key) & (listens.c.item_key == item_key)
        while connection.execute(select(listens.c.item_key).where(same, listens.c.listened_at == at)).first():
            if listened_at is not None:
                return at
            at += 1
        connection.execute(insert(listens).values(values | {"listened_at": at}))
    return at


def record_block(store: Store, user_key: int, item_key: int, *, blocked: bool = True) -> None:
    """Note that a listener never wants to be offered an item, or take that back.

    Items that were merged are one: taking back a block takes back that of each of them.
    """
    with store.write() as connection:
        one = families(connection, [item_key])[item_key]
        connection.execute(delete(blocks).where(blocks.c.user_key == user_key, blocks.c.item_key.in_(one)))
        if blocked:
            values = {"user_key": user_key, "item_key": item_key, "blocked_at": time.time_ns() // 1_000_000}
            connection.execute(insert(blocks).values(values))


def _shown(ms: int) -> str:
    try:
        return f"at {datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"
    except (OverflowError, ValueError, OSError):
        return f"at {ms} ms"
