"""Where a listener is named beside what is theirs: files that were sent, rows that were refused, names of files.

Conventions
-----------
- A name of five characters or more is looked for anywhere, also within a word: ``anna.b`` is in ``anna.b_2026.csv``.
  A shorter one, or a number, is looked for as a word, in refused rows alone: in the names of files it is anything.
- A refused row that names them goes; what else names them keeps its place, with ``…`` for the name.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select, update

from ml.data.ingest.rejects import as_line, cells_of, rewrite
from ml.data.jobs.job import ENDED
from ml.data.jobs.keeping import COLUMNS, hidden, shown
from ml.data.schema import import_units, imports, jobs
from ml.data.store import Store
from ml.data.vault.texts import Lines, reject_lines

HIDDEN = "…"
_SHORTEST = 5
#: Members of JSON documents that hold names of files, or what somebody wrote.
_NAMING = frozenset(
    {"path", "name", "problem", "notes", "unrecognised", "step", "user", "message", "hint", "reasons", "said", "values"}
)


@dataclass(frozen=True)
class Mentions:
    """Finds names of somebody.

    Parameters
    ----------
    names : iterable of str
        All that they are called.
    """

    names: frozenset[str]

    def __contains__(self, text: str) -> bool:
        return any(pattern is not None and pattern.search(text) for pattern in self._patterns)

    def without(self, text: str) -> str:
        """Give a text without their longer names."""
        pattern = self._patterns[0]
        return text if pattern is None else pattern.sub(HIDDEN, text)

    @property
    def _patterns(self) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
        long = [name for name in self.names if len(name) >= _SHORTEST and not name.isdecimal()]
        short = self.names.difference(long)
        return _any_of(long, "{}"), _any_of(short, r"(?<![^\W_])(?:{})(?![^\W_])")


def _any_of(names: Iterable[str], around: str) -> re.Pattern[str] | None:
    texts = [re.escape(name) for name in sorted(names, key=len, reverse=True) if name]
    return re.compile(around.replace("{}", "|".join(texts)), re.IGNORECASE) if texts else None


def forget_refused(store: Store, folder: Path, who: Mentions) -> int:
    """Take the rows that name somebody out of what imports refused; give how many there were.

    Raises
    ------
    DiskFull
    """
    gone = 0
    for file in sorted(folder.glob("import-*.csv")):
        lines, before = reject_lines(store, file.name), 0

        def change(line: str, lines: Lines = lines) -> str | None:
            nonlocal before
            cells = cells_of(lines.show(line))
            if any(cell in who for cell in cells[2:]):
                before += 1
                return None
            named = who.without(cells[0]) if cells else ""
            return line if not cells or named == cells[0] else lines.hide(as_line([named, *cells[1:]]))

        rewrite(file, change)
        gone += before
    return gone


def forget_sent(connection: Connection, folder: Path) -> None:
    """Remove the files whose imports have ended, whosever they are: nothing needs them any more."""
    ended = jobs.c.state.in_(ENDED)
    for row in connection.execute(select(jobs).where(jobs.c.kind == "import", ended)).all():
        path = orjson.loads(shown(connection, row.id, "arguments", row.arguments)).get("path")
        if path and Path(path).parent.parent == folder:
            shutil.rmtree(Path(path).parent, ignore_errors=True)


def forget_files(connection: Connection, who: Mentions) -> None:
    """Take somebody out of the names of files in the records of imports and of jobs that have ended."""
    for row in connection.execute(select(imports)).all():
        summary = _without(row.summary, who) if row.summary else row.summary
        values = {"path": who.without(row.path), "summary": summary}
        if (row.path, row.summary) != tuple(values.values()):
            connection.execute(update(imports).where(imports.c.id == row.id).values(values))
    for row in connection.execute(select(import_units.c.import_id, import_units.c.name)).all():
        if who.without(row.name) != row.name:
            _rename(connection, row.import_id, row.name, who.without(row.name))
    for row in connection.execute(select(jobs).where(jobs.c.state.in_(ENDED))).all():
        values = _renamed(connection, row, who)
        if values:
            connection.execute(update(jobs).where(jobs.c.id == row.id).values(values))


def _rename(connection: Connection, import_id: int, old: str, new: str) -> None:
    """Give a unit of an import another name, and one that no other has."""
    mine = import_units.c.import_id == import_id
    taken = set(connection.execute(select(import_units.c.name).where(mine)).scalars())
    while new in taken:
        new += HIDDEN
    connection.execute(update(import_units).where(mine & (import_units.c.name == old)).values(name=new))


def _renamed(connection: Connection, row: Row[Any], who: Mentions) -> dict[str, str]:
    """Give the columns of a job that named somebody, as they are to be stored."""
    progress = _without(row.progress, who)
    values = {} if progress == row.progress else {"progress": progress}
    for column in COLUMNS:
        text = getattr(row, column)
        plain = "" if text is None else shown(connection, row.id, column, text)
        if plain and (clean := _without(plain, who)) != plain:
            values[column] = hidden(connection, row.id, column, clean)
    return values


def forget_log(path: Path, who: Mentions) -> None:
    """Take somebody out of a log, which a process may be writing to: it stays the same file."""
    if path.exists():
        with path.open("r+b") as stream:
            text = stream.read().decode(errors="replace")
            clean = who.without(text)
            if clean != text:
                stream.seek(0)
                stream.write(clean.encode())
                stream.truncate()


def _without(document: str, who: Mentions) -> str:
    """Give a JSON document without their names where files are named."""
    return orjson.dumps(_clean(orjson.loads(document), who, named=False)).decode() if who.names else document


def _clean(value: Any, who: Mentions, *, named: bool) -> Any:
    if isinstance(value, dict):
        # A sentence may be a key, too, with what it is made of as its value.
        return {
            who.without(key) if named else key: _clean(each, who, named=named or key in _NAMING)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_clean(each, who, named=named) for each in value]
    return who.without(value) if named and isinstance(value, str) else value
