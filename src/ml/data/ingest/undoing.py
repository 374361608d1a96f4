"""Taking back an event that was recorded, and pausing what is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update

from ml.data.identity.lookup import families
from ml.data.ingest.changes import note_change
from ml.data.ingest.record import BLOCKING, checked_moment, is_paused, set_block
from ml.data.schema import feedback, listens, users
from ml.data.store import Store
from ml.foundation.errors import BadInput, UnknownId

# Neither database can be asked about a larger number.
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Undone:
    """An event that was taken back.

    Parameters
    ----------
    event_id, item_key, at : int
    kind : str
        ``play``, ``skip``, or a kind of feedback.
    """

    event_id: int
    item_key: int
    kind: str
    at: int


def undo_event(store: Store, user_key: int, event_id: int | None = None) -> Undone:
    """Take back an event of a listener; the next answer is as if it had never been recorded.

    A listen is deleted. Feedback stays, marked as undone; whether an item is blocked follows from the events that
    are left.

    Parameters
    ----------
    event_id : int, optional
        As :class:`~ml.data.ingest.record.Event` says it; the last one that was recorded if left out.

    Raises
    ------
    UnknownId
        If the listener has no such event, or it was taken back before.
    BadInput
        If no event is named while the history is paused: the last thing that happened may not have been kept.
    StoreBusy, DiskFull
    """
    with store.write() as connection:
        if event_id is None and is_paused(connection, user_key):
            raise BadInput(
                "the history is paused, so the last thing that was kept may not be the last that happened",
                "name the event, as recording it said: ml undo LISTENER N (in Python event_id=N)",
                code="undo_paused",
            )
        found = _find(connection, user_key, event_id)
        if found is None:
            what = "nothing that was recorded" if event_id is None else f"no event {event_id} of this listener"
            raise UnknownId(
                f"there is {what} to take back",
                "events are numbered by what `ml record --json` prints",
                code="undo_nothing",
            )
        if found.kind in ("play", "skip"):
            at = (listens.c.user_key == user_key) & (listens.c.listened_at == found.at)
            connection.execute(delete(listens).where(at, listens.c.item_key == found.item_key))
        else:
            this = (feedback.c.user_key == user_key) & (feedback.c.event_id == found.event_id)
            connection.execute(update(feedback).where(this).values(undone=True))
            if found.kind in BLOCKING:
                _block_again(connection, user_key, found.item_key)
        note_change(connection, user_key)
    return found


def _find(connection: Connection, user_key: int, event_id: int | None) -> Undone | None:
    """Find an event, or the last, among listens and feedback."""
    if event_id is not None and not 0 < event_id <= _LARGEST:
        return None
    heard = select(listens.c.event_id, listens.c.item_key, listens.c.skipped, listens.c.listened_at.label("at"))
    heard = heard.where(listens.c.user_key == user_key, listens.c.event_id.is_not(None))
    said = select(feedback.c.event_id, feedback.c.item_key, feedback.c.kind, feedback.c.at)
    said = said.where(feedback.c.user_key == user_key, feedback.c.undone.is_(False))
    if event_id is not None:
        heard, said = heard.where(listens.c.event_id == event_id), said.where(feedback.c.event_id == event_id)
    listen = connection.execute(heard.order_by(listens.c.event_id.desc()).limit(1)).first()
    word = connection.execute(said.order_by(feedback.c.event_id.desc()).limit(1)).first()
    found = [Undone(word.event_id, word.item_key, word.kind, word.at)] if word else []
    if listen:
        found.append(Undone(listen.event_id, listen.item_key, "skip" if listen.skipped else "play", listen.at))
    return max(found, key=lambda event: event.event_id, default=None)


def _block_again(connection: Connection, user_key: int, item_key: int) -> None:
    """Bring an item's block in line with the events about it that are left."""
    family = families(connection, [item_key])[item_key]
    table = feedback.c
    columns = select(table.item_key, table.kind, table.at, table.blocked_before, table.undone)
    about = columns.where(table.user_key == user_key, table.item_key.in_(family), table.kind.in_(list(BLOCKING)))
    rows = connection.execute(about.order_by(table.event_id)).all()
    left = [row for row in rows if not row.undone]
    if left:
        set_block(connection, user_key, left[-1].item_key, left[-1].at if BLOCKING[left[-1].kind] else None)
    else:
        set_block(connection, user_key, item_key, rows[0].blocked_before)


def pause_history(store: Store, user_key: int, *, paused: bool = True) -> int | None:
    """Stop keeping what a listener plays, or begin again; give since when it is paused, UTC milliseconds.

    While it is paused, plays, skips and seeks are not stored at all. What is said on purpose (likes, blocks, …) is.
    An import brings what it brings: that is a decision too.
    """
    with store.write() as connection:
        mine = users.c.key == user_key
        since = connection.execute(select(users.c.paused_at).where(mine)).scalar()
        if paused and since is None:
            since = checked_moment(None)
        elif not paused:
            since = None
        connection.execute(update(users).where(mine).values(paused_at=since))
        note_change(connection, user_key)
    return since
