"""Names that are near a name which nothing has."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from ml.data.identity.names import match_key, normalise
from ml.data.schema import items

#: Names that are compared, at most: what a second is enough for. To find them may take reading all of the catalogue.
MOST = 10_000
#: By how many letters a misspelt name is longer or shorter than what is meant.
_LETTERS = 3


def near_names(connection: Connection, text: str, *, kind: str | None = None) -> list[str]:
    """List names of artists and tracks that a misspelt one may stand for, the nearest first, three at most.

    Artists whose names begin with the same two letters have an index. Only where none of them is near, or tracks are
    asked for, is the whole catalogue read, which takes the longer the larger it is.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    text : str
    kind : str, optional
        ``"track"`` or ``"artist"``; left out, both, and no tracks where artists are near.
    """
    begins_so = _artists_that_begin(normalise(text)[:2])
    if kind != "track" and begins_so is not None:
        found = _nearest(text, connection.execute(_of_that_length(text).where(begins_so).limit(MOST)).scalars())
        if found:
            return found
    begins_alike = func.lower(func.substr(items.c.name, 1, 2)) == text[:2].lower()
    first = case((begins_alike, 0), else_=1), case((items.c.kind == "artist", 0), else_=1), items.c.key
    statement = _of_that_length(text).order_by(*first).limit(MOST)
    if kind is not None:
        statement = statement.where(items.c.kind == kind)
    return _nearest(text, connection.execute(statement).scalars())


def _of_that_length(text: str) -> Select[str]:
    return select(items.c.name).where(func.abs(func.length(items.c.name) - len(text)) <= _LETTERS)


def _artists_that_begin(letters: str) -> ColumnElement[bool] | None:
    """Ask the index of match keys; None where the name begins with a sign, which not every database sorts alike."""
    if not letters.isalnum():
        return None
    low = match_key("artist", letters, None)
    return (items.c.kind == "artist") & (items.c.match >= low) & (items.c.match < low[:-1] + chr(ord(low[-1]) + 1))


def _nearest(text: str, found: Iterable[str]) -> list[str]:
    names: dict[str, str] = {}
    for name in found:
        names.setdefault(normalise(name), name)
    return [names[each] for each in get_close_matches(normalise(text), names, n=3, cutoff=0.75)]
