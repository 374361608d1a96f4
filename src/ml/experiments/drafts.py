"""Which of two rankings an item in a listener's lists came from, written down where it changes.

Conventions
-----------
The same question is drafted the same way for the same listener as long as both rankings stay as they are: the coins
are hashes of the experiment's salt and the listener's key. So most answers write nothing. An item is of the team that
had it last, up to the moment that is asked about. While a history is paused nothing is written: nothing is counted
then.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import numpy as np
from sqlalchemy import Connection, bindparam, insert, select

from ml.data.ingest.record import is_paused
from ml.data.schema import drafts
from ml.data.store import Store

_DRAFTED = select(drafts.c.item_key, drafts.c.shown_at, drafts.c.team).where(
    drafts.c.experiment_id == bindparam("experiment"), drafts.c.user_key == bindparam("user")
)


def coins(draw: str, user_key: int) -> np.random.Generator:
    """Give the coins of a listener: the same for each of their answers.

    >>> [int(coins("taste", 42).integers(2)) for _ in range(3)]
    [1, 1, 1]
    """
    digest = blake2b(f"draft:{draw}\0{user_key}".encode(), digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def write_drafts(store: Store, drafted: Mapping[tuple[int, int], Mapping[int, int]], *, at: int) -> None:
    """Write down from which ranking items are, where that is not what was last written; in one transaction.

    Parameters
    ----------
    drafted : mapping of (int, int) to (mapping of int to int)
        By the ids of experiment and listener: 0 for the first ranking, 1 for the second, by the item's key.
    at : int
        UTC milliseconds.
    """
    with store.read() as connection:
        changed = {
            (experiment, user): teams
            for (experiment, user), teams in drafted.items()
            if _news(connection, experiment, user, teams)[0] and not is_paused(connection, user)
        }
    if not changed:
        return
    with store.write() as connection:
        rows = []
        for (experiment, user), teams in changed.items():
            news, last = _news(connection, experiment, user, teams)
            whose = {"experiment_id": experiment, "user_key": user}
            # Never the same moment twice: two answers may be given within a millisecond.
            rows += [
                {**whose, "item_key": item, "shown_at": max(at, last.get(item, at - 1) + 1), "team": team}
                for item, team in news.items()
            ]
        if rows:
            connection.execute(insert(drafts), rows)


def _news(
    connection: Connection, experiment_id: int, user_key: int, teams: Mapping[int, int]
) -> tuple[dict[int, int], dict[int, int]]:
    """Give what is to be written, and when each item was last written about."""
    rows = connection.execute(_DRAFTED, {"experiment": experiment_id, "user": user_key}).all()
    known = {row.item_key: row for row in sorted(rows, key=lambda row: row.shown_at)}
    news = {item: team for item, team in teams.items() if item not in known or known[item].team != team}
    return news, {item: row.shown_at for item, row in known.items()}
