"""The file in which every row that was not imported stands, with file, line and reason.

Of an encrypted workspace each line is sealed by itself, all but the first, which names the columns: a refused row may
name somebody.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TextIO

import orjson

from ml.data.importers.base import Reject
from ml.data.vault.texts import Lines
from ml.foundation.atomic import disk_errors, draft, sync
from ml.foundation.said import Said

COLUMNS = ("file", "line", "reason", "raw", "code")
#: Of these, what every version has written.
_TOLD = 4
#: Of a row that is longer, the end is lost.
RAW_CHARACTERS = 500
#: Of a line. No cell has one (:func:`_row`).
END = "\r\n"


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
    lines : Lines, optional
        What seals them; left out, they stand in clear.
    """

    def __init__(self, path: Path, lines: Lines | None = None) -> None:
        self.path, self._lines = path, lines or Lines()
        self._stream: TextIO | None = None
        self._before: Counter[tuple[str, ...]] = Counter()

    def write(self, rejects: Iterable[Reject]) -> None:
        """Append rows, so that they are on disk before the batch they belong to is stored."""
        rows = [_row(reject) for reject in rejects]
        if not rows:
            return
        if self._stream is None:
            self._stream = self._open()
        self._stream.writelines(self._lines.hide(as_line(row)) + END for row in rows if not self._was_there(row))
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
        end = text.rfind(END)
        whole = text[: end + len(END)] if end >= 0 else ""
        stream.truncate(len(whole.encode()))
        if not whole:
            stream.write(as_line(COLUMNS) + END)
        before = (cells_of(self._lines.show(line)) for line in whole.split(END)[:-1])
        self._before = Counter(tuple(cells[:_TOLD]) for cells in before)
        return stream


def as_line(cells: Sequence[str]) -> str:
    """Write a row as a line of CSV, without its end."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    return buffer.getvalue()


def cells_of(line: str) -> list[str]:
    """Read a line of CSV."""
    return next(csv.reader([line]), [])


def rewrite(path: Path, change: Callable[[str], str | None]) -> int:
    """Change the lines of a file of refused rows, but its first; the file is replaced whole, and its time stays.

    Parameters
    ----------
    path : Path
    change : callable
        Takes a line as it stands there, without its end, and gives what is to stand there; None leaves it out.

    Returns
    -------
    int
        How many lines are others, or gone.

    Raises
    ------
    DiskFull
    """
    text = path.read_bytes().decode(errors="replace")
    first, *lines = text.split(END)
    # What a killed import left of its last row is read again with the rest.
    before = lines[:-1]
    after = [change(line) for line in before]
    changed = sum(line != new for line, new in zip(before, after, strict=True))
    if changed:
        with disk_errors(path), draft(path.parent) as folder:
            new = folder / path.name
            kept = [line for line in after if line is not None]
            new.write_bytes("".join(f"{line}{END}" for line in [first, *kept]).encode())
            shutil.copystat(path, new)
            sync(new)
            new.replace(path)
    return changed


def _row(reject: Reject) -> tuple[str, ...]:
    """Write a reject in one line, so that a file which breaks off can be mended at its last line."""
    line = "" if reject.line is None else str(reject.line)
    code = orjson.dumps(reject.reason.words.to_dict()).decode() if isinstance(reject.reason, Said) else ""
    cells = (reject.file, line, reject.reason, reject.raw[:RAW_CHARACTERS], code)
    return tuple(cell.replace("\r", "\\r").replace("\n", "\\n") for cell in cells)
