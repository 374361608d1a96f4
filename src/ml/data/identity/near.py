"""Names that are near a name which nothing has."""

from __future__ import annotations

from difflib import get_close_matches

from sqlalchemy import Connection, case, func, select

from ml.data.identity.names import normalise
from ml.data.schema import items

#: Names that are compared, at most: what a second is enough for, however large the catalogue.
MOST = 10_000
#: By how many letters a misspelt name is longer or shorter than what is meant.
_LETTERS = 3


def near_names(connection: Connection, text: str, *, kind: str | None = None) -> list[str]:
    """List names of artists and tracks that a misspelt one may stand for, the nearest first, three at most.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    text : str
    kind : str, optional
        ``"track"`` or ``"artist"``; left out, both.
    """
    shift = func.abs(func.length(items.c.name) - len(text))
    begins_alike = func.lower(func.substr(items.c.name, 1, 2)) == text[:2].lower()
    first = case((begins_alike, 0), else_=1), case((items.c.kind == "artist", 0), else_=1), items.c.key
    statement = select(items.c.name).where(shift <= _LETTERS).order_by(*first).limit(MOST)
    if kind is not None:
        statement = statement.where(items.c.kind == kind)
    names: dict[str, str] = {}
    for name in connection.execute(statement).scalars():
        names.setdefault(normalise(name), name)
    return [names[each] for each in get_close_matches(normalise(text), names, n=3, cutoff=0.75)]
