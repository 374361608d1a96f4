"""Whole columns in and out of a database.

Row by row through a driver, Python reads some 0.6 million listens a second from SQLite.
Letting the database write each row as text and one aggregate join them, then parsing that
text with polars, more than doubles it, and needs no second SQLite library in the
process (two of them on one file break each other's locks). PostgreSQL does the same with
``COPY``.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import polars as pl
from sqlalchemy import Boolean, Connection, Float, Integer, Select, String, Table, func, select
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.types import TypeEngine

# ASCII's own separators of fields and records. Text in the store never holds control characters.
_FIELD, _RECORD = "\x1f", "\x1e"
#: Rows joined into one text; keeps each text far below SQLite's limit of 10⁹ bytes.
SLICE_ROWS = 500_000


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
    # %s writes nothing for null; a float goes through its shortest exact form first.
    values = [
        func.iif(column.is_(None), None, func.printf("%!.18g", column)) if isinstance(column.type, Float) else column
        for column in inner.columns
    ]
    row = func.printf(_FIELD.join(["%s"] * len(values)), *values)
    text = select(func.group_concat(row, _RECORD)).select_from(inner)
    compiled = text.compile(connection, compile_kwargs={"literal_binds": True})
    joined = connection.exec_driver_sql(f"SELECT CAST(({compiled}) AS BLOB)").scalar()
    raw = {name: pl.Int64() if dtype == pl.Boolean else dtype for name, dtype in schema.items()}
    frame = _parse(joined, raw, separator=_FIELD, eol_char=_RECORD, quote_char=None)
    return frame.with_columns(pl.col(name).cast(dtype) for name, dtype in schema.items() if dtype == pl.Boolean)


def _read_postgresql(connection: Connection, statement: Select[Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    compiled = statement.compile(connection, compile_kwargs={"literal_binds": True})
    stream = io.BytesIO()
    cursor: Any = connection.connection.cursor()
    cursor.execute(f"COPY ({compiled}) TO STDOUT WITH (FORMAT csv)", stream=stream)
    raw = {name: pl.String() if dtype == pl.Boolean else dtype for name, dtype in schema.items()}
    frame = _parse(stream.getvalue(), raw)
    return frame.with_columns(pl.col(name) == "t" for name, dtype in schema.items() if dtype == pl.Boolean)


def _parse(text: bytes | None, schema: dict[str, pl.DataType], **options: Any) -> pl.DataFrame:
    if not text:
        return pl.DataFrame(schema=schema)
    return pl.read_csv(text, has_header=False, schema=schema, **options)


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
