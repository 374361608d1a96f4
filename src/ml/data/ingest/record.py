"""One event at a time: durable before it returns.

Conventions
-----------
- Every event that changes something draws the next number of the sequence ``event``: it orders a listener's
  events as they were recorded, whatever dates they bear, and is what :func:`~ml.data.ingest.undo_event` takes.
- The write lock is held from the first statement to the commit, so that events of one listener that are recorded at
  once, by threads or processes, come one after the other and are all kept.
- Plays and skips are listens; everything else is a row of ``feedback``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ml.data.identity.lookup import families
from ml.data.ingest.changes import note_change
from ml.data.ingest.checks import AHEAD_MS, DAY_MS, EARLIEST_MS, clean_text
from ml.data.schema import blocks, feedback, listens, users
from ml.data.store import Store
from ml.foundation.errors import BadInput
from ml.foundation.moments import in_utc

#: Kinds of feedback that only say something, and those that stand in ``blocks`` too: whether they block.
SAID = ("like", "dislike", "not_now", "add_to_playlist", "seek")
BLOCKING = {"block": True, "hide_artist": True, "unblock": False, "show_artist": False}
#: For how long ``not_now`` leaves an item out, where nothing else is said.
NOT_NOW_MS = 7 * DAY_MS

# Built once: putting a statement together takes longer than SQLite takes to answer it.
_PAUSED = select(users.c.paused_at).where(users.c.key == bindparam("user"))
_SAME = select(listens.c.event_id, listens.c.skipped, listens.c.ms_played).where(
    listens.c.user_key == bindparam("user"),
    listens.c.item_key == bindparam("item"),
    listens.c.listened_at == bindparam("at"),
)
_LISTEN, _FEEDBACK = insert(listens), insert(feedback)


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it was stored.

    Parameters
    ----------
    event_id : int or None
        What undoes it; None where nothing was stored, or it was known from an import.
    at : int
        When, UTC milliseconds.
    paused : bool
        Whether it was not stored because the listener's history is paused.
    """

    event_id: int | None
    at: int
    paused: bool = False


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
) -> Event:
    """Store a listen, unless the listener's history is paused.

    Parameters
    ----------
    listened_at : int, optional
        Start in UTC milliseconds; now if left out. A moment already taken by the same
        listen (same listener, same item) is the same event, to which what was not known is added, such as that it
        was skipped; unless it is *now*: then the next free millisecond is taken, so that no event is lost.

    Raises
    ------
    BadInput
        If the time or the playing time cannot be.
    StoreBusy, DiskFull
    """
    at = checked_moment(listened_at)
    check_played("playing time", ms_played)
    values: dict[str, object] = {"user_key": user_key, "item_key": item_key, "ms_played": ms_played, "skipped": skipped}
    values |= {"device": clean_text(device), "activity": clean_text(activity)}
    with store.write() as connection:
        if is_paused(connection, user_key):
            return Event(None, at, paused=True)
        while taken := connection.execute(_SAME, {"user": user_key, "item": item_key, "at": at}).first():
            if listened_at is not None:
                told = {"skipped": skipped, "ms_played": ms_played}
                more = {name: told[name] for name in told if told[name] is not None and getattr(taken, name) is None}
                if more:
                    note_change(connection, user_key)
                    same = (listens.c.user_key == user_key) & (listens.c.item_key == item_key)
                    connection.execute(update(listens).where(same, listens.c.listened_at == at).values(more))
                return Event(taken.event_id, at)
            at += 1
        event_id = store.allocate(connection, "event", 1)
        connection.execute(_LISTEN, values | {"listened_at": at, "event_id": event_id})
        note_change(connection, user_key)
    return Event(event_id, at)


def record_feedback(
    store: Store,
    user_key: int,
    item_key: int,
    kind: str,
    *,
    at: int | None = None,
    until_at: int | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> Event:
    """Store what a listener says about an item.

    Parameters
    ----------
    kind : str
        One of :data:`SAID`. A ``seek`` is listening, and is not stored while the history is paused; the others are
        said on purpose, and are.
    at : int, optional
        UTC milliseconds; now if left out.
    until_at : int, optional
        Of ``not_now``: when the item may come back; :data:`NOT_NOW_MS` later if left out.
    from_ms, to_ms : int, optional
        Of ``seek``: from where to where in the track.

    Raises
    ------
    BadInput
        If a time cannot be.
    StoreBusy, DiskFull
    """
    moment = checked_moment(at)
    check_played("place in a track", from_ms)
    check_played("place in a track", to_ms)
    if kind == "not_now" and until_at is None:
        until_at = moment + NOT_NOW_MS
    if until_at is not None and until_at <= moment:
        raise BadInput("not now, until a moment that is past, means nothing", "give a later one, or leave it out")
    with store.write() as connection:
        if kind == "seek" and is_paused(connection, user_key):
            return Event(None, moment, paused=True)
        more = {"until_at": until_at, "from_ms": from_ms, "to_ms": to_ms}
        return Event(_log(store, connection, user_key, item_key, kind, moment, **more), moment)


def record_block(
    store: Store,
    user_key: int,
    item_key: int,
    *,
    blocked: bool = True,
    kind: str | None = None,
    at: int | None = None,
) -> Event:
    """Note that a listener never wants to be offered an item, or take that back.

    Items that were merged are one: taking back a block takes back that of each of them.

    Parameters
    ----------
    kind : str, optional
        Under which name of :data:`BLOCKING` the event is kept; ``block`` or ``unblock`` if left out.
    """
    moment = checked_moment(at)
    with store.write() as connection:
        before = set_block(connection, user_key, item_key, moment if blocked else None)
        kind = kind or ("block" if blocked else "unblock")
        event_id = _log(store, connection, user_key, item_key, kind, moment, blocked_before=before)
    return Event(event_id, moment)


def set_block(connection: Connection, user_key: int, item_key: int, blocked_at: int | None) -> int | None:
    """Block an item since a moment, or since None not at all; give since when it was blocked before."""
    one = families(connection, [item_key])[item_key]
    mine = (blocks.c.user_key == user_key) & blocks.c.item_key.in_(one)
    before = connection.execute(select(blocks.c.blocked_at).where(mine).order_by(blocks.c.blocked_at)).scalars().first()
    connection.execute(delete(blocks).where(mine))
    if blocked_at is not None:
        values = {"user_key": user_key, "item_key": item_key, "blocked_at": blocked_at}
        connection.execute(insert(blocks).values(values))
    return before


def _log(
    store: Store, connection: Connection, user_key: int, item_key: int, kind: str, at: int, **more: int | None
) -> int:
    event_id = store.allocate(connection, "event", 1)
    values = {"user_key": user_key, "event_id": event_id, "item_key": item_key, "kind": kind, "at": at, **more}
    connection.execute(_FEEDBACK, values | {"undone": False})
    note_change(connection, user_key)
    return event_id


def is_paused(connection: Connection, user_key: int) -> bool:
    """Tell whether a listener's plays are not kept."""
    return connection.execute(_PAUSED, {"user": user_key}).scalar() is not None


def checked_moment(at: int | None) -> int:
    """Give a moment, now if it is left out.

    Raises
    ------
    BadInput
        If nobody can have listened then.
    """
    now = time.time_ns() // 1_000_000
    moment = now if at is None else at
    if not EARLIEST_MS <= moment <= now + AHEAD_MS:
        raise BadInput(
            f"a listen {_shown(moment)} is dated in the future or before 1971", "check the date and its unit"
        )
    return moment


def check_played(what: str, ms: object) -> None:
    """Check a length of play.

    Raises
    ------
    BadInput
        If it is no whole number, negative, or longer than a day.
    """
    if ms is None:
        return
    if isinstance(ms, bool) or not isinstance(ms, int):
        raise BadInput(f"a {what} of {ms!r} cannot be", "give whole milliseconds")
    if not 0 <= ms <= DAY_MS:
        raise BadInput(f"a {what} of {ms} ms cannot be", "give milliseconds between 0 and one day")


def _shown(ms: int) -> str:
    try:
        return f"at {in_utc(ms)}"
    except (OverflowError, ValueError, OSError):
        return f"at {ms} ms"
