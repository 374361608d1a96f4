"""Speaking with PostgreSQL in few words: what a request waits for is mostly the way there and back.

pg8000 goes three times for a statement and reads it letter by letter, each time. Here a statement that comes again is
prepared once in each connection, and then goes once; so do the ends of transactions.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from pg8000.converters import make_params
from pg8000.dbapi import Connection as Plain
from pg8000.dbapi import Cursor as PlainCursor
from pg8000.dbapi import convert_paramstyle
from pg8000.exceptions import Error, InterfaceError
from sqlalchemy import URL, Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

#: A statement is prepared when it comes for this time: most texts that come once never come again.
_AGAIN = 3
#: Statements that a connection remembers.
_MOST = 200
#: A connection that nobody used for so long is asked whether it still is one.
_IDLE_S = 1.0


class Losses:
    """When a server was last found to be gone: connections that are older are asked whether they still are some.

    Whoever notices tells the engines that share it, so that a server that is soon back costs one request, not several.
    """

    def __init__(self) -> None:
        self.at = float("-inf")


class _Prepared(NamedTuple):
    name: bytes
    columns: Any
    input_funcs: Any
    text: str


class Connection(Plain):  # type: ignore[misc]
    """A connection that remembers what it was asked."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._known: OrderedDict[tuple[str, tuple[int, ...]], int | _Prepared] = OrderedDict()

    def cursor(self) -> Cursor:
        """Give a cursor."""
        return Cursor(self)

    def commit(self) -> None:
        """End the transaction."""
        self.execute_simple("commit")

    def rollback(self) -> None:
        """Take the transaction back, if there is one."""
        if self._in_transaction:
            self.execute_simple("rollback")

    def close(self) -> None:
        """Close it; the server may be gone already."""
        stream = self._sock
        with suppress(InterfaceError, OSError):
            super().close()
        if stream is not None:
            with suppress(OSError, ValueError):  # left open where the server was gone
                stream.close()

    def handle_messages(self, context: Any) -> None:
        """Read what the server says until it is ready; that it is gone is said the same way wherever it is noticed."""
        try:
            super().handle_messages(context)
        except OSError as error:
            raise InterfaceError("network error") from error

    def prepared(self, statement: str, oids: Sequence[int]) -> _Prepared | None:
        """Give a statement that came before as the server knows it; None where it is too early for that."""
        key = statement, tuple(oids)
        found = self._known.pop(key, 0)
        if isinstance(found, int):
            found += 1
            if found >= _AGAIN:
                text, _ = convert_paramstyle("format", statement, ())
                name, columns, input_funcs = self.prepare_statement(text, oids)
                found = _Prepared(name, columns, input_funcs, text)
        self._known[key] = found
        if len(self._known) > _MOST:
            _, oldest = self._known.popitem(last=False)
            if isinstance(oldest, _Prepared):
                self.close_prepared_statement(oldest.name)
        return None if isinstance(found, int) else found


class Cursor(PlainCursor):  # type: ignore[misc]
    """A cursor of such a connection."""

    _input_oids: Sequence[int]
    input_types: Sequence[int]

    def execute(self, operation: str, args: Sequence[Any] = (), stream: Any = None) -> None:
        """Carry out a statement."""
        connection = self._c
        if not args or stream is not None or connection is None or connection._sock is None:  # noqa: SLF001
            super().execute(operation, args, stream)
            return
        if not connection._in_transaction and not connection.autocommit:  # noqa: SLF001
            connection.execute_simple("begin transaction")
        prepared = connection.prepared(operation, self._input_oids)
        if prepared is None:
            super().execute(operation, args)
            return
        values = make_params(connection.py_types, args)
        self._context = connection.execute_named(
            prepared.name, values, prepared.columns, prepared.input_funcs, prepared.text
        )
        self._row_iter = None if self._context.rows is None else iter(self._context.rows)
        self._input_oids, self.input_types = (), []


def engines_of(url: URL, busy_timeout_s: float) -> tuple[Engine, Engine]:
    """Make the engines of a PostgreSQL: of transactions, and of single statements, each a transaction of its own.

    Parameters
    ----------
    url : sqlalchemy.URL
    busy_timeout_s : float
        How long a writer waits for another writer.
    """
    losses = Losses()
    return _engine(url, busy_timeout_s, losses), _engine(url, busy_timeout_s, losses, autocommit=True)


def _engine(url: URL, busy_timeout_s: float, losses: Losses, *, autocommit: bool = False) -> Engine:
    options = {"isolation_level": "AUTOCOMMIT"} if autocommit else {}
    engine = create_engine(url.set(drivername="postgresql+pg8000"), **options)

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, given: Sequence[Any], more: dict[str, Any]) -> Connection:
        return Connection(*given, **more)

    @event.listens_for(engine, "connect")
    def prepare(connection: Connection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {int(busy_timeout_s * 1000)}")
        cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    @event.listens_for(engine, "handle_error")
    def lost(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, InterfaceError | OSError):
            losses.at = time.monotonic()

    @event.listens_for(engine, "checkin")
    def put_back(_connection: object, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def take(connection: Connection, record: Any, _proxy: object) -> None:
        # Asking each time would cost as much as most questions do.
        now = time.monotonic()
        used = record.info.get("used", now)
        if now - used < _IDLE_S and used > losses.at:
            return
        try:
            connection.execute_simple("select 1")
        except (Error, InterfaceError, OSError) as error:
            raise InvalidatePoolError("the server was restarted") from error

    return engine
