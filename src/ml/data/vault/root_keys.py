"""Root keys: what data keys are wrapped with, and how they are written down."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from collections.abc import Sequence
from functools import cached_property
from typing import Self

from ml.data.vault.cipher import KEY_BYTES, Cipher
from ml.foundation.errors import BadInput
from ml.foundation.secret import Secret

_ID_BYTES = 8


class RootKey:
    """A key that wraps others; it shows as its id, which tells nothing of it.

    Parameters
    ----------
    secret : bytes
        32 random bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.id = hmac.digest(secret, b"ml vault root key", "sha256")[:_ID_BYTES].hex()

    @classmethod
    def new(cls) -> Self:
        """Draw a key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def parse(cls, text: str, *, where: str) -> Self:
        """Read a key as :meth:`text` writes it.

        Raises
        ------
        BadInput
            If it is no base64 of 32 bytes. What was there is not repeated.
        """
        try:
            secret = base64.b64decode(text.strip(), altchars=b"-_" if set(text) & set("-_") else None, validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if len(secret) != KEY_BYTES:
            raise BadInput(f"{where}: not a key, which is {KEY_BYTES} bytes in base64", "ml keys new prints one")
        return cls(secret)

    @cached_property
    def cipher(self) -> Cipher:
        """What wraps with it."""
        return Cipher(self._secret)

    def text(self) -> Secret:
        """Write it down, in base64."""
        return Secret(base64.b64encode(self._secret).decode())

    def __repr__(self) -> str:
        return f"RootKey({self.id})"


def read_keys(text: str, *, where: str) -> tuple[RootKey, ...]:
    """Read keys with white space between them, the one in use first; a line that begins with ``#`` says something else.

    Raises
    ------
    BadInput
        If one cannot be read.
    """
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return tuple(RootKey.parse(word, where=where) for line in lines for word in line.split())


def write_keys(keys: Sequence[RootKey]) -> Secret:
    """Write keys down, a line each."""
    return Secret("".join(f"{key.text().reveal()}\n" for key in keys))
