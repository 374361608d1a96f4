"""What is personal of who gets in: names of accounts, and whom accounts, keys and invitations are bound to.

Of an encrypted workspace these columns hold blind indexes, by which rows are found and joined, and ``sealed`` has the
texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Row

from ml.data.store import Store
from ml.data.vault import vault_of

#: By table: what its rows are called as holders of data keys, and their personal columns.
PERSONAL: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "accounts": ("account", ("name", "login", "user_external")),
    "api_keys": ("key", ("user_external",)),
    "invitations": ("invitation", ("user_external",)),
}


def subject_in(table: str, id_: object) -> str:
    """Name the row of a table as the holder of a data key.

    >>> subject_in("accounts", 3)
    'account/3'
    """
    return f"{PERSONAL[table][0]}/{id_}"


def hidden_row(connection: Connection, table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values of a new row, its ``id`` among them, as they are to be stored."""
    own = {name: values[name] for name in PERSONAL[table][1] if values.get(name) is not None}
    sealer = vault_of(connection).sealer(connection) if own else None
    if sealer is None:
        return dict(values)
    sealed = sealer.seal(table, subject_in(table, values["id"]), own)
    return {**values, **{name: sealer.blind(text) for name, text in own.items()}, "sealed": sealed}


def cleared(connection: Connection, table: str, row: Row[Any], *, id_: object = None) -> Any:
    """Give a row whose personal columns can be read.

    Parameters
    ----------
    id_ : object, optional
        Of the row, where it is called otherwise than ``id`` in a statement.
    """
    if row.sealed is None:
        return row
    subject = subject_in(table, row.id if id_ is None else id_)
    return _with(row, vault_of(connection).open(connection, table, subject, row.sealed))


def cleared_of(store: Store, table: str, row: Row[Any], *, id_: object = None) -> Any:
    """Give the same outside of a transaction; the store is asked only where this process does not know the key yet."""
    if row.sealed is None:
        return row
    subject = subject_in(table, row.id if id_ is None else id_)
    fields = store.vault.recall(table, subject, row.sealed)
    if fields is None:
        with store.read() as connection:
            return cleared(connection, table, row, id_=id_)
    return _with(row, fields)


def _with(row: Row[Any], fields: Mapping[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(**{**row._mapping, **fields})  # noqa: SLF001  # the public name of a row's mapping
