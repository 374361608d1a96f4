"""Opening a database and writing to it safely."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    Row,
    bindparam,
    create_engine,
    event,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.exc import ArgumentError

from ml.data import migrations
from ml.data.schema import facts, sequences
from ml.data.store.faults import translated
from ml.data.vault import Vault
from ml.data.vault.vault import OPTION
from ml.foundation.errors import SettingsError
from ml.foundation.extras import extra

#: How long a writer waits for another one before it gives up.
BUSY_TIMEOUT_S = 30.0
# Any constant: PostgreSQL's advisory lock that makes writers of one workspace take turns.
_WRITERS_LOCK = 0x6D6C
_RETRY_S = 0.001
# How long emptying SQLite's log waits for readers.
_CHECKPOINT_MS = 500
# Built once: putting a statement together takes longer than SQLite takes to answer it.
_TAKE = (
    update(sequences)
    .where(sequences.c.name == bindparam("sequence"))
    .values(next=sequences.c.next + bindparam("count"))
    .returning(sequences.c.next)
)
_PRAGMAS = (
    "journal_mode = WAL",
    f"cache_size = -{128 << 10}",  # KiB
    "temp_store = MEMORY",
    # Importers move the log into the database themselves; whoever records a listen must not have to.
    f"wal_autocheckpoint = {(128 << 20) // 4096}",
)


class Store:
    """A database that is open and up to date.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql://…``.
    busy_timeout_s : float
        How long a writer waits for another writer.
    vault : Vault, optional
        What opens and seals personal fields; left out, one without a key.
    locked : bool
        Whether to open an encrypted store without its key too: to copy it as it is.

    Raises
    ------
    SettingsError
        If the URL is none of a database we know.
    StoreError
        If the database cannot be opened, or was written by a newer version.
    Locked
        If it is encrypted, and the key is not there.
    """

    def __init__(
        self, url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S, vault: Vault | None = None, locked: bool = False
    ) -> None:
        self.url = url
        self.vault = vault or Vault()
        self._overwrites = threading.local()
        self._busy_timeout_s = busy_timeout_s
        # PostgreSQL answers a single question in one step, where it need not begin and end a transaction around it.
        self.engine, self._single = _engines(url, busy_timeout_s)
        for engine in {self.engine, self._single}:
            engine.update_execution_options(**{OPTION: self.vault})
        self.where = self.engine.url.database or str(self.engine.url)
        if self.engine.dialect.name != "sqlite":
            self.where = self.engine.url.render_as_string(hide_password=True)
        try:
            with translated(self.where):
                migrations.upgrade(self.engine, where=self.where)
                if not locked:
                    with self.engine.connect() as connection:
                        self.vault.unlock(connection)
        except BaseException:
            self.close()
            raise

    @classmethod
    def at(cls, folder: Path, database_url: str = "", **options: Any) -> Store:
        """Open the store of a workspace folder: the database named, else SQLite in the folder."""
        return cls(database_url or f"sqlite:///{folder / 'ml.db'}", **options)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction whose statements all see the database as it is now, whoever writes meanwhile."""
        with translated(self.where), self.engine.connect() as connection, connection.begin():
            if self.engine.dialect.name == "postgresql":
                # By default each statement there sees what was committed before *it* began. The driver begins
                # transactions when it has to, and here one has begun: that is one way to the server less.
                driver: Any = connection.connection.driver_connection
                driver.execute_simple("begin isolation level repeatable read, read only")
            else:
                # A transaction of SQLite sees the state of its first reading, not of its beginning.
                _driver(connection).execute("SELECT next FROM sequences LIMIT 1").fetchone()
            yield connection

    def first(self, statement: Executable, values: Mapping[str, object]) -> Row[Any] | None:
        """Give the first row of one reading statement, as the database is now; what every request asks is asked so."""
        with translated(self.where), self._single.connect() as connection:
            return connection.execute(statement, values).first()

    @contextmanager
    def write(self, *, durable: bool = True, patience_s: float | None = None) -> Iterator[Connection]:
        """Give a transaction that holds the write lock from its first moment; all or nothing.

        Parameters
        ----------
        durable : bool
            Whether it must survive a power cut, once it is committed. An import that can be
            resumed need not wait for the disk; killing the process loses nothing either way.
        patience_s : float, optional
            How long to wait for another writer; None is the store's busy timeout.

        Raises
        ------
        StoreBusy
            If another writer holds the lock for longer than that.
        DiskFull
            If the disk has no space left; nothing of the transaction is stored.
        """
        with translated(self.where), self.engine.connect() as connection:
            connection.execution_options(ml_write=True, ml_patience_s=patience_s)
            _synchronise(connection, full=durable)
            shreds = connection.dialect.name == "sqlite" and getattr(self._overwrites, "on", False)
            with _overwriting(connection) if shreds else nullcontext(), connection.begin():
                if self.engine.dialect.name == "postgresql":
                    if patience_s is not None:
                        connection.execute(text(f"SET LOCAL lock_timeout = {max(1, int(patience_s * 1000))}"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _WRITERS_LOCK})
                yield connection

    @contextmanager
    def overwriting(self) -> Iterator[None]:
        """Let SQLite overwrite with zeros what this thread deletes meanwhile; PostgreSQL vacuums in its own time."""
        self._overwrites.on = True
        try:
            yield
        finally:
            self._overwrites.on = False

    def checkpoint(self, *, whole: bool = False) -> None:
        """Move what SQLite's log holds into the database file, without making anybody wait.

        Parameters
        ----------
        whole : bool
            Whether to empty the log too, if nobody is reading: what was overwritten stands in it until then.
        """
        if self.engine.dialect.name == "sqlite":
            with translated(self.where), self.engine.connect() as connection:
                driver = _driver(connection)
                driver.execute(f"PRAGMA busy_timeout = {_CHECKPOINT_MS}").fetchall()
                driver.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if whole else 'PASSIVE'})").fetchall()
                driver.execute(f"PRAGMA busy_timeout = {int(self._busy_timeout_s * 1000)}").fetchall()

    def allocate(self, connection: Connection, name: str, count: int) -> int:
        """Take ``count`` keys of a sequence and return the first; they are never given again."""
        return int(connection.execute(_TAKE, {"sequence": name, "count": count}).scalar_one()) - count

    def fact(self, name: str) -> str | None:
        """Read a fact about the workspace."""
        with self.read() as connection:
            return connection.execute(select(facts.c.value).where(facts.c.name == name)).scalar_one_or_none()

    def state(self, name: str, value: str) -> None:
        """Write a fact about the workspace."""
        with self.write() as connection:
            connection.execute(facts.delete().where(facts.c.name == name))
            connection.execute(facts.insert().values(name=name, value=value))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
        self._single.dispose()


def _engines(url: str, busy_timeout_s: float) -> tuple[Engine, Engine]:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text is not repeated: a malformed address may hold a password just as well.
        raise SettingsError(
            "storage.database_url (ML_DATABASE_URL) is not the address of a database",
            "give sqlite:///FILE or postgresql://USER@HOST/NAME",
        ) from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        engine = _sqlite(url, busy_timeout_s)
        return engine, engine
    if backend in {"postgresql", "postgres"}:
        with extra("postgres"):
            from ml.data.store.postgresql import engines_of  # late: the extra may not be there
        return engines_of(parsed, busy_timeout_s)
    raise SettingsError(f"no store for {backend!r} databases", "give sqlite:///FILE or postgresql://…")


def _sqlite(url: str, busy_timeout_s: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": busy_timeout_s})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # We say ourselves when a transaction begins; see `begin`.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that turns to writing can fail half-way; a writer says so first.
        options = connection.get_execution_options()
        if options.get("ml_write", False):
            patience_s = options.get("ml_patience_s")
            _begin_writing(_driver(connection), busy_timeout_s if patience_s is None else patience_s, busy_timeout_s)
        else:
            _driver(connection).execute("BEGIN")

    return engine


def _begin_writing(connection: sqlite3.Connection, patience_s: float, busy_timeout_s: float) -> None:
    """Take SQLite's write lock, asking often; the connection's own timeout stays ``busy_timeout_s``.

    SQLite's own waiting doubles its pauses up to 100 ms, so that a single listen that is
    recorded may miss every gap between the transactions of an import.
    """
    deadline = time.monotonic() + patience_s
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(_RETRY_S)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(busy_timeout_s * 1000)}")


def _synchronise(connection: Connection, *, full: bool) -> None:
    if connection.dialect.name == "sqlite":
        _driver(connection).execute(f"PRAGMA synchronous = {'FULL' if full else 'NORMAL'}")


@contextmanager
def _overwriting(connection: Connection) -> Iterator[None]:
    driver = _driver(connection)
    driver.execute("PRAGMA secure_delete = ON").fetchall()
    try:
        yield
    finally:
        driver.execute("PRAGMA secure_delete = OFF").fetchall()


def _driver(connection: Connection) -> sqlite3.Connection:
    """Give the driver's own connection, on which no statement begins a transaction by itself."""
    return connection.connection.driver_connection  # type: ignore[return-value]
