"""Searches with a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Row, delete, insert, select

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

    @property
    def whose(self) -> str | None:
        """Outside id of the listener that it is asked for, whose it is; None where it is nobody's."""
        named: str | None = self.request.get("user_id")
        return named


def save_search(
    store: Store,
    name: str,
    text: str,
    asked: Mapping[str, Any],
    *,
    at_ms: int,
    makes_way: Callable[[SavedSearch], bool] = lambda _: True,
) -> SavedSearch:
    """Keep a search under a name, in the place of one that has it.

    Parameters
    ----------
    store : Store
    name, text : str
    asked : mapping
        Other fields of the request.
    at_ms : int
        UTC milliseconds.
    makes_way : callable
        Tells whether a search that has the name may be replaced.

    Raises
    ------
    BadInput
        If something of it is not allowed, or another search keeps the name.
    """
    if not name.strip():
        raise BadInput(
            "the search has no name", "give it one: ml search save 'my jazz' 'calm jazz'", code="search_unnamed"
        )
    SearchRequest.of(text, **asked)
    request = {"text": text, **{field: value for field, value in asked.items() if value is not None}}
    here = saved_searches.c.name == name
    with store.write() as connection:
        there = connection.execute(select(saved_searches).where(here)).first()
        if there is not None and not makes_way(_saved(there)):
            raise BadInput(
                f"a search is called {name!r} already",
                "give it another name",
                code="search_taken",
                values={"name": name},
            )
        connection.execute(delete(saved_searches).where(here))
        document = orjson.dumps(plain(request)).decode()
        connection.execute(insert(saved_searches).values(name=name, request=document, created_at=at_ms))
    return SavedSearch(name, request, at_ms)


def list_saved(store: Store) -> list[SavedSearch]:
    """List the searches that have a name, by name."""
    with store.read() as connection:
        rows = connection.execute(select(saved_searches).order_by(saved_searches.c.name)).all()
    return [_saved(row) for row in rows]


def _saved(row: Row[Any]) -> SavedSearch:
    return SavedSearch(row.name, orjson.loads(row.request), row.created_at)


def saved_named(saved: Sequence[SavedSearch], name: str) -> SavedSearch:
    """Find a search by its name.

    Raises
    ------
    UnknownId
    """
    known = {one.name: one for one in saved}
    if name not in known:
        hint = did_you_mean(name, known) if known else "none is kept yet"
        raise UnknownId(f"no saved search {name!r}", hint, code="search_unknown", values={"name": name})
    return known[name]


def delete_saved(store: Store, name: str) -> None:
    """Take a name away."""
    with store.write() as connection:
        connection.execute(delete(saved_searches).where(saved_searches.c.name == name))
