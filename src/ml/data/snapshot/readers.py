"""Several readers of one state of the database."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, PoolProxiedConnection

from ml.data.store import Store

# How often readers begin again because somebody wrote meanwhile; a beginning takes a millisecond.
_ATTEMPTS = 20
T = TypeVar("T")


@contextmanager
def same_state(store: Store, count: int) -> Iterator[list[Connection]]:
    """Give up to ``count`` transactions that all see one state of the database.

    SQLite cannot be asked for that, but it can tell whether somebody wrote while they began; then
    they begin again. Where others write without a pause, and on PostgreSQL, it is one transaction.
    """
    if store.engine.dialect.name == "sqlite":
        for _ in range(_ATTEMPTS):
            with ExitStack() as stack:
                watcher = stack.enter_context(closing(store.engine.raw_connection()))
                before = _version(watcher)
                connections = [stack.enter_context(store.read()) for _ in range(count)]
                if _version(watcher) == before:
                    yield connections
                    for connection in connections:
                        # They go back to the pool, and what they cached of a whole database need not stay.
                        connection.exec_driver_sql("PRAGMA shrink_memory")
                    return
    with store.read() as connection:
        yield [connection]


def _version(watcher: PoolProxiedConnection) -> int:
    """Give a number that changes for this connection whenever another one has written."""
    driver: Any = watcher.driver_connection
    return int(driver.execute("PRAGMA data_version").fetchone()[0])


class Readers:
    """Connections that see the same state, each lent to one reader at a time.

    Parameters
    ----------
    connections : sequence of sqlalchemy.Connection
        At least one.
    """

    def __init__(self, connections: Sequence[Connection]) -> None:
        self._count = len(connections)
        self._free: SimpleQueue[Connection] = SimpleQueue()
        for connection in connections:
            self._free.put(connection)

    def read(self, question: Callable[[Connection], T]) -> T:
        """Ask a question as soon as a connection is free."""
        connection = self._free.get()
        try:
            return question(connection)
        finally:
            self._free.put(connection)

    def ahead(self, questions: Iterable[Callable[[Connection], T]]) -> Iterator[T]:
        """Give the answers in the order of the questions, which threads ask at the same time.

        Only a few answers wait to be taken, so that memory stays bounded. Where there are several
        connections, one is left for whoever makes up the questions.
        """
        threads = max(1, self._count - 1)
        with ThreadPoolExecutor(threads, thread_name_prefix="ml-snapshot-read") as beside:
            coming: deque[Future[T]] = deque()
            for question in questions:
                coming.append(beside.submit(self.read, question))
                # One question more than there are threads, so that none of them waits for us.
                if len(coming) > threads:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
