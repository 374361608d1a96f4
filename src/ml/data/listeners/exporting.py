"""All that is stored of a listener, as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Table, or_, select, tuple_

from ml.data.access.personal import cleared
from ml.data.access.roles import held
from ml.data.identity import outside_ids
from ml.data.jobs import Job
from ml.data.jobs.keeping import read_job
from ml.data.listeners.tables import OWN
from ml.data.listeners.whom import Whom
from ml.data.schema import (
    accounts,
    api_keys,
    experiments,
    friends,
    invitations,
    items,
    jobs,
    playlist_items,
    playlist_recipes,
    playlists,
    second_factors,
    sessions,
    users,
)
from ml.data.store import Store
from ml.data.vault.profiles import profiles
from ml.data.vault.requests import read_request
from ml.foundation.results import plain

#: Of the document.
FORMAT = 1
#: Rows of one page: each is read in a transaction of its own, so that nobody who reads slowly holds one open.
PAGE = 5_000
_LEFT_OUT = frozenset({"user_key", "import_id"})
Rows = Iterable[Mapping[str, Any]]


def export(store: Store, whom: Whom, *, more: Mapping[str, Rows] | None = None) -> Iterator[bytes]:
    """Give a listener's document in pieces.

    Parameters
    ----------
    store : Store
    whom : Whom
    more : mapping of str to iterable of mapping, optional
        What is kept elsewhere, such as searches and what the audit log has of them, by what it is to be called.
    """
    yield b'{"format":%d,"user_id":%s' % (FORMAT, _json(whom.user_id))
    with store.read() as connection:
        yield _member("listener", _listener(connection, whom))
        yield _member("profile", _profile(connection, whom))
    for name, table in OWN.items():
        yield from _list(name, _pages(store, table, whom))
    for name, read in _FEW.items():
        with store.read() as connection:
            rows = list(read(connection, whom))
        yield from _list(name, iter([rows]))
    for name, told in (more or {}).items():
        yield from _list(name, ([row] for row in told))
    yield b"\n}\n"


def _member(name: str, value: Any) -> bytes:
    return b",\n%s:%s" % (_json(name), _json(value))


def _list(name: str, pages: Iterator[Sequence[Mapping[str, Any]]]) -> Iterator[bytes]:
    yield b",\n%s:[" % _json(name)
    between = b"\n"
    for page in pages:
        for row in page:
            yield between + _json(row)
            between = b",\n"
    yield b"]"


def _json(value: Any) -> bytes:
    return orjson.dumps(plain(value))


def _pages(store: Store, table: Table, whom: Whom) -> Iterator[list[dict[str, Any]]]:
    """Walk along the primary key."""
    order = [column for column in table.primary_key if column.name != "user_key"]
    last: tuple[Any, ...] | None = None
    while True:
        statement = select(table).where(table.c.user_key == whom.key).order_by(*order).limit(PAGE)
        if last is not None:
            statement = statement.where(tuple_(*order) > last)
        with store.read() as connection:
            rows = connection.execute(statement).all()
            things = _things(connection, [row.item_key for row in rows if _has_item(row)])
            tests = _experiments(connection) if "experiment_id" in table.c else {}
        if rows:
            yield [_readable(row, things, tests) for row in rows]
        if len(rows) < PAGE:
            return
        last = tuple(getattr(rows[-1], column.name) for column in order)


def _has_item(row: Row[Any]) -> bool:
    return getattr(row, "item_key", None) is not None


def _readable(row: Row[Any], things: Mapping[int, Mapping[str, Any]], tests: Mapping[int, str]) -> dict[str, Any]:
    """Give a row with times as people write them and items by their names, without what is empty."""
    found: dict[str, Any] = {}
    for name, value in row._mapping.items():  # noqa: SLF001  # the public name of a row's mapping
        if value is None or name in _LEFT_OUT:
            continue
        if name == "item_key":
            found |= things[value]
        elif name == "experiment_id":
            found["experiment"] = tests.get(value, str(value))
        else:
            found[name] = _moment(value) if name == "at" or name.endswith("_at") else value
    return found


def _moment(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds")


def _things(connection: Connection, keys: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Give what items are called."""
    wanted = list(dict.fromkeys(keys))
    names = outside_ids(connection, "item", wanted)
    columns = (items.c.key, items.c.name, items.c.credit, items.c.album)
    rows = connection.execute(select(*columns).where(items.c.key.in_(wanted))).all() if wanted else []
    found: dict[int, dict[str, Any]] = {key: {"item_id": names[key]} for key in wanted}
    for row in rows:
        found[row.key] |= {"title": row.name, "artist": row.credit, "album": row.album}
    return found


def _experiments(connection: Connection) -> dict[int, str]:
    return {row.id: row.name for row in connection.execute(select(experiments.c.id, experiments.c.name))}


def _listener(connection: Connection, whom: Whom) -> dict[str, Any]:
    row = connection.execute(select(users.c.paused_at, users.c.changes).where(users.c.key == whom.key)).one()
    paused = None if row.paused_at is None else _moment(row.paused_at)
    return {"user_id": whom.user_id, "history_paused_at": paused, "events_recorded": row.changes}


def _profile(connection: Connection, whom: Whom) -> dict[str, Any] | None:
    known = profiles(connection, [whom.key]).get(whom.key)
    if known is None:
        return None
    told = {name: value for name, value in known._asdict().items() if value is not None}
    if "registered_at" in told:
        told["registered_at"] = _moment(told["registered_at"])
    return told


def _friends(connection: Connection, whom: Whom) -> Rows:
    keys = connection.execute(select(friends.c.friend_key).where(friends.c.user_key == whom.key)).scalars().all()
    return [{"user_id": name} for name in outside_ids(connection, "user", keys).values()]


def _playlists(connection: Connection, whom: Whom) -> Rows:
    for found in connection.execute(select(playlists).where(playlists.c.user_key == whom.key)).all():
        entries = connection.execute(
            select(playlist_items).where(playlist_items.c.playlist_key == found.key).order_by(playlist_items.c.position)
        ).all()
        things = _things(connection, [row.item_key for row in entries])
        tracks = [things[row.item_key] for row in entries]
        yield {"id": f"{found.source}:{found.external_id}", "name": found.name, "tracks": tracks}


def _recipes(connection: Connection, whom: Whom) -> Rows:
    for row in connection.execute(select(playlist_recipes).where(playlist_recipes.c.user_key == whom.key)):
        yield {
            **_readable(row, {}, {}),
            "request": read_request(connection, playlist_recipes, row.name, row.request),
        }


def _accounts(connection: Connection, whom: Whom) -> Rows:
    for each in connection.execute(select(accounts).where(whom.bound(accounts))).all():
        row = cleared(connection, "accounts", each)
        times = {name: getattr(row, name) for name in ("created_at", "disabled_at", "logged_in_at")}
        yield {"id": row.id, "name": row.name, "role": row.role, **_times(times)}


def _sessions(connection: Connection, whom: Whom) -> Rows:
    mine = select(accounts.c.id).where(whom.bound(accounts))
    for row in connection.execute(select(sessions).where(sessions.c.account_id.in_(mine))):
        times = {"created_at": row.created_at, "seen_at": row.seen_at}
        yield {"id": row.id, "account_id": row.account_id, **_times(times)}


def _second_factors(connection: Connection, whom: Whom) -> Rows:
    mine = select(accounts.c.id).where(whom.bound(accounts))
    for row in connection.execute(select(second_factors).where(second_factors.c.account_id.in_(mine))):
        yield {"account_id": row.account_id, **_times({"confirmed_at": row.confirmed_at})}


def _keys(connection: Connection, whom: Whom) -> Rows:
    for row in connection.execute(select(api_keys).where(whom.bound(api_keys))):
        names = ("created_at", "expires_at", "rotated_at", "revoked_at", "used_at")
        scopes = sorted(held(row.role, row.scopes))
        yield {"id": row.id, "name": row.name, "scopes": scopes, **_times({name: getattr(row, name) for name in names})}


def _invitations(connection: Connection, whom: Whom) -> Rows:
    for row in connection.execute(select(invitations).where(whom.bound(invitations))):
        yield {"id": row.id, "kind": row.kind, **_times({"created_at": row.created_at, "expires_at": row.expires_at})}


def _jobs(connection: Connection, whom: Whom) -> Rows:
    for job in jobs_of(connection, whom):
        yield {"id": job.id, "kind": job.kind, "state": job.state, **_times({"created_at": job.created_at})}


def jobs_of(connection: Connection, whom: Whom) -> list[Job]:
    """List the jobs that were asked for a listener, or by somebody who gets in as them."""
    people = connection.execute(select(accounts.c.id).where(whom.bound(accounts))).scalars()
    programs = connection.execute(select(api_keys.c.id).where(whom.bound(api_keys))).scalars()
    bound = [*(f"account:{id_}" for id_ in people), *(f"key:{id_}" for id_ in programs)]
    imports = or_(jobs.c.kind == "import", jobs.c.owner.in_(bound))
    found = [read_job(connection, row) for row in connection.execute(select(jobs).where(imports)).all()]
    return [job for job in found if job.owner in bound or job.arguments.get("user") in whom.names]


def _times(given: Mapping[str, int | None]) -> dict[str, str]:
    return {name: _moment(value) for name, value in given.items() if value is not None}


#: What is never long.
_FEW = {
    "friends": _friends,
    "playlists": _playlists,
    "playlist_recipes": _recipes,
    "accounts": _accounts,
    "sessions": _sessions,
    "second_factors": _second_factors,
    "keys": _keys,
    "invitations": _invitations,
    "jobs": _jobs,
}
