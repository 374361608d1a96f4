"""Delimited text record by record: what it means, exactly, and what is wrong with it.

Conventions
-----------
Quoting is RFC 4180's: a field that begins with ``"`` ends with ``"`` and doubles those
inside; a ``"`` within a field is itself. A quoted field may hold line breaks, up to
:data:`RECORD_LINES`. In a tab separated file, where quoting is often not meant, a line
that does not work as quoted text is read literally. A record that fails costs its first
line only: the reading goes on with the next.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ml.data.importers.header import Header
from ml.data.importers.lines import MAX_LINE_BYTES, Stretch
from ml.data.importers.reasons import reason

#: Lines that one record may span; an unterminated quote is searched no further.
RECORD_LINES = 100


@dataclass(slots=True)
class Records:
    """The records of a stretch of lines.

    Parameters
    ----------
    rows : list of list of str
        The fields of each record that was read here.
    numbers : list of int
        The line that each begins at.
    bad : list of (int, str)
        Lines that are no records, with the reason.
    plain : list of (int, int)
        Runs of lines, by index from 0 and without the last, that were left to a faster reader.
    rest : bytes
        Lines at the end that belong to a record whose end is not in the stretch.
    """

    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)
    plain: list[tuple[int, int]] = field(default_factory=list)
    rest: bytes = b""


def read_records(stretch: Stretch, header: Header, *, encoding: str | None, plain: NDArray[np.bool_]) -> Records:
    """Read a stretch, but for the records that begin at a plain line.

    Parameters
    ----------
    stretch : Stretch
    header : Header
    encoding : str or None
        For the reasons.
    plain : bool array [shape=(n_lines,)]
        Lines that are whole records by themselves, if a record begins there at all.
    """
    records = Records()
    if plain.all():
        records.plain.append((0, len(plain)))
        return records
    lines, others = stretch.lines(), np.flatnonzero(~plain)
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=header.delimiter, strict=True)
    while (index := feed.begin()) < len(lines):
        if plain[index]:
            later = int(np.searchsorted(others, index))
            feed.position = int(others[later]) if later < len(others) else len(lines)
            records.plain.append((index, feed.position))
            continue
        found = _unreadable(lines[index], feed.text(index), encoding) or _next(reader, feed, header)
        if found is _OPEN and index and not stretch.final and len(lines) - index < RECORD_LINES:
            records.rest = b"".join(lines[index:])
            return records
        if isinstance(found, str):
            records.bad.append((stretch.first + index, found))
            feed.position = index + 1
        elif found:
            records.rows.append(found)
            records.numbers.append(stretch.first + index)
    return records


class _Feed:
    """Lines for a csv reader; a record gets no more of them than it may have, and only readable ones."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines
        self.position = 0
        self._stop = 0
        self._size = 0

    def text(self, index: int) -> str | None:
        """Decode a line; None where it is not valid."""
        try:
            return self._lines[index].decode()
        except UnicodeDecodeError:
            return None

    def begin(self) -> int:
        """Begin a record at the current line."""
        self._stop = min(self.position + RECORD_LINES, len(self._lines))
        self._size = 0
        return self.position

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        text = self.text(self.position) if self.position < self._stop else None
        if text is None:
            raise StopIteration
        self._size += len(text)
        if self._size > MAX_LINE_BYTES or "\0" in text:
            raise StopIteration
        self.position += 1
        return text


def _unreadable(line: bytes, text: str | None, encoding: str | None) -> str:
    if len(line) > MAX_LINE_BYTES:
        return reason("line_long", most=f"{MAX_LINE_BYTES:,}")
    if text is None and encoding:
        return reason("not_encoding", encoding=encoding)
    if text is None:
        return reason("not_utf8")
    return reason("nul") if "\0" in text else ""


_OPEN = reason("open_quote")


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
    literal = _judged((feed.text(start) or "").rstrip("\r\n").split(header.delimiter), width)
    return (fault or literal) if isinstance(literal, str) else literal


def _quoted(reader: Iterator[list[str]], width: int) -> list[str] | str:
    try:
        return _judged(next(reader), width)
    except csv.Error as error:
        return _OPEN if "unexpected end of data" in str(error) else reason("bad_quote", problem=error)


def _judged(fields: list[str], width: int) -> list[str] | str:
    if len(fields) == width and (width > 1 or fields[0].strip()):
        return fields
    if len(fields) < 2 and not any(field.strip() for field in fields):
        return []
    return reason("fields", n=len(fields), expected=width)
