"""JSON files of any size: the elements of a list, or one object a line, with their line numbers.

Conventions
-----------
- Rows are objects; anything else in their place becomes a reject, and reading goes on.
- A list that stops in the middle gives every row before that, then one reject for the tail.
- A row's strings may not span lines (JSON forbids it), so a missing quote costs its own row:
  reading resumes at the next object that follows a comma or begins a line. A missing bracket
  cannot be told from a row that is still going on; it costs the rest of the file, which the
  reject says.
- A comma too many or too few between two rows is forgiven.
- Memory is bounded: a row may have :data:`MAX_ROW_BYTES`, and parsed rows are handed on once
  their text passes :data:`STRETCH_BYTES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from ml.data.importers.base import Reject
from ml.data.importers.encoding import head_text, utf8_chunks
from ml.data.importers.lines import EXCERPT_CHARACTERS, LineReader, excerpt
from ml.data.importers.reasons import reason
from ml.data.importers.source import Entry
from ml.foundation.errors import BadInput

Row = dict[str, Any]

#: The file is read in pieces of this size.
CHUNK_BYTES = 1 << 20
#: A row longer than this is refused: no row of an export is.
MAX_ROW_BYTES = 16 << 20
#: Rows handed on together. Parsed rows are many times larger than their text, so few live at a time.
STRETCH_ROWS = 16_384
#: … and no more when their text reaches this.
STRETCH_BYTES = 2 << 20
#: A document that is parsed whole may be this large.
MAX_DOCUMENT_BYTES = 64 << 20

_STRING = rb'"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"'
# Everything up to the next bracket, strings skipped; a lone quote is a string that does not end here.
_TO_BRACKET = re.compile(rb'[^"{}\[\]]*+(?:' + _STRING + rb'[^"{}\[\]]*+)*+([{}\[\]"])?')
_WHOLE_STRING = re.compile(_STRING)
_SCALAR = re.compile(rb"[^,\]\s]++")
_SEPARATORS = re.compile(rb"[\s,]*+")
_SPACES = re.compile(rb"\s*+")
_BETWEEN = re.compile(rb"[,\n]\s*+")

_TRUNCATED = "the file ends before its list does: it is truncated"
_CUT_ROW = reason("cut_row")
_OPEN_STRING = reason("open_string")
_TRAILING = reason("trailing")


@dataclass(frozen=True, slots=True)
class JsonRows:
    """Some rows of a JSON file.

    Parameters
    ----------
    lines : list of int
        The line each row begins at, from 1.
    rows : list of dict
    rejects : list of Reject
        What stood between them and is not an object.
    """

    lines: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    @property
    def n_rows(self) -> int:
        """Rows that the source held, the rejected ones included."""
        return len(self.lines) + len(self.rejects)

    def take(self, file: str, line: int, text: bytes) -> None:
        """Parse a row and keep it, or keep why not."""
        if len(text) > MAX_ROW_BYTES:
            self.rejects.append(Reject(file, line, _too_long(), excerpt(text)))
            return
        try:
            row = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            self.rejects.append(Reject(file, line, reason("not_json", problem=error.msg), excerpt(text)))
            return
        if type(row) is dict:
            self.lines.append(line)
            self.rows.append(row)
        else:
            self.rejects.append(Reject(file, line, reason("not_object"), excerpt(text)))


def json_rows(entry: Entry) -> Iterator[JsonRows]:
    """Read a list of objects, where the file begins with ``[``, or else one object a line.

    Raises
    ------
    BadInput
        If the file is empty or cannot be read.
    """
    return json_array(entry) if head_text(entry).lstrip().startswith("[") else json_lines(entry)


def json_lines(entry: Entry) -> Iterator[JsonRows]:
    """Read one JSON object a line; a bad line is a reject, a blank one is nothing.

    Raises
    ------
    BadInput
        If the file is empty or cannot be read.
    """
    reader = LineReader(utf8_chunks(entry, size=CHUNK_BYTES), max_line=MAX_ROW_BYTES, size=STRETCH_BYTES)
    for stretch in reader.stretches(STRETCH_ROWS):
        found = JsonRows()
        for line, text in enumerate(stretch.lines(), stretch.first):
            if not text.isspace():
                found.take(entry.name, line, text)
        yield found


def json_array(entry: Entry) -> Iterator[JsonRows]:
    """Read the objects of a JSON list.

    Raises
    ------
    BadInput
        If the file is empty, cannot be read, or is not a list.
    """
    found, size = JsonRows(), 0
    for line, text, fault in _elements(entry):
        if fault:
            found.rejects.append(Reject(entry.name, line, fault, excerpt(text)))
        else:
            found.take(entry.name, line, text)
            size += len(text)
        if size >= STRETCH_BYTES or found.n_rows >= STRETCH_ROWS:
            yield found
            found, size = JsonRows(), 0
    yield found


def json_document(entry: Entry, *, most: int | None = None) -> Any:
    """Parse a small file whole.

    Parameters
    ----------
    entry : Entry
    most : int, optional
        Bytes that it may have; by default :data:`MAX_DOCUMENT_BYTES`.

    Raises
    ------
    BadInput
        If it is empty, too large, or not JSON.
    """
    most = MAX_DOCUMENT_BYTES if most is None else most
    text = bytearray()
    for chunk in utf8_chunks(entry, size=CHUNK_BYTES):
        text += chunk
        if len(text) > most:
            raise BadInput(f"{entry.name}: larger than {most >> 20} MiB, which no such file is")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        message = f"{entry.name}:{error.lineno}: not valid JSON ({error.msg})"
        raise BadInput(message, "the file is damaged; download the export again") from error


def _too_long() -> str:
    return reason("row_long", most=MAX_ROW_BYTES >> 20)


class _OpenStringError(Exception):
    """A string that its line does not close."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class _Window:
    """The part of a file that is being looked at."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self.text = b""
        self.at = 0
        self.ended = False
        self._line = 1
        self._counted = 0

    def line(self) -> int:
        """Give the line of the current position."""
        self._line += self.text.count(b"\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def grow(self) -> bool:
        """Drop what lies behind and read on, at least doubling what is ahead; False at the end of the file."""
        self.line()
        ahead = self.text[self.at :]
        parts, added = [ahead], 0
        while added <= len(ahead) and not self.ended:
            chunk = next(self._chunks, None)
            self.ended = chunk is None
            parts.append(chunk or b"")
            added += len(parts[-1])
        self.text, self.at, self._counted = b"".join(parts), 0, 0
        return added > 0

    def skip(self, pattern: re.Pattern[bytes]) -> bytes:
        """Step over what a pattern matches; give the byte after it, empty at the end of the file."""
        while True:
            match = pattern.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at : self.at + 1]
            if not self.grow():
                return b""

    def resume(self, at: int) -> None:
        """Go to the next object after a position, or to the end of the file."""
        self.at = at
        while True:
            for match in _BETWEEN.finditer(self.text, self.at):
                # At the very end of the text the next byte is not known yet; taking it for an object is harmless.
                if self.text[match.end() : match.end() + 1] in {b"{", b""}:
                    self.at = match.end()
                    return
            self.at = len(self.text)
            if not self.grow():
                return


def _elements(entry: Entry) -> Iterator[tuple[int, bytes, str]]:
    """Give each element of a list: its line, its text, and what is wrong with it, if anything is."""
    window = _Window(utf8_chunks(entry, size=CHUNK_BYTES))
    if window.skip(_SPACES) != b"[":
        hint = "check that it is the file of the export; a JSON export begins with [ or {"
        raise BadInput(f"{entry.name}: not a JSON list", hint)
    window.at += 1
    broken = False
    while (start := window.skip(_SEPARATORS)) not in {b"", b"]"}:
        line = window.line()
        try:
            end = _complete(window, start)
        except _OpenStringError as error:
            yield line, window.text[window.at : error.at + EXCERPT_CHARACTERS], _OPEN_STRING
            broken = True
            window.resume(error.at + 1)
            continue
        text = window.text[window.at : end] if end else window.text[window.at : window.at + EXCERPT_CHARACTERS]
        if not end and window.ended:
            yield line, text, _CUT_ROW
            return
        yield line, text, "" if end else _too_long()
        broken = not end
        if end:
            window.at = end
        else:
            window.resume(len(window.text))
    if not start:
        # What was skipped after a broken row may have held the bracket.
        if not broken:
            yield window.line(), b"", _TRUNCATED
        return
    window.at += 1
    if window.skip(_SPACES):
        yield window.line(), window.text[window.at : window.at + EXCERPT_CHARACTERS], _TRAILING


def _complete(window: _Window, start: bytes) -> int:
    """Find where the element at the window's position ends, reading on as needed.

    Gives 0 where the file ends or the element passes the limit before.
    """
    while True:
        end = _end(window.text, window.at, start, ended=window.ended)
        if end:
            return end
        if len(window.text) - window.at > MAX_ROW_BYTES or not window.grow():
            return 0


def _end(text: bytes, at: int, start: bytes, *, ended: bool) -> int:
    """Find the end of the element at ``at``, or 0 where the text ends first."""
    if start in b"{[":
        return _end_of_brackets(text, at)
    if start == b'"':
        string = _WHOLE_STRING.match(text, at)
        if not string:
            _check_open(text, at)
        return string.end() if string else 0
    scalar = _SCALAR.match(text, at)
    end = scalar.end() if scalar else at + 1
    return end if end < len(text) or ended else 0


def _end_of_brackets(text: bytes, at: int) -> int:
    depth, position = 1, at + 1
    while depth:
        match = _TO_BRACKET.match(text, position)
        bracket = match.group(1) if match else None
        if not match or bracket is None:
            return 0
        position = match.end()
        if bracket == b'"':
            _check_open(text, position - 1)
            return 0
        depth += 1 if bracket in b"{[" else -1
    return position


def _check_open(text: bytes, quote: int) -> None:
    if text.find(b"\n", quote) >= 0:
        raise _OpenStringError(quote)
