"""Another root key, while everything goes on: data keys are wrapped anew, and nothing that they seal is touched.

Processes that run find out by the id beside a data key, and read their keys again. So the new key is put where the keys
lie before anything is wrapped with it, and the old one taken away when nothing is any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from ml.data.schema import data_keys
from ml.data.store import Store
from ml.data.vault.root_keys import RootKey
from ml.data.vault.sealing import SLICE, keys_left
from ml.data.vault.sources import KeySource
from ml.data.vault.state import SEALED, State, read_state, write_state
from ml.foundation.errors import BadInput
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Rotated(Result):
    """What a rotation did.

    Parameters
    ----------
    old, new : str
        Ids of the root keys.
    data_keys : int
        How many were wrapped anew now.
    dropped : bool
        Whether the old key is gone from where the keys lie; else somebody has to take it away.
    """

    old: str
    new: str
    data_keys: int
    dropped: bool


def rotate(store: Store, *, on_step: Callable[[int], None] = lambda _: None) -> Rotated:
    """Wrap every data key with another root key; a rotation that was stopped is gone on with.

    Parameters
    ----------
    store : Store
    on_step : callable
        Told how many data keys are done.

    Raises
    ------
    BadInput
        If the workspace is not encrypted, or the keys lie where none can be put and none was.
    StoreBusy, DiskFull
    """
    source = store.vault.source
    with store.read() as connection:
        state = read_state(connection)
    if state is None or source is None:
        raise BadInput("this workspace is not encrypted", "ml keys init encrypts it")
    if state.phase != SEALED:
        raise BadInput("this workspace is half encrypted", "go on with it first: ml keys init")
    new, old = _next_key(store, source, state.root)
    with store.write() as connection:
        # From here on nobody wraps a new data key with the old one.
        write_state(connection, State(SEALED, new))
    done = 0
    while count := _rewrap(store, new):
        done += count
        on_step(done)
    with store.write() as connection:
        # Durable, and with it all before: a power cut must not bring back what only the old key opens.
        write_state(connection, State(SEALED, new))
    if source.writable:
        source.write([key for key in source.read() if key.id == new])
    return Rotated(old, new, done, source.writable)


def _next_key(store: Store, source: KeySource, root: str) -> tuple[str, str]:
    """Give the ids of the key to come and of the one that goes, making the former if need be."""
    keys = source.read()
    first = keys[0].id if keys else root
    if first != root:
        return first, root  # put there by hand, or by a rotation that was stopped early
    others = [key.id for key in keys if key.id != root]
    with store.read() as connection:
        unfinished = bool(keys_left(connection, root))
    if unfinished or (others and source.writable):
        return root, others[0] if others else root
    new = RootKey.new()
    source.write((new, *keys))
    return new.id, root


def _rewrap(store: Store, root: str) -> int:
    """Wrap some data keys anew; give how many."""
    wanted = select(data_keys).where(data_keys.c.root != root).limit(SLICE)
    change = (
        update(data_keys)
        .where(data_keys.c.subject == bindparam("_subject"))
        .values(root=bindparam("_root"), wrapped=bindparam("_wrapped"))
    )
    with store.write(durable=False) as connection:
        rows = [_wrapped(store, row.subject, row.root, row.wrapped, root) for row in connection.execute(wanted)]
        if rows:
            connection.execute(change, rows)
    return len(rows)


def _wrapped(store: Store, subject: str, root: str, wrapped: str, new: str) -> dict[str, str]:
    vault = store.vault
    text = vault.wrap(subject, new, vault.unwrap(subject, root, wrapped))
    return {"_subject": subject, "_root": new, "_wrapped": text}
