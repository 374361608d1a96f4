"""The log of searches.

Conventions
-----------
- Whose a search was is kept as a hash with a key of the workspace's own (BLAKE2b, RFC 7693), which lies in a file that
  only its owner reads: who has the database but not the file cannot tell whose a search was. Where no listener is
  named, nothing of whom is kept.
- A search is forgotten after the days that the settings say, and at once where its listener asks for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from ml.data.identity import normalise
from ml.data.schema import search_choices, searches
from ml.data.store import Store
from ml.foundation.errors import StoreBusy, UnknownId
from ml.foundation.key_file import kept_key
from ml.foundation.results import Result

_DAY_MS = 86_400_000
#: Long enough for another search's row, or a step of an import.
_PATIENCE_S = 0.1
#: What is old is looked for at every so many searches.
_SWEEP = 100
#: A hit chosen as often as this for a text is as good as chosen half of the time.
_DOUBT = 5.0
#: The last searches for a text that are learned from.
_LAST = 1_000


@dataclass(frozen=True, slots=True)
class Asked(Result):
    """One search that was asked.

    Parameters
    ----------
    id : int
    text : str
    asked_at : int
        UTC milliseconds.
    total : int
        How many documents matched.
    """

    id: int
    text: str
    asked_at: int
    total: int


@dataclass(frozen=True, slots=True)
class Frequent(Result):
    """A text that was searched for.

    Parameters
    ----------
    text : str
        As it was last written.
    times : int
    """

    text: str
    times: int


class SearchLog:
    """The searches of a workspace.

    Parameters
    ----------
    store : Store
    key_file : Path
        Comes into being with the first search of a listener.
    retention_days : int
    """

    def __init__(self, store: Store, key_file: Path, *, retention_days: int) -> None:
        self._store, self._key_file, self._retention_ms = store, key_file, retention_days * _DAY_MS

    def write(self, text: str, *, total: int, at_ms: int, listener: str | None = None) -> int | None:
        """Keep a search, and give its number; None where another process is writing at length: nobody waits for a log.

        Parameters
        ----------
        text : str
        total : int
        at_ms : int
            UTC milliseconds.
        listener : str, optional
            Outside id.
        """
        row = {
            "asked_at": at_ms,
            "whose": None if listener is None else self._whose(listener),
            "text": text,
            "plain": normalise(text),
            "total": total,
        }
        try:
            with self._store.write(durable=False, patience_s=_PATIENCE_S) as connection:
                number = self._store.allocate(connection, "searches", 1)
                connection.execute(insert(searches).values(id=number, **row))
                if not number % _SWEEP:
                    _forget(connection, searches.c.asked_at < at_ms - self._retention_ms)
        except StoreBusy:
            return None
        return number

    def choose(self, search_id: int, hit: str, *, at_ms: int, listener: str | None = None) -> None:
        """Keep which hit was chosen; choosing it again changes nothing.

        Parameters
        ----------
        search_id : int
        hit : str
        at_ms : int
            UTC milliseconds.
        listener : str, optional
            Whose search it has to be; None takes anybody's.

        Raises
        ------
        UnknownId
            If there is no such search, or no longer, or it is somebody else's.
        """
        wanted = searches.c.id == search_id
        if listener is not None:
            wanted &= searches.c.whose == self._whose(listener)
        with self._store.write() as connection:
            if connection.execute(select(searches.c.id).where(wanted)).first() is None:
                raise UnknownId(f"no search {search_id}", "searches are forgotten after the days that settings say")
            known = search_choices.c.search_id == search_id, search_choices.c.hit == hit
            if connection.execute(select(search_choices.c.hit).where(*known)).first() is None:
                connection.execute(insert(search_choices).values(search_id=search_id, hit=hit, chosen_at=at_ms))

    def recent(self, listener: str, *, count: int = 10, before: int | None = None) -> list[Asked]:
        """List what a listener searched for, the newest first, each text once; ``before`` goes on behind a search."""
        newest = select(func.max(searches.c.id)).where(searches.c.whose == self._whose(listener))
        statement = select(searches).where(searches.c.id.in_(newest.group_by(searches.c.plain)))
        if before is not None:
            statement = statement.where(searches.c.id < before)
        return self._asked(statement.order_by(searches.c.id.desc()).limit(count))

    def of(self, listener: str) -> Iterator[dict[str, object]]:
        """Give all searches of a listener, the oldest first, with the hits that were chosen."""
        with self._store.read() as connection:
            mine = select(searches).where(searches.c.whose == self._whose(listener)).order_by(searches.c.id)
            rows = connection.execute(mine).all()
            chosen: dict[int, list[str]] = {}
            ids = select(searches.c.id).where(searches.c.whose == self._whose(listener))
            for row in connection.execute(select(search_choices).where(search_choices.c.search_id.in_(ids))):
                chosen.setdefault(row.search_id, []).append(row.hit)
        for row in rows:
            at = datetime.fromtimestamp(row.asked_at / 1000, UTC).isoformat(timespec="milliseconds")
            yield {"at": at, "text": row.text, "found": row.total, "chosen": chosen.get(row.id, [])}

    def unanswered(self, *, since_ms: int, count: int = 20, least: int = 1) -> list[Frequent]:
        """List what nothing was found for, the most frequent first; of fewer listeners than ``least``, nothing."""
        return self._frequent(searches.c.total == 0, searches.c.asked_at >= since_ms, count=count, least=least)

    def trending(self, *, since_ms: int, count: int = 10, least: int = 1) -> list[Frequent]:
        """List what was searched for by the most listeners, and found; unnamed ones count as one each."""
        return self._frequent(searches.c.total > 0, searches.c.asked_at >= since_ms, count=count, least=least)

    def forget(self, listener: str) -> int:
        """Forget all that a listener searched for, and say how much that was."""
        with self._store.write() as connection:
            return _forget(connection, searches.c.whose == self._whose(listener))

    def _asked(self, statement: object) -> list[Asked]:
        with self._store.read() as connection:
            rows = connection.execute(statement).all()  # type: ignore[call-overload]
        return [Asked(row.id, row.text, row.asked_at, row.total) for row in rows]

    def _frequent(self, *conditions: object, count: int, least: int) -> list[Frequent]:
        whose = func.coalesce(searches.c.whose, func.cast(searches.c.id, searches.c.whose.type))
        times = func.count(whose.distinct())
        statement = (
            select(func.max(searches.c.text).label("text"), times.label("times"))
            .where(*conditions)  # type: ignore[arg-type]
            .group_by(searches.c.plain)
            .having(times >= least)
            .order_by(times.desc(), searches.c.plain)
            .limit(count)
        )
        with self._store.read() as connection:
            return [Frequent(row.text, row.times) for row in connection.execute(statement)]

    def _whose(self, listener: str) -> str:
        return hashlib.blake2b(listener.encode(), key=kept_key(self._key_file), digest_size=16).hexdigest()


# Built once: putting a statement together takes longer than it takes to be answered.
_CHOSEN = (
    select(search_choices.c.hit, func.count().label("times"))
    .where(
        search_choices.c.search_id.in_(
            select(searches.c.id)
            .where(searches.c.plain == bindparam("plain"))
            .order_by(searches.c.id.desc())
            .limit(_LAST)
        )
    )
    .group_by(search_choices.c.hit)
)


def favoured(connection: Connection, text: str) -> Mapping[str, float]:
    """Tell which hits were chosen where a text was searched for: shares in [0, 1), by outside id."""
    rows = connection.execute(_CHOSEN, {"plain": normalise(text)}).all()
    whole = sum(row.times for row in rows)
    return {row.hit: row.times / (whole + _DOUBT) for row in rows}


def _forget(connection: Connection, condition: object) -> int:
    gone = select(searches.c.id).where(condition)  # type: ignore[arg-type]
    connection.execute(delete(search_choices).where(search_choices.c.search_id.in_(gone)))
    return int(connection.execute(delete(searches).where(condition)).rowcount)  # type: ignore[arg-type]
