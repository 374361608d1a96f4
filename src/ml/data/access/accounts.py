"""People who log in with a name and a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy import delete as delete_from

from ml.data.access.binding import bound, user_id_of
from ml.data.access.clock import Clock, moment, now_ms
from ml.data.access.lockout import wait_ms
from ml.data.access.names import LONGEST, checked_name, login_of
from ml.data.access.passwords import Passwords
from ml.data.access.personal import cleared, hidden_row
from ml.data.access.roles import ADMIN, require_role
from ml.data.access.second_factors import use_code
from ml.data.schema import accounts, sessions
from ml.data.store import Store
from ml.data.vault import vault_of
from ml.foundation.errors import BadInput, NotAuthenticated, UnknownId, did_you_mean
from ml.foundation.phrase import Phrase
from ml.foundation.results import Result

#: One message for a name that nobody has, a wrong password, an account that waits and one that is disabled.
_REFUSED = Phrase(
    {
        "en": "name and password do not go together, or there were too many tries",
        "de": "Name und Passwort gehören nicht zusammen, oder es waren zu viele Versuche",
    }
)
_WAIT = Phrase(
    {
        "en": "after five wrong passwords wait for a while, up to 15 minutes",
        "de": "warte nach fünf falschen Passwörtern eine Weile, bis zu 15 Minuten",
    }
)


@dataclass(frozen=True, slots=True)
class Account(Result):
    """An account, without its password.

    Parameters
    ----------
    id : int
    name : str
    role : str
    user_id : str or None
        Outside id of the listener it is bound to.
    has_password : bool
        Without one nobody logs in.
    created_at, disabled_at, logged_in_at : datetime or None
        UTC.
    """

    id: int
    name: str
    role: str
    user_id: str | None
    has_password: bool
    created_at: datetime
    disabled_at: datetime | None
    logged_in_at: datetime | None


class Accounts:
    """The accounts of a workspace.

    Parameters
    ----------
    store : Store
    passwords : Passwords
    clock : callable
        Gives UTC milliseconds.
    """

    def __init__(self, store: Store, passwords: Passwords, *, clock: Clock = now_ms) -> None:
        self._store, self._passwords, self._clock = store, passwords, clock

    def create(self, name: str, *, role: str, password: str | None = None, user_id: str | None = None) -> Account:
        """Make an account.

        Parameters
        ----------
        name : str
            To log in with. Case does not tell names apart.
        role : str
        password : str, optional
            Of 12 to 128 characters; without one nobody logs in yet.
        user_id : str, optional
            Of the role ``listener``: which listener, by outside id.

        Raises
        ------
        BadInput
            If the name is taken, or something of it cannot be used.
        """
        require_role(role)
        kept = None if password is None else self._passwords.hash(password, name=checked_name(name))
        with self._store.write() as connection:
            listener = bound(connection, role, user_id)
            return insert_account(connection, self._store, name, role, kept, listener, self._clock())

    def list(self) -> list[Account]:
        """List all accounts, the oldest first."""
        with self._store.read() as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.id)).all()
            return [account_of(cleared(connection, "accounts", row)) for row in rows]

    def find(self, name: str) -> Account:
        """Find an account by its name.

        Raises
        ------
        UnknownId
        """
        with self._store.read() as connection:
            return account_of(account_row(connection, name))

    def disable(self, name: str) -> Account:
        """Let nobody in by this account from the next request on; doing it again changes nothing.

        Raises
        ------
        UnknownId
        BadInput
            If it is the last admin that gets in.
        """
        with self._store.write() as connection:
            row = account_row(connection, name)
            if row.disabled_at is None:
                _keep_an_admin(connection, row)
                row = _changed(connection, row.id, disabled_at=self._clock())
            _end_sessions(connection, row.id)
            return account_of(row)

    def enable(self, name: str) -> Account:
        """Let a disabled account in again, and forget its wrong passwords.

        Raises
        ------
        UnknownId
        """
        with self._store.write() as connection:
            row = account_row(connection, name)
            return account_of(_changed(connection, row.id, disabled_at=None, failures=0, locked_until=None))

    def set_password(self, name: str, password: str) -> Account:
        """Give an account another password; its sessions end, and its wrong passwords are forgotten.

        Raises
        ------
        UnknownId
        BadInput
            If the password cannot be used.
        """
        found = self.find(name)
        kept = self._passwords.hash(password, name=found.name)
        with self._store.write() as connection:
            return give_password(connection, found.id, kept)

    def verify(self, name: str, password: str, code: str | None = None) -> Account:
        """Give the account that a name and a password belong to, and a code where it has a second factor.

        Every try is written down as a wrong one before it is looked at, so that a hundred at once are no more
        than a hundred in a row; the right password takes them back.

        Raises
        ------
        NotAuthenticated
            If the name or the password is wrong, the account is disabled, or it has to wait after too many wrong
            passwords. The message is the same, and so is the time.
        SecondFactorNeeded
            If they are right, and the code that the account has to be entered with is missing or does not count. This
            counts as a wrong password does.
        """
        row = self._begin_try(name)
        fits = self._passwords.fits(password, row and row.password)
        if row is None or not fits:
            raise NotAuthenticated(_REFUSED, _WAIT)
        new: dict[str, Any] = {"failures": 0, "locked_until": None, "logged_in_at": self._clock()}
        if self._passwords.outgrown(row.password):
            new["password"] = self._passwords.renewed(password)
        with self._store.write() as connection:
            # While the hash was made the account may have been disabled, or its password changed.
            again = _by_id(connection, row.id)
            if again is None or again.disabled_at is not None or again.password != row.password:
                raise NotAuthenticated(_REFUSED, _WAIT)
            use_code(connection, row.id, code, self._clock())
            return account_of(_changed(connection, again.id, **new))

    def _begin_try(self, name: str) -> Any:
        """Count a try; None where nobody gets in whatever the password."""
        now = self._clock()
        # Not waiting for the disk hides too whether there was anything to write.
        with self._store.write(durable=False) as connection:
            row = _by_login(connection, name)
            if row is None or row.disabled_at is not None or now < (row.locked_until or 0):
                return None
            failures = row.failures + 1
            wait = wait_ms(failures)
            return _changed(connection, row.id, failures=failures, locked_until=now + wait if wait else None)


def insert_account(
    connection: Connection,
    store: Store,
    name: str,
    role: str,
    password: str | None,
    listener: dict[str, str | None],
    now: int,
) -> Account:
    """Write an account.

    Raises
    ------
    BadInput
        If the name is taken.
    """
    shown = checked_name(name)
    if _by_login(connection, name) is not None:
        raise BadInput(
            Phrase(
                {"en": "an account is called {name!r} already", "de": "ein Konto heißt schon {name!r}"}, {"name": shown}
            ),
            Phrase({"en": "take another name", "de": "nimm einen anderen Namen"}),
        )
    values = {"id": store.allocate(connection, "accounts", 1), "name": shown, "login": login_of(name), "role": role}
    values |= {"password": password, "created_at": now, "failures": 0, **listener}
    statement = accounts.insert().values(**hidden_row(connection, "accounts", values)).returning(accounts)
    return account_of(cleared(connection, "accounts", connection.execute(statement).one()))


def give_password(connection: Connection, account_id: int, kept: str) -> Account:
    """Write another password of an account that is there, end its sessions and forget its wrong passwords."""
    row = _changed(connection, account_id, password=kept, failures=0, locked_until=None)
    _end_sessions(connection, account_id)
    return account_of(row)


def has_admin(connection: Connection) -> bool:
    """Tell whether there is an admin, disabled or not."""
    return connection.execute(select(accounts.c.id).where(accounts.c.role == ADMIN).limit(1)).first() is not None


def account_of(row: Any) -> Account:
    """Give the account in a row, of which nothing is hidden any more."""
    return Account(
        id=row.id,
        name=row.name,
        role=row.role,
        user_id=user_id_of(row),
        has_password=row.password is not None,
        created_at=moment(row.created_at),
        disabled_at=moment(row.disabled_at),
        logged_in_at=moment(row.logged_in_at),
    )


def _keep_an_admin(connection: Connection, row: Any) -> None:
    gets_in = (accounts.c.role == ADMIN) & accounts.c.disabled_at.is_(None) & accounts.c.password.is_not(None)
    others = select(func.count()).select_from(accounts).where(gets_in, accounts.c.id != row.id)
    if row.role == ADMIN and row.password is not None and not connection.execute(others).scalar_one():
        raise BadInput(
            f"{row.name!r} is the last admin",
            "make another first: ml access add-account NAME --role admin",
            code="last_admin",
            values={"name": row.name},
        )


def _changed(connection: Connection, id_: int, **values: Any) -> Any:
    change = update(accounts).where(accounts.c.id == id_).values(**values).returning(accounts)
    return cleared(connection, "accounts", connection.execute(change).one())


def _end_sessions(connection: Connection, account_id: int) -> None:
    connection.execute(delete_from(sessions).where(sessions.c.account_id == account_id))


def _by_id(connection: Connection, id_: int) -> Any:
    return connection.execute(select(accounts).where(accounts.c.id == id_)).first()


def _by_login(connection: Connection, name: str) -> Any:
    if len(name) > 2 * LONGEST or not name.isprintable():
        return None  # no name is so, and a database may not be asked about some of these
    vault = vault_of(connection)
    login = vault.hidden(login_of(name))
    row = connection.execute(select(accounts).where(accounts.c.login == login)).first()
    if row is None and vault.missed(connection):
        return _by_login(connection, name)
    return None if row is None else cleared(connection, "accounts", row)


def account_row(connection: Connection, name: str) -> Any:
    """Find the row of an account by its name.

    Raises
    ------
    UnknownId
    """
    row = _by_login(connection, name)
    if row is None:
        rows = connection.execute(select(accounts)).all()
        names = [cleared(connection, "accounts", each).name for each in rows]
        hint = did_you_mean(name, names) if names else "there are none yet: ml access add-account"
        raise UnknownId(f"no account {name!r}", hint, code="account_unknown", values={"name": name})
    return row
