"""The folder and its store."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from sqlalchemy import Table, select

from ml.data.schema import audio_corrections, items, listens, scanned_files
from ml.data.store import Store
from ml.data.vault import KeySource, Vault
from ml.foundation.errors import BadInput, SettingsError
from ml.foundation.paths import expanded

REAL, DEMO = "real", "demo"
#: The folder of the audit log.
AUDIT = "audit"
_LABEL, _BEGUN = "label", "begun"


def demo_home(home: Path) -> Path:
    """Name the folder of the demo workspace that belongs to a workspace."""
    return home / DEMO


@dataclass(frozen=True)
class Workspace:
    """One folder and one database; made with :meth:`at`.

    Folders come into being when they are first asked for, the database when ``store`` is.

    Parameters
    ----------
    home : Path
        Absolute.
    database_url : str
        Empty means SQLite in the folder.
    keys : KeySource, optional
        Where the root key lies, if the workspace is encrypted.
    """

    home: Path
    database_url: str = field(default="", repr=False)  # it may hold a password
    keys: KeySource | None = field(default=None, repr=False, compare=False)
    _opened: list[Store] = field(default_factory=list, init=False, repr=False, compare=False)
    _lock: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    @classmethod
    def at(cls, home: Path, database_url: str = "", *, keys: KeySource | None = None) -> Workspace:
        """Give the workspace in a folder, there or not; nothing is written yet."""
        return cls(expanded(home).absolute(), database_url, keys)

    @property
    def store(self) -> Store:
        """The store: opened, and made if need be, the first time; any thread may ask.

        Raises
        ------
        SettingsError
            If the folder cannot be made.
        StoreError
            If the database cannot be opened.
        """
        with self._lock:
            if not self._opened:
                self._made(self.home)
                self._opened.append(Store.at(self.home, self.database_url, vault=Vault(self.keys)))
            return self._opened[0]

    @property
    def snapshots(self) -> Path:
        """Folder of the snapshots."""
        return self._made(self.home / "snapshots")

    @property
    def models(self) -> Path:
        """Folder of the model files."""
        return self._made(self.home / "models")

    @property
    def indexes(self) -> Path:
        """Folder of what can be derived again."""
        return self._made(self.home / "indexes")

    @property
    def reports(self) -> Path:
        """Folder of what was measured."""
        return self._made(self.home / "reports")

    @property
    def audit(self) -> Path:
        """Folder of the audit log; it comes into being with the first record."""
        return self.home / AUDIT

    @property
    def tuning(self) -> Path:
        """Folder of settings that searches have found; it comes into being with the first of them."""
        return self.home / "reports" / "tuning"

    @property
    def searches(self) -> Path:
        """Folder of the searches themselves, to go on from; it comes into being with the first."""
        return self.tuning / "searches"

    @property
    def rejects(self) -> Path:
        """Folder of the rows that imports refused."""
        return self._made(self.home / "rejects")

    @property
    def label(self) -> str:
        """``"real"``, or ``"demo"`` where the data are synthetic."""
        return self.store.fact(_LABEL) or REAL

    def mark(self, label: str) -> None:
        """Say whether this workspace is for real data or for the demo world.

        Raises
        ------
        BadInput
            If it holds data of the other sort: the two are never mixed.
        """
        if label not in {REAL, DEMO}:
            raise ValueError(f"a workspace is {REAL!r} or {DEMO!r}, not {label!r}")
        if label == self.label and self.store.fact(_LABEL) is not None:
            return
        if label != self.label and not self.is_bare():
            if label == REAL:  # said without its folder: over HTTP, listeners' players are told too
                raise BadInput(
                    "this is the demo world, and made-up data are never mixed with real data",
                    "begin your own workspace: ml workspace begin; or use another folder: ML_HOME=FOLDER ml …",
                    code="is_demo",
                )
            raise BadInput(
                f"{self.home}: holds {self.label} data, which are never mixed with {label} data",
                "use another folder: ML_HOME=FOLDER ml …",
                code="never_mixed",
            )
        self.store.state(_LABEL, label)

    @property
    def is_there(self) -> bool:
        """Whether there is a database; asking makes none."""
        return bool(self._opened or self.database_url) or (self.home / "ml.db").exists()

    def is_empty(self) -> bool:
        """Whether there is no item and no listen; asking makes no workspace."""
        return self._without(items, listens)

    def begin(self) -> None:
        """Take it up, empty as it is.

        Raises
        ------
        BadInput
            If it is a demo world.
        """
        self.mark(REAL)
        self.store.state(_BEGUN, "yes")

    def is_taken_up(self) -> bool:
        """Whether it has items or listens, or was begun without; asking makes no workspace."""
        return not self.is_empty() or (self.is_there and self.store.fact(_BEGUN) is not None)

    def is_bare(self) -> bool:
        """Whether it is empty and knows no sounds either; asking makes no workspace."""
        return self._without(items, listens, scanned_files, audio_corrections)

    def _without(self, *tables: Table) -> bool:
        if not self.is_there:
            return True
        with self.store.read() as connection:
            return not any(connection.execute(select(table).limit(1)).first() for table in tables)

    def close(self) -> None:
        """Close the store, if it is open; asking for it opens it again."""
        with self._lock:
            while self._opened:
                self._opened.pop().close()

    def _made(self, folder: Path) -> Path:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"{folder}: the workspace's folder cannot be made ({error.strerror})",
                "name another folder: ML_HOME=FOLDER ml …",
            ) from error
        return folder
