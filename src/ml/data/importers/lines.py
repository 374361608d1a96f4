"""Text files as stretches of whole lines: any encoding in, UTF-8 out, memory bounded.

Conventions
-----------
- Lines are numbered from 1 and end at a line feed; a carriage return before it belongs to
  the line's ending. A file that knows only carriage returns is read as if they were line feeds.
- What comes out is UTF-8 *as far as the file is*: bytes that are not valid stay invalid, so
  that the parser can refuse exactly that line.
- A line longer than ``max_line`` keeps its number and loses its middle; it stays too long,
  and the parser refuses it.
"""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ml.data.importers.source import HARMLESS_BYTES, MAX_RATIO, MAX_UNPACKED_BYTES, Entry
from ml.foundation.errors import BadInput

#: Bytes of the longest line that is read; also the limit of Python's csv module for one field.
MAX_LINE_BYTES = 128 << 10
#: Bytes after which a stretch ends, whatever the number of its lines.
STRETCH_BYTES = 32 << 20
CHUNK_BYTES = 4 << 20
#: How much of a rejected line is kept.
RAW_CHARACTERS = 500

# The longer marks first: the mark of UTF-16 begins that of UTF-32.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Stretch:
    """Some consecutive lines of a file.

    Parameters
    ----------
    data : bytes
        Whole lines; only the last line of a file may lack its line feed.
    first : int
        The number of the first of them, from 1.
    final : bool
        Whether the file is known to end here.
    """

    data: bytes
    first: int
    final: bool

    @cached_property
    def ends(self) -> NDArray[np.int64]:
        """Where each line ends, its line feed included, int64 [shape=(n_lines,)]."""
        ends = _ends(self.data)
        unfinished = bool(self.data) and not self.data.endswith(b"\n")
        return np.append(ends, len(self.data)) if unfinished else ends

    @cached_property
    def longest(self) -> int:
        """Bytes of the longest line."""
        return int(np.diff(self.ends, prepend=0).max(initial=0))

    def lines(self) -> list[bytes]:
        """Give the lines with their endings."""
        return self.data.splitlines(keepends=True) if b"\r" not in self.data else _split(self.data)

    def text(self, line: int) -> str:
        """Give the start of a line by its number, for a report about it."""
        index = line - self.first
        start = int(self.ends[index - 1]) if index else 0
        raw = self.data[start : min(int(self.ends[index]), start + 4 * RAW_CHARACTERS)]
        return raw.decode(errors="replace").rstrip("\r\n")[:RAW_CHARACTERS]


class LineReader:
    r"""Cuts a file's bytes into stretches.

    >>> reader = LineReader([b"a\nb", b"\nc"])
    >>> [(stretch.data, stretch.first) for stretch in reader.stretches(2)]
    [(b'a\nb\n', 1), (b'c', 3)]
    """

    def __init__(self, chunks: Iterable[bytes], *, max_line: int = MAX_LINE_BYTES) -> None:
        self._chunks = iter(chunks)
        self._pending = b""
        self._line = 1
        self._done = False
        self._max_line = max_line

    def take(self, rows: int) -> Stretch:
        """Read the next lines, at most ``rows``; an empty stretch is the end of the file."""
        self._fill(rows)
        cut = self._cut(rows)
        data, self._pending = self._pending[:cut], self._pending[cut:]
        stretch = Stretch(data, self._line, self._done and not self._pending)
        self._line += data.count(b"\n")
        return stretch

    def put_back(self, data: bytes) -> None:
        """Return whole lines from the end of the stretch that was taken last."""
        self._pending = data + self._pending
        self._line -= data.count(b"\n")

    def stretches(self, rows: int) -> Iterator[Stretch]:
        """Read to the end."""
        while (stretch := self.take(rows)).data:
            yield stretch

    def _fill(self, rows: int) -> None:
        lines = self._pending.count(b"\n")
        while not self._done and len(self._pending) < STRETCH_BYTES and lines < rows:
            chunk = next(self._chunks, b"")
            self._done = not chunk
            self._pending += chunk
            lines += chunk.count(b"\n")
            if len(self._pending) > self._max_line and not lines:
                self._pending = self._pending[: self._max_line + 1]

    def _cut(self, rows: int) -> int:
        ends = _ends(self._pending)
        if len(ends) >= rows:
            return int(ends[rows - 1])
        return len(self._pending) if self._done else int(ends[-1])


def utf8_chunks(entry: Entry, *, encoding: str | None = None, size: int = CHUNK_BYTES) -> Iterator[bytes]:
    """Read a file as UTF-8, whatever it is written in; ``.gz`` is unpacked.

    Parameters
    ----------
    entry : Entry
    encoding : str, optional
        The file's encoding; by default its byte order mark decides, else it is UTF-8.
    size : int
        Bytes of one chunk.

    Raises
    ------
    BadInput
        If the encoding is unknown, or a ``.gz`` is damaged or unpacks to an absurd size.
    """
    given = _text_codec(encoding) if encoding else None
    with entry.open() as raw:
        chunks = _unpacked(raw, entry, size) if entry.suffix == ".gz" else iter(lambda: raw.read(size), b"")
        first = next(chunks, b"")
        bom, codec = next(((bom, codec) for bom, codec in _BOMS if first.startswith(bom)), (b"", "utf-8"))
        yield from _line_feeds(_transcoded(_from(first.removeprefix(bom), chunks), given or codec))


def _from(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _transcoded(chunks: Iterator[bytes], codec: str) -> Iterator[bytes]:
    if codec == "utf-8":
        yield from (chunk for chunk in chunks if chunk)
        return
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    for chunk in chunks:
        yield from _encoded(decoder.decode(chunk))
    yield from _encoded(decoder.decode(b"", final=True))


def _encoded(text: str) -> Iterator[bytes]:
    """Encode, keeping what could not be decoded invalid; never an empty chunk."""
    if text:
        yield text.encode("utf-8", errors="replace").replace("\N{REPLACEMENT CHARACTER}".encode(), b"\xff")


def _line_feeds(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks, b"")
    only_returns = b"\r" in first.rstrip(b"\r") and b"\n" not in first
    for chunk in _from(first, chunks):
        if chunk:
            yield chunk.replace(b"\r", b"\n") if only_returns else chunk


def _unpacked(raw: IO[bytes], entry: Entry, size: int) -> Iterator[bytes]:
    total = 0
    limit = min(MAX_UNPACKED_BYTES, max(HARMLESS_BYTES, MAX_RATIO * entry.size_bytes))
    try:
        with gzip.GzipFile(fileobj=raw) as stream:
            while chunk := stream.read(size):
                total += len(chunk)
                if total > limit:
                    raise BadInput(
                        f"{entry.name}: unpacks from {entry.size_bytes:,} to more than {limit:,} bytes;"
                        " it is taken for a bomb",
                        "if you trust it, unpack it yourself and import the result",
                    )
                yield chunk
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise BadInput(f"{entry.name}: the .gz is damaged ({error})", "make or download it again") from error


def _text_codec(name: str) -> str:
    try:
        "a".encode(name)
        codec = codecs.lookup(name).name
        codecs.getincrementaldecoder(codec)(errors="replace").decode(b"a")
    except (LookupError, ValueError) as error:
        raise BadInput(
            f"encoding {name!r} is unknown", "examples: --encoding cp1252, latin-1, utf-16, shift_jis"
        ) from error
    return "utf-8" if codec in ("utf-8", "utf-8-sig") else codec


def _ends(data: bytes) -> NDArray[np.int64]:
    return np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1


def _split(data: bytes) -> list[bytes]:
    """Split at line feeds alone, keeping them; a carriage return inside a line is text."""
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])
