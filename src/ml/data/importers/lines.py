"""Text as stretches of whole numbered lines, memory bounded.

Conventions
-----------
- Lines are numbered from 1 and end at a line feed; a carriage return before it belongs to
  the line's ending.
- A line longer than ``max_line`` keeps its number and loses what is far beyond; it stays too
  long, and the parser refuses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

#: Bytes of the longest line of a table; also the limit of Python's csv module for one field.
MAX_LINE_BYTES = 128 << 10
#: Bytes after which a stretch ends, whatever the number of its lines.
STRETCH_BYTES = 16 << 20
#: How much of a rejected row is kept.
EXCERPT_CHARACTERS = 500


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
        return excerpt(self.data[start : min(int(self.ends[index]), start + 4 * EXCERPT_CHARACTERS)])


class LineReader:
    r"""Cuts a file's bytes into stretches.

    Parameters
    ----------
    chunks : iterable of bytes
        The file, by :func:`ml.data.importers.encoding.utf8_chunks`.
    max_line : int
        Bytes of the longest line that is kept whole.
    size : int
        Bytes after which a stretch ends.

    Examples
    --------
    >>> reader = LineReader([b"a\nb", b"\nc"])
    >>> [(stretch.data, stretch.first) for stretch in reader.stretches(2)]
    [(b'a\nb\n', 1), (b'c', 3)]
    """

    def __init__(self, chunks: Iterable[bytes], *, max_line: int = MAX_LINE_BYTES, size: int = STRETCH_BYTES) -> None:
        self._chunks = iter(chunks)
        self._pending = b""
        self._ended = 0  # lines that have their end in what is pending
        self._line = 1
        self._done = False
        self._max_line = max_line
        self._size = size

    def take(self, rows: int) -> Stretch:
        """Read the next lines, at most ``rows``; an empty stretch is the end of the file."""
        self._fill(rows)
        cut, taken = self._cut(rows), min(rows, self._ended)
        data, self._pending = self._pending[:cut], self._pending[cut:]
        stretch = Stretch(data, self._line, self._done and not self._pending)
        self._line += taken
        self._ended -= taken
        return stretch

    def put_back(self, data: bytes) -> None:
        """Return whole lines from the end of the stretch that was taken last."""
        ended = data.count(b"\n")
        self._pending = data + self._pending
        self._ended += ended
        self._line -= ended

    def stretches(self, rows: int) -> Iterator[Stretch]:
        """Read to the end."""
        while (stretch := self.take(rows)).data:
            yield stretch

    def _fill(self, rows: int) -> None:
        parts, size = [self._pending], len(self._pending)
        while not self._done and self._ended < rows and (not self._ended or size < self._size):
            chunk = next(self._chunks, b"")
            self._done = not chunk
            if not self._ended and size > self._max_line:
                # The line is too long as it is; only where it ends matters.
                chunk = b"".join(chunk.partition(b"\n")[1:])
            parts.append(chunk)
            size += len(chunk)
            self._ended += chunk.count(b"\n")
        self._pending = b"".join(parts)

    def _cut(self, rows: int) -> int:
        if self._ended > rows:
            return int(_ends(self._pending)[rows - 1])
        whole = self._done and self._ended < rows
        return len(self._pending) if whole else self._pending.rfind(b"\n") + 1


def excerpt(raw: bytes | str) -> str:
    r"""Give the beginning of a refused row, for the rejects file.

    >>> excerpt(b"Bj\xf6rk\r\n")
    'Bj�rk'
    """
    text = raw[: 4 * EXCERPT_CHARACTERS].decode(errors="replace") if isinstance(raw, bytes) else raw
    return text.rstrip("\r\n")[:EXCERPT_CHARACTERS]


def _ends(data: bytes) -> NDArray[np.int64]:
    return np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1


def _split(data: bytes) -> list[bytes]:
    """Split at line feeds alone, keeping them; a carriage return inside a line is text."""
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])
