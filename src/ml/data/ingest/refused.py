"""The rows that an import refused: looked at in pages, and given back to be mended.

Conventions
-----------
They stand in a file of the workspace (:mod:`ml.data.ingest.rejects`), each in a line of its own. A page begins at a
place in that file, so that no page takes longer than another; how often each reason was given is counted once.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from ml.data.importers import refused
from ml.data.importers.refused import harmless
from ml.data.ingest.rejects import COLUMNS, END, RAW_CHARACTERS, cells_of
from ml.data.ingest.summary import Tally, alike
from ml.data.vault.texts import Lines
from ml.foundation.results import Result
from ml.foundation.said import Said, Words, words_in

_END = END.encode()
#: Opens what is not sealed.
CLEAR = Lines()
#: Rows that are written at a time.
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Refused(Result):
    """A row that an import refused.

    Parameters
    ----------
    file : str
        In the archive or folder, or its own name.
    line : int or None
        In the file, from 1; None where the file as a whole could not be read.
    reason : str
    raw : str
        The row, its first 500 characters.
    """

    file: str
    line: int | None
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Rejects(Result):
    """A page of the rows that an import refused.

    Parameters
    ----------
    import_id : int
    total : int
        Of all of them, whatever the page shows.
    reasons : dict of str to int
        How often each reason was given, the most frequent first; where there are many, those that differ in a number
        only are one.
    rows : tuple of Refused
        In the order of the files.
    following : int or None
        What to ask for as ``after`` for the next page; None on the last one.
    said : dict of str to Words
        Which sentence each reason is, so that it can be said in other languages; reasons of imports by an earlier
        version are not in it.
    """

    import_id: int
    total: int
    reasons: dict[str, int]
    rows: tuple[Refused, ...]
    following: int | None
    said: dict[str, Words]


def page_of(
    import_id: int,
    path: Path,
    *,
    lines: Lines = CLEAR,
    reason: str | None = None,
    after: int = 0,
    count: int = 100,
) -> Rejects:
    """Give a page of the rows that an import refused.

    Parameters
    ----------
    import_id : int
    path : Path
        Of the file that they stand in; there is none where nothing was refused.
    lines : Lines, optional
        What opens them, where the workspace is encrypted.
    reason : str, optional
        Only rows refused for this, as ``reasons`` has it.
    after : int
        Where the page begins: 0, or the ``following`` of the page before.
    count : int
        Rows at most.
    """
    if not path.exists():
        return Rejects(import_id, 0, {}, (), None, {})
    state = path.stat()
    reasons = _reasons(path, lines, state.st_size, state.st_mtime_ns)
    found: list[Refused] = []
    following = None
    for start, row in _rows(path, lines, after):
        if reason is not None and reason not in (row.reason, alike(row.reason)):
            continue
        if len(found) == count:
            following = start
            break
        found.append(row)
    said = words_in([*reasons, *(row.reason for row in found)])
    return Rejects(import_id, sum(reasons.values()), dict(reasons), tuple(found), following, said)


def written(path: Path, summary: Mapping[str, Any], *, lines: Lines = CLEAR, file: str | None = None) -> Iterator[str]:
    """Write refused rows as CSV, a stretch at a time.

    Where all of them are from one text table, they have its columns, and the result can be mended and imported as that
    was; else each stands in one cell, beside its file and line.

    Parameters
    ----------
    path : Path
        Of the file that they stand in.
    summary : mapping
        Of the import, as :class:`~ml.data.ingest.summary.ImportSummary`; it knows the tables' columns.
    lines : Lines, optional
        What opens them, where the workspace is encrypted.
    file : str, optional
        Only rows of this file.
    """
    rows = (row for _, row in _rows(path, lines, 0) if file in (None, row.file)) if path.exists() else iter(())
    table = _table(path, lines, summary, file)
    if table is None:
        yield from _as_csv(("refused_file", *refused.COLUMNS), (_alone(row) for row in rows))
    else:
        names, delimiter = table
        yield from _as_csv((*names, *refused.COLUMNS), (_in_columns(row, len(names), delimiter) for row in rows))


def _rows(path: Path, lines: Lines, start: int) -> Iterator[tuple[int, Refused]]:
    """Read from a place in the file: where each row begins, and the row."""
    with path.open("rb") as stream:
        if start == 0:
            stream.readline()  # the names of the columns
        else:
            # A place that is none of ours may be within a row: what is left of that is no row.
            stream.seek(start - len(_END))
            if stream.read(len(_END)) != _END:
                stream.readline()
        at = stream.tell()
        for line in stream:
            if not line.endswith(_END):  # an import is writing it
                return
            cells = cells_of(lines.show(line.decode(errors="replace").removesuffix(END)))
            if len(cells) in {len(COLUMNS), len(COLUMNS) - 1}:  # a version of before wrote no code
                name, number, reason, raw, *code = cells
                yield at, Refused(name, int(number) if number.isdecimal() else None, _sentence(reason, *code), raw)
            at += len(line)


def _sentence(text: str, code: str = "") -> str:
    """Give a reason as the sentence that it is, if it is one of ours."""
    return Said(text, Words(**orjson.loads(code))) if code else text


@lru_cache(maxsize=32)
def _reasons(path: Path, lines: Lines, _size: int, _changed: int) -> Mapping[str, int]:
    """Count the reasons once for each state of the file."""
    tally = Tally(reasons=Counter(row.reason for _, row in _rows(path, lines, 0)))
    return dict(Counter(tally.grouped_reasons()).most_common())


@lru_cache(maxsize=32)
def _files(path: Path, lines: Lines, _size: int, _changed: int) -> frozenset[str]:
    """Give the files that rows of were refused."""
    return frozenset(row.file for _, row in _rows(path, lines, 0))


def _table(path: Path, lines: Lines, summary: Mapping[str, Any], file: str | None) -> tuple[Sequence[str], str] | None:
    """Give the columns and the delimiter of the one text table that all rows are from, if they are."""
    if not path.exists():
        return None
    state = path.stat()
    files = {file} if file is not None else _files(path, lines, state.st_size, state.st_mtime_ns)
    units = [unit for unit in summary.get("units", ()) if unit["name"] in files]
    if len(files) != 1 or len(units) != 1 or not units[0].get("columns"):
        return None
    return units[0]["columns"], units[0]["delimiter"]


def _alone(row: Refused) -> list[str]:
    return [row.file, _number(row), row.reason, row.raw]


def _in_columns(row: Refused, width: int, delimiter: str) -> list[str]:
    raw = row.raw
    try:
        cells = next(csv.reader([raw], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    # What does not fit, or may have lost its end, is given as it stood there too.
    whole = len(cells) == width and len(raw) < RAW_CHARACTERS
    return [*(cells + [""] * width)[:width], _number(row), row.reason, "" if whole else raw]


def _number(row: Refused) -> str:
    return "" if row.line is None else str(row.line)


def _as_csv(names: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(map(harmless, names))
    for number, row in enumerate(rows, 1):
        writer.writerow(map(harmless, row))
        if number % _AT_ONCE == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
