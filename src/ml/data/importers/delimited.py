"""Delimited text (CSV, TSV) as columns of strings, with the exact line of every bad row.

What a record is stands in :mod:`~ml.data.importers.records`. Lines that are a whole record
for certain are read together by polars, which is where the speed comes from; only the others,
bad rows and fields over several lines, are read one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.data.importers import refused
from ml.data.importers.base import BATCH_ROWS, Reject, TextTable
from ml.data.importers.encoding import utf8_chunks
from ml.data.importers.header import Header
from ml.data.importers.lines import MAX_LINE_BYTES, LineReader, Stretch
from ml.data.importers.records import Records, read_records
from ml.data.importers.rows import Rows
from ml.data.importers.source import Entry


def read_rows(reader: LineReader, header: Header, *, file: str, encoding: str | None) -> Iterator[Rows]:
    """Read the rows below a header, at most :data:`~ml.data.importers.base.BATCH_ROWS` at a time."""
    given_back = refused.is_refused(header.names)  # by an import, and mended
    for stretch in reader.stretches(BATCH_ROWS):
        records = read_records(stretch, header, encoding=encoding, plain=plain_lines(stretch, header))
        reader.put_back(records.rest)
        frame = _frame(stretch, header, records)
        if given_back:
            frame = refused.as_it_was(frame)
        rejects = [Reject(file, line, reason, stretch.text(line)) for line, reason in records.bad]
        if frame.height or rejects:
            table = TextTable(tuple(header.names), header.delimiter, stretch.text) if header.lines else None
            yield Rows(frame, rejects, stretch.text, table if header.quoting else None)


def read_bare(entry: Entry, names: Sequence[str], *, encoding: str | None, header: str | None = None) -> Iterator[Rows]:
    """Read a file of known columns between tabs, without quoting.

    Parameters
    ----------
    entry : Entry
    names : sequence of str
        The columns.
    encoding : str or None
    header : str, optional
        Pattern of a first line that only names the columns.

    Raises
    ------
    BadInput
        If the file is empty or cannot be read.
    """
    reader = LineReader(utf8_chunks(entry, encoding=encoding))
    first = reader.take(1)
    skipped = header is not None and re.match(header, first.text(1)) is not None
    if not skipped:
        reader.put_back(first.data)
    yield from read_rows(reader, Header(names, "\t", int(skipped), quoting=False), file=entry.name, encoding=encoding)


def plain_lines(stretch: Stretch, header: Header) -> NDArray[np.bool_]:
    """Tell which lines are whole records by themselves, if a record begins there, bool [shape=(n_lines,)].

    polars fills short rows up, forgives some long ones and some bad quoting; none of these is
    plain. Where no field begins with a quote, a quote is a character like any other.
    """
    none = np.zeros(len(stretch.ends), dtype=np.bool_)
    if len(header.names) == 1 or b"\0" in stretch.data:
        return none
    lines = _columns(stretch.data, 1, separator="\0", quote=None)["0"]
    if len(lines) != len(none):
        return none
    fits = _fits(lines, header, quoted=_quotes(stretch.data, header))
    short = np.diff(stretch.ends, prepend=0) <= MAX_LINE_BYTES
    # What is not valid UTF-8 became a replacement character.
    return (fits & ~lines.str.contains_any(["\r", "\ufffd"])).to_numpy() & short


def _fits(lines: pl.Series, header: Header, *, quoted: bool) -> pl.Series:
    """Tell which lines have as many fields as the header, and quote well."""
    breaks = len(header.names) - 1
    if not quoted:
        return lines.str.count_matches(header.delimiter, literal=True) == breaks
    mark = re.escape(header.delimiter)
    field = rf'(?:"(?:[^"]|"")*"|[^"{mark}]*)'
    return lines.str.contains(rf"^{field}(?:{mark}{field}){{{breaks}}}$")


def _quotes(data: bytes, header: Header) -> bool:
    """Tell whether any field begins with a quote that means something."""
    return header.quoting and (data.startswith(b'"') or b'\n"' in data or header.delimiter.encode() + b'"' in data)


def _columns(data: bytes, width: int, *, separator: str, quote: str | None) -> pl.DataFrame:
    return pl.read_csv(
        data,
        has_header=False,
        separator=separator,
        quote_char=quote,
        schema={str(index): pl.String() for index in range(width)},
        empty_string_is_null=False,
        encoding="utf8-lossy",
    )


def _frame(stretch: Stretch, header: Header, records: Records) -> pl.DataFrame:
    """Put the rows that were read one by one and the plain ones together, in the order of lines."""
    width = len(header.names)
    columns = list(zip(*records.rows, strict=True)) or [()] * width
    single = pl.DataFrame({str(index): pl.Series(column, dtype=pl.String) for index, column in enumerate(columns)})
    single = single.with_columns(pl.Series("line", records.numbers, dtype=pl.Int64))
    if not records.plain:
        return single
    starts = np.append(0, stretch.ends)
    data = b"".join(stretch.data[starts[first] : starts[stop]] for first, stop in records.plain)
    quote = '"' if _quotes(data, header) else None
    lines = np.concatenate([np.arange(first, stop) for first, stop in records.plain]) + stretch.first
    plain = _columns(data, width, separator=header.delimiter, quote=quote).with_columns(line=pl.Series(lines))
    return pl.concat([single, plain]).sort("line") if single.height else plain
