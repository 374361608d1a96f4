"""The hash of a table's content.

Method
------
Each column is fed to SHA-256 row by row in the order of the table: one stream takes a byte a
row that says whether there is a value (1) or not (0), another the values themselves, little
endian: 8 bytes for whole numbers and reals, one for yes and no, UTF-8 for text, whose lengths
are a third stream of 4 bytes each. Streams rather than rows make it fast (whole buffers at
once), and how a table was cut into parts leaves no trace. The table's hash is that of a
header with its name, its number of rows, and name, type and streams of each column.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

import numpy as np
import orjson
import polars as pl

from ml.data.snapshot.tables import SCHEMA_VERSION, Table


class TableHash:
    """Hash a table that arrives in parts.

    >>> from ml.data.snapshot.tables import TABLES
    >>> frame = pl.DataFrame({"key": [2, 3], "root": [1, 1]})
    >>> whole, parts = TableHash(TABLES["redirects"]), TableHash(TABLES["redirects"])
    >>> whole.update(frame)
    >>> parts.update(frame[:1])
    >>> parts.update(frame[1:])
    >>> whole.hexdigest() == parts.hexdigest()
    True
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = 0
        self._columns = {name: _ColumnHash() for name in table.columns}

    def update(self, frame: pl.DataFrame) -> None:
        """Take the next rows."""
        self.rows += len(frame)
        for name, column in self._columns.items():
            column.update(frame[name])

    def hexdigest(self) -> str:
        """Give the hash of everything so far."""
        columns = [[name, str(dtype), *self._columns[name].hexdigests()] for name, dtype in self.table.columns.items()]
        return sha256(orjson.dumps([self.table.name, self.rows, columns])).hexdigest()


class _ColumnHash:
    def __init__(self) -> None:
        self._present, self._values, self._lengths = sha256(), sha256(), sha256()

    def update(self, column: pl.Series) -> None:
        self._present.update(_bytes(column.is_not_null().cast(pl.UInt8), "<u1"))
        values = column.drop_nulls()
        if values.dtype == pl.String:
            self._lengths.update(_bytes(values.str.len_bytes(), "<u4"))
            self._values.update((values.str.join("").item() or "").encode())
        elif values.dtype == pl.Float64:
            self._values.update(_bytes(values, "<f8"))
        elif values.dtype == pl.Boolean:
            self._values.update(_bytes(values.cast(pl.UInt8), "<u1"))
        else:
            self._values.update(_bytes(values, "<i8"))

    def hexdigests(self) -> tuple[str, str, str]:
        return self._present.hexdigest(), self._values.hexdigest(), self._lengths.hexdigest()


def _bytes(values: pl.Series, dtype: str) -> memoryview:
    return np.ascontiguousarray(values.to_numpy(), dtype=dtype).data


def content_hash(tables: Mapping[str, str]) -> str:
    """Combine the hashes of all tables, by name, into the hash of a snapshot."""
    return sha256(orjson.dumps([SCHEMA_VERSION, sorted(tables.items())])).hexdigest()
