"""A listener erased: what is stored of them is deleted, and what had their key is shredded with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from sqlalchemy import Connection, delete, select, tuple_

from ml.data.access.personal import cleared, subject_in
from ml.data.identity import OutsideId
from ml.data.listeners.exporting import jobs_of
from ml.data.listeners.mentions import Mentions, forget_files, forget_log, forget_refused, forget_sent
from ml.data.listeners.tables import OWN
from ml.data.listeners.whom import Whom
from ml.data.schema import (
    accounts,
    api_keys,
    data_keys,
    friends,
    invitations,
    jobs,
    listens,
    playlist_items,
    playlist_recipes,
    playlists,
    recipe_lists,
    second_factors,
    sessions,
    subjects,
    users,
)
from ml.data.snapshot.manifest import Manifest
from ml.data.snapshot.snapshot import Snapshot
from ml.data.store import Store
from ml.data.vault.listeners import hidden, subject_of
from ml.data.vault.profiles import profiles
from ml.foundation.errors import CorruptSnapshot
from ml.foundation.results import Result

#: Listens that are deleted in one transaction.
SLICE = 20_000
_TABLES = ("listens", "feedback", "counts", "tags")


@dataclass(frozen=True, slots=True)
class Taint(Result):
    """What learned from a listener and cannot unlearn it.

    Parameters
    ----------
    snapshots : tuple of str
        Hashes of the snapshots that hold what they heard, under a key that leads to nobody any more.
    models : tuple of str
        Versions of the model sets that were trained on one of these.
    unclear : tuple of str
        Versions of sets whose snapshot is not here any more.
    """

    snapshots: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased(Result):
    """The receipt of an erasure; it names nobody.

    Parameters
    ----------
    pseudonym : str or None
        By what the audit log knows the listener; None where there is no log.
    rows : dict
        By table, how many rows were deleted.
    shredded : int
        How many data keys were deleted; 0 where the workspace is not encrypted.
    taint : Taint
        Which snapshots and models learned from the listener.
    at : datetime
        When, UTC.
    """

    pseudonym: str | None
    rows: Mapping[str, int]
    shredded: int
    taint: Taint
    at: datetime


def erase(
    store: Store,
    whom: Whom,
    *,
    uploads: Path,
    rejects: Path | None = None,
    log: Path | None = None,
    pseudonym: str | None = None,
    taint: Taint | None = None,
    before: Mapping[str, int] | None = None,
    shredded: int = 0,
) -> Erased:
    """Delete all that is stored of a listener.

    Parameters
    ----------
    store : Store
    whom : Whom
    uploads : Path
        The folder of files that wait for their jobs.
    rejects : Path, optional
        The folder of rows that imports refused.
    log : Path, optional
        What runners of jobs say.
    pseudonym, taint, before, shredded
        For the receipt; the last two are how many rows and data keys were deleted before.

    Raises
    ------
    StoreBusy, DiskFull
    """
    rows = {table: number for table, number in (before or {}).items() if number}

    def count(table: str, number: int) -> None:
        if number:
            rows[table] = rows.get(table, 0) + number

    # Files first: who is stopped before the end is found again by their name.
    with store.read() as connection:
        who = _mentions(connection, whom)
        forget_sent(connection, uploads)
    if rejects is not None:
        count("rejects", forget_refused(store, rejects, who))
    if log is not None:
        forget_log(log, who)
    with store.overwriting():
        while number := _some_listens(store, whom):
            count("listens", number)
        with store.write() as connection:
            files = _jobs(connection, whom, count)
            forget_files(connection, who)
            shredded += _all_else(connection, whom, count)
    for file in files:
        if file.parent.parent == uploads:
            shutil.rmtree(file.parent, ignore_errors=True)
    store.checkpoint(whole=True)
    at = datetime.now(UTC).replace(microsecond=0)
    return Erased(pseudonym, dict(sorted(rows.items())), shredded, taint or Taint(), at)


def shut_out(store: Store, user_id: str) -> tuple[dict[str, int], int]:
    """Delete who gets in as a listener, where that is kept in another store than the listener: of the demo world.

    Returns
    -------
    rows : dict of str to int
        By table, how many were deleted.
    shredded : int
        How many data keys went with them.
    """
    rows: dict[str, int] = {}
    with store.overwriting(), store.write() as connection:
        outside = OutsideId.parse(user_id)
        # Their key is of the other store, where it may be somebody else's.
        whom = Whom(0, user_id, outside.source, hidden(connection, outside.external))
        holders = _doors(connection, whom, lambda table, number: rows.update({table: number} if number else {}))
        shredded = _shred(connection, holders)
    store.checkpoint(whole=True)
    return rows, shredded


def _mentions(connection: Connection, whom: Whom) -> Mentions:
    """Gather all that a listener is called: ids, the name in their profile, and those of their accounts."""
    profile = profiles(connection, [whom.key]).get(whom.key)
    people = connection.execute(select(accounts).where(whom.bound(accounts))).all()
    names = {str(cleared(connection, "accounts", row).name) for row in people}
    return Mentions(whom.names | names | ({profile.name} if profile is not None and profile.name else set()))


def _some_listens(store: Store, whom: Whom) -> int:
    """Delete a stretch of a long history; nobody else waits for the whole of it."""
    key = (listens.c.user_key, listens.c.listened_at, listens.c.item_key)
    mine = select(*key).where(listens.c.user_key == whom.key).order_by(*key).limit(SLICE)
    with store.write(durable=False) as connection:
        last = connection.execute(mine).all()
        if len(last) < SLICE:
            return 0  # the rest goes with everything else, in one
        until = tuple_(*key[1:]) <= tuple(last[-1][1:])
        return connection.execute(delete(listens).where(listens.c.user_key == whom.key, until)).rowcount


Count = Callable[[str, int], None]


def _all_else(connection: Connection, whom: Whom, count: Count) -> int:
    """Delete everything but jobs; give how many data keys went with it."""

    def gone(table: Any, *where: Any) -> None:
        count(table.name, connection.execute(delete(table).where(*where)).rowcount)

    for table in OWN.values():
        gone(table, table.c.user_key == whom.key)
    gone(friends, (friends.c.user_key == whom.key) | (friends.c.friend_key == whom.key))
    recipes = select(playlist_recipes.c.name).where(playlist_recipes.c.user_key == whom.key)
    lists = select(playlists.c.key).where(playlists.c.user_key == whom.key)
    gone(recipe_lists, recipe_lists.c.recipe.in_(recipes) | recipe_lists.c.playlist_key.in_(lists))
    gone(playlist_items, playlist_items.c.playlist_key.in_(lists))
    gone(playlists, playlists.c.user_key == whom.key)
    gone(playlist_recipes, playlist_recipes.c.user_key == whom.key)
    holders = [subject_of(whom.key), *_doors(connection, whom, count)]
    gone(subjects, subjects.c.user_key == whom.key)
    gone(users, users.c.key == whom.key)
    return _shred(connection, holders)


def _doors(connection: Connection, whom: Whom, count: Count) -> list[str]:
    """Delete accounts, keys and invitations of who gets in as them; give what had data keys."""
    people = connection.execute(select(accounts.c.id).where(whom.bound(accounts))).scalars().all()
    for table in (sessions, second_factors):
        count(table.name, connection.execute(delete(table).where(table.c.account_id.in_(people))).rowcount)
    holders: list[str] = []
    resets = invitations.c.account_id.in_(people)
    for table, which in (
        (invitations, whom.bound(invitations) | resets),
        (api_keys, whom.bound(api_keys)),
        (accounts, whom.bound(accounts)),
    ):
        ids = connection.execute(delete(table).where(which).returning(table.c.id)).scalars().all()
        count(table.name, len(ids))
        holders += [subject_in(table.name, id_) for id_ in ids]
    return holders


def _shred(connection: Connection, holders: Sequence[str]) -> int:
    return connection.execute(delete(data_keys).where(data_keys.c.subject.in_(holders))).rowcount


def _jobs(connection: Connection, whom: Whom, count: Count) -> list[Path]:
    """Delete jobs that were asked for them and have ended; give the files that they were of."""
    ended = [job for job in jobs_of(connection, whom) if job.has_ended]
    connection.execute(delete(jobs).where(jobs.c.id.in_([job.id for job in ended])))
    count("jobs", len(ended))
    return [Path(job.arguments["path"]) for job in ended if "path" in job.arguments]


def tainted_by(user_key: int, snapshots: Path, cards: Mapping[str, str | None]) -> Taint:
    """Find what learned from a listener.

    Parameters
    ----------
    user_key : int
    snapshots : Path
        The folder of all snapshots.
    cards : mapping of str to str or None
        Of each model set, by its version: the hash of the snapshot that it was trained on.
    """
    with_them, there = [], set()
    for folder in sorted(path for path in snapshots.iterdir() if path.is_dir() and not path.name.startswith(".")):
        try:
            snapshot = Snapshot(folder, Manifest.read(folder))
            there.add(snapshot.hash)
            if any(_holds(snapshot, name, user_key) for name in _TABLES):
                with_them.append(snapshot.hash)
        except CorruptSnapshot:
            continue  # nothing can be read from it, here or elsewhere
    models = tuple(version for version, hash_ in cards.items() if hash_ in with_them)
    unclear = tuple(version for version, hash_ in cards.items() if hash_ not in there)
    return Taint(tuple(with_them), models, unclear)


def _holds(snapshot: Snapshot, table: str, user_key: int) -> bool:
    found = snapshot.table(table).filter(pl.col("user_key") == user_key).select(pl.len()).collect()
    return bool(found.item())
