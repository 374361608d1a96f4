"""Second factors: a code of an app beside the password, and codes on paper for who has lost the app.

Conventions
-----------
- A secret counts once a code of it was shown: until then it is only begun, and nobody is asked for it.
- A recovery code has 120 random bits and is used once. Its SHA-256 is kept: nobody guesses it, however quick the hash.
- The secret of an app has to be kept so that it can be read. In an encrypted workspace it is sealed; elsewhere whoever
  has the database can make codes of it, and still lacks the password.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from ml.data.access.clock import Clock, now_ms
from ml.data.access.one_time_codes import link_of, new_secret, step_of
from ml.data.schema import second_factors
from ml.data.store import Store
from ml.data.vault import vault_of
from ml.data.vault.cipher import place
from ml.data.vault.vault import FACTORS
from ml.foundation.errors import BadInput, NotAuthenticated
from ml.foundation.phrase import Phrase
from ml.foundation.results import Result

ISSUER = "ml"
#: With which a secret begins that is sealed; base 32 never does.
SEALED = "~"
RECOVERY_CODES = 8
_BYTES, _GROUP = 15, 6
_DIGITS = re.compile(r"[0-9]{6}")
_NEEDED = Phrase(
    {
        "en": "this account is entered with a code of an app too",
        "de": "in dieses Konto kommt man nur auch mit einem Code aus einer App",
    }
)
_SHOW = Phrase(
    {
        "en": "type the six digits that your app shows, or a recovery code",
        "de": "gib die sechs Ziffern ein, die deine App zeigt, oder einen Wiederherstellungscode",
    }
)
_WRONG = Phrase(
    {
        "en": "this code is none that counts now: it is wrong, too old, or was used",
        "de": "dieser Code gilt jetzt nicht: er ist falsch, zu alt oder benutzt",
    }
)
_NEXT = Phrase(
    {
        "en": "wait for the next code of the app; if none fits, look at the clock of the device",
        "de": "warte auf den nächsten Code der App; wenn keiner passt, sieh nach der Uhr des Geräts",
    }
)


class SecondFactorNeeded(NotAuthenticated):
    """The password is right, and a code is missing or does not count."""


@dataclass(frozen=True, slots=True)
class SecondFactor(Result):
    """Whether an account has a second factor.

    Parameters
    ----------
    on : bool
    recovery_codes : int
        That are left.
    """

    on: bool
    recovery_codes: int


@dataclass(frozen=True, slots=True)
class NewFactor(Result):
    """A secret for an app, which is given now and never again.

    Parameters
    ----------
    secret : str
        In base 32, to be typed.
    link : str
        ``otpauth://…``, which an app on the same device opens.
    """

    secret: str
    link: str


class SecondFactors:
    """The second factors of a workspace.

    Parameters
    ----------
    store : Store
    clock : callable
        Gives UTC milliseconds.
    """

    def __init__(self, store: Store, *, clock: Clock = now_ms) -> None:
        self._store, self._clock = store, clock

    def state(self, account_id: int) -> SecondFactor:
        """Tell whether an account has one."""
        with self._store.read() as connection:
            row = _row(connection, account_id)
        on = row is not None and row.confirmed_at is not None
        return SecondFactor(on, len(row.codes.split()) if on and row is not None else 0)

    def begin(self, account_id: int, name: str) -> NewFactor:
        """Draw a secret for an app; one that was only begun before is void.

        Raises
        ------
        BadInput
            If the account has a second factor.
        """
        secret = new_secret()
        with self._store.write() as connection:
            row = _row(connection, account_id)
            if row is not None and row.confirmed_at is not None:
                raise BadInput("this account has a second factor already", "remove that first", code="factor_there")
            connection.execute(delete(second_factors).where(second_factors.c.account_id == account_id))
            connection.execute(
                second_factors.insert().values(
                    account_id=account_id, secret=hidden(connection, account_id, secret), codes=""
                )
            )
        return NewFactor(secret, link_of(secret, name, ISSUER))

    def confirm(self, account_id: int, code: str) -> tuple[str, ...]:
        """Take a secret into use by a code of it.

        Returns
        -------
        tuple of str
            Recovery codes, which are given now and never again.

        Raises
        ------
        BadInput
            If none was begun, or the code does not fit.
        """
        codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        with self._store.write() as connection:
            row = _row(connection, account_id)
            if row is None or row.confirmed_at is not None:
                raise BadInput("no second factor was begun", "begin to set one up", code="factor_not_begun")
            step = step_of(_shown(connection, row), _typed(code), self._clock())
            if step is None:
                raise BadInput(_WRONG, _NEXT)
            new = {"confirmed_at": self._clock(), "step": step, "codes": " ".join(map(_hash, codes))}
            connection.execute(_of(account_id).values(**new))
        return codes

    def remove(self, account_id: int) -> bool:
        """Ask an account for its password only from now on; tell whether it was asked for more."""
        with self._store.write() as connection:
            row = _row(connection, account_id)
            connection.execute(delete(second_factors).where(second_factors.c.account_id == account_id))
        return row is not None and row.confirmed_at is not None


def use_code(connection: Connection, account_id: int, code: str | None, now: int) -> None:
    """Use a code up; where an account has no second factor, nothing is asked for.

    Raises
    ------
    SecondFactorNeeded
        If there is none, it is wrong, too old, or was used.
    """
    row = _row(connection, account_id)
    if row is None or row.confirmed_at is None:
        return
    if not code:
        raise SecondFactorNeeded(_NEEDED, _SHOW)
    typed = _typed(code)
    if _DIGITS.fullmatch(typed):
        step = step_of(_shown(connection, row), typed, now, after=row.step)
        if step is not None:
            connection.execute(_of(account_id).values(step=step))
            return
    else:
        shown, kept = _hash(typed), row.codes.split()
        left = [each for each in kept if not hmac.compare_digest(each, shown)]
        if len(left) < len(kept):
            connection.execute(_of(account_id).values(codes=" ".join(left)))
            return
    raise SecondFactorNeeded(_WRONG, _NEXT)


def hidden(connection: Connection, account_id: int, secret: str) -> str:
    """Give what is stored for a secret, in a transaction that writes."""
    sealer = vault_of(connection).sealer(connection)
    return secret if sealer is None else SEALED + sealer.seal_text(FACTORS, _place(account_id), secret)


def _shown(connection: Connection, row: Row[Any]) -> str:
    """Read the secret in a row."""
    kept: str = row.secret
    if not kept.startswith(SEALED):
        return kept
    place_of = _place(row.account_id)
    return vault_of(connection).open_text(connection, FACTORS, place_of, kept.removeprefix(SEALED))


def _place(account_id: int) -> bytes:
    return place("second_factors", "secret", str(account_id))


def _row(connection: Connection, account_id: int) -> Row[Any] | None:
    return connection.execute(select(second_factors).where(second_factors.c.account_id == account_id)).first()


def _of(account_id: int) -> Any:
    return update(second_factors).where(second_factors.c.account_id == account_id)


def _recovery_code() -> str:
    text = base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower()
    return "-".join(text[place : place + _GROUP] for place in range(0, len(text), _GROUP))


def _typed(code: str) -> str:
    """Give a code as it is compared: people group digits, and type capitals."""
    return re.sub(r"[\s-]", "", code).lower()


def _hash(code: str) -> str:
    return hashlib.sha256(_typed(code).encode(errors="replace")).hexdigest()
