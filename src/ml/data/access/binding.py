"""Which listener a principal of the role `listener` is bound to: always a whole outside id.

A short form (``anna`` for ``local:anna``) may come to name somebody else once another listener is
stored, so it is resolved when the binding is made, and only the exact id is looked up afterwards.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, FromClause, and_

from ml.data.access.roles import LISTENER
from ml.data.identity import OutsideId, find_user, outside_ids
from ml.data.schema import users
from ml.foundation.errors import BadInput, UnknownId


def bound(connection: Connection, role: str, user_id: str | None) -> dict[str, str | None]:
    """Give the columns that say who a principal of a role is.

    Raises
    ------
    BadInput
        If a listener is bound to nobody, another role to somebody, or the id names nobody yet and has no source.
    AmbiguousId
        If a short form names several listeners.
    """
    if role != LISTENER:
        if user_id is not None:
            raise BadInput(
                f"the role {role!r} is bound to no listener",
                "leave the listener out, or take 'listener'",
                code="role_unbound",
            )
        return {"user_source": None, "user_external": None}
    if user_id is None:
        raise BadInput(
            "the role 'listener' is of one listener",
            "say which, by an outside id such as local:anna",
            code="role_bound",
        )
    try:
        key = find_user(connection, user_id)
    except UnknownId:
        outside = OutsideId.parse(user_id)
    else:
        outside = OutsideId.parse(outside_ids(connection, "user", [key])[key])
    return {"user_source": outside.source, "user_external": outside.external}


def with_listener(table: FromClause) -> FromClause:
    """Join the listener that each row is bound to, if there is one."""
    same = and_(users.c.source == table.c.user_source, users.c.external_id == table.c.user_external)
    return table.outerjoin(users, same)


def user_id_of(row: Any) -> str | None:
    """Give the outside id in a row, of which nothing is hidden any more."""
    return None if row.user_source is None else str(OutsideId(row.user_source, row.user_external))
