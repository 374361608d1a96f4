"""The file in which every row that was not imported stands, with file, line and reason."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import orjson

from ml.data.importers.base import Reject
from ml.foundation.said import Said

COLUMNS = ("file", "line", "reason", "raw", "code")
#: Of these, what every version has written.
_TOLD = 4
#: Of a row that is longer, the end is lost.
RAW_CHARACTERS = 500


def rejects_file(folder: Path, import_id: int) -> Path:
    """Give the place of the rows that an import refused."""
    return folder / f"import-{import_id}.csv"


class RejectsFile:
    """A CSV file that appears with its first row and is appended to when an import is resumed.

    An import that is resumed reads some rows again; those that stand in the file already are not
    written twice.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: TextIO | None = None
        self._before: Counter[tuple[str, ...]] = Counter()

    def write(self, rejects: Iterable[Reject]) -> None:
        """Append rows, so that they are on disk before the batch they belong to is stored."""
        rows = [_row(reject) for reject in rejects]
        if not rows:
            return
        if self._stream is None:
            self._stream = self._open()
        csv.writer(self._stream).writerows(row for row in rows if not self._was_there(row))
        self._stream.flush()

    def close(self) -> None:
        """Close the file, if it was ever opened."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def _was_there(self, row: tuple[str, ...]) -> bool:
        """Tell whether a row stands in the file from before; each of equal rows answers for one."""
        there = self._before[row[:_TOLD]] > 0
        self._before[row[:_TOLD]] -= there
        return there

    def _open(self) -> TextIO:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        stream = self.path.open("a+", encoding="utf-8", errors="backslashreplace", newline="")
        stream.seek(0)
        text = stream.read()
        # A killed import may have left half a row; the row is read again with the rest.
        end = text.rfind("\r\n")
        whole = text[: end + 2] if end >= 0 else ""
        stream.truncate(len(whole.encode()))
        if not whole:
            csv.writer(stream).writerow(COLUMNS)
        self._before = Counter(tuple(row[:_TOLD]) for row in csv.reader(io.StringIO(whole, newline="")))
        return stream


def _row(reject: Reject) -> tuple[str, ...]:
    """Write a reject in one line, so that a file which breaks off can be mended at its last line."""
    line = "" if reject.line is None else str(reject.line)
    code = orjson.dumps(reject.reason.words.to_dict()).decode() if isinstance(reject.reason, Said) else ""
    cells = (reject.file, line, reject.reason, reject.raw[:RAW_CHARACTERS], code)
    return tuple(cell.replace("\r", "\\r").replace("\n", "\\n") for cell in cells)
