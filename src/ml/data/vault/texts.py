"""Texts that are sealed one by one, by a key of the workspace's own: in columns, and lines of files.

Conventions
-----------
- A sealed text begins with ``~`` and has no comma. JSON, base 32 and a row of CSV are never both.
- What is read need not be sealed: a workspace may be encrypted, or no longer encrypted, while somebody reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Connection

from ml.data.store import Store
from ml.data.vault.cipher import Cipher, as_text, from_text, place
from ml.data.vault.vault import REJECTS, vault_of

#: With which a sealed text begins.
SEALED = "~"


def is_sealed(text: str) -> bool:
    """Tell whether a text is a sealed one.

    >>> is_sealed("~AQ"), is_sealed('{"text": "~"}'), is_sealed("~a.csv,7,no date,x")
    (True, False, False)
    """
    return text.startswith(SEALED) and "," not in text


def hide_text(connection: Connection, owner: str, where: bytes, text: str) -> str:
    """Give what is stored for a text at a place, in a transaction that writes.

    Parameters
    ----------
    owner : str
        Which of the workspace's own keys seals it.
    where : bytes
        The place, as :func:`~ml.data.vault.cipher.place` names it.
    """
    sealer = vault_of(connection).sealer(connection)
    return text if sealer is None else SEALED + sealer.seal_text(owner, where, text)


def show_text(connection: Connection, owner: str, where: bytes, text: str) -> str:
    """Read a text that is stored at a place, sealed or not.

    Raises
    ------
    Tampered, Locked
    """
    if not is_sealed(text):
        return text
    return vault_of(connection).open_text(connection, owner, where, text.removeprefix(SEALED))


@dataclass(frozen=True)
class Lines:
    """What seals and opens the lines of one file, each by itself.

    Parameters
    ----------
    key : bytes or None
        None where the workspace is not encrypted.
    where : bytes
        The place that the file is.
    """

    key: bytes | None = field(default=None, repr=False)
    where: bytes = b""

    @cached_property
    def _cipher(self) -> Cipher | None:
        return None if self.key is None else Cipher(self.key)

    def hide(self, line: str) -> str:
        """Give what is to stand in the file."""
        if self._cipher is None:
            return line
        return SEALED + as_text(self._cipher.seal(line.encode(errors="backslashreplace"), self.where))

    def show(self, line: str) -> str:
        """Read a line, sealed or not.

        Raises
        ------
        Tampered
        """
        if self._cipher is None or not is_sealed(line):
            return line
        return self._cipher.open(from_text(line.removeprefix(SEALED)), self.where).decode()


def reject_lines(store: Store, name: str) -> Lines:
    """Give what seals and opens the lines of a file of refused rows, by its name.

    Raises
    ------
    StoreBusy
        If the workspace is being encrypted now.
    """
    with store.read() as connection:
        key = store.vault.keys_of(connection, [REJECTS]).get(REJECTS)
        if store.vault.refresh(connection) is None:
            return Lines()
    if key is None:  # encrypted by a version that left refused rows as they were
        with store.write() as connection:
            sealer = store.vault.sealer(connection)
            key = None if sealer is None else sealer.own_key(REJECTS)
    return Lines(key, place("rejects", name))
