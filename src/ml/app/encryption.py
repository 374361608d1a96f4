"""Encryption of a workspace: looked at, begun, its root key changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from ml.data.schema import data_keys
from ml.data.store import Store
from ml.data.vault import KeySource, RootKey, Vault
from ml.data.vault.opening import Opened, open_workspace
from ml.data.vault.rotation import Rotated, rotate
from ml.data.vault.rows import count
from ml.data.vault.sealing import OnStep, Sealed, seal_workspace
from ml.data.vault.sources import VARIABLE, KeyFile
from ml.data.vault.state import read_state
from ml.data.workspace import Workspace
from ml.foundation.errors import BadInput
from ml.foundation.extras import require
from ml.foundation.results import Result

_WHERE = f"name a file outside of the workspace by vault.key_file, set {VARIABLE}, or set vault.keyring = true"


@dataclass(frozen=True, slots=True)
class VaultStatus(Result):
    """How far encryption is.

    Parameters
    ----------
    phase : str or None
        ``"sealed"``, ``"sealing"`` while it goes on or was stopped half-way, ``"opening"`` while it is decrypted or
        that was stopped half-way, None where nothing is encrypted.
    source : str or None
        Where the keys lie; None where no place is configured.
    root : str or None
        Id of the root key in use.
    there : tuple of str
        Ids of the keys that lie there.
    wrapped : dict
        How many data keys each root key has wrapped.
    plain : dict
        By table, how many rows would be encrypted and are not.
    """

    phase: str | None
    source: str | None
    root: str | None
    there: tuple[str, ...]
    wrapped: Mapping[str, int]
    plain: Mapping[str, int]


class Encryption:
    """What :class:`~ml.app.app.App` does with the encryption of its workspace."""

    workspace: Workspace

    def vault_status(self) -> VaultStatus:
        """Say whether the workspace is encrypted, and with which key; without its key too."""
        source = self.workspace.keys
        keys = tuple(key.id for key in source.read()) if source is not None else ()
        store = self._opened(locked=True)
        try:
            with store.read() as connection:
                state = read_state(connection)
                by_root = select(data_keys.c.root, func.count()).group_by(data_keys.c.root)
                wrapped = {root: int(number) for root, number in connection.execute(by_root)}
                plain = count(connection, sealed=False)
        finally:
            store.close()
        name = source.name if source is not None else None
        if state is None:
            return VaultStatus(None, name, None, keys, wrapped, plain)
        return VaultStatus(state.phase, name, state.root, keys, wrapped, plain)

    def encrypt(self, *, on_step: OnStep = lambda _table, _rows: None) -> Sealed:
        """Make a root key if there is none, and encrypt what is personal; gone on with where it was stopped.

        Raises
        ------
        BadInput
            If no place is configured for the key, or it is inside the workspace.
        MissingExtra
        Locked
            If the workspace is encrypted with a key that is not there.
        StoreBusy, DiskFull
        """
        require("vault")
        source = self._source()
        keys = source.read()
        if not self.workspace.is_there:
            _ = self.workspace.store  # a new workspace may be encrypted from its beginning
        store = self._opened(sealing=True)  # before a key is made: an encrypted workspace has one already
        try:
            if not keys:
                keys = (RootKey.new(),)
                source.write(keys)
            return seal_workspace(store, keys[0].id, home=self.workspace.home, on_step=on_step)
        finally:
            store.close()

    def decrypt(self, *, confirm: str, on_step: OnStep = lambda _table, _rows: None) -> Opened:
        """Write all that is encrypted in clear again; gone on with where it was stopped.

        The root key stays where it lies: backups from before need it.

        Parameters
        ----------
        confirm : str
            Id of the key in use: what was sealed can be read by everybody afterwards.

        Raises
        ------
        BadInput
            If the workspace is not encrypted, or this is not confirmed.
        Locked
            If the key is not there.
        Tampered
            If something that is encrypted was changed; all that can be opened may be open by then.
        StoreBusy, DiskFull
        """
        state = self.vault_status()
        if state.root is None:
            raise BadInput("this workspace is not encrypted", "there is nothing to decrypt")
        if confirm != state.root:
            raise BadInput(
                "decrypting has to be confirmed by the id of the key in use",
                f"ml keys decrypt --confirm {state.root}",
            )
        store = self._opened(sealing=True)
        try:
            return open_workspace(store, home=self.workspace.home, on_step=on_step)
        finally:
            store.close()

    def rotate_keys(self, *, on_step: Callable[[int], None] = lambda _: None) -> Rotated:
        """Wrap every data key with a new root key, while everything goes on.

        Raises
        ------
        BadInput
            If the workspace is not encrypted, or no new key can be put where the keys lie.
        StoreBusy, DiskFull
        """
        return rotate(self.workspace.store, on_step=on_step)

    def _source(self) -> KeySource:
        source = self.workspace.keys
        if source is None:
            raise BadInput("no place is configured for the key", _WHERE)
        if isinstance(source, KeyFile) and source.path.is_relative_to(self.workspace.home):
            raise BadInput(f"{source.name}: the key would lie beside what it opens", _WHERE)
        return source

    def _opened(self, *, sealing: bool = False, locked: bool = False) -> Store:
        vault = Vault(self.workspace.keys, sealing=sealing)
        return Store.at(self.workspace.home, self.workspace.database_url, vault=vault, locked=locked)
