"""The beginning of a table: its columns, what each is taken for, and the first values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ml.data.importers import columns, parquet
from ml.data.importers.base import Options, Unit
from ml.data.importers.delimited import read_rows
from ml.data.importers.encoding import utf8_chunks
from ml.data.importers.json_table import SUFFIXES, read_table
from ml.data.importers.lines import LineReader
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry
from ml.data.importers.tabular import PARQUET, Tabular, header_of
from ml.foundation.errors import BadInput
from ml.foundation.results import Result

#: Bytes that are read at a time: a table is as wide as it likes, and only its first rows are looked at.
_PIECE_BYTES = 256 << 10
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Column(Result):
    """A column of a table.

    Parameters
    ----------
    name : str
        As the file has it.
    field : str or None
        What it is taken for, in our words; None where it is not read.
    values : tuple of str
        Of the first rows; a cell that is empty is left out.
    """

    name: str
    field: str | None
    values: tuple[str, ...]


def columns_of(unit: Unit, options: Options, *, rows: int) -> tuple[Column, ...]:
    """Give the columns of a table as :class:`~ml.data.importers.tabular.Tabular` reads them.

    Also where it could not read the rows, since no column tells what they are about: who chooses columns has to see
    them. Empty for whatever is no table.

    Parameters
    ----------
    unit : Unit
    options : Options
    rows : int
        Rows that are looked at for values.

    Raises
    ------
    BadInput
        If the file is damaged or empty.
    """
    if unit.kind != Tabular.kind:
        return ()
    entry = unit.entries[0]
    name = entry.name.lower()
    if name.endswith(PARQUET):
        names, first = _parquet(entry, rows)
    else:
        names, first = _json(entry, rows) if name.endswith(SUFFIXES) else _text(entry, options, rows)
    fields = {place: ours for ours, place in _fields(names, options.columns, entry.name).items()}
    return tuple(Column(name, fields.get(place), first.get(place, ())) for place, name in enumerate(names))


def _fields(names: Sequence[str], given: Mapping[str, str], file: str) -> Mapping[str, int]:
    try:
        return columns.layout(names, given=given, file=file).columns
    except BadInput:
        return columns.recognised(names)


def _text(entry: Entry, options: Options, rows: int) -> tuple[Sequence[str], dict[int, tuple[str, ...]]]:
    chunks = utf8_chunks(entry, encoding=options.encoding, size=_PIECE_BYTES)
    reader = LineReader(chunks, size=_PIECE_BYTES)
    header = header_of(reader, options.delimiter, options.columns)
    if header is None:
        raise BadInput(reason("table_empty", file=entry.name), reason("table_empty_hint"))
    found = next(read_rows(reader, header, file=entry.name, encoding=options.encoding), None)
    return header.names, {} if found is None else _values(found.frame.head(rows).drop("line"))


def _json(entry: Entry, rows: int) -> tuple[Sequence[str], dict[int, tuple[str, ...]]]:
    names, tables = read_table(entry)
    found = next(tables, None)
    return names, {} if found is None else _values(found.frame.head(rows).drop("line"))


def _parquet(entry: Entry, rows: int) -> tuple[Sequence[str], dict[int, tuple[str, ...]]]:
    with parquet.local_path(entry) as path:
        names = parquet.column_names(path, file=entry.name)
        try:
            found = next(parquet.read_rows(path, columns=range(len(names)), file=entry.name), None)
        except BadInput:  # a column that nobody need read holds what no cell can
            found = None
    return names, {} if found is None else _values(found.frame.head(rows).drop("line"))


def _values(frame: pl.DataFrame) -> dict[int, tuple[str, ...]]:
    return {
        int(name): tuple(str(each)[:_LONGEST] for each in frame[name].to_list() if each not in (None, ""))
        for name in frame.columns
    }
