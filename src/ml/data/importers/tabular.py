"""Tables: CSV, TSV, JSON lines (also ``.gz``) and Parquet with columns of any name.

Conventions
-----------
The first line of a text table names its columns; what they mean and what the table holds
is told by :mod:`ml.data.importers.columns`, ids by :mod:`ml.data.importers.table_frames`.
A table is in UTF-8, or has a byte order mark, or is read with ``--encoding``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import ClassVar

from ml.data.importers import columns, parquet, refused
from ml.data.importers.base import Batch, Options, Unit
from ml.data.importers.columns import Layout
from ml.data.importers.delimited import read_rows
from ml.data.importers.doubt import doubt_of, settled
from ml.data.importers.encoding import utf8_chunks, utf8_head
from ml.data.importers.header import Header, parse_delimiter, take_header
from ml.data.importers.json_table import SUFFIXES, read_table
from ml.data.importers.lines import LineReader
from ml.data.importers.reasons import reason
from ml.data.importers.rows import Rows
from ml.data.importers.source import Entry, Source
from ml.data.importers.table_frames import FrameBuilder
from ml.foundation.errors import BadInput

_TEXT = (".csv", ".tsv", ".tab", ".csv.gz", ".tsv.gz", ".tab.gz")
PARQUET = (".parquet", ".pq")
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that was opened: what it holds, and its rows."""

    layout: Layout
    rows: Iterator[Rows]


class Tabular:
    """Reads tables of listens, totals, tags, listeners or catalogue items."""

    kind: ClassVar[str] = "table"
    title: ClassVar[str] = "tables (CSV, TSV, JSON lines, Parquet; .csv, .tsv, .tab, .jsonl, also .gz, .parquet)"

    def claim(self, source: Source) -> Sequence[Unit]:
        """Find tables, each a unit.

        Tables whose columns say what they hold are claimed. A source of nothing but other
        tables is claimed as well, so that reading them can say what ``--map`` has to name;
        JSON lines only where they are the one file that was given, since exports have more of them.
        """
        tables = [entry for entry in source.entries if entry.name.lower().endswith((*_TEXT, *SUFFIXES, *PARQUET))]
        clear = [entry for entry in tables if columns.usable(_names(entry))]
        if len(tables) == len(source.entries):
            clear = clear or [entry for entry in tables if _is_no_json(entry) or entry.path == source.path]
        return [Unit(self.kind, entry.name, (entry,)) for entry in clear]

    def read(self, unit: Unit, options: Options) -> Iterator[Batch]:
        """Read a table in batches.

        Raises
        ------
        BadInput
            If it is empty or has only a header, if no column names an item, if ``--map``,
            the delimiter or the encoding does not fit, or if the file is damaged.
        """
        entry = unit.entries[0]
        found = False
        with _opened(entry, options) as table:
            builder = FrameBuilder(table.layout, options, entry.name)
            doubt = doubt_of(table.layout)
            for rows in table.rows:
                batch = builder.batch(rows)
                if not found:
                    notes = [*_unread(table.layout), *batch.notes, *([doubt.said(options.user)] if doubt else [])]
                    batch = replace(batch, notes=tuple(notes), doubt=doubt)
                yield batch
                found = True
        if not found:
            raise BadInput(reason("no_rows", file=entry.name), reason("no_rows_hint"))


def _is_no_json(entry: Entry) -> bool:
    return not entry.name.lower().endswith(SUFFIXES)


def _unread(layout: Layout) -> Iterator[str]:
    """Say what a table has that is not read, and what it could be."""
    unread = [name for name in layout.unread if name not in refused.COLUMNS]
    if not unread:
        return
    names = ", ".join(name[:40] for name in unread[:_SHOWN])
    more = len(unread) - _SHOWN
    yield reason("not_read_more", columns=names, n=more) if more > 0 else reason("not_read", columns=names)
    if layout.holds == "items" and ("time" not in layout.columns or not layout.unsure):
        yield reason("taken_catalogue")


@contextmanager
def _opened(entry: Entry, options: Options) -> Iterator[_Table]:
    if entry.name.lower().endswith(PARQUET):
        with parquet.local_path(entry) as path:
            names = parquet.column_names(path, file=entry.name)
            layout = columns.layout(names, given=options.columns, file=entry.name)
            rows = parquet.read_rows(path, columns=layout.columns.values(), file=entry.name)
            yield _looked_at(layout, rows)
        return
    if entry.name.lower().endswith(SUFFIXES):
        said, objects = read_table(entry)
        yield _looked_at(columns.layout(said, given=options.columns, file=entry.name), objects)
        return
    reader = LineReader(utf8_chunks(entry, encoding=options.encoding))
    header = header_of(reader, options.delimiter, options.columns)
    if header is None:
        raise BadInput(reason("table_empty", file=entry.name), reason("table_empty_hint"))
    layout = columns.layout(header.names, given=options.columns, file=entry.name)
    yield _looked_at(layout, read_rows(reader, header, file=entry.name, encoding=options.encoding))


def _looked_at(layout: Layout, rows: Iterator[Rows]) -> _Table:
    """Let the first times say what the names of the columns leave open."""
    first = next(rows, None) if layout.unsure else None
    if first is None:
        return _Table(layout, rows)
    times = first.named({"time": layout.columns["time"]})["time"]
    return _Table(settled(layout, times), chain([first], rows))


def header_of(reader: LineReader, delimiter: str | None, given: Mapping[str, str]) -> Header | None:
    """Read the header of a text table, and leave the reader at the row below it; None where the table is empty."""
    mark = parse_delimiter(delimiter) if delimiter else None
    return take_header(reader, delimiter=mark, known=lambda name: columns.known(name) or name.strip() in given.values())


def _names(entry: Entry) -> Sequence[str]:
    """Read the column names from a file's head; none where it has none or cannot be read."""
    try:
        if entry.name.lower().endswith(PARQUET):
            with parquet.local_path(entry) as path:
                return parquet.column_names(path, file=entry.name)
        if entry.name.lower().endswith(SUFFIXES):
            return read_table(entry)[0]
        header = header_of(LineReader([utf8_head(entry)]), None, {})
    except (BadInput, OSError):
        return ()
    return header.names if header else ()
