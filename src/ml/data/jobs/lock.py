"""One runner a workspace.

With SQLite it is a lock on a file in the workspace's folder. With PostgreSQL, which several machines may share, it is
an advisory lock of the database. Both end with the process, however it dies.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ml.data.store.faults import translated
from ml.data.workspace import Workspace

#: In the workspace's folder; its content says nothing.
FILE = "runner.lock"
# Any constant that is not the writers' lock.
_RUNNERS_LOCK = 0x6D6C6A
_RETRY_S = 0.05


class RunnerLock:
    """The right to run the jobs of a workspace.

    Parameters
    ----------
    workspace : Workspace
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._store = workspace.store  # which makes the folder
        self._on_server = self._store.engine.dialect.name == "postgresql"
        self._file: int | None = None
        self._connection: Connection | None = None

    def take(self, *, patience_s: float = 0.0) -> bool:
        """Take it, unless somebody else has it for so long.

        Raises
        ------
        StoreError
            If the database cannot be asked.
        """
        deadline = time.monotonic() + patience_s
        while not (self._take_on_server() if self._on_server else self._take_file()):
            if time.monotonic() >= deadline:
                return False
            time.sleep(_RETRY_S)
        return True

    def is_held(self) -> bool:
        """Tell whether it is still ours: a server that was started again has forgotten it."""
        if self._connection is None:
            return self._file is not None
        try:
            self._connection.execute(text("SELECT 1"))
        except DBAPIError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Give it back; harmless where it is not ours."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(DBAPIError):
                # Not back to the pool, where the session would go on holding it.
                connection.invalidate()
                connection.close()

    def is_free(self) -> bool:
        """Tell whether nobody has it at this moment."""
        free = self.take()
        self.release()
        return free

    def _take_file(self) -> bool:
        file = os.open(self._workspace.home / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def _take_on_server(self) -> bool:
        with translated(self._store.where):
            connection = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _RUNNERS_LOCK}).scalar_one()
            if not taken:
                connection.close()
                return False
        self._connection = connection
        return True
