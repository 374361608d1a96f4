"""Who and what is asked about: listeners and items found by the names that people give them, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from ml.data.identity import Found, find_item, find_user
from ml.data.identity.lookup import check_text, matching
from ml.data.schema import users
from ml.data.vault.listeners import hidden, reveal
from ml.foundation.errors import UnknownId
from ml.recommendation_engine.serving import Serving
from ml.recommendation_engine.staleness import removed_items
from ml.recommendation_engine.words import day, say

#: A listener's id as it was written, and the key; None where nobody is called so.
Asked = tuple[str, int | None]


_A = {"artist": "an artist", "track": "a track"}
_HINTS = {"artist": "name one of their tracks", "track": "name its artist"}


def about_pause(since: int | None) -> tuple[str, ...]:
    """Say that what the listener plays is not kept."""
    if since is None:
        return ()
    return (say("paused", day=day(since)),)


def known_item(connection: Connection, serving: Serving, item_id: str, kind: str | None) -> Found:
    """Find an item; where it is not there, say too that the models may be older than the store."""
    try:
        return find_item(connection, item_id, kind=kind)
    except UnknownId as error:
        missing = removed_items(serving.catalogue.gone(connection))
        said: dict[str, Any] = {"code": "" if missing else error.code, "values": error.values}
        raise UnknownId(error.message, "; ".join((*missing, error.hint)) if missing else error.hint, **said) from None


def key_of(connection: Connection, user_id: str) -> int | None:
    """Give a listener's key; None where nobody is called so."""
    try:
        return find_user(connection, user_id)
    except UnknownId:
        return None


def everybody(connection: Connection) -> list[Asked]:
    """List all listeners."""
    rows = connection.execute(select(users.c.source, users.c.external_id, users.c.key, users.c.sealed)).all()
    names = reveal(connection, ((row.key, row.external_id, row.sealed) for row in rows))
    ordered = sorted((row.source, names[row.key], row.key) for row in rows)
    return [(f"{source}:{external}", key) for source, external, key in ordered]


def keys_of(connection: Connection, user_ids: Sequence[str]) -> list[Asked]:
    """Find listeners; those whose id is written in full are looked up together."""
    for user_id in user_ids:
        check_text(user_id)
    statement = select(users.c.source, users.c.external_id, users.c.key)
    endings = {hidden(connection, ending): ending for each in user_ids if (ending := each.partition(":")[2])}
    rows = matching(connection, statement, users.c.external_id, sorted(endings)).iter_rows()
    known = {f"{source}:{endings[external]}": key for source, external, key in rows}
    return [(each, known[each] if each in known else key_of(connection, each)) for each in user_ids]


def index_of(connection: Connection, serving: Serving, item_id: str) -> int:
    """Find an item among those that the models know.

    Raises
    ------
    UnknownId, AmbiguousId
        Also if the models rank the other kind of item, or do not know this one.
    """
    found = find_item(connection, item_id)
    index = int(serving.catalogue.vocabulary.indices(np.array([found.key]))[0])
    if index < 0:
        if found.kind != serving.catalogue.kind:
            raise UnknownId(
                f"the models rank {serving.catalogue.kind}s, and {found.label!r} is {_A[found.kind]}",
                _HINTS[found.kind],
            )
        raise UnknownId(
            f"the models do not know {item_id!r}",
            "train again: ml train",
            code="models_do_not_know",
            values={"text": item_id},
        )
    return index
