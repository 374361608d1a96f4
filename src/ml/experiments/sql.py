"""Metrics in SQL: one read-only SELECT, and nothing else.

Conventions
-----------
- The SELECT gives ``user_key`` and ``value``, at most one row a listener; who has no row counts as 0.
- It reads from ``exposed (user_key, since, until)``, which holds each listener of the experiment with the stretch of
  time that counts for them, in UTC milliseconds: ``since`` is included, ``until`` is not. For CUPED the same SELECT
  runs with the stretch before the exposure. ``:since`` and ``:until`` are the earliest and the latest of all.
- It may read the columns of :data:`COLUMNS` and call the functions of :data:`FUNCTIONS`: neither personal data nor ids
  nor the names of playlists. Tags are text that somebody wrote; who wrote one, and when, cannot be read.

It is kept to that four times over: by its words, before it reaches a database; by what the names of tables mean to it,
which are views of the allowed columns (common table expressions around it); by the database itself (SQLite asks for
every column and function, PostgreSQL tells the tables of its plan); and it runs in a transaction that reads only, for
:data:`PATIENCE_S` at most. What fails there leaves the reader's own transaction as it was.
"""

from __future__ import annotations

import math
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ml.foundation.errors import BadInput

#: Seconds that a metric may take.
PATIENCE_S = 60.0


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What may be read of each table of the store.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        table: tuple(columns.split())
        for table, columns in {
            "exposures": "experiment_id user_key variant exposed_at propensity",
            "outcomes": "user_key occurred_at event item_key value",
            "listens": """user_key listened_at item_key ms_played skipped incognito shuffle reason_start reason_end
                device activity""",
            "play_counts": "user_key item_key plays",
            "feedback": "user_key event_id item_key kind at until_at from_ms to_ms undone",
            "blocks": "user_key item_key blocked_at",
            "items": "key kind name credit album duration_ms year language explicit country same_as",
            "track_artists": "track_key position artist_key role",
            "tags": "item_key tag kind",
            "features": "item_key extractor version feature value",
            "playlists": "key user_key",
            "playlist_items": "playlist_key position item_key",
        }.items()
    }
)
#: Of the store, and the one that each metric is given.
TABLES = frozenset({"exposed", *COLUMNS})
# Under these names the tables themselves could be reached.
_SCHEMAS = _words("main temp public")
FUNCTIONS = _words(
    """abs avg cast ceil coalesce count dense_rank exp first_value floor lag last_value lead length like ln lower max
    min mod nullif power rank replace round row_number sign sqrt substr sum total trim upper"""
)
#: What may stand before a parenthesis without being a function.
_PLAIN = _words(
    """all and any as between by case decimal distinct else except exists filter from having in intersect is join like
    limit not numeric offset on or over partition select then union using values varchar when where"""
)
_FORBIDDEN = _words(
    """alter analyze attach begin call comment commit copy create deallocate declare delete detach do drop execute
    explain fetch grant import insert into listen load lock merge notify pragma prepare recursive reindex reset revoke
    rollback savepoint security set share show truncate uescape update vacuum"""
)
_TOKEN = re.compile(
    r"""(?P<text>'(?:[^']|'')*')|(?P<quoted>"(?:[^"]|"")*")|(?P<comment>--|/\*)|(?P<name>[A-Za-z_]\w*)"""
    r"""|(?P<parameter>:[A-Za-z_]\w*)|(?P<cast>::)|(?P<number>\d[\w.]*)|(?P<space>\s+)|(?P<sign>[-+*/%<>=!|(),.&~])"""
)
_HINT = "write one SELECT of user_key and value; see docs/experiments.md"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which listeners count, and when.

    Parameters
    ----------
    experiment_id : int
    window_ms : int
        How long after, or before, their exposure.
    until_ms : int
        Only listeners whose window is over by then, UTC milliseconds.
    before : bool
        Whether the time before the exposure is meant.
    """

    experiment_id: int
    window_ms: int
    until_ms: int
    before: bool = False

    @property
    def exposed(self) -> str:
        """The SELECT behind ``exposed``: our own numbers in our own words."""
        window = int(self.window_ms)
        since, until = (
            (f"exposed_at - {window}", "exposed_at") if self.before else ("exposed_at", f"exposed_at + {window}")
        )
        return (
            f"SELECT user_key, {since} AS since, {until} AS until FROM exposures"  # noqa: S608
            f" WHERE experiment_id = {int(self.experiment_id)} AND exposed_at + {window} <= {int(self.until_ms)}"
        )


def check(sql: str) -> str:
    """Read a SELECT word by word; return it without a semicolon at its end.

    Raises
    ------
    BadInput
        If it is anything but one SELECT of what is allowed, by its words.

    Examples
    --------
    >>> check("SELECT user_key, COUNT(*) AS value FROM exposed GROUP BY user_key;")
    'SELECT user_key, COUNT(*) AS value FROM exposed GROUP BY user_key'
    """
    bare = sql.strip().removesuffix(";").rstrip()
    tokens = list(_tokens(bare))
    words = [value.strip('"').lower() for kind, value in tokens if kind in {"name", "quoted"}]
    if not words or words[0] not in {"select", "with"}:
        raise BadInput("a metric is one SELECT, and this begins otherwise", _HINT)
    for word in words:
        if word in _FORBIDDEN or word.startswith(("pg_", "sqlite_", "information_schema")):
            raise BadInput(f"a metric may not say {word!r}", _HINT)
    for kind, value in tokens:
        if kind == "parameter" and value not in {":since", ":until"}:
            raise BadInput(f"a metric knows no parameter {value!r}", "there are :since and :until")
    for (kind, value), (_, after) in pairwise(tokens):
        name = value.strip('"').lower()
        if after == "." and name in _SCHEMAS:
            raise BadInput(f"a metric may not say {name}.", "name tables alone")
        if after == "(" and kind in {"name", "quoted"} and name not in FUNCTIONS | _PLAIN:
            raise BadInput(f"a metric may not call {name!r}", f"allowed: {', '.join(sorted(FUNCTIONS))}")
    return bare


def _tokens(sql: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(sql):
        found = _TOKEN.match(sql, place)
        kind = None if found is None else found.lastgroup
        if found is None or kind == "comment":
            raise BadInput(f"a metric may not hold {sql[place]!r} here: {sql[max(0, place - 20) : place + 1]!r}", _HINT)
        if kind in {"text", "quoted"} and ("\\" in found[0] or ":" in found[0]):
            raise BadInput(f"a text in a metric may hold no backslash or colon: {found[0]}", _HINT)
        if kind != "space":
            yield str(kind), found[0]
        place = found.end()


def per_listener(
    connection: Connection, sql: str, stretch: Stretch, *, patience_s: float | None = None
) -> dict[int, float]:
    """Count a metric; listeners who are absent have 0.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Of :meth:`ml.data.store.Store.read`.
    sql : str
    stretch : Stretch
    patience_s : float, optional
        Seconds that it may take; :data:`PATIENCE_S` if left out.

    Raises
    ------
    BadInput
        If the SELECT is not allowed, cannot be run, takes too long, or gives other rows than it should.
    """
    bare = check(sql)
    # A line of its own, so that nothing of theirs can swallow what closes the parenthesis.
    views = _views(connection, bare)
    whole = f"WITH {views}, exposed AS ({stretch.exposed}) SELECT user_key, value FROM (\n{bare}\n) AS metric"  # noqa: S608
    wanted = _bounds(connection, bare, stretch)
    if connection.dialect.name == "postgresql":
        whole = whole.replace("%", "%%")  # its driver takes a single one for a parameter
    try:
        with _guarded(connection, whole, wanted, PATIENCE_S if patience_s is None else patience_s):
            rows = connection.execute(text(whole), wanted).all()
    except DBAPIError as error:
        raise BadInput(f"a metric cannot be counted: {_said(error)}", _HINT) from error
    return _checked(rows)


def _bounds(connection: Connection, bare: str, stretch: Stretch) -> dict[str, int]:
    """Give the earliest and the latest of all stretches, where a metric asks for them."""
    wanted = [name for name in ("since", "until") if f":{name}" in bare]
    if not wanted:
        return {}
    statement = text(f"SELECT MIN(since) AS since, MAX(until) AS until FROM ({stretch.exposed}) AS exposed")  # noqa: S608
    found = connection.execute(statement).one()
    return {name: getattr(found, name) or 0 for name in wanted}


def _views(connection: Connection, bare: str) -> str:
    """Give what a metric sees under the names of tables: the columns that it may read.

    They are not materialised: what is asked for is looked up, and nothing else is read.
    """
    schema = "main"
    if connection.dialect.name == "postgresql":
        schema = str(connection.execute(text("SELECT current_schema()")).scalar_one())
        names = [value.strip('"').lower() for _, value in _tokens(bare)]
        if any(name == schema.lower() and after == "." for name, after in pairwise(names)):
            raise BadInput(f"a metric may not say {schema}.", "name tables alone")
    return ", ".join(
        f'{table} AS NOT MATERIALIZED (SELECT {", ".join(columns)} FROM "{schema}".{table})'  # noqa: S608
        for table, columns in COLUMNS.items()
    )


def _checked(rows: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    for key, value in rows:
        if not isinstance(key, int) or key in found:
            raise BadInput(f"a metric gives user_key {key!r} twice, or it is no listener's", "GROUP BY user_key")
        try:
            number = 0.0 if value is None else float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise BadInput(f"a metric gives {value!r}, which is no number", _HINT)
        found[key] = number
    return found


@contextmanager
def _guarded(connection: Connection, whole: str, values: dict[str, int], patience_s: float) -> Iterator[None]:
    """Let the database itself hold a statement to what is allowed."""
    if connection.dialect.name == "sqlite":
        with _sqlite_guard(connection.connection.driver_connection, patience_s):
            yield
        return
    # There one statement that fails ends the transaction, unless it ends at a savepoint.
    with connection.begin_nested():
        connection.execute(text(f"SET LOCAL statement_timeout = {max(1, int(patience_s * 1000))}"))
        plan = connection.execute(text(f"EXPLAIN (VERBOSE, FORMAT JSON) {whole}"), values).scalar_one()
        ours = connection.execute(text("SELECT current_schema()")).scalar_one()
        for schema, table in _relations(plan):
            if schema != ours or table not in TABLES:
                raise BadInput(f"a metric may not read {table!r}", f"allowed: {', '.join(sorted(TABLES))}")
        yield
        connection.execute(text("SET LOCAL statement_timeout = 0"))


@contextmanager
def _sqlite_guard(driver: Any, patience_s: float) -> Iterator[None]:
    deadline = time.monotonic() + patience_s

    def allowed(action: int, first: str | None, second: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ and _readable(first, second):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_FUNCTION and str(second).lower() in FUNCTIONS:
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_DENY

    driver.set_authorizer(allowed)
    driver.set_progress_handler(lambda: int(time.monotonic() > deadline), 100_000)
    try:
        yield
    finally:
        driver.set_authorizer(None)
        driver.set_progress_handler(None, 0)


def _readable(table: str | None, column: str | None) -> bool:
    """Tell whether a column may be read; no column is named where rows are only counted."""
    return not table or table == "exposed" or (table in COLUMNS and (not column or column in COLUMNS[table]))


def _relations(plan: Any) -> Iterator[tuple[str, str]]:
    """Give schema and name of every table in a plan of PostgreSQL, wherever it stands."""
    if isinstance(plan, list):
        for part in plan:
            yield from _relations(part)
    elif isinstance(plan, dict):
        if "Relation Name" in plan:
            yield str(plan.get("Schema")), str(plan["Relation Name"])
        elif "Function Name" in plan:
            yield "", str(plan["Function Name"])
        for part in plan.values():
            yield from _relations(part)


def _said(error: DBAPIError) -> str:
    """Give what the database said, in a line."""
    about = error.orig.args[0] if error.orig is not None and error.orig.args else error.orig
    return str(about.get("M", about) if isinstance(about, dict) else about).splitlines()[0]
