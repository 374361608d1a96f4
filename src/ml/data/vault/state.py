"""Whether a workspace is encrypted, as a fact of its own."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, bindparam, select

from ml.data.schema import facts
from ml.foundation.errors import StoreError

FACT = "vault"
SEALING, SEALED, OPENING = "sealing", "sealed", "opening"
_FORMAT = 1
# Built once: putting a statement together takes longer than SQLite takes to answer it.
_READ = select(facts.c.value).where(facts.c.name == bindparam("name"))


@dataclass(frozen=True, slots=True)
class State:
    """How far encryption is.

    Parameters
    ----------
    phase : str
        ``"sealing"`` while what was there is being encrypted, ``"sealed"`` from then on, ``"opening"`` while all of it
        is being decrypted.
    root : str
        Id of the root key that new data keys are wrapped with.
    """

    phase: str
    root: str


def read_state(connection: Connection) -> State | None:
    """Read it as it is in this transaction; None where nothing is encrypted.

    Raises
    ------
    StoreError
        If a newer version encrypted the workspace.
    """
    text = connection.execute(_READ, {"name": FACT}).scalar()
    if text is None:
        return None
    kept = orjson.loads(text)
    if kept["format"] != _FORMAT:
        raise StoreError(
            f"this workspace is encrypted in format {kept['format']}, and this version knows {_FORMAT}",
            "pip install --upgrade spotify-ai-agent-ml",
        )
    return State(kept["phase"], kept["root"])


def write_state(connection: Connection, state: State) -> None:
    """Write it down."""
    text = orjson.dumps({"format": _FORMAT, "phase": state.phase, "root": state.root}).decode()
    clear_state(connection)
    connection.execute(facts.insert().values(name=FACT, value=text))


def clear_state(connection: Connection) -> None:
    """Write down that nothing is encrypted."""
    connection.execute(facts.delete().where(facts.c.name == FACT))
