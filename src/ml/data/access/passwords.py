"""Passwords: which are taken, and how they are kept."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from ml.data.access.guessable import why_guessable
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra
from ml.foundation.phrase import Language, Phrase

if TYPE_CHECKING:
    from argon2 import PasswordHasher

#: In characters.
SHORTEST, LONGEST = 12, 128
_PASSES = 3
_LANES = 1
_LENGTH = Phrase(
    {
        "en": "a password has {shortest} to {longest} characters",
        "de": "ein Passwort hat {shortest} bis {longest} Zeichen",
    },
    {"shortest": SHORTEST, "longest": LONGEST},
)
_NO_GOOD: Mapping[Language, str] = {
    "en": "this password is no good: {reason}",
    "de": "dieses Passwort taugt nicht: {reason}",
}
_ADVICE = Phrase(
    {
        "en": "several words that have nothing to do with each other are good, and easy to keep",
        "de": "mehrere Wörter, die nichts miteinander zu tun haben, sind gut und leicht zu merken",
    }
)


class Passwords:
    """Makes hashes of passwords, and compares with them: Argon2id, RFC 9106.

    Parameters
    ----------
    memory_mib : int
        That one hash takes; RFC 9106 recommends 64 with the three passes made here.

    Raises
    ------
    MissingExtra
        By every method, if argon2-cffi is not installed.
    """

    def __init__(self, *, memory_mib: int = 64) -> None:
        self._memory_kib = memory_mib << 10

    def hash(self, password: str, *, name: str) -> str:
        """Give what is kept of a password.

        Parameters
        ----------
        name : str
            Of the account.

        Raises
        ------
        BadInput
            If it has fewer than 12 or more than 128 characters, or is among the first to be guessed.
        """
        check(password, name)
        return self._hasher.hash(_bytes(password))

    def fits(self, password: str, kept: str | None) -> bool:
        """Tell whether a password is the one; where none is kept, it takes the same time."""
        known = _is_possible(password)
        with extra("service"):
            from argon2.exceptions import InvalidHashError, VerificationError
        try:
            self._hasher.verify(kept or self._nobodys, _bytes(password) if known else b"")
        except (VerificationError, InvalidHashError):
            return False
        return known

    def outgrown(self, kept: str) -> bool:
        """Tell whether a hash was made with less memory or fewer passes than today's."""
        with extra("service"):
            from argon2 import extract_parameters
        old = extract_parameters(kept)
        return old.memory_cost < self._memory_kib or old.time_cost < _PASSES

    def renewed(self, password: str) -> str:
        """Give today's hash of a password that is in use already, whatever is asked of new ones by now."""
        return self._hasher.hash(_bytes(password))

    @cached_property
    def _hasher(self) -> PasswordHasher:
        with extra("service"):
            from argon2 import PasswordHasher
        return PasswordHasher(time_cost=_PASSES, memory_cost=self._memory_kib, parallelism=_LANES)

    @cached_property
    def _nobodys(self) -> str:
        """The hash of what nobody knows."""
        return self._hasher.hash(secrets.token_bytes(32))


def check(password: str, name: str) -> None:
    """Refuse a password that is too short, too long, no text, or among the first to be guessed.

    Any characters are good, blanks too; nothing is cut off, and no sort of them is asked for (ASVS 5.0, 6.2).

    Raises
    ------
    BadInput
    """
    if not _is_possible(password):
        raise BadInput(_LENGTH, _ADVICE)
    reason = why_guessable(password, name)
    if reason is not None:
        raise BadInput(Phrase(_NO_GOOD, {"reason": reason}), _ADVICE)


def _is_possible(password: str) -> bool:
    """Tell whether something can be a password; what cannot costs no more than what can."""
    if not SHORTEST <= len(password) <= LONGEST:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in password)  # half of a pair of UTF-16


def _bytes(password: str) -> bytes:
    """Give a password as it is hashed: keyboards write one and the same ü in two ways."""
    return unicodedata.normalize("NFC", password).encode()
