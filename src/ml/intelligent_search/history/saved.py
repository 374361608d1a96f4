"""Searches with a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import delete, insert, select

from ml.data.schema import saved_searches
from ml.data.store import Store
from ml.foundation.errors import BadInput, UnknownId, did_you_mean
from ml.foundation.results import Result, plain
from ml.intelligent_search.request import SearchRequest


@dataclass(frozen=True, slots=True)
class SavedSearch(Result):
    """A search with a name.

    Parameters
    ----------
    name : str
    request : mapping
        Fields of :class:`~ml.intelligent_search.SearchRequest`.
    created_at : int
        UTC milliseconds.
    """

    name: str
    request: Mapping[str, Any]
    created_at: int


def save_search(store: Store, name: str, text: str, asked: Mapping[str, Any], *, at_ms: int) -> SavedSearch:
    """Keep a search under a name, in the place of one that has it.

    Raises
    ------
    BadInput
    """
    if not name.strip():
        raise BadInput("the search has no name", "give it one: ml search save 'my jazz' 'calm jazz'")
    SearchRequest.of(text, **asked)
    request = {"text": text, **{field: value for field, value in asked.items() if value is not None}}
    with store.write() as connection:
        connection.execute(delete(saved_searches).where(saved_searches.c.name == name))
        document = orjson.dumps(plain(request)).decode()
        connection.execute(insert(saved_searches).values(name=name, request=document, created_at=at_ms))
    return SavedSearch(name, request, at_ms)


def list_saved(store: Store) -> list[SavedSearch]:
    """List the searches that have a name, by name."""
    with store.read() as connection:
        rows = connection.execute(select(saved_searches).order_by(saved_searches.c.name)).all()
    return [SavedSearch(row.name, orjson.loads(row.request), row.created_at) for row in rows]


def find_saved(store: Store, name: str) -> SavedSearch:
    """Find a search by its name.

    Raises
    ------
    UnknownId
    """
    known = {one.name: one for one in list_saved(store)}
    if name not in known:
        raise UnknownId(f"no saved search {name!r}", did_you_mean(name, known))
    return known[name]


def delete_saved(store: Store, name: str) -> None:
    """Take a name away.

    Raises
    ------
    UnknownId
    """
    find_saved(store, name)
    with store.write() as connection:
        connection.execute(delete(saved_searches).where(saved_searches.c.name == name))
