"""AES-256-GCM with a version in front: ``1`` is the first and only algorithm so far.

Conventions
-----------
- Sealed bytes are ``version (1 byte) | nonce (96 bit, random) | ciphertext | tag (128 bit)``.
- Where something belongs (table, column, subject) is associated data: it is not stored, and whatever is moved to
  another place cannot be opened there.
- One data key seals few fields, so that random nonces of 96 bit never meet (NIST SP 800-38D allows 2³² for one key).
"""

from __future__ import annotations

import base64
import binascii
import os
from functools import cache
from typing import TYPE_CHECKING

from ml.foundation.errors import MLError
from ml.foundation.extras import extra

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
_VERSION = b"\x01"
_SHORTEST = len(_VERSION) + NONCE_BYTES + TAG_BYTES


@cache
def aes_gcm() -> type[AESGCM]:
    """Import AES-GCM, which takes 13 ms, when something is encrypted.

    Raises
    ------
    MissingExtra
        Without the library ``cryptography``.
    """
    with extra("vault"):
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    return AESGCM


@cache
def invalid_tag() -> type[Exception]:
    """Import what AES-GCM raises."""
    from cryptography.exceptions import InvalidTag

    return InvalidTag


class Tampered(MLError):
    """What was sealed has been changed, moved or cut, or is opened with another key."""


class Cipher:
    """One key, ready for use.

    Parameters
    ----------
    key : bytes
        32 bytes.

    Raises
    ------
    MissingExtra
        Without the library ``cryptography``.
    """

    __slots__ = ("_aead",)

    def __init__(self, key: bytes) -> None:
        self._aead = aes_gcm()(key)

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """Encrypt for one place."""
        nonce = os.urandom(NONCE_BYTES)
        return _VERSION + nonce + self._aead.encrypt(nonce, plain, _VERSION + place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Decrypt what was sealed for a place.

        Raises
        ------
        Tampered
            Unless it is bit for bit what was sealed, for this place, with this key.
        """
        if len(sealed) < _SHORTEST or sealed[:1] != _VERSION:
            raise Tampered(
                "something encrypted is in no form that this version knows", "update the package, or restore"
            )
        try:
            return self._aead.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], _VERSION + place)
        except invalid_tag():
            raise Tampered(
                "something encrypted was changed, moved, or belongs to another key",
                "restore a backup: ml workspace restore FILE",
            ) from None


def as_text(sealed: bytes) -> str:
    """Write sealed bytes for a column of text."""
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Read what :func:`as_text` wrote.

    Raises
    ------
    Tampered
        If it is none.
    """
    try:
        sealed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        sealed = b""
    # Bits that base64 leaves unused may not differ either: one text, one meaning.
    if not sealed or as_text(sealed) != text:
        raise Tampered("something encrypted is not as it was written", "restore a backup: ml workspace restore FILE")
    return sealed


def place(*names: str) -> bytes:
    """Name a place, such as a table, a column and a subject; no two places have one name.

    >>> place("users", "sealed", "user/7") == place("users/sealed", "", "user/7")
    False
    """
    texts = [name.encode() for name in names]
    return b"".join([len(text).to_bytes(4, "big") + text for text in texts])
