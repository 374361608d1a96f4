"""Delimited text (CSV, TSV) as columns of strings, with the exact line of every bad row.

Conventions
-----------
Quoting is RFC 4180's: a field that begins with ``"`` ends with ``"`` and doubles those
inside; a ``"`` within a field is itself. A quoted field may hold line breaks, up to
:data:`RECORD_LINES`. In a tab separated file, where quoting is often not meant, a line
that does not work as quoted text is read literally. Data sets that know no quoting
(:func:`read_bare`) are read literally throughout.

A stretch of lines is read by polars where that is provably the same as reading it record
by record; where it is not (a bad row, a field over several lines), it is read record by
record. A record that fails costs its first line only: the reading goes on with the next.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import polars as pl

from ml.data.importers.base import BATCH_ROWS, Reject
from ml.data.importers.encoding import utf8_chunks
from ml.data.importers.lines import MAX_LINE_BYTES, LineReader, Stretch
from ml.data.importers.rows import Rows
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

DELIMITERS = ",\t;|"
#: Lines that one record may span; an unterminated quote is searched no further.
RECORD_LINES = 100
#: Lines that are looked at to guess the delimiter.
HEAD_LINES = 50


@dataclass(frozen=True, slots=True)
class Header:
    """How the records of a file are written, as its first one tells.

    Parameters
    ----------
    names : sequence of str
        The columns' names.
    delimiter : str
        What separates the fields.
    lines : int
        Physical lines up to and including the header; 0 where there is none.
    quoting : bool
        Whether quotes mean anything.
    """

    names: Sequence[str]
    delimiter: str
    lines: int
    quoting: bool = True


@dataclass(slots=True)
class _Records:
    """What reading record by record has found so far."""

    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)


def read_header(stretch: Stretch, *, delimiter: str | None, known: Callable[[str], bool]) -> Header | None:
    """Find the header at the start of a file, and the delimiter.

    The delimiter is the one under which most names are known, then the one under which
    most of the next lines have as many fields as the header.

    Parameters
    ----------
    stretch : Stretch
        The first lines of the file.
    delimiter : str or None
        None guesses.
    known : callable
        Whether a column name is a known one.

    Returns
    -------
    Header or None
        None if there is no line that could be one.
    """
    texts = [line.decode(errors="replace") for line in islice(stretch.lines(), HEAD_LINES)]
    start = next((index for index, text in enumerate(texts) if text.strip()), None)
    if start is None:
        return None
    candidates = [(_score(texts[start:], mark, known), mark) for mark in ([delimiter] if delimiter else DELIMITERS)]
    (_, names, lines), mark = max(candidates, key=lambda candidate: candidate[0][0])
    return Header([name.strip() for name in names], mark, start + lines)


def _score(
    texts: Sequence[str], delimiter: str, known: Callable[[str], bool]
) -> tuple[tuple[int, float, int], list[str], int]:
    names, lines = _record(texts, delimiter)
    rows = [text for text in texts[lines:] if text.strip()]
    alike = sum(len(_record([text], delimiter)[0]) == len(names) for text in rows) / max(1, len(rows))
    return (sum(map(known, names)), alike if len(names) > 1 else 0, len(names)), names, lines


def _record(texts: Sequence[str], delimiter: str) -> tuple[list[str], int]:
    """Read one record leniently: its fields, and the lines that it spans."""
    reader = csv.reader(texts, delimiter=delimiter)
    try:
        return next(reader), reader.line_num
    except (csv.Error, StopIteration):
        return texts[0].split(delimiter), 1


def take_header(reader: LineReader, *, delimiter: str | None, known: Callable[[str], bool]) -> Header | None:
    """Read the header, as :func:`read_header` does, and leave the reader at the line below it."""
    stretch = reader.take(HEAD_LINES)
    header = read_header(stretch, delimiter=delimiter, known=known)
    if header is not None:
        reader.put_back(b"".join(stretch.lines()[header.lines :]))
    return header


def read_rows(reader: LineReader, header: Header, *, file: str, encoding: str | None) -> Iterator[Rows]:
    """Read the rows below a header, at most :data:`~ml.data.importers.base.BATCH_ROWS` at a time."""
    for stretch in reader.stretches(BATCH_ROWS):
        frame = fast(stretch, header)
        if frame is not None:
            yield Rows(frame, (), stretch.text)
            continue
        records, rest = exact(stretch, header, encoding=encoding)
        reader.put_back(rest)
        if records.rows or records.bad:
            rejects = [Reject(file, line, reason, stretch.text(line)) for line, reason in records.bad]
            yield Rows(_frame(records, len(header.names)), rejects, stretch.text)


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


def fast(stretch: Stretch, header: Header) -> pl.DataFrame | None:
    """Read a stretch with polars, or give None where that might differ from :func:`exact`."""
    data, mark = stretch.data.rstrip(b"\r\n"), header.delimiter.encode()
    quoted = header.quoting and (data.startswith(b'"') or b'\n"' in data or mark + b'"' in data)
    if not data or b"\0" in data or stretch.longest > MAX_LINE_BYTES or (quoted and mark == b"\t"):
        return None
    try:
        lines = _columns(data, 1, separator="\0", quote=None)
        if len(header.names) == 1 or not _well_formed(lines["0"], header, quoted=quoted):
            return None
        frame = _columns(data, len(header.names), separator=header.delimiter, quote='"' if quoted else None)
    except pl.exceptions.PolarsError:
        return None
    if frame.height != lines.height:
        return None
    return frame.with_columns(line=pl.int_range(stretch.first, stretch.first + lines.height, eager=True))


def _columns(data: bytes, width: int, *, separator: str, quote: str | None) -> pl.DataFrame:
    schema = {str(index): pl.String() for index in range(width)}
    return pl.read_csv(
        data, has_header=False, separator=separator, quote_char=quote, schema=schema, empty_string_is_null=False
    )


def _well_formed(lines: pl.Series, header: Header, *, quoted: bool) -> bool:
    """Tell whether every line is a whole record with as many fields as the header.

    polars fills short rows up, forgives some long ones and some bad quoting; none of
    these is well-formed. Without quoted fields a quote is a character like any other.
    """
    breaks = len(header.names) - 1
    if not quoted:
        plain = not lines.str.contains("\r", literal=True).any()
        return plain and bool((lines.str.count_matches(header.delimiter, literal=True) == breaks).all())
    mark = re.escape(header.delimiter)
    field = rf'(?:"(?:[^"\r]|"")*"|[^"{mark}\r]*)'
    return bool(lines.str.contains(rf"^{field}(?:{mark}{field}){{{breaks}}}$").all())


def exact(stretch: Stretch, header: Header, *, encoding: str | None) -> tuple[_Records, bytes]:
    """Read a stretch record by record.

    Returns
    -------
    records : _Records
        Rows with the line each begins at, and bad lines with the reason.
    rest : bytes
        Lines at the end that belong to a record whose end is not in the stretch.
    """
    lines = stretch.lines()
    feed = _Feed([_decode(line) for line in lines])
    reader = csv.reader(feed, delimiter=header.delimiter, strict=True)
    records = _Records()
    while (index := feed.begin()) < len(lines):
        number = stretch.first + index
        found = _unreadable(lines[index], feed.texts[index], encoding) or _next(reader, feed, header)
        if found is _OPEN and index and not stretch.final and len(lines) - index < RECORD_LINES:
            return records, b"".join(lines[index:])
        if isinstance(found, str):
            records.bad.append((number, found))
            feed.position = index + 1
        elif found:
            records.rows.append(found)
            records.numbers.append(number)
    return records, b""


class _Feed:
    """Lines for a csv reader; a record gets no more of them than it may have, and only readable ones."""

    def __init__(self, texts: list[str | None]) -> None:
        self.texts = texts
        self.position = 0
        self._stop = 0
        self._size = 0

    def begin(self) -> int:
        """Begin a record at the current line."""
        self._stop = min(self.position + RECORD_LINES, len(self.texts))
        self._size = 0
        return self.position

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self.texts[self.position] if self.position < self._stop else None
        if text is None:
            raise StopIteration
        self._size += len(text)
        if self._size > MAX_LINE_BYTES or "\0" in text:
            raise StopIteration
        self.position += 1
        return text


def _decode(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _unreadable(line: bytes, text: str | None, encoding: str | None) -> str:
    if len(line) > MAX_LINE_BYTES:
        return f"the line is longer than {MAX_LINE_BYTES:,} bytes"
    if text is None and encoding:
        return f"not {encoding}"
    if text is None:
        return "not UTF-8; if the file is in another encoding, pass it, e.g. --encoding cp1252"
    return "holds a NUL character" if "\0" in text else ""


_OPEN = "a quote is not closed"


def _next(reader: Iterator[list[str]], feed: _Feed, header: Header) -> list[str] | str:
    """Read a record: its fields, nothing for a blank line, or what is wrong with it."""
    start, width = feed.position, len(header.names)
    fault = ""
    if header.quoting:
        found = _quoted(reader, width)
        if header.delimiter != "\t" or not isinstance(found, str):
            return found
        fault = found
    feed.position = start + 1
    literal = _judged((feed.texts[start] or "").rstrip("\r\n").split(header.delimiter), width)
    return (fault or literal) if isinstance(literal, str) else literal


def _quoted(reader: Iterator[list[str]], width: int) -> list[str] | str:
    try:
        return _judged(next(reader), width)
    except csv.Error as error:
        return _OPEN if "unexpected end of data" in str(error) else f"bad quoting: {error}"


def _judged(fields: list[str], width: int) -> list[str] | str:
    if len(fields) == width and (width > 1 or fields[0].strip()):
        return fields
    if len(fields) < 2 and not any(field.strip() for field in fields):
        return []
    return f"{len(fields)} fields where {width} are expected"


def _frame(records: _Records, width: int) -> pl.DataFrame:
    columns = list(zip(*records.rows, strict=True)) or [()] * width
    frame = pl.DataFrame({str(index): pl.Series(column, dtype=pl.String) for index, column in enumerate(columns)})
    return frame.with_columns(pl.Series("line", records.numbers, dtype=pl.Int64))


def parse_delimiter(text: str) -> str:
    r"""Read what a user gives as delimiter: one character, ``tab`` or ``\t``.

    Raises
    ------
    BadInput
        If it is anything else.
    """
    mark = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(mark) != 1 or not mark.isascii() or mark in '"\r\n\0':
        raise BadInput(f"{text!r} cannot be a delimiter", "give one character, such as ';', or 'tab'")
    return mark
