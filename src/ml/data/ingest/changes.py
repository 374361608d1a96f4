"""That something was recorded of a listener, so that what was worked out before is known to be old."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, update

from ml.data.schema import users

# Built once: putting a statement together takes longer than SQLite takes to answer it.
_GROW = update(users).where(users.c.key == bindparam("user")).values(changes=users.c.changes + 1)


def note_change(connection: Connection, user_key: int) -> None:
    """Let a listener's number grow, in the transaction that records something of them."""
    connection.execute(_GROW, {"user": user_key})
