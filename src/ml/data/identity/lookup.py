"""From what a person types to a key, and back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from sqlalchemy import BindParameter, Column, Connection, Row, Select, bindparam, false, func, or_, select

from ml.data.identity.names import match_key, normalise
from ml.data.identity.near import near_names
from ml.data.schema import aliases, items, users
from ml.data.store import bulk
from ml.data.vault import vault_of
from ml.data.vault.listeners import hidden, reveal
from ml.foundation.errors import AmbiguousId, BadInput, UnknownId, meant
from ml.foundation.phrase import Language, Phrase

_SHOWN = 5
# PostgreSQL takes at most 65,535 parameters in a statement.
_VALUES = 5_000
_LARGEST = (1 << 63) - 1

# Built once: putting a statement together takes longer than SQLite takes to answer it.
_SOURCE: BindParameter[str] = bindparam("source")
_EXTERNAL: BindParameter[str] = bindparam("external")
_USER = select(users.c.key, users.c.source, users.c.external_id, users.c.sealed)
_USER_BY_ID = _USER.where(users.c.source == _SOURCE, users.c.external_id == _EXTERNAL)
_ITEM_BY_ID = (
    select(aliases.c.item_key).where(aliases.c.source == _SOURCE, aliases.c.external_id == _EXTERNAL).limit(_SHOWN + 1)
)
_ROOT = select(items.c.key, items.c.kind, items.c.name, items.c.credit, items.c.same_as).where(
    items.c.key == bindparam("key")
)
_KEYS: BindParameter[int] = bindparam("keys", expanding=True)
_IDS = {
    "user": _USER.where(users.c.key.in_(_KEYS)),
    "item": select(aliases.c.item_key, aliases.c.source, aliases.c.external_id).where(aliases.c.item_key.in_(_KEYS)),
}


@dataclass(frozen=True, slots=True)
class Found:
    """An item that an id or a name led to; always the root of its redirects.

    Parameters
    ----------
    key : int
    kind : str
        ``"track"`` or ``"artist"``.
    label : str
        For people: "Artist — Title" or the artist's name.
    """

    key: int
    kind: str
    label: str


def find_user(connection: Connection, text: str) -> int:
    """Find a listener by ``source:id``, or by the id alone where one source has it.

    ``hetrec:user/2``, ``user/2`` and ``2`` all name the same listener while nobody else
    is called so. What has a colon in it is a whole id and never the end of another: who may ask for
    ``local:ann`` does not get ``other:local:ann`` where nothing is stored of the former.

    Raises
    ------
    UnknownId, AmbiguousId
    BadInput
        If a character of it cannot be part of an id.
    """
    check_text(text)
    source, colon, external = text.partition(":")
    if colon:
        wanted = {"source": source, "external": hidden(connection, external)}
        rows = connection.execute(_USER_BY_ID, wanted).all()
    else:
        short = [hidden(connection, text), hidden(connection, f"user/{text}")]
        rows = connection.execute(_USER.where(users.c.external_id.in_(short)).limit(_SHOWN + 1)).all()
    if not rows and vault_of(connection).missed(connection):
        return find_user(connection, text)
    if not rows:
        known = _some_listeners(connection)
        code, hint = ("listener_unknown", known) if known else ("listeners_none", "bring some in: ml import PATH")
        raise UnknownId(f"no listener {text!r}", hint, code=code, values={"text": text})
    if len(rows) > 1:
        raise AmbiguousId(
            f"{text!r} names several listeners",
            _candidates(_listed(connection, rows)),
            code="listener_ambiguous",
            values={"text": text},
        )
    return int(rows[0].key)


def find_item(connection: Connection, text: str, *, kind: str | None = None) -> Found:
    """Find a track or artist by ``source:id``, by the id alone, or by its name.

    A track's name may be written "Artist - Title". Names are compared normalised, so case
    and accents do not matter; of a misspelt one the error names what is near.

    Raises
    ------
    UnknownId, AmbiguousId
    BadInput
        If a character of it cannot be part of an id.
    """
    check_text(text)
    found = _by_id(connection, text) or _by_name(connection, text)
    if kind:
        found = [row for row in found if row.kind == kind]
    # An artist of that name comes before the tracks called so.
    found = [row for row in found if row.label.casefold() == text.casefold()] or found
    artists = [row for row in found if row.kind == "artist"]
    if len(artists) == 1:
        found = artists
    if not found:
        near = _meant(connection, text, kind)
        code, hint = (
            ("item_unknown", near)
            if near
            else ("item_no_near", "write its id as `ml export` lists it, or its exact name")
        )
        raise UnknownId(f"no {kind or 'track or artist'} {text!r}", hint, code=code, values={"text": text})
    if len(found) > 1:
        raise AmbiguousId(
            f"{text!r} names several items",
            _candidates(f"{outside_ids(connection, 'item', [row.key])[row.key]} ({row.label})" for row in found),
            code="item_ambiguous",
            values={"text": text},
        )
    return found[0]


def _meant(connection: Connection, text: str, kind: str | None) -> str:
    """Say what a name that nothing has may have meant."""
    names = near_names(connection, text, kind=kind)
    return meant(names) if names else ""


def _by_id(connection: Connection, text: str) -> list[Found]:
    source, colon, external = text.partition(":")
    own = own_key(text)
    if own is not None:
        keys = connection.execute(select(items.c.key).where(items.c.key == own)).scalars().all()
        return roots(connection, keys)
    if colon:
        keys = connection.execute(_ITEM_BY_ID, {"source": source, "external": external}).scalars().all()
        if keys:
            return roots(connection, keys)
    tails = [f"{prefix}/{text}" for prefix in ("track", "artist", "item")]
    short = aliases.c.external_id.in_([text, *tails])
    return roots(
        connection, connection.execute(select(aliases.c.item_key).where(short).limit(_SHOWN + 1)).scalars().all()
    )


def own_key(text: str) -> int | None:
    """Read ``key:N``, the id of an item that no source ever named; None where this is another id.

    >>> own_key("key:42"), own_key("key:99999999999999999999"), own_key("hetrec:artist/42")
    (42, None, None)
    """
    source, _, digits = text.partition(":")
    if source != "key" or not (digits.isascii() and digits.isdecimal()):
        return None
    # A longer number is not even read: neither database holds it.
    return int(digits) if len(digits) <= len(str(_LARGEST)) and int(digits) <= _LARGEST else None


def check_text(text: object) -> None:
    """Check that a database can be asked about a text.

    Raises
    ------
    BadInput
        If it is no text, or there is a NUL in it, or half of a pair of UTF-16: no id and no name has these.
    """
    if not isinstance(text, str):
        raise BadInput(f"{text!r} is no id and no name", "give a text, such as 'hetrec:user/2'")
    for place, character in enumerate(text):
        if character == "\0" or "\ud800" <= character <= "\udfff":
            raise BadInput(f"{text!a}: character {place + 1} cannot be part of an id", "check how the id was read")


def _by_name(connection: Connection, text: str) -> list[Found]:
    artist, dash, title = text.partition(" - ")
    condition = or_(items.c.match == match_key("artist", text, None), items.c.match == f"t||{normalise(text)}")
    if dash:
        condition = or_(condition, items.c.match == match_key("track", title, artist))
    keys = connection.execute(select(items.c.key).where(condition).limit(_SHOWN + 1)).scalars().all()
    if not keys:
        same_title = func.lower(items.c.name) == text.lower()
        keys = connection.execute(select(items.c.key).where(same_title).limit(_SHOWN + 1)).scalars().all()
    return roots(connection, keys)


def roots(connection: Connection, keys: Sequence[int]) -> list[Found]:
    """Follow each key to the item that it is the same as; one entry a root, in order."""
    found: dict[int, Found] = {}
    for key in keys:
        row = connection.execute(_ROOT, {"key": key}).one()
        while row.same_as is not None:
            row = connection.execute(_ROOT, {"key": row.same_as}).one()
        label = f"{row.credit} — {row.name}" if row.credit else row.name
        found[row.key] = Found(row.key, row.kind, label)
    return list(found.values())


def families(connection: Connection, keys: Collection[int]) -> dict[int, set[int]]:
    """Give, for each key, the keys of all items that count as one with it: its root and what leads there.

    One statement a step of the longest chain, however many keys.
    """
    root = {key: key for key in keys}
    step = {key: key for key in keys}
    while step:
        rows = _redirects(connection, items.c.key, set(step.values()))
        step = dict(rows)
        root = {key: step.get(end, end) for key, end in root.items()}
    found = {end: {end} for end in root.values()}
    owner = {end: end for end in found}
    level = set(found)
    while level:
        rows = _redirects(connection, items.c.same_as, level)
        for key, same_as in rows:
            owner[key] = owner[same_as]
            found[owner[key]].add(key)
        level = {key for key, _ in rows}
    return {key: found[end] for key, end in root.items()}


def _redirects(connection: Connection, column: Column[int], values: Collection[int]) -> list[tuple[int, int]]:
    """Read (key, same_as) of the redirected items whose column holds one of the values."""
    statement = select(items.c.key, items.c.same_as).where(items.c.same_as.is_not(None))
    return [(int(key), int(same_as)) for key, same_as in matching_rows(connection, statement, column, list(values))]


def outside_ids(connection: Connection, what: str, keys: Sequence[int]) -> dict[int, str]:
    """Give one outside id for each key; ``key:N`` for an item that no source ever named.

    Parameters
    ----------
    what : str
        ``"user"`` or ``"item"``.
    """
    names = {int(key): f"key:{key}" for key in keys}
    asked = list(names)
    rows = [
        tuple(row)
        for first in range(0, len(asked), _VALUES)
        for row in connection.execute(_IDS[what], {"keys": asked[first : first + _VALUES]})
    ]
    if what == "user":
        own = reveal(connection, ((key, external, sealed) for key, _source, external, sealed in rows))
        return names | {key: f"{source}:{own[key]}" for key, source, *_ in rows}
    for key, source, external in sorted(rows, reverse=True):
        names[key] = f"{source}:{external}"
    return names


def matching_rows(
    connection: Connection, statement: Select[Any], column: Column[Any], values: Sequence[Any]
) -> list[Any]:
    """Read the rows of a statement whose column is one of some hundred values; quicker than columns for so few."""
    slices = (list(values[start : start + _VALUES]) for start in range(0, len(values), _VALUES))
    return [row for part in slices for row in connection.execute(statement.where(column.in_(part)))]


def matching(
    connection: Connection, statement: Select[Any], column: Column[Any], values: Sequence[Any]
) -> pl.DataFrame:
    """Read the rows of a statement whose column is one of many values, in slices."""
    size = 10_000
    parts = [
        bulk.read(connection, statement.where(column.in_(list(values[start : start + size]))))
        for start in range(0, len(values), size)
    ]
    return pl.concat(parts) if parts else bulk.read(connection, statement.where(false()))


def _candidates(names: Iterable[str]) -> str:
    listed = list(names)
    more = " …" if len(listed) > _SHOWN else ""
    return Phrase(_ONE_OF, {"names": ", ".join(listed[:_SHOWN]) + more})


_CALLED_LIKE: dict[Language, str] = {
    "en": "listeners here are called like {names}",
    "de": "Hörer heißen hier etwa {names}",
}
_ONE_OF: dict[Language, str] = {"en": "write one of: {names}", "de": "schreib eines davon: {names}"}


def _some_listeners(connection: Connection) -> str:
    rows = connection.execute(_USER.limit(3)).all()
    if not rows:
        return ""
    return Phrase(_CALLED_LIKE, {"names": ", ".join(_listed(connection, rows))})


def _listed(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[str]:
    """Give the whole outside ids of rows of listeners."""
    names = reveal(connection, ((row.key, row.external_id, row.sealed) for row in rows))
    return [f"{row.source}:{names[row.key]}" for row in rows]
