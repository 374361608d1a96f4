"""The file in which every row that was not imported stands, with file, line and reason."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from ml.data.importers.base import Reject

COLUMNS = ("file", "line", "reason", "raw")
_RAW_CHARACTERS = 500


class RejectsFile:
    """A CSV file that appears with its first row and is appended to when an import is resumed.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: TextIO | None = None

    def write(self, rejects: Iterable[Reject]) -> None:
        """Append rows, so that they are on disk before the batch they belong to is stored."""
        rows = [(r.file, r.line, r.reason, r.raw[:_RAW_CHARACTERS]) for r in rejects]
        if not rows:
            return
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = not self.path.exists()
            self._stream = self.path.open("a", encoding="utf-8", errors="backslashreplace", newline="")
            if fresh:
                csv.writer(self._stream).writerow(COLUMNS)
        csv.writer(self._stream).writerows(rows)
        self._stream.flush()

    def close(self) -> None:
        """Close the file, if it was ever opened."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
