"""Encrypting what is there: ``ml keys init``, in small transactions that can be gone on with after a kill."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from ml.data.schema import data_keys
from ml.data.store import Store
from ml.data.vault.rows import KINDS, walk
from ml.data.vault.state import SEALED, SEALING, State, read_state, write_state
from ml.data.vault.vault import OWN, Sealer
from ml.data.vault.waiting import seal_files
from ml.foundation.results import Result

#: Rows that are sealed in one transaction.
SLICE = 500
OnStep = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Sealed(Result):
    """What was encrypted now.

    Parameters
    ----------
    root : str
        Id of the root key.
    rows : dict
        By table, how many rows, and by folder, how many files; what was encrypted before is not counted.
    compacted : bool
        Whether the database was written anew, so that nothing is left in its free pages. PostgreSQL does that by itself
        in time, or at once by ``VACUUM FULL``.
    """

    root: str
    rows: Mapping[str, int]
    compacted: bool


def seal_workspace(
    store: Store, root: str, *, home: Path | None = None, on_step: OnStep = lambda _table, _rows: None
) -> Sealed:
    """Encrypt all that is personal and not encrypted yet.

    Parameters
    ----------
    store : Store
        Opened with a vault that may seal; nobody else writes listeners or accounts until this has ended.
    root : str
        Id of the root key, which lies in the vault's source.
    home : Path, optional
        The workspace, for its files; left out, the database alone is encrypted.
    on_step : callable
        Told the table, and how many rows of it are sealed by now; of files, their folder.

    Raises
    ------
    Locked
        If the root key is not in the source.
    StoreBusy, DiskFull
    """
    with store.write() as connection:
        state = read_state(connection)
        root = root if state is None else state.root
        # An earlier version may have known fewer of the workspace's own keys.
        there = store.vault.keys_of(connection, OWN, fresh=True)
        Sealer(store.vault, connection, root).give_keys(each for each in OWN if each not in there)
        write_state(connection, State(SEALING, root))
        store.vault.refresh(connection)
    rows: dict[str, int] = {}

    def told(name: str, number: int) -> None:
        rows[name] = rows.get(name, 0) + number
        on_step(name, rows[name])

    for kind in KINDS:
        for number in walk(store, kind, kind.plain, kind.seal, SLICE):
            told(kind.table.name, number)
    for folder in seal_files(store, home) if home is not None else ():
        told(folder, 1)
    with store.write() as connection:
        write_state(connection, State(SEALED, root))
        store.vault.refresh(connection)
    return Sealed(root, rows, compact(store))


def compact(store: Store) -> bool:
    """Write a SQLite database anew: what was overwritten would lie in its free pages for long."""
    if store.engine.dialect.name != "sqlite":
        return False
    with store.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("VACUUM")
        return bool(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def keys_left(connection: Connection, root: str) -> int:
    """Count the data keys that another root key has wrapped."""
    return int(
        connection.execute(select(func.count()).select_from(data_keys).where(data_keys.c.root != root)).scalar_one()
    )
