"""Encrypting what is there: ``ml keys init``, in small transactions that can be gone on with after a kill."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, bindparam, func, not_, or_, select, update

from ml.data.access.personal import PERSONAL, subject_in
from ml.data.access.second_factors import SEALED as FACTOR
from ml.data.access.second_factors import hidden as hidden_secret
from ml.data.jobs.keeping import COLUMNS, hidden, is_hidden
from ml.data.schema import accounts, api_keys, data_keys, invitations, jobs, second_factors, subjects, users
from ml.data.store import Store
from ml.data.vault.listeners import subject_of
from ml.data.vault.profiles import FIELDS, fields_of
from ml.data.vault.state import SEALED, SEALING, State, read_state, write_state
from ml.data.vault.vault import OWN, Sealer, vault_of
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
        By table, how many rows; what was encrypted before is not counted.
    compacted : bool
        Whether the database was written anew, so that nothing is left in its free pages. PostgreSQL does that by itself
        in time, or at once by ``VACUUM FULL``.
    """

    root: str
    rows: Mapping[str, int]
    compacted: bool


def seal_workspace(store: Store, root: str, *, on_step: OnStep = lambda _table, _rows: None) -> Sealed:
    """Encrypt all that is personal and not encrypted yet.

    Parameters
    ----------
    store : Store
        Opened with a vault that may seal; nobody else writes listeners or accounts until this has ended.
    root : str
        Id of the root key, which lies in the vault's source.
    on_step : callable
        Told the table, and how many rows of it are sealed by now.

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
    for work in _WORK:
        for count in _each(store, work):
            rows[work.table.name] = rows.get(work.table.name, 0) + count
            on_step(work.table.name, rows[work.table.name])
    with store.write() as connection:
        write_state(connection, State(SEALED, root))
        store.vault.refresh(connection)
    return Sealed(root, rows, _compact(store))


def left(connection: Connection) -> dict[str, int]:
    """Count the rows of each table that are not encrypted, and would be."""
    found = {
        work.table.name: connection.execute(select(func.count()).where(work.plain).select_from(work.table)).scalar_one()
        for work in _WORK
    }
    return {name: int(count) for name, count in found.items() if count}


@dataclass(frozen=True)
class _Work:
    """How the rows of one table are sealed."""

    table: Table
    key: Column[Any]
    plain: ColumnElement[bool]
    seal: Callable[[Connection, Sequence[Row[Any]]], list[dict[str, Any]]]


def _each(store: Store, work: _Work) -> Iterator[int]:
    """Seal the rows of a table, giving the number of each slice."""
    last: Any = None
    while True:
        with store.write(durable=False) as connection:
            where = [work.plain] if last is None else [work.plain, work.key > last]
            found = connection.execute(select(work.table).where(*where).order_by(work.key).limit(SLICE)).all()
            if not found:
                return
            rows = work.seal(connection, found)
            changed = [name for name in rows[0] if name != "_key"]
            statement = update(work.table).where(work.key == bindparam("_key"))
            connection.execute(statement.values({name: bindparam(name) for name in changed}), rows)
        last = getattr(found[-1], work.key.name)
        yield len(found)


def _sealer(connection: Connection) -> Sealer:
    sealer = vault_of(connection).sealer(connection)
    assert sealer is not None, "the state was written first"
    return sealer


def _listeners(connection: Connection, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    sealer = _sealer(connection)
    texts = sealer.seal_many("users", {subject_of(row.key): {"external_id": row.external_id} for row in rows})
    return [
        {"_key": row.key, "external_id": sealer.blind(row.external_id), "sealed": texts[subject_of(row.key)]}
        for row in rows
    ]


def _profiles(connection: Connection, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    fields = {subject_of(row.user_key): fields_of(dict(row._mapping.items())) for row in rows}  # noqa: SLF001  # a row's public mapping
    texts = _sealer(connection).seal_many("subjects", fields)
    return [{"_key": row.user_key, "sealed": texts[subject_of(row.user_key)], **dict.fromkeys(FIELDS)} for row in rows]


def _who_gets_in(table: Table) -> Callable[[Connection, Sequence[Row[Any]]], list[dict[str, Any]]]:
    names = PERSONAL[table.name][1]

    def seal(connection: Connection, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
        sealer = _sealer(connection)
        own = {row.id: {name: text for name in names if (text := getattr(row, name)) is not None} for row in rows}
        texts = sealer.seal_many(table.name, {subject_in(table.name, id_): fields for id_, fields in own.items()})
        return [
            {
                "_key": id_,
                **{name: sealer.blind(fields[name]) if name in fields else None for name in names},
                "sealed": texts[subject_in(table.name, id_)],
            }
            for id_, fields in own.items()
        ]

    return seal


def _factors(connection: Connection, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    return [{"_key": row.account_id, "secret": hidden_secret(connection, row.account_id, row.secret)} for row in rows]


def _jobs(connection: Connection, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    def kept(row: Row[Any], column: str) -> str | None:
        text = getattr(row, column)
        return text if is_hidden(text) else hidden(connection, row.id, column, text)

    return [{"_key": row.id, **{column: kept(row, column) for column in COLUMNS}} for row in rows]


_WORK = (
    _Work(users, users.c.key, users.c.sealed.is_(None), _listeners),
    _Work(subjects, subjects.c.user_key, subjects.c.sealed.is_(None), _profiles),
    _Work(accounts, accounts.c.id, accounts.c.sealed.is_(None), _who_gets_in(accounts)),
    *(
        _Work(table, table.c.id, table.c.sealed.is_(None) & table.c.user_external.is_not(None), _who_gets_in(table))
        for table in (api_keys, invitations)
    ),
    _Work(second_factors, second_factors.c.account_id, not_(second_factors.c.secret.like(f"{FACTOR}%")), _factors),
    # JSON never begins with the mark of what is sealed.
    _Work(jobs, jobs.c.id, or_(*(not_(func.coalesce(jobs.c[name], "~").like("~%")) for name in COLUMNS)), _jobs),
)


def _compact(store: Store) -> bool:
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
