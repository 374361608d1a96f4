"""One-time links: the first makes the first admin, others make one account each, or give one another password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select

from ml.data.access.accounts import Account, account_row, give_password, has_admin, insert_account
from ml.data.access.binding import bound, user_id_of
from ml.data.access.clock import HOUR_MS, Clock, moment, now_ms
from ml.data.access.names import checked_name
from ml.data.access.passwords import Passwords
from ml.data.access.personal import cleared, hidden_row, subject_in
from ml.data.access.roles import ADMIN, require_role
from ml.data.access.tokens import INVITATION, Token, is_id
from ml.data.schema import accounts, data_keys, invitations
from ml.data.store import Store
from ml.data.vault import vault_of
from ml.foundation.errors import BadInput, NotAuthenticated
from ml.foundation.phrase import Phrase
from ml.foundation.results import Result

SETUP, INVITED, RESET = "setup", "invitation", "reset"
_SETUP_MS = HOUR_MS
_WITH_ACCOUNT = select(
    invitations, accounts.c.name.label("account"), accounts.c.sealed.label("account_sealed"), accounts.c.disabled_at
).select_from(invitations.outerjoin(accounts, accounts.c.id == invitations.c.account_id))
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
        ``"setup"`` makes the first admin, ``"invitation"`` anybody after, ``"reset"`` gives one another password.
    role : str
        Of the account.
    user_id : str or None
        Outside id of the listener that the account is or will be bound to.
    account : str or None
        Of a reset: the name of the account.
    expires_at : datetime
        UTC.
    """

    id: str
    kind: str
    role: str
    user_id: str | None
    account: str | None
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
                raise BadInput(
                    "there is an admin already",
                    "ml access password NAME gives them another password",
                    code="admin_there",
                )
            _remove(connection, invitations.c.kind == SETUP)
            return self._made(connection, SETUP, _SETUP_MS, {"role": ADMIN})

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
            _remove(connection, invitations.c.expires_at <= self._clock())
            return self._made(connection, INVITED, self._valid_ms, {"role": role, **bound(connection, role, user_id)})

    def reset(self, name: str) -> tuple[Invitation, str]:
        """Make a link that gives an account another password, which nobody else gets to know; one before is void.

        Raises
        ------
        UnknownId
        BadInput
            If the account is disabled.
        """
        with self._store.write() as connection:
            row = account_row(connection, name)
            if row.disabled_at is not None:
                raise BadInput(
                    f"the account {row.name!r} is disabled",
                    "enable it first: ml access enable NAME",
                    code="account_disabled",
                    values={"name": row.name},
                )
            _remove(connection, invitations.c.account_id == row.id)
            about = {"role": row.role, "user_source": row.user_source, "user_external": row.user_external}
            return self._made(connection, RESET, self._valid_ms, {"account_id": row.id, **about})

    def list(self) -> list[Invitation]:
        """List the links that can be accepted, the oldest first."""
        with self._store.read() as connection:
            rows = connection.execute(_WITH_ACCOUNT.order_by(invitations.c.created_at, invitations.c.id)).all()
            return [_invitation(connection, row) for row in rows if self._is_open(connection, row)]

    def withdraw(self, id_: str) -> bool:
        """Make a link void; tell whether there was one."""
        with self._store.write() as connection:
            return is_id(id_) and _remove(connection, invitations.c.id == id_) > 0

    def look_at(self, token: str) -> Invitation:
        """Tell what a link would make; it stays as it is.

        Raises
        ------
        NotAuthenticated
            If it is not valid; the message is the same for every reason.
        """
        with self._store.read() as connection:
            return _invitation(connection, self._valid(connection, token))

    def accept(self, token: str, *, password: str, name: str = "") -> Account:
        """Make the account of a link, or give it its password; the link is void from then on.

        Parameters
        ----------
        token : str
        password : str
        name : str
            Of the account that is made; a reset knows its own.

        Raises
        ------
        NotAuthenticated
            If the link is not valid.
        BadInput
            If the name is taken, or name or password cannot be used; the link stays valid.
        """
        account = self.look_at(token).account  # before the hash is made: nobody without a link keeps us busy
        kept = self._passwords.hash(password, name=account or checked_name(name))
        with self._store.write() as connection:
            row = self._valid(connection, token)
            asked = cleared(connection, "invitations", row)
            _remove(connection, invitations.c.id == row.id)
            if row.kind == RESET:
                return give_password(connection, row.account_id, kept)
            listener = {"user_source": asked.user_source, "user_external": asked.user_external}
            return insert_account(connection, self._store, name, row.role, kept, listener, self._clock())

    def _valid(self, connection: Connection, token: str) -> Row[Any]:
        shown = Token.read(INVITATION, token)
        row = connection.execute(_WITH_ACCOUNT.where(invitations.c.id == (shown.id if shown else ""))).first()
        fits = shown is not None and shown.fits(row.secret_hash if row else None)
        if row is None or not fits or not self._is_open(connection, row):
            raise NotAuthenticated(_VOID, _ANOTHER)
        return row

    def _is_open(self, connection: Connection, row: Row[Any]) -> bool:
        if self._clock() >= row.expires_at or (row.kind == SETUP and has_admin(connection)):
            return False
        return row.kind != RESET or (row.account is not None and row.disabled_at is None)

    def _made(self, connection: Connection, kind: str, valid_ms: int, values: dict[str, Any]) -> tuple[Invitation, str]:
        now, token = self._clock(), Token.new(INVITATION)
        values |= {"id": token.id, "kind": kind, "secret_hash": token.hash}
        values |= {"created_at": now, "expires_at": now + valid_ms}
        connection.execute(invitations.insert().values(**hidden_row(connection, "invitations", values)))
        row = connection.execute(_WITH_ACCOUNT.where(invitations.c.id == token.id)).one()
        return _invitation(connection, row), token.text


def _invitation(connection: Connection, row: Row[Any]) -> Invitation:
    account = row.account
    if row.account_sealed is not None:
        subject = subject_in("accounts", row.account_id)
        account = vault_of(connection).open(connection, "accounts", subject, row.account_sealed)["name"]
    return Invitation(
        id=row.id,
        kind=row.kind,
        role=row.role,
        user_id=user_id_of(cleared(connection, "invitations", row)),
        account=account,
        expires_at=moment(row.expires_at),
    )


def _remove(connection: Connection, which: ColumnElement[bool]) -> int:
    """Delete invitations with their keys; give how many there were."""
    gone = connection.execute(delete(invitations).where(which).returning(invitations.c.id)).scalars().all()
    keys = [subject_in("invitations", id_) for id_ in gone]
    connection.execute(delete(data_keys).where(data_keys.c.subject.in_(keys)))
    return len(gone)
