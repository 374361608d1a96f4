"""Who is let into an experiment: whom it is meant for, and of whom something will be kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, func, select

from ml.data.schema import listens, play_counts, users
from ml.data.vault.profiles import profiles
from ml.experiments.definition import Targeting

# PostgreSQL takes at most 65,535 parameters in a statement, SQLite 32,766.
_SLICE = 5_000

# Built once: putting a statement together takes longer than SQLite takes to answer it.
_KEYS: BindParameter[int] = bindparam("keys", expanding=True)
_HEARD = select(listens.c.user_key, func.count()).where(listens.c.user_key.in_(_KEYS)).group_by(listens.c.user_key)
_TOTALS = (
    select(play_counts.c.user_key, func.sum(play_counts.c.plays))
    .where(play_counts.c.user_key.in_(_KEYS))
    .group_by(play_counts.c.user_key)
)
_PAUSED = select(users.c.key, users.c.paused_at).where(users.c.key.in_(_KEYS), users.c.paused_at.is_not(None))


def let_in(connection: Connection, targeting: Targeting, user_keys: Sequence[int]) -> set[int]:
    """Give those listeners who are let in now: all conditions hold for them, and their history is not paused.

    One statement a condition, however many listeners, and only of what is asked for.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    targeting : Targeting
    user_keys : sequence of int
        Listeners who were not exposed yet.
    """
    left = set(user_keys)
    if targeting.countries:
        left = {key for key, profile in profiles(connection, left).items() if profile.country in targeting.countries}
    if targeting.min_listens or targeting.max_listens is not None:
        plays = dict.fromkeys(left, 0)
        for statement in (_HEARD, _TOTALS):
            for key, n in _rows(connection, statement, left):
                plays[key] += int(n)
        most = targeting.max_listens
        left = {key for key, n in plays.items() if n >= targeting.min_listens and (most is None or n <= most)}
    return left - {key for key, _ in _rows(connection, _PAUSED, left)}


def _rows(connection: Connection, statement: Select[Any], user_keys: set[int]) -> Iterator[tuple[int, Any]]:
    keys = sorted(user_keys)
    for first in range(0, len(keys), _SLICE):
        yield from (tuple(row) for row in connection.execute(statement, {"keys": keys[first : first + _SLICE]}))
