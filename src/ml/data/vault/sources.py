"""Where root keys come from: a file, the environment, or the keyring of the operating system."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from ml.data.vault.root_keys import RootKey, read_keys, write_keys
from ml.foundation.atomic import disk_errors, draft, sync
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra
from ml.foundation.paths import expanded
from ml.foundation.service_settings import Vault as VaultSettings

VARIABLE = "ML_VAULT_KEY"
_SERVICE = "spotify-ai-agent-ml"
_LARGEST_FILE = 1 << 16


class KeySource(Protocol):
    """Somewhere that root keys lie."""

    @property
    def name(self) -> str:
        """What it is called in messages."""

    @property
    def writable(self) -> bool:
        """Whether :meth:`write` works, and every process reads what it wrote."""

    def read(self) -> tuple[RootKey, ...]:
        """Read the keys as they are now, the one in use first; none where there are none.

        Raises
        ------
        BadInput
        """

    def write(self, keys: Sequence[RootKey]) -> None:
        """Keep these keys instead.

        Raises
        ------
        BadInput, DiskFull
        """


class KeyFile:
    """A file that only its owner reads, a key a line."""

    writable = True

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def read(self) -> tuple[RootKey, ...]:
        """Read the keys; none where there is no file."""
        try:
            with self.path.open("rb") as stream:
                text = stream.read(_LARGEST_FILE).decode("utf-8")
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise BadInput(f"{self.name}: cannot be read ({error.strerror})", "check its permissions") from None
        except UnicodeDecodeError:
            raise BadInput(f"{self.name}: is no text", "vault.key_file names a file with a key in base64") from None
        return read_keys(text, where=self.name)

    def write(self, keys: Sequence[RootKey]) -> None:
        """Put another file in its place, whole."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with disk_errors(self.path), draft(self.path.parent) as folder:
                new = folder / self.path.name
                with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:  # noqa: PTH123
                    stream.write(write_keys(keys).reveal().encode())
                sync(new)
                new.replace(self.path)
                sync(self.path.parent)
        except OSError as error:
            raise BadInput(f"{self.name}: cannot be written ({error.strerror})", "check its permissions") from None


class KeyVariable:
    """The variable ``ML_VAULT_KEY``; several keys stand with blanks between them."""

    writable = False
    name = VARIABLE

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def read(self) -> tuple[RootKey, ...]:
        """Read the keys."""
        return read_keys(self._environment.get(VARIABLE, ""), where=VARIABLE)

    def write(self, keys: Sequence[RootKey]) -> None:  # noqa: ARG002  # as the protocol has it
        """Refuse: nobody changes the environment of a process that runs."""
        raise BadInput(
            f"{VARIABLE} cannot be changed from here",
            f"put a new key in front of the one in use, {VARIABLE}='NEW OLD', and start everything again with it",
        )


class KeyRing:
    """The keyring of the operating system, by the library ``keyring``.

    Parameters
    ----------
    home : Path
        The workspace, under whose name the keys lie there.
    """

    writable = True

    def __init__(self, home: Path) -> None:
        self._user = str(home)
        self.name = "the keyring of the operating system"

    def read(self) -> tuple[RootKey, ...]:
        """Read the keys; none where the keyring has none."""
        with extra("keyring"):
            import keyring
        from keyring.errors import KeyringError

        try:
            text = keyring.get_password(_SERVICE, self._user)
        except KeyringError as error:
            raise _no_keyring(error) from None
        return read_keys(text or "", where=self.name)

    def write(self, keys: Sequence[RootKey]) -> None:
        """Keep the keys there."""
        with extra("keyring"):
            import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(_SERVICE, self._user, write_keys(keys).reveal())
        except KeyringError as error:
            raise _no_keyring(error) from None


def source_of(settings: VaultSettings, home: Path, *, environment: Mapping[str, str] | None = None) -> KeySource | None:
    """Give the first place that is configured: the file, the variable, the keyring; None where none is.

    Parameters
    ----------
    settings : VaultSettings
    home : Path
        Of the workspace.
    environment : mapping of str to str, optional
        Instead of the process's own.
    """
    if settings.key_file:
        return KeyFile(expanded(settings.key_file).absolute())
    variables = os.environ if environment is None else environment
    if variables.get(VARIABLE, "").strip():
        return KeyVariable(variables)
    return KeyRing(home) if settings.keyring else None


def _no_keyring(error: Exception) -> BadInput:
    # Of the library's error only the kind is told: what it says may hold what was asked for.
    return BadInput(
        f"the keyring of the operating system does not answer ({type(error).__name__})",
        f"where there is none, such as on a server, use vault.key_file or {VARIABLE}",
    )
