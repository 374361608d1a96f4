"""Who is logged in."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, or_, select, update

from ml.data.access.accounts import Account
from ml.data.access.binding import user_id_of, with_listener
from ml.data.access.clock import HOUR_MS, MINUTE_MS, Clock, is_stale, moment, now_ms
from ml.data.access.personal import cleared_of
from ml.data.access.principal import Principal
from ml.data.access.roles import ROLES
from ml.data.access.tokens import SESSION, Token, is_id
from ml.data.access.touching import touch
from ml.data.schema import accounts, second_factors, sessions, users
from ml.data.store import Store
from ml.foundation.errors import Forbidden, NotAuthenticated
from ml.foundation.phrase import Phrase
from ml.foundation.results import Result

#: Seen later than now by more than this, a session is over: it would live longer by what the clock was set back.
AHEAD_MS = 2 * MINUTE_MS
_CSRF = "csrf"
# Built once: putting a statement together takes longer than SQLite takes to answer it.
_BY_ID = (
    select(
        sessions.c.id,
        sessions.c.secret_hash,
        sessions.c.created_at,
        sessions.c.seen_at,
        accounts.c.id.label("account_id"),
        accounts.c.name,
        accounts.c.role,
        accounts.c.disabled_at,
        accounts.c.user_source,
        accounts.c.user_external,
        accounts.c.sealed,
        users.c.key.label("user_key"),
        second_factors.c.confirmed_at.label("second_factor"),
    )
    .select_from(
        with_listener(accounts)
        .join(sessions, sessions.c.account_id == accounts.c.id)
        .outerjoin(second_factors, second_factors.c.account_id == accounts.c.id)
    )
    .where(sessions.c.id == bindparam("wanted"))
)
_SEEN = update(sessions).where(sessions.c.id == bindparam("wanted")).values(seen_at=bindparam("now"))
_OVER = Phrase(
    {"en": "nobody is logged in, or the session is over", "de": "niemand ist angemeldet, oder die Sitzung ist vorbei"}
)
_FOREIGN = Phrase(
    {
        "en": "this request came from no page of yours",
        "de": "diese Anfrage kam von keiner deiner Seiten",
    }
)
_RELOAD = Phrase({"en": "load the page again", "de": "lade die Seite neu"})
_AGAIN = Phrase({"en": "log in again", "de": "melde dich wieder an"})


@dataclass(frozen=True, slots=True)
class Session(Result):
    """A session, without its secret.

    Parameters
    ----------
    id : str
    account_id : int
    created_at, seen_at : datetime
        UTC; the latter to the minute.
    ends_at : datetime
        When it ends whatever happens in it.
    """

    id: str
    account_id: int
    created_at: datetime
    seen_at: datetime
    ends_at: datetime


class Sessions:
    """The sessions of a workspace. Every question is asked of the store: what is closed is over at once, everywhere.

    Parameters
    ----------
    store : Store
    idle_minutes : int
        A session ends after so long without a request.
    hours : int
        And after so long whatever happens in it.
    clock : callable
        Gives UTC milliseconds.
    """

    def __init__(self, store: Store, *, idle_minutes: int = 30, hours: int = 12, clock: Clock = now_ms) -> None:
        self._store, self._clock = store, clock
        self._idle_ms, self._longest_ms = idle_minutes * MINUTE_MS, hours * HOUR_MS

    def open(self, account: Account) -> tuple[Session, str, str]:
        """Begin a session with tokens of its own, whatever the browser had before.

        Sessions that are over are deleted by the way.

        Returns
        -------
        tuple of Session, str and str
            The token for the cookie, given now and never again; and the token that forms and scripts send
            along (:meth:`csrf_token` gives it again).

        Raises
        ------
        NotAuthenticated
            If the account is disabled by now.
        """
        now, token = self._clock(), Token.new(SESSION)
        values = {"id": token.id, "account_id": account.id, "secret_hash": token.hash}
        values |= {"created_at": now, "seen_at": now}
        still = select(accounts.c.id).where(accounts.c.id == account.id, accounts.c.disabled_at.is_(None))
        over = or_(
            sessions.c.created_at <= now - self._longest_ms,
            sessions.c.seen_at <= now - self._idle_ms,
            sessions.c.created_at > now + AHEAD_MS,
            sessions.c.seen_at > now + AHEAD_MS,
        )
        with self._store.write() as connection:
            if connection.execute(still).first() is None:
                raise NotAuthenticated(_OVER, _AGAIN)
            connection.execute(delete(sessions).where(over))
            row = connection.execute(sessions.insert().values(**values).returning(sessions)).one()
        return self._session(row), token.text, token.derived(_CSRF)

    def list(self, account: Account) -> list[Session]:
        """List the sessions of an account that go on, the oldest first."""
        mine = select(sessions).where(sessions.c.account_id == account.id)
        with self._store.read() as connection:
            rows = connection.execute(mine.order_by(sessions.c.created_at, sessions.c.id)).all()
        return [self._session(row) for row in rows if self._goes_on(row, self._clock())]

    def authenticate(self, cookie_token: str) -> Principal:
        """Tell who is logged in.

        Raises
        ------
        NotAuthenticated
            If there is no such session, it was closed or is over, or the account is disabled.
        """
        shown = Token.read(SESSION, cookie_token)
        row = self._store.first(_BY_ID, {"wanted": shown.id}) if shown else None
        now = self._clock()
        fits = shown is not None and shown.fits(row.secret_hash if row else None)
        if row is None or not fits or row.disabled_at is not None or not self._goes_on(row, now):
            raise NotAuthenticated(_OVER, _AGAIN)
        if is_stale(row.seen_at, now):
            touch(self._store, _SEEN, {"wanted": row.id, "now": now})
        row = cleared_of(self._store, "accounts", row, id_=row.account_id)
        scopes = ROLES.get(row.role, frozenset())
        return Principal(
            "session",
            f"account:{row.account_id}",
            row.name,
            row.role,
            scopes,
            user_id_of(row),
            row.user_key,
            second_factor=row.second_factor is not None,
        )

    @staticmethod
    def id_of(cookie_token: str) -> str | None:
        """Give the id in the token of a cookie; None where it is none. Whether it is valid, this does not tell."""
        shown = Token.read(SESSION, cookie_token)
        return None if shown is None else shown.id

    @staticmethod
    def csrf_token(cookie_token: str) -> str:
        """Give the token that a form of this session carries: made from the cookie's by HMAC, so that none is kept.

        Raises
        ------
        NotAuthenticated
            If this is no token of a session.
        """
        shown = Token.read(SESSION, cookie_token)
        if shown is None:
            raise NotAuthenticated(_OVER, _AGAIN)
        return shown.derived(_CSRF)

    @classmethod
    def check_csrf(cls, cookie_token: str, token: str) -> None:
        """Refuse a request that no page of this session has sent.

        Parameters
        ----------
        cookie_token : str
            As the cookie brings it; :meth:`authenticate` tells whether it is valid.
        token : str
            As the form or the header brings it.

        Raises
        ------
        NotAuthenticated
            If there is no session.
        Forbidden
            If the token is not this session's.
        """
        if not hmac.compare_digest(cls.csrf_token(cookie_token).encode(), token.encode(errors="replace")):
            raise Forbidden(_FOREIGN, _RELOAD)

    def close(self, cookie_token: str) -> None:
        """End a session; where there is none, nothing happens."""
        shown = Token.read(SESSION, cookie_token)
        if shown is not None:
            mine = (sessions.c.id == shown.id) & (sessions.c.secret_hash == shown.hash)
            with self._store.write() as connection:
                connection.execute(delete(sessions).where(mine))

    def end(self, account: Account, id_: str) -> bool:
        """End one session of an account by its id; tell whether there was one."""
        mine = (sessions.c.id == id_) & (sessions.c.account_id == account.id)
        with self._store.write() as connection:
            return is_id(id_) and connection.execute(delete(sessions).where(mine)).rowcount > 0

    def close_all(self, account: Account, *, but: str | None = None) -> int:
        """End all sessions of an account, but one by its id where it is named; give how many there were."""
        mine = sessions.c.account_id == account.id
        with self._store.write() as connection:
            gone = mine if but is None else mine & (sessions.c.id != but)
            return connection.execute(delete(sessions).where(gone)).rowcount

    def _goes_on(self, row: Row[Any], now: int) -> bool:
        if max(int(row.created_at), int(row.seen_at)) > now + AHEAD_MS:
            return False  # the clock was set back, and nobody knows how old it is
        return now < min(int(row.created_at) + self._longest_ms, int(row.seen_at) + self._idle_ms)

    def _session(self, row: Row[Any]) -> Session:
        return Session(
            id=row.id,
            account_id=row.account_id,
            created_at=moment(row.created_at),
            seen_at=moment(row.seen_at),
            ends_at=moment(row.created_at + self._longest_ms),
        )
