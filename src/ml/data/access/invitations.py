"""One-time links: the first makes the first admin, the others make one account each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from ml.data.access.accounts import Account, has_admin, insert_account
from ml.data.access.binding import bound, user_id_of
from ml.data.access.clock import HOUR_MS, Clock, moment, now_ms
from ml.data.access.names import checked_name
from ml.data.access.passwords import Passwords
from ml.data.access.roles import ADMIN, require_role
from ml.data.access.tokens import INVITATION, Token
from ml.data.schema import invitations
from ml.data.store import Store
from ml.foundation.errors import BadInput, NotAuthenticated
from ml.foundation.phrase import Phrase
from ml.foundation.results import Result

SETUP, INVITED = "setup", "invitation"
_SETUP_MS = HOUR_MS
_VOID = Phrase(
    {
        "en": "this link is not valid: it was used, is too old, or never was",
        "de": "dieser Link gilt nicht: er ist benutzt, zu alt, oder es gab ihn nie",
    }
)
_ANOTHER = Phrase({"en": "ask an admin for another one", "de": "bitte einen Admin um einen neuen"})


@dataclass(frozen=True, slots=True)
class Invitation(Result):
    """What a link makes, without its secret.

    Parameters
    ----------
    id : str
    kind : str
        ``"setup"`` makes the first admin, ``"invitation"`` anybody after.
    role : str
        Of the account.
    user_id : str or None
        Outside id of the listener it will be bound to.
    expires_at : datetime
        UTC.
    """

    id: str
    kind: str
    role: str
    user_id: str | None
    expires_at: datetime


class Invitations:
    """The links of a workspace that are open.

    Parameters
    ----------
    store : Store
    passwords : Passwords
    hours : int
        In which an invitation can be accepted; the set-up link is valid for one.
    clock : callable
        Gives UTC milliseconds.
    """

    def __init__(self, store: Store, passwords: Passwords, *, hours: int = 72, clock: Clock = now_ms) -> None:
        self._store, self._passwords, self._clock = store, passwords, clock
        self._valid_ms = hours * HOUR_MS

    def setup_is_due(self) -> bool:
        """Tell whether there is no admin yet."""
        with self._store.read() as connection:
            return not has_admin(connection)

    def set_up(self) -> tuple[Invitation, str]:
        """Make the link for the first admin; one made before is void.

        Raises
        ------
        BadInput
            If there is an admin.
        """
        with self._store.write() as connection:
            if has_admin(connection):
                raise BadInput("there is an admin already", "ml access password NAME gives them another password")
            connection.execute(delete(invitations).where(invitations.c.kind == SETUP))
            return self._made(connection, SETUP, ADMIN, None, _SETUP_MS)

    def invite(self, *, role: str, user_id: str | None = None) -> tuple[Invitation, str]:
        """Make a link for one account; its token is given now and never again.

        Links that are too old are deleted by the way.

        Parameters
        ----------
        role : str
        user_id : str, optional
            Of the role ``listener``: which listener, by outside id.

        Raises
        ------
        BadInput
            If the role or the listener cannot be used.
        """
        require_role(role)
        with self._store.write() as connection:
            connection.execute(delete(invitations).where(invitations.c.expires_at <= self._clock()))
            return self._made(connection, INVITED, role, user_id, self._valid_ms)

    def list(self) -> list[Invitation]:
        """List the links that can be accepted, the oldest first."""
        query = select(invitations).where(invitations.c.expires_at > self._clock())
        with self._store.read() as connection:
            rows = connection.execute(query.order_by(invitations.c.created_at, invitations.c.id)).all()
            return [_invitation(row) for row in rows if row.kind != SETUP or not has_admin(connection)]

    def withdraw(self, id_: str) -> bool:
        """Make a link void; tell whether there was one."""
        with self._store.write() as connection:
            return connection.execute(delete(invitations).where(invitations.c.id == id_)).rowcount > 0

    def look_at(self, token: str) -> Invitation:
        """Tell what a link would make; it stays as it is.

        Raises
        ------
        NotAuthenticated
            If it is not valid; the message is the same for every reason.
        """
        with self._store.read() as connection:
            return _invitation(self._valid(connection, token))

    def accept(self, token: str, *, name: str, password: str) -> Account:
        """Make the account of a link, which is void from then on.

        Raises
        ------
        NotAuthenticated
            If the link is not valid.
        BadInput
            If the name is taken, or name or password cannot be used; the link stays valid.
        """
        self.look_at(token)  # before the hash is made: nobody without a link keeps us busy
        kept = self._passwords.hash(password, name=checked_name(name))
        with self._store.write() as connection:
            row = self._valid(connection, token)
            listener = {"user_source": row.user_source, "user_external": row.user_external}
            account = insert_account(connection, self._store, name, row.role, kept, listener, self._clock())
            connection.execute(delete(invitations).where(invitations.c.id == row.id))
            return account

    def _valid(self, connection: Connection, token: str) -> Row[Any]:
        shown = Token.read(INVITATION, token)
        query = select(invitations).where(invitations.c.id == (shown.id if shown else ""))
        row = connection.execute(query).first()
        fits = shown is not None and shown.fits(row.secret_hash if row else None)
        if row is None or not fits or self._clock() >= row.expires_at or (row.kind == SETUP and has_admin(connection)):
            raise NotAuthenticated(_VOID, _ANOTHER)
        return row

    def _made(
        self, connection: Connection, kind: str, role: str, user_id: str | None, valid_ms: int
    ) -> tuple[Invitation, str]:
        now, token = self._clock(), Token.new(INVITATION)
        values: dict[str, Any] = {"id": token.id, "kind": kind, "role": role, "secret_hash": token.hash}
        values |= {"created_at": now, "expires_at": now + valid_ms, **bound(connection, role, user_id)}
        row = connection.execute(invitations.insert().values(**values).returning(invitations)).one()
        return _invitation(row), token.text


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(
        id=row.id, kind=row.kind, role=row.role, user_id=user_id_of(row), expires_at=moment(row.expires_at)
    )
