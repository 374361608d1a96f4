"""The way back: ``ml keys decrypt`` writes everything in clear again, and the workspace needs no key any more.

Short transactions, like encrypting. From the first to the last of them nobody else opens the workspace or writes to it;
whoever is stopped half-way goes on with the same command, or back with ``ml keys init``. The data keys go last, when
nothing is left that they seal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete

from ml.data.schema import data_keys
from ml.data.store import Store
from ml.data.vault.rows import KINDS, count, walk
from ml.data.vault.sealing import SLICE, OnStep
from ml.data.vault.state import OPENING, State, clear_state, read_state, write_state
from ml.data.vault.waiting import open_files
from ml.foundation.errors import BadInput, StoreError
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Opened(Result):
    """What was decrypted now.

    Parameters
    ----------
    root : str
        Id of the root key that is needed no more, but for backups.
    rows : dict
        By table, how many rows, and by folder, how many files; what was decrypted before is not counted.
    """

    root: str
    rows: Mapping[str, int]


def open_workspace(store: Store, *, home: Path | None = None, on_step: OnStep = lambda _table, _rows: None) -> Opened:
    """Decrypt all that is encrypted, and forget the data keys.

    Parameters
    ----------
    store : Store
        Opened with a vault that may seal; nobody else writes listeners or accounts until this has ended.
    home : Path, optional
        The workspace, for its files; left out, the database alone is decrypted.
    on_step : callable
        Told the table, and how many rows of it are in clear by now; of files, their folder.

    Raises
    ------
    BadInput
        If the workspace is not encrypted.
    Tampered
        If something does not open: the keys stay, and what is sealed stays sealed.
    StoreBusy, DiskFull
    """
    with store.write() as connection:
        state = read_state(connection)
        if state is None:
            raise BadInput("this workspace is not encrypted", "there is nothing to decrypt")
        write_state(connection, State(OPENING, state.root))
        store.vault.refresh(connection)
    rows: dict[str, int] = {}

    def told(name: str, number: int) -> None:
        rows[name] = rows.get(name, 0) + number
        on_step(name, rows[name])

    # Files first: where the job of one lies is written while jobs are sealed still, or not any more.
    for folder in open_files(store, home) if home is not None else ():
        told(folder, 1)
    for kind in KINDS:
        for number in walk(store, kind, kind.sealed, kind.open, SLICE):
            told(kind.table.name, number)
    with store.write() as connection:
        left = count(connection, sealed=True)
        if left:
            raise StoreError(f"still encrypted: {', '.join(left)}", "go on with it: ml keys decrypt")
        connection.execute(delete(data_keys))
        clear_state(connection)
    with store.read() as connection:
        store.vault.refresh(connection)
    return Opened(state.root, rows)
