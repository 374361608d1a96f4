"""From one database to another, whatever they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from sqlalchemy import Column, ColumnElement, Connection, String, Table, collate, select, tuple_

from ml.data.schema import audio_analyses, audio_embeddings, audio_fingerprints, facts, metadata, sequences
from ml.data.store import bulk

#: Rows that are in memory at a time.
PAGE_ROWS = 250_000
# Documents are of some ten thousand bytes, and a page of a column is one text.
_PAGE_ROWS_OF = {audio_analyses: 1_000, audio_embeddings: 1_000, audio_fingerprints: 1_000}


def transfer(source: Connection, target: Connection) -> None:
    """Copy every row of every table.

    Parameters
    ----------
    source : sqlalchemy.Connection
        In a transaction that sees one state of its database.
    target : sqlalchemy.Connection
        In a writing transaction on a database without data.
    """
    for table in metadata.sorted_tables:
        for page in _pages(source, table):
            # A new database starts its sequences at 1 and may have a label; the copied ones go on where they were.
            bulk.insert(target, table, page, replace=table in {sequences, facts})


def _pages(connection: Connection, table: Table) -> Iterator[pl.DataFrame]:
    page_rows = min(PAGE_ROWS, _PAGE_ROWS_OF.get(table, PAGE_ROWS))
    key = [_bytewise(connection, column) for column in table.primary_key]
    rows = select(table).order_by(*key).limit(page_rows)
    page = bulk.read(connection, rows)
    while len(page):
        yield page
        if len(page) < page_rows:
            return
        last = page.select(column.name for column in table.primary_key).sort(pl.all()).row(-1)
        page = bulk.read(connection, rows.where(tuple_(*key) > tuple_(*last)))


def _bytewise(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """Compare text byte by byte, as polars and SQLite do; PostgreSQL goes by the database's language."""
    if connection.dialect.name == "postgresql" and isinstance(column.type, String):
        return collate(column, "C")
    return column
