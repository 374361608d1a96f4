"""One listener, by all that they are stored under."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, and_, select

from ml.data.identity import OutsideId, find_user, outside_ids
from ml.data.schema import users


@dataclass(frozen=True, slots=True)
class Whom:
    """A listener.

    Parameters
    ----------
    key : int
    user_id : str
        Outside id, in full.
    stored_source, stored_external : str
        The same as it stands in the columns: of an encrypted workspace, a blind index.
    """

    key: int
    user_id: str
    stored_source: str
    stored_external: str

    def bound(self, table: Table) -> ColumnElement[bool]:
        """Say that a row of accounts, keys or invitations is bound to them."""
        return and_(table.c.user_source == self.stored_source, table.c.user_external == self.stored_external)

    @property
    def names(self) -> frozenset[str]:
        """All forms of the id that somebody may have written."""
        external = OutsideId.parse(self.user_id).external
        return frozenset({self.user_id, external, external.removeprefix("user/")})


def find_whom(connection: Connection, user_id: str) -> Whom:
    """Find a listener.

    Raises
    ------
    UnknownId, AmbiguousId
    """
    key = find_user(connection, user_id)
    full = outside_ids(connection, "user", [key])[key]
    stored = connection.execute(select(users.c.source, users.c.external_id).where(users.c.key == key)).one()
    return Whom(key, full, stored.source, stored.external_id)
