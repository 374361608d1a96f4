"""Listeners whose ids are near one that nobody has."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import Connection, Row, select

from ml.data.schema import users
from ml.data.vault import vault_of

#: Ids that begin alike and are compared, at most; sources that are asked for a short form; letters that are looked at.
MOST, SOURCES, LETTERS = 200, 5, 40
_USER = select(users.c.key, users.c.source, users.c.external_id, users.c.sealed)


def near_listeners(connection: Connection, text: str, *, count: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Give the rows of listeners whose ids are most like a text, the likest first.

    Ids that share the longest beginning with it are compared, so that an index finds them however many listeners there
    are. Where nothing begins alike, and where ids are encrypted and cannot be compared, any listeners are given.
    """
    found: dict[int, Row[*tuple[Any, ...]]] = {}
    if not vault_of(connection).sealed:
        source, colon, external = text.partition(":")
        external = external if colon else text
        sources = connection.execute(select(users.c.source).distinct().limit(SOURCES)).scalars().all()
        asked = [source] if source in sources else sources
        for length in range(min(len(external), LETTERS), 0, -1):
            begin = external[:length]
            for each in asked:
                # What sorts after it comes first of all that begins so; databases do not agree how far that goes.
                after = _USER.where(users.c.source == each, users.c.external_id >= begin)
                rows = connection.execute(after.order_by(users.c.external_id).limit(MOST)).all()
                found |= {row.key: row for row in rows if row.external_id.startswith(begin)}
            if len(found) >= count:
                break
    if not found:
        return connection.execute(_USER.limit(count)).all()

    def unlike(row: Row[*tuple[Any, ...]]) -> tuple[float, str]:
        return -SequenceMatcher(None, f"{row.source}:{row.external_id}", text).ratio(), row.external_id

    return sorted(found.values(), key=unlike)[:count]
