"""Files that were sent, sealed in pieces, so that one of any size is written and read as it comes.

Conventions
-----------
- STREAM (Hoang, Reyhanitabar, Rogaway and Vizár 2015): each piece of 64 KiB is sealed by AES-256-GCM under a nonce of
  its number and of whether it is the last. So a piece that is missing, moved, doubled or put behind the end is found,
  and so is an end that is cut off.
- A file has a key of its own, made by HMAC-SHA-256 of its random salt with a data key; the head, which holds the salt,
  is associated data of every piece.
- The name of the file stands sealed in front of its content.
"""

from __future__ import annotations

import hmac
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ml.data.store import Store
from ml.data.vault.cipher import KEY_BYTES, TAG_BYTES, Tampered, aes_gcm, invalid_tag
from ml.data.vault.vault import UPLOADS

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"ML sealed 1\n"
PIECE = 1 << 16
#: The name of a sealed file, and of the folder beside it in which it is opened.
SEALED_NAME, CLEAR = "sealed", "clear"
_NUMBER_BYTES = 11
_NAME_BYTES = 2


class SealedWriter:
    """Seals what is written to it; without :meth:`close` the file has no end, and cannot be read.

    Parameters
    ----------
    stream : binary file
    key : bytes
        The data key of files.
    name : str
        What the file is called.
    """

    def __init__(self, stream: BinaryIO, key: bytes, name: str) -> None:
        self._stream, self._number = stream, 0
        self._head = MAGIC + os.urandom(KEY_BYTES)
        self._aead = _aead(key, self._head)
        stream.write(self._head)
        shown = name.encode()
        self._waiting = bytearray(len(shown).to_bytes(_NAME_BYTES, "big") + shown)

    def write(self, block: bytes) -> None:
        """Take some of the content."""
        self._waiting += block
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def close(self) -> None:
        """Write the end."""
        self.write(b"")  # a long name may be more than one piece
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._stream.write(self._aead.encrypt(_nonce(self._number, last=last), piece, self._head))
        self._number += 1


def read_sealed(stream: BinaryIO, key: bytes) -> Iterator[bytes]:
    """Give the name of a sealed file, encoded, and then its content in pieces.

    Raises
    ------
    Tampered
        At the first piece that is not what was written; what came before it is.
    """
    pieces = _pieces(stream, key)
    first = next(pieces)
    end = _NAME_BYTES + int.from_bytes(first[:_NAME_BYTES], "big")
    while len(first) < end:
        first += next(pieces)
    yield first[_NAME_BYTES:end]
    yield first[end:]
    yield from pieces


def is_sealed(path: Path) -> bool:
    """Tell whether a file is one that this module wrote."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


@contextmanager
def in_clear(store: Store, path: Path) -> Iterator[Path]:
    """Give a path under which a file can be read: its own, or, if it is sealed, one that is gone afterwards.

    Raises
    ------
    Tampered
        If it is not what was written.
    """
    if not is_sealed(path):
        yield path
        return
    folder = path.parent / CLEAR
    shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed
    folder.mkdir(mode=0o700)
    try:
        with store.read() as connection:
            key = store.vault.keys_of(connection, [UPLOADS])[UPLOADS]
        with path.open("rb") as stream:
            pieces = read_sealed(stream, key)
            clear = folder / next(pieces).decode()
            with clear.open("wb") as plain:
                plain.writelines(pieces)
        yield clear
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pieces(stream: BinaryIO, key: bytes) -> Iterator[bytes]:
    head = stream.read(len(MAGIC) + KEY_BYTES)
    if not head.startswith(MAGIC) or len(head) != len(MAGIC) + KEY_BYTES:
        raise _broken()
    aead, number = _aead(key, head), 0
    piece = stream.read(PIECE + TAG_BYTES)
    last = False
    while not last:
        after = stream.read(PIECE + TAG_BYTES)
        last = not after
        try:
            yield aead.decrypt(_nonce(number, last=last), piece, head)
        except invalid_tag():
            raise _broken() from None
        piece, number = after, number + 1


def _aead(key: bytes, head: bytes) -> AESGCM:
    return aes_gcm()(hmac.digest(key, b"ml sealed file" + head, "sha256"))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(_NUMBER_BYTES, "big") + bytes([last])


def _broken() -> Tampered:
    return Tampered("a file that was sent is not as it was kept: changed, or cut off", "send it again")
