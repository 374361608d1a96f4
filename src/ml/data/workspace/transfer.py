"""From one database to another, whatever they are."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from sqlalchemy import Connection, Table, select, tuple_

from ml.data.schema import facts, metadata, sequences
from ml.data.store import bulk

#: Rows that are in memory at a time.
PAGE_ROWS = 250_000


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
    key = list(table.primary_key)
    rows = select(table).order_by(*key).limit(PAGE_ROWS)
    page = bulk.read(connection, rows)
    while len(page):
        yield page
        if len(page) < PAGE_ROWS:
            return
        last = page.select(column.name for column in key).sort(pl.all()).row(-1)
        page = bulk.read(connection, rows.where(tuple_(*key) > tuple_(*last)))
