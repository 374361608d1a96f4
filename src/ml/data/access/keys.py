"""Keys of other programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, bindparam, literal, select, tuple_, update

from ml.data.access.binding import bound, user_id_of, with_listener
from ml.data.access.clock import LATEST_MS, Clock, is_stale, moment, now_ms
from ml.data.access.names import checked_name
from ml.data.access.personal import cleared, cleared_of, hidden_row
from ml.data.access.principal import Principal
from ml.data.access.roles import held, narrowed, require_role
from ml.data.access.tokens import KEY, Token, is_id
from ml.data.access.touching import touch
from ml.data.schema import api_keys, users
from ml.data.store import Store
from ml.foundation.errors import BadInput, NotAuthenticated, UnknownId
from ml.foundation.phrase import Phrase
from ml.foundation.results import Result

#: How long the secret before a rotation may stay valid, at most.
LONGEST_OVERLAP_S = 30 * 24 * 3600
# Built once: putting a statement together takes longer than SQLite takes to answer it.
_BY_ID = (
    select(api_keys, users.c.key.label("user_key"))
    .select_from(with_listener(api_keys))
    .where(api_keys.c.id == bindparam("wanted"))
)
_USED = update(api_keys).where(api_keys.c.id == bindparam("wanted")).values(used_at=bindparam("now"))
#: One message for unknown, wrong, expired and revoked: it tells a stranger nothing.
_REFUSED = Phrase({"en": "this key is not valid", "de": "dieser Schlüssel gilt nicht"})
_ANOTHER = Phrase({"en": "ask an admin for another one", "de": "bitte einen Admin um einen anderen"})


@dataclass(frozen=True, slots=True)
class Key(Result):
    """A key, without its secret.

    Parameters
    ----------
    id : str
        16 hexadecimal digits, the middle part of the token.
    name : str
    role : str
    scopes : frozenset of str
        What it may do.
    user_id : str or None
        Outside id of the listener it is bound to.
    created_at, expires_at, rotated_at, revoked_at : datetime or None
        UTC.
    previous_until : datetime or None
        Until when the secret before the last rotation is valid.
    used_at : datetime or None
        When it was used last, to the minute.
    state : str
        ``"active"``, ``"expired"`` or ``"revoked"``.
    """

    id: str
    name: str
    role: str
    scopes: frozenset[str]
    user_id: str | None
    created_at: datetime
    expires_at: datetime | None
    rotated_at: datetime | None
    revoked_at: datetime | None
    previous_until: datetime | None
    used_at: datetime | None
    state: Literal["active", "expired", "revoked"]


class Keys:
    """The keys of a workspace. Every question is asked of the store: what is revoked is refused at once, everywhere.

    Parameters
    ----------
    store : Store
    clock : callable
        Gives UTC milliseconds.
    """

    def __init__(self, store: Store, *, clock: Clock = now_ms) -> None:
        self._store, self._clock = store, clock

    def create(
        self,
        name: str,
        *,
        role: str,
        scopes: Iterable[str] = (),
        user_id: str | None = None,
        expires_at_ms: int | None = None,
    ) -> tuple[Key, str]:
        """Make a key; its token is given now and never again.

        Parameters
        ----------
        name : str
            What it is for; several keys may have the same.
        scopes : iterable of str
            Only these of the role's; none means all of them.
        user_id : str, optional
            Of the role ``listener``: which listener, by outside id.
        expires_at_ms : int, optional
            UTC milliseconds; None means that it stays valid until it is revoked.

        Raises
        ------
        BadInput
            If a role, scope, name or listener cannot be used, or the key would have expired already.
        """
        now, token = self._clock(), Token.new(KEY)
        if expires_at_ms is not None and expires_at_ms <= now:
            raise BadInput(
                "the key would have expired already", "give a moment to come, in UTC milliseconds", code="key_past"
            )
        if expires_at_ms is not None and expires_at_ms > LATEST_MS:
            raise BadInput(
                "the key would outlive the calendar",
                "leave its end out: it is valid until it is revoked",
                code="key_too_long",
            )
        values = {"id": token.id, "name": checked_name(name), "role": require_role(role), "created_at": now}
        values |= {"scopes": narrowed(role, scopes), "expires_at": expires_at_ms, "secret_hash": token.hash}
        with self._store.write() as connection:
            values |= bound(connection, role, user_id)
            connection.execute(api_keys.insert().values(**hidden_row(connection, "api_keys", values)))
            return self._key(_row(connection, token.id)), token.text

    def list(self, *, last: int | None = None, before: str | None = None) -> list[Key]:
        """List keys, the oldest first; revoked ones too.

        Parameters
        ----------
        last : int, optional
            Only so many that were made last.
        before : str, optional
            Id of a key: only those made before it; none where there is no such key.
        """
        made = tuple_(api_keys.c.created_at, api_keys.c.id)
        wanted = select(api_keys).order_by(api_keys.c.created_at.desc(), api_keys.c.id.desc()).limit(last)
        if before is not None:
            moment = select(api_keys.c.created_at).where(api_keys.c.id == before).scalar_subquery()
            wanted = wanted.where(made < tuple_(moment, literal(before)))
        with self._store.read() as connection:
            rows = connection.execute(wanted).all()
            return [self._key(cleared(connection, "api_keys", row)) for row in reversed(rows)]

    def revoke(self, id_: str) -> Key:
        """Make a key invalid from the next request on, in every process; doing it again changes nothing.

        Raises
        ------
        UnknownId
        """
        with self._store.write() as connection:
            row = _row(connection, id_)
            if row.revoked_at is None:
                gone = {"revoked_at": self._clock(), "previous_hash": None, "previous_until": None}
                row = _changed(connection, row.id, gone)
            return self._key(row)

    def rotate(self, id_: str, *, overlap_s: float = 0) -> tuple[Key, str]:
        """Give a key a new secret; the id, scopes and expiry stay.

        Parameters
        ----------
        overlap_s : float
            For how long the old secret is valid beside it, in [0, 30 days].

        Raises
        ------
        UnknownId
        BadInput
            If the key is revoked or expired, or the overlap is out of range.
        """
        if not 0 <= overlap_s <= LONGEST_OVERLAP_S:
            raise BadInput(f"overlap_s = {overlap_s!r}", f"give seconds in [0, {LONGEST_OVERLAP_S}]")
        with self._store.write() as connection:
            old = _row(connection, id_)
            now, key = self._clock(), self._key(old)
            if key.state != "active":
                raise BadInput(
                    f"the key {old.id} is {key.state}",
                    "make another one: ml access add-key",
                    code="key_over",
                    values={"id": old.id},
                )
            token = Token.new(KEY, old.id)
            overlap = {"previous_hash": old.secret_hash, "previous_until": now + int(overlap_s * 1000)}
            if not overlap_s:
                overlap = {"previous_hash": None, "previous_until": None}
            new = {"secret_hash": token.hash, "rotated_at": now, **overlap}
            return self._key(_changed(connection, old.id, new)), token.text

    def authenticate(self, token: str) -> Principal:
        """Tell whose token this is.

        Raises
        ------
        NotAuthenticated
            If it is unknown, wrong, expired or revoked; the message is the same.
        """
        shown = Token.read(KEY, token)
        row = self._store.first(_BY_ID, {"wanted": shown.id}) if shown else None
        now = self._clock()
        # All are compared before anything is decided.
        fits = shown is not None and shown.fits(row.secret_hash if row else None)
        fitted = shown is not None and shown.fits(row.previous_hash if row else None)
        if row is None or not (fits or (fitted and now < (row.previous_until or 0))) or _state(row, now) != "active":
            raise NotAuthenticated(_REFUSED, _ANOTHER)
        if is_stale(row.used_at, now):
            touch(self._store, _USED, {"wanted": row.id, "now": now})
        row = cleared_of(self._store, "api_keys", row)
        return Principal(
            "key", f"key:{row.id}", row.name, row.role, held(row.role, row.scopes), user_id_of(row), row.user_key
        )

    def _key(self, row: Any) -> Key:
        now = self._clock()
        overlapping = row.previous_until is not None and now < row.previous_until
        return Key(
            id=row.id,
            name=row.name,
            role=row.role,
            scopes=held(row.role, row.scopes),
            user_id=user_id_of(row),
            created_at=moment(row.created_at),
            expires_at=moment(row.expires_at),
            rotated_at=moment(row.rotated_at),
            revoked_at=moment(row.revoked_at),
            previous_until=moment(row.previous_until) if overlapping else None,
            used_at=moment(row.used_at),
            state=_state(row, now),
        )


def _state(row: Row[Any], now: int) -> Literal["active", "expired", "revoked"]:
    if row.revoked_at is not None:
        return "revoked"
    return "active" if row.expires_at is None or now < row.expires_at else "expired"


def _changed(connection: Connection, id_: str, values: dict[str, Any]) -> Any:
    change = update(api_keys).where(api_keys.c.id == id_).values(**values).returning(api_keys)
    return cleared(connection, "api_keys", connection.execute(change).one())


def _row(connection: Connection, text: str) -> Any:
    """Find a key by its id, or by a whole token: whoever found one lying about wants it revoked."""
    token = Token.read(KEY, text)
    id_ = token.id if token else text
    row = None
    if is_id(id_):
        row = connection.execute(select(api_keys).where(api_keys.c.id == id_)).first()
    if row is None:
        raise UnknownId(
            "no key of this id", "ml access keys lists them; the id is the middle part of a token", code="key_unknown"
        )
    return cleared(connection, "api_keys", row)
