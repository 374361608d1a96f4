"""The vault of one store: what opens sealed fields, and what seals new ones."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping
from threading import Lock
from typing import Any

import orjson
from sqlalchemy import BindParameter, Connection, bindparam, insert, select

from ml.data.schema import data_keys
from ml.data.vault.cipher import KEY_BYTES, Cipher, Tampered, as_text, from_text, place
from ml.data.vault.root_keys import RootKey
from ml.data.vault.sources import VARIABLE, KeySource
from ml.data.vault.state import OPENING, SEALED, State, read_state
from ml.foundation.errors import Locked, StoreBusy

#: Subjects of the workspace's own keys: what makes blind indexes, what seals files that were sent, jobs, secrets of
#: second factors, what saved searches and recipes ask for, and rows that imports refused.
INDEX, UPLOADS, JOBS, FACTORS, REQUESTS, REJECTS = "index", "uploads", "jobs", "factors", "requests", "rejects"
OWN = (INDEX, UPLOADS, JOBS, FACTORS, REQUESTS, REJECTS)
#: The option of a connection that its store's vault is in.
OPTION = "ml_vault"
# Data keys that a process remembers, some 200 bytes each.
_REMEMBERED = 50_000
_SLICE = 5_000
_INDEX_BYTES = 16
_RESTORE = "restore a backup: ml workspace restore FILE"
_SUBJECTS: BindParameter[str] = bindparam("subjects", expanding=True)
# Built once: putting a statement together takes longer than SQLite takes to answer it.
_WRAPPED = select(data_keys.c.subject, data_keys.c.root, data_keys.c.wrapped).where(data_keys.c.subject.in_(_SUBJECTS))
Fields = Mapping[str, Any]


def vault_of(connection: Connection) -> Vault:
    """Give the vault of the store that a connection belongs to."""
    found: Vault = connection.get_execution_options()[OPTION]
    return found


class Vault:
    """What opens and seals the personal fields of one store.

    Parameters
    ----------
    source : KeySource or None
        Where the root keys lie; None where no place is configured.
    sealing : bool
        Whether this is who encrypts what is there: nobody else may write meanwhile.
    """

    def __init__(self, source: KeySource | None = None, *, sealing: bool = False) -> None:
        self.source, self._sealing = source, sealing
        self._state: State | None = None
        self._roots: dict[str, RootKey] = {}
        self._keys: dict[str, bytes] = {}
        self._index = b""
        self._lock = Lock()

    @property
    def sealed(self) -> bool:
        """Whether the workspace was encrypted when this was last looked at."""
        return self._state is not None

    def unlock(self, connection: Connection) -> None:
        """Look whether the workspace is encrypted, and whether the right key is there.

        Raises
        ------
        Locked
            If there is no key, or another.
        StoreBusy
            If it is half encrypted, or half decrypted.
        """
        state = self.refresh(connection)
        if state is not None and state.phase != SEALED and not self._sealing:
            raise _half(state)

    def refresh(self, connection: Connection) -> State | None:
        """Look whether the workspace is encrypted, as it is in this transaction."""
        state = read_state(connection)
        if state is None and self._index:
            # Decrypted since. Should it be encrypted again, it will be with other data keys.
            self._index = b""
            self._keys.clear()
        if state is not None and not self._index:
            self._index = self.keys_of(connection, [INDEX])[INDEX]
        self._state = state
        return state

    def missed(self, connection: Connection) -> bool:
        """After something was not found: tell whether another process has encrypted or decrypted it all.

        Raises
        ------
        StoreBusy
            If it is doing so now.
        """
        before = self.sealed
        self.unlock(connection)
        return self.sealed != before

    def hidden(self, text: str) -> str:
        """Give what stands in the database for a text that is looked up: a keyed hash, or the text itself."""
        return text if self._state is None else self.blind(text)

    def blind(self, text: str) -> str:
        """Give the blind index of a text: HMAC-SHA-256, of which 128 bit are kept."""
        return hmac.digest(self._index, text.encode(), "sha256")[:_INDEX_BYTES].hex()

    def open(self, connection: Connection, table: str, subject: str, sealed: str) -> Fields:
        """Open the fields of one row."""
        return self.open_many(connection, table, {subject: sealed})[subject]

    def open_many(self, connection: Connection, table: str, sealed: Mapping[str, str]) -> dict[str, Fields]:
        """Open the fields of many rows of a table, by their subjects.

        Raises
        ------
        Tampered, Locked
        """
        keys = self.keys_of(connection, sealed)
        opened: dict[str, Fields] = {}
        for subject, text in sealed.items():
            try:
                opened[subject] = _open(keys.get(subject), table, subject, text)
            except Tampered:
                # A transaction that was given up may have left a key here that nobody has.
                if self._keys.pop(subject, None) is None:
                    raise
                opened[subject] = _open(self.keys_of(connection, [subject]).get(subject), table, subject, text)
        return opened

    def open_text(self, connection: Connection, owner: str, where: bytes, sealed: str) -> str:
        """Open a text that a key of the workspace's own has sealed for a place.

        Raises
        ------
        Tampered, Locked
        """
        text, keys = from_text(sealed), self.keys_of(connection, [owner])
        try:
            return Cipher(keys[owner]).open(text, where).decode()
        except (KeyError, Tampered):
            # As in `open_many`; and whoever decrypts the workspace takes the keys away.
            fresh = self.keys_of(connection, [owner], fresh=True).get(owner)
            if fresh is None or fresh == keys.get(owner):
                raise Tampered(f"something that the key of {owner} sealed does not open", _RESTORE) from None
        return Cipher(fresh).open(text, where).decode()

    def recall(self, table: str, subject: str, sealed: str) -> Fields | None:
        """Open the fields of one row without asking the store; None where its data key is not remembered."""
        try:
            return _open(self._keys[subject], table, subject, sealed)
        except (KeyError, Tampered):
            return None

    def keys_of(self, connection: Connection, subjects: Collection[str], *, fresh: bool = False) -> dict[str, bytes]:
        """Give the data keys of subjects; those without one are left out.

        Parameters
        ----------
        fresh : bool
            Whether to ask the store also for those that are remembered.
        """
        found = {} if fresh else {each: key for each in subjects if (key := self._keys.get(each)) is not None}
        left = [each for each in subjects if each not in found]
        for first in range(0, len(left), _SLICE):
            for row in connection.execute(_WRAPPED, {"subjects": left[first : first + _SLICE]}):
                found[row.subject] = self.unwrap(row.subject, row.root, row.wrapped)
        if len(self._keys) + len(left) > _REMEMBERED:
            self._keys.clear()
        if len(left) <= _REMEMBERED:
            self._keys.update((each, found[each]) for each in left if each in found)
        return found

    def unwrap(self, subject: str, root: str, wrapped: str) -> bytes:
        """Open a data key."""
        return self.root(root).cipher.open(from_text(wrapped), place("data_keys", "wrapped", subject, root))

    def wrap(self, subject: str, root: str, key: bytes) -> str:
        """Seal a data key under a root key."""
        return as_text(self.root(root).cipher.seal(key, place("data_keys", "wrapped", subject, root)))

    def root(self, id_: str) -> RootKey:
        """Give a root key; one that is not known yet is looked for where they lie: it may be new.

        Raises
        ------
        Locked
            If it is not there.
        """
        found = self._roots.get(id_)
        if found is None:
            with self._lock:
                self._roots = {key.id: key for key in self.source.read()} if self.source else {}
            found = self._roots.get(id_)
        if found is None:
            raise _locked(self.source, id_, self._roots)
        return found

    def sealer(self, connection: Connection) -> Sealer | None:
        """Give what seals in a transaction that writes; None where the workspace is not encrypted.

        Raises
        ------
        StoreBusy
            If another process is encrypting what is there, or decrypting it.
        Locked
        """
        state = self.refresh(connection)
        if state is None:
            return None
        if state.phase != SEALED and not self._sealing:
            raise _half(state)
        return Sealer(self, connection, state.root)


class Sealer:
    """What seals within one transaction."""

    def __init__(self, vault: Vault, connection: Connection, root: str) -> None:
        self._vault, self._connection, self._root = vault, connection, root

    def blind(self, text: str) -> str:
        """Give the blind index of a text."""
        return self._vault.blind(text)

    def seal(self, table: str, subject: str, fields: Fields) -> str:
        """Seal the fields of one row."""
        return self.seal_many(table, {subject: fields})[subject]

    def seal_many(self, table: str, fields: Mapping[str, Fields], *, new: bool = False) -> dict[str, str]:
        """Seal the fields of rows of a table, by their subjects; who has no data key yet is given one.

        Parameters
        ----------
        new : bool
            Whether it is known that nobody has one.
        """
        keys = {} if new else self._vault.keys_of(self._connection, fields, fresh=True)
        keys |= self.give_keys(each for each in fields if each not in keys)
        return {
            subject: as_text(Cipher(keys[subject]).seal(orjson.dumps(own), place(table, "sealed", subject)))
            for subject, own in fields.items()
        }

    def seal_text(self, owner: str, where: bytes, text: str) -> str:
        """Seal a text for a place by a key of the workspace's own."""
        return as_text(Cipher(self.own_key(owner)).seal(text.encode(), where))

    def own_key(self, owner: str) -> bytes:
        """Give one of the workspace's own keys; where an earlier version did not know it, it is drawn now."""
        found = self._vault.keys_of(self._connection, [owner], fresh=True).get(owner)
        return self.give_keys([owner])[owner] if found is None else found

    def give_keys(self, subjects: Iterable[str]) -> dict[str, bytes]:
        """Draw data keys for subjects that have none, and store them."""
        keys = {subject: secrets.token_bytes(KEY_BYTES) for subject in subjects}
        rows = [
            {"subject": subject, "root": self._root, "wrapped": self._vault.wrap(subject, self._root, key)}
            for subject, key in keys.items()
        ]
        if rows:
            self._connection.execute(insert(data_keys), rows)
        return keys


def _open(key: bytes | None, table: str, subject: str, text: str) -> Fields:
    if key is None:
        raise Tampered(f"the key of something in {table} is gone", _RESTORE)
    opened: Fields = orjson.loads(Cipher(key).open(from_text(text), place(table, "sealed", subject)))
    return opened


def _half(state: State) -> StoreBusy:
    opening = state.phase == OPENING
    verb, command = ("decrypted", "decrypt") if opening else ("encrypted", "init")
    return StoreBusy(
        f"this workspace is being {verb}, or was half {verb} when that was stopped",
        f"wait for it, or go on with it: ml keys {command}",
    )


def _locked(source: KeySource | None, wanted: str, there: Iterable[str]) -> Locked:
    how = f"name its file by vault.key_file, set {VARIABLE}, or set vault.keyring = true"
    if source is None:
        return Locked("this workspace is encrypted, and no key is configured", how)
    ids = ", ".join(there)
    has = f"has only {ids}" if ids else "has no key"
    return Locked(
        f"this workspace is encrypted with the key {wanted}, and {source.name} {has}",
        "put that key there; without it nobody opens the workspace",
    )
