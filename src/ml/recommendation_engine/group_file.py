"""Groups of artists by any attribute, such as gender, from a table that the user brings: ``artist_id,group``.

Conventions
-----------
- A CSV file in UTF-8 with a heading; other columns are not read. An artist is named by outside id or exact name.
- What is in the file is kept nowhere: a report has numbers of whole groups, and none of a few artists.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from ml.data.identity import find_item
from ml.data.identity.lookup import matching
from ml.data.schema import aliases, items
from ml.foundation.errors import AmbiguousId, BadInput, UnknownId
from ml.recommendation_engine.catalogue import Catalogue

COLUMNS = ("artist_id", "group")


def read_group_file(connection: Connection, catalogue: Catalogue, file: Path) -> dict[int, str]:
    """Give the group of each artist of a file, by the artist's key.

    Raises
    ------
    BadInput
        If the file cannot be read, lacks a column, or a field of it is empty, an id cannot be, or an artist is in two
        groups; naming file, line and field.
    UnknownId, AmbiguousId
        If an artist is not in the workspace, or a name is of several; naming file and line.
    """
    rows = list(_rows(file))
    endings = sorted({name.partition(":")[2] for _, name, _ in rows} - {""})
    statement = select(aliases.c.source, aliases.c.external_id, items.c.key, items.c.same_as, items.c.kind).join(
        items, items.c.key == aliases.c.item_key
    )
    known = {
        f"{source}:{external}": (key if same_as is None else same_as, kind)
        for source, external, key, same_as, kind in matching(
            connection, statement, aliases.c.external_id, endings
        ).iter_rows()
    }
    found: dict[int, str] = {}
    for line, name, group in rows:
        key, kind = known.get(name, (None, "artist"))
        if key is None:
            key = _looked_up(connection, file, line, name)
        elif kind != "artist":
            raise BadInput(f"{file}:{line}: artist_id: {name!r} is a track", "name its artist")
        key = catalogue.roots.get(key, key)
        if found.setdefault(key, group) != group:
            raise BadInput(
                f"{file}:{line}: group: {name!r} is in {found[key]!r} and in {group!r}", "an artist has one group"
            )
    return found


def _looked_up(connection: Connection, file: Path, line: int, name: str) -> int:
    try:
        return find_item(connection, name, kind="artist").key
    except (BadInput, UnknownId, AmbiguousId) as error:
        raise type(error)(f"{file}:{line}: artist_id: {error.message}", error.hint) from None


def _rows(file: Path) -> Iterator[tuple[int, str, str]]:
    """Read (line, artist, group)."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise BadInput(f"{file}:1: there is no column {missing[0]!r}", f"begin with: {','.join(COLUMNS)}")
            empty = True
            for row in reader:
                values = [(row[name] or "").strip() for name in COLUMNS]
                for name, value in zip(COLUMNS, values, strict=True):
                    if not value:
                        raise BadInput(f"{file}:{reader.line_num}: {name} is empty", "fill it, or leave the row out")
                empty = False
                yield reader.line_num, values[0], values[1]
            if empty:
                raise BadInput(f"{file}: names no artist", f"one row an artist, after {','.join(COLUMNS)}")
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror})", "name a CSV file") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: is not UTF-8 (byte {error.start})", "save it as UTF-8") from None
    except csv.Error as error:
        raise BadInput(f"{file}: is no CSV ({error})", f"one row an artist: {','.join(COLUMNS)}") from None
