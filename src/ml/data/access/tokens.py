"""Tokens: what is shown to be let in, and what is kept of it.

A token is ``<kind>_<id>_<secret>``. The id, 16 hexadecimal digits, finds the row and is no secret; the
secret is 256 bits from the operating system. Only its SHA-256 is kept. Slow hashes are for passwords,
which people choose and a machine can guess; nobody guesses 256 random bits, however quick the hash.

A kind of its own, ids in hexadecimal and a fixed length let secret scanners find a key that got into
a repository: ``ml_[0-9a-f]{16}_[A-Za-z0-9_-]{43}``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

KEY, SESSION, INVITATION = "ml", "mls", "mli"
_ID = re.compile(r"[0-9a-f]{16}")
_FORM = re.compile(r"([a-z]+)_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
# Compared with where there is no row, so that both ways take the same steps.
_NOBODYS = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


def is_id(text: object) -> bool:
    """Tell whether a text can be the id of a token."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Token:
    """One token; its secret does not show when it is printed."""

    kind: str
    id: str
    secret: str = field(repr=False)

    @classmethod
    def new(cls, kind: str, id_: str | None = None) -> Token:
        """Draw a token; with an id, a new secret for it."""
        return cls(kind, id_ or secrets.token_hex(8), secrets.token_urlsafe(32))

    @classmethod
    def read(cls, kind: str, text: object) -> Token | None:
        """Read a token of a kind; None for anything else.

        >>> Token.read("ml", "ml_0123456789abcdef_" + 43 * "x")
        Token(kind='ml', id='0123456789abcdef')
        >>> Token.read("mls", "ml_0123456789abcdef_" + 43 * "x") is Token.read("ml", "sesame") is None
        True
        """
        form = _FORM.fullmatch(text) if isinstance(text, str) else None
        return cls(*form.groups()) if form and form[1] == kind else None

    @property
    def text(self) -> str:
        """The token itself, to be shown once."""
        return f"{self.kind}_{self.id}_{self.secret}"

    @property
    def hash(self) -> str:
        """What is kept of the secret: SHA-256 in hexadecimal."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def fits(self, kept: str | None) -> bool:
        """Tell whether a kept hash is of this secret, in a time that does not depend on where they differ."""
        return hmac.compare_digest(self.hash, kept or _NOBODYS)

    def derived(self, purpose: str) -> str:
        """Give a second secret, from which this one cannot be found."""
        digest = hmac.digest(self.secret.encode(), purpose.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
