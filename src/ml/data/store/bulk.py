"""Whole columns in and out of a database.

Row by row through its driver, Python makes an object of every value, one thread at a time. Instead
the database joins each column into one text, and polars cuts that text up again; the time is that of
``make bench BENCH_ARGS=snapshot``. Two threads take half of it: unlike ``printf``, the aggregate asks
for memory seldom, and SQLite hands memory out under one lock. It needs no second SQLite library in the
process (two of them on one file break each other's locks). PostgreSQL does the same with ``COPY``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl
from sqlalchemy import Boolean, Connection, Float, Integer, LargeBinary, Select, String, Table, cast, func, select
from sqlalchemy import text as written
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

# ASCII's own separator of records. Text in the store never holds control characters.
_RECORD = "\x1e"
#: Rows joined into one text; keeps each text far below SQLite's limit of 10⁹ bytes.
SLICE_ROWS = 500_000
# Below so many bytes, cutting a text up takes Python less time than polars takes to begin.
_SHORT = 1 << 14


def dtype_of(kind: TypeEngine[Any]) -> pl.DataType:
    """Give the polars type of a column type."""
    if isinstance(kind, Boolean):
        return pl.Boolean()
    if isinstance(kind, Integer):
        return pl.Int64()
    if isinstance(kind, Float):
        return pl.Float64()
    if isinstance(kind, String):
        return pl.String()
    raise TypeError(f"no column of this type is read in bulk: {kind!r}")


def read(connection: Connection, statement: Select[Any], *, split: ColumnElement[int] | None = None) -> pl.DataFrame:
    """Read a whole result as columns.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        All slices are read on it, so that inside a transaction they agree.
    statement : sqlalchemy.Select
        Without an order: sort the frame instead.
    split : column, optional
        An integer column of the statement to cut a large result by; its values should be
        spread evenly.

    Returns
    -------
    polars.DataFrame
        Columns named and typed as the statement's.
    """
    schema = {column.name: dtype_of(column.type) for column in statement.selected_columns}
    parts = [_read_slice(connection, part, schema) for part in _slices(connection, statement, split)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def among(column: ColumnElement[int], keys: Iterable[int]) -> ColumnElement[bool]:
    """Say that an integer column holds one of some hundred keys, as text.

    A parameter each would take longer to put together than the database takes to answer.
    """
    return column.in_(written(", ".join(map(str, map(int, keys))) or "NULL"))


def _slices(connection: Connection, statement: Select[Any], split: ColumnElement[int] | None) -> list[Select[Any]]:
    if split is None:
        return [statement]
    bounds = select(func.count(), func.min(split), func.max(split)).select_from(*statement.get_final_froms())
    count, low, high = connection.execute(bounds).one()
    if not count:
        return []
    parts = -(-count // SLICE_ROWS)
    cuts = [low + (high - low) * part // parts for part in range(parts)] + [high + 1]
    return [statement.where(split >= start, split < stop) for start, stop in pairwise(cuts)]


def _read_slice(connection: Connection, statement: Select[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    if connection.dialect.name == "sqlite":
        return _read_sqlite(connection, statement, schema)
    return _read_postgresql(connection, statement, schema)


def _read_sqlite(connection: Connection, statement: Select[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    inner = statement.subquery()
    # As bytes: the driver would decode text, and polars encode it again.
    whole = select(*(cast(_joined(column), LargeBinary) for column in inner.columns)).select_from(inner)
    # Written into the statement, constants take SQLite a third less time than parameters do.
    texts = connection.exec_driver_sql(str(whole.compile(connection, compile_kwargs={"literal_binds": True}))).one()
    if texts[0] is None:
        return pl.DataFrame(schema=schema)
    return pl.DataFrame([_column(name, text, schema[name]) for name, text in zip(schema, texts, strict=True)])


def _joined(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Join a column's values, nothing where one is null; the comma of numbers is the quicker separator."""
    if isinstance(column.type, String):
        return func.group_concat(func.ifnull(column, ""), _RECORD)
    if isinstance(column.type, Float):
        # As many digits as tell it from every other; SQLite itself writes 15.
        return func.group_concat(func.iif(column.is_(None), "", func.printf("%!.18g", column)))
    return func.group_concat(func.ifnull(column, ""))


def _column(name: str, text: bytes, dtype: pl.DataType) -> pl.Series:
    """Cut the text of a column into its values; an empty one is null, since no text in the store is empty."""
    separator = _RECORD if dtype == pl.String else ","
    if len(text) < _SHORT:
        values = pl.Series(name, text.decode().split(separator), dtype=pl.String)
    else:
        values = pl.Series(name, [text]).cast(pl.String).str.split(separator).explode()
    empty = values.str.len_bytes() == 0
    if empty.any():
        values = values.set(empty, None)
    return values.cast(pl.Int64).cast(dtype) if dtype == pl.Boolean else values.cast(dtype)


def _read_postgresql(connection: Connection, statement: Select[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    stream = io.BytesIO()
    cursor: Any = connection.connection.cursor()
    cursor.execute(f"COPY ({compiled}) TO STDOUT WITH (FORMAT csv)", stream=stream)
    raw = {name: pl.String() if dtype == pl.Boolean else dtype for name, dtype in schema.items()}
    text = stream.getvalue()
    frame = pl.read_csv(text, has_header=False, schema=raw) if text else pl.DataFrame(schema=raw)
    return frame.with_columns(pl.col(name) == "t" for name, dtype in schema.items() if dtype == pl.Boolean)


@dataclass(frozen=True)
class Prepared:
    """Rows on their way into a table, already in the form that the driver takes.

    Making this form takes longer than writing it: do it before the transaction begins.
    """

    table: Table
    columns: list[str]
    rows: list[tuple[Any, ...]] | bytes
    replace: bool


def prepare(dialect: str, table: Table, frame: pl.DataFrame, *, replace: bool = False) -> Prepared:
    """Bring a frame into the form that :func:`write` takes.

    Columns that are all null are left out, but not where rows are replaced: there null is a new value.
    """
    needed = frame.columns if replace else [column.name for column in table.primary_key]
    kept = [series for series in frame if series.null_count() < len(series) or series.name in needed]
    names = [series.name for series in kept]
    if dialect == "sqlite":
        return Prepared(table, names, list(zip(*(series.to_list() for series in kept), strict=True)), replace)
    return Prepared(table, names, pl.DataFrame(kept).write_csv(include_header=False).encode(), replace)


def write(connection: Connection, prepared: Prepared) -> int:
    """Write prepared rows; one whose primary key exists is left alone, or replaced. Return the rows written."""
    if not prepared.rows:
        return 0
    if isinstance(prepared.rows, bytes):
        return _copy(connection, prepared.table, prepared.columns, prepared.rows, replace=prepared.replace)
    verb = "INSERT" if prepared.replace else "INSERT OR IGNORE"
    conflict = _on_conflict(prepared.table, prepared.columns, replace=True) if prepared.replace else ""
    marks = ", ".join("?" * len(prepared.columns))
    cursor: Any = connection.connection.cursor()
    cursor.executemany(
        f"{verb} INTO {prepared.table.name} ({', '.join(_quoted(prepared.columns))}) VALUES ({marks}) {conflict}",
        prepared.rows,
    )
    return int(cursor.rowcount)


def insert(connection: Connection, table: Table, frame: pl.DataFrame, *, replace: bool = False) -> int:
    """Write a frame's rows; a row whose primary key exists is left alone, or replaced.

    Parameters
    ----------
    frame : polars.DataFrame
        Columns named as the table's; the table's other columns become null.
    replace : bool
        Whether a row with the same primary key takes the new values; its other columns and
        its ``import_id`` stay.

    Returns
    -------
    int
        Rows written.
    """
    if frame.is_empty():
        return 0
    return write(connection, prepare(connection.dialect.name, table, frame, replace=replace))


def _copy(connection: Connection, table: Table, columns: list[str], text: bytes, *, replace: bool) -> int:
    names = ", ".join(_quoted(columns))
    cursor: Any = connection.connection.cursor()
    cursor.execute("DROP TABLE IF EXISTS incoming")
    cursor.execute(f"CREATE TEMPORARY TABLE incoming ON COMMIT DROP AS SELECT {names} FROM {table.name} LIMIT 0")
    cursor.execute(f"COPY incoming ({names}) FROM STDIN WITH (FORMAT csv)", stream=io.BytesIO(text))
    conflict = _on_conflict(table, columns, replace=replace)
    cursor.execute(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM incoming {conflict}")
    return int(cursor.rowcount)


def _on_conflict(table: Table, columns: list[str], *, replace: bool) -> str:
    """Say what becomes of a row that exists; it stays with the import that brought it first."""
    key = [column.name for column in table.primary_key]
    rest = [name for name in columns if name not in key and name != "import_id"]
    if not (replace and rest):
        return "ON CONFLICT DO NOTHING"
    update = ", ".join(f"{name} = excluded.{name}" for name in _quoted(rest))
    return f"ON CONFLICT ({', '.join(_quoted(key))}) DO UPDATE SET {update}"


def _quoted(names: list[str]) -> list[str]:
    return [f'"{name}"' for name in names]
