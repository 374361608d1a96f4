"""Which rows are sealed, table by table, and how each is sealed and opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Table, and_, bindparam, func, not_, or_, select, update

from ml.data.access.personal import PERSONAL, cleared, subject_in
from ml.data.access.second_factors import hidden as hidden_secret
from ml.data.access.second_factors import shown as shown_secret
from ml.data.jobs.keeping import COLUMNS, hidden, shown
from ml.data.schema import (
    accounts,
    api_keys,
    invitations,
    jobs,
    playlist_recipes,
    saved_searches,
    second_factors,
    subjects,
    users,
)
from ml.data.store import Store
from ml.data.vault.listeners import reveal, subject_of
from ml.data.vault.profiles import FIELDS, fields_of, profiles
from ml.data.vault.requests import hide_request, show_request
from ml.data.vault.texts import SEALED, is_sealed
from ml.data.vault.vault import Sealer, vault_of

Rows = Sequence[Row[Any]]
Values = list[dict[str, Any]]
Change = Callable[[Connection, Rows], Values]


@dataclass(frozen=True)
class Kind:
    """How the rows of one table are sealed and opened.

    Parameters
    ----------
    table : Table
    key : Column
        By which they are walked through.
    plain, sealed : column of bool
        Which rows have something to seal, or to open.
    seal, open : callable
        Give new values of rows, each with the row's key as ``_key``.
    """

    table: Table
    key: Column[Any]
    plain: ColumnElement[bool]
    sealed: ColumnElement[bool]
    seal: Change
    open: Change


def count(connection: Connection, *, sealed: bool) -> dict[str, int]:
    """Count the rows of each table that are sealed, or those that are not and would be; tables without are left out."""
    found = {}
    for kind in KINDS:
        which = kind.sealed if sealed else kind.plain
        number = connection.execute(select(func.count()).where(which).select_from(kind.table)).scalar_one()
        if number:
            found[kind.table.name] = int(number)
    return found


def walk(store: Store, kind: Kind, which: ColumnElement[bool], change: Change, slice_: int) -> Iterator[int]:
    """Change the rows of a table, a short transaction for each slice; give the number of each."""
    last: Any = None
    while True:
        with store.write(durable=False) as connection:
            where = [which] if last is None else [which, kind.key > last]
            found = connection.execute(select(kind.table).where(*where).order_by(kind.key).limit(slice_)).all()
            if not found:
                return
            rows = change(connection, found)
            changed = [name for name in rows[0] if name != "_key"]
            statement = update(kind.table).where(kind.key == bindparam("_key"))
            connection.execute(statement.values({name: bindparam(name) for name in changed}), rows)
        last = getattr(found[-1], kind.key.name)
        yield len(found)


def _sealer(connection: Connection) -> Sealer:
    sealer = vault_of(connection).sealer(connection)
    assert sealer is not None, "the state was written first"
    return sealer


def _hide_listeners(connection: Connection, rows: Rows) -> Values:
    sealer = _sealer(connection)
    texts = sealer.seal_many("users", {subject_of(row.key): {"external_id": row.external_id} for row in rows})
    return [
        {"_key": row.key, "external_id": sealer.blind(row.external_id), "sealed": texts[subject_of(row.key)]}
        for row in rows
    ]


def _show_listeners(connection: Connection, rows: Rows) -> Values:
    names = reveal(connection, ((row.key, row.external_id, row.sealed) for row in rows))
    return [{"_key": key, "external_id": name, "sealed": None} for key, name in names.items()]


def _hide_profiles(connection: Connection, rows: Rows) -> Values:
    fields = {subject_of(row.user_key): fields_of(row._asdict()) for row in rows}  # as of any named tuple
    texts = _sealer(connection).seal_many("subjects", fields)
    return [{"_key": row.user_key, "sealed": texts[subject_of(row.user_key)], **dict.fromkeys(FIELDS)} for row in rows]


def _show_profiles(connection: Connection, rows: Rows) -> Values:
    found = profiles(connection, [row.user_key for row in rows])
    return [{"_key": key, "sealed": None, **profile._asdict()} for key, profile in found.items()]


def _hide_who(table: Table) -> Change:
    names = PERSONAL[table.name][1]

    def seal(connection: Connection, rows: Rows) -> Values:
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


def _show_who(table: Table) -> Change:
    names = PERSONAL[table.name][1]

    def show(connection: Connection, rows: Rows) -> Values:
        clear = [cleared(connection, table.name, row) for row in rows]
        return [{"_key": row.id, "sealed": None, **{name: getattr(row, name) for name in names}} for row in clear]

    return show


def _hide_factors(connection: Connection, rows: Rows) -> Values:
    return [{"_key": row.account_id, "secret": hidden_secret(connection, row.account_id, row.secret)} for row in rows]


def _show_factors(connection: Connection, rows: Rows) -> Values:
    return [{"_key": row.account_id, "secret": shown_secret(connection, row.account_id, row.secret)} for row in rows]


def _hide_jobs(connection: Connection, rows: Rows) -> Values:
    def kept(row: Row[Any], column: str) -> str | None:
        text = getattr(row, column)
        return text if text is None or is_sealed(text) else hidden(connection, row.id, column, text)

    return [{"_key": row.id, **{column: kept(row, column) for column in COLUMNS}} for row in rows]


def _show_jobs(connection: Connection, rows: Rows) -> Values:
    def clear(row: Row[Any], column: str) -> str | None:
        text = getattr(row, column)
        return None if text is None else shown(connection, row.id, column, text)

    return [{"_key": row.id, **{column: clear(row, column) for column in COLUMNS}} for row in rows]


def _requests(table: Table, change: Callable[[Connection, Table, str, str], str]) -> Change:
    def changed(connection: Connection, rows: Rows) -> Values:
        return [{"_key": row.name, "request": change(connection, table, row.name, row.request)} for row in rows]

    return changed


def _marked(column: Column[Any]) -> ColumnElement[bool]:
    # JSON and base 32 never begin with the mark of what is sealed.
    return column.like(f"{SEALED}%")


def _with_sealed(table: Table, key: Column[Any], seal: Change, show: Change, *which: ColumnElement[bool]) -> Kind:
    none = and_(table.c.sealed.is_(None), *which)
    return Kind(table, key, none, table.c.sealed.is_not(None), seal, show)


#: In the order in which they are sealed.
KINDS = (
    _with_sealed(users, users.c.key, _hide_listeners, _show_listeners),
    _with_sealed(subjects, subjects.c.user_key, _hide_profiles, _show_profiles),
    _with_sealed(accounts, accounts.c.id, _hide_who(accounts), _show_who(accounts)),
    *(
        _with_sealed(table, table.c.id, _hide_who(table), _show_who(table), table.c.user_external.is_not(None))
        for table in (api_keys, invitations)
    ),
    Kind(
        second_factors,
        second_factors.c.account_id,
        not_(_marked(second_factors.c.secret)),
        _marked(second_factors.c.secret),
        _hide_factors,
        _show_factors,
    ),
    Kind(
        jobs,
        jobs.c.id,
        or_(*(jobs.c[name].is_not(None) & not_(_marked(jobs.c[name])) for name in COLUMNS)),
        or_(*(_marked(jobs.c[name]) for name in COLUMNS)),
        _hide_jobs,
        _show_jobs,
    ),
    *(
        Kind(
            table,
            table.c.name,
            not_(_marked(table.c.request)),
            _marked(table.c.request),
            _requests(table, hide_request),
            _requests(table, show_request),
        )
        for table in (saved_searches, playlist_recipes)
    ),
)
