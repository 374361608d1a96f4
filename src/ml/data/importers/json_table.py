"""JSON lines as a table: each object a row, its names the columns.

Conventions
-----------
Columns are the names that the first rows have, in the order of their first mention; a name that only later rows have is
not read. A list becomes its texts with ``|`` between them, as a list of genres is written elsewhere; an object in an
object is not read. Numbers and truths become the texts that a table would have.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import orjson
import polars as pl

from ml.data.importers.json_stream import JsonRows, json_lines
from ml.data.importers.lines import excerpt
from ml.data.importers.rows import Rows
from ml.data.importers.source import Entry

SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
#: Rows whose names are the columns.
LOOKED_AT = 1_000


def read_table(entry: Entry) -> tuple[Sequence[str], Iterator[Rows]]:
    """Give the columns of a file, and its rows.

    Raises
    ------
    BadInput
        If the file is empty or cannot be read.
    """
    stretches = json_lines(entry)
    first = next(stretches, None)
    if first is None:
        return (), iter(())
    names = tuple(dict.fromkeys(name for row in first.rows[:LOOKED_AT] for name in row))
    return names, (_rows(found, names) for found in chain([first], stretches))


def _rows(found: JsonRows, names: Sequence[str]) -> Rows:
    columns = {
        str(place): pl.Series([_text(row.get(name)) for row in found.rows], dtype=pl.String)
        for place, name in enumerate(names)
    }
    frame = pl.DataFrame(columns | {"line": pl.Series(found.lines, dtype=pl.Int64)})
    place = {line: index for index, line in enumerate(found.lines)}
    return Rows(frame, found.rejects, lambda line: excerpt(orjson.dumps(found.rows[place[line]])))


def _text(value: Any) -> str | None:
    """Write a value as a cell of a table.

    >>> _text("Jóga"), _text(1999), _text(3.0), _text(True), _text(["pop", "jazz"]), _text({"a": 1})
    ('Jóga', '1999', '3', 'true', 'pop|jazz', None)
    """
    if isinstance(value, list):
        texts = [text for each in value if (text := _text(each)) is not None]
        return "|".join(texts) or None
    if isinstance(value, dict) or value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
