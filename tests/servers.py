"""Real PostgreSQL and Redis servers, as Debian's packages bring them.

They are children of the process that starts them and die with it (``setpriv --pdeathsig``), so a killed run leaves
nothing behind. The benchmarks have theirs from here too.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE_S = 60.0
SERVANT = pwd.getpwnam("nobody")
#: Of a database that is thrown away: a power cut may take it.
THROWAWAY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Absent(Exception):
    """A program is not installed."""


class NotStarted(Exception):
    """A server did not start."""


@dataclass
class Server:
    """A server process on a port of its own; :meth:`stop` and :meth:`start` keep url and data."""

    url: str
    port: int
    folder: Path
    command: list[str]
    stop_signal: signal.Signals
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it and wait until it accepts connections; harmless when it runs."""
        if self.process is not None and self.process.poll() is None:
            return
        end = time.monotonic() + PATIENCE_S
        self._begin()
        while not self._answers():
            if self.process is None or self.process.poll() is not None:
                # What was killed leaves children behind for a moment, which a new one does not start beside.
                if time.monotonic() > end or not self._was_killed:
                    self._give_up()
                time.sleep(0.05)
                self._begin()
            elif time.monotonic() > end:
                self._give_up()
            time.sleep(0.02)
        self._was_killed = False

    _was_killed: bool = field(default=False, init=False)

    def _begin(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def _give_up(self) -> None:
        self.stop()
        raise NotStarted(f"{self.command} did not start:\n{(self.folder / 'server.log').read_text()[-2000:]}")

    def stop(self) -> None:
        """Stop it as an administrator would; harmless when it is down."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def kill(self) -> None:
        """Kill it, as the kernel does where memory runs out."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process, self._was_killed = None, True

    def _answers(self) -> bool:
        raise NotImplementedError


class PostgresServer(Server):
    def _answers(self) -> bool:
        ready = postgres_binary("pg_isready")
        command = [ready, "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "ml", "-d", "postgres"]
        return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0

    def administer(self, tool: str, *arguments: str) -> None:
        """Run one of PostgreSQL's client tools, starting the server again if somebody left it down."""
        self.start()
        command = [postgres_binary(tool), "-h", "127.0.0.1", "-p", str(self.port), "-U", "ml", *arguments]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


class RedisServer(Server):
    def _answers(self) -> bool:
        try:
            return self.ask("PING") == b"+PONG\r\n"
        except OSError:
            return False

    def ask(self, command: str) -> bytes:
        """Send one inline command and give the raw answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(f"{command}\r\n".encode())
            return connection.recv(1024)


@contextmanager
def running_postgres(settings: Mapping[str, str] = THROWAWAY) -> Iterator[PostgresServer]:
    """Run a PostgreSQL, unprivileged, on a free port; ``settings`` are beside those of its own.

    Raises
    ------
    Absent, NotStarted
    """
    postgres, initdb = postgres_binary("postgres"), postgres_binary("initdb")
    folder, port = server_folder("ml-postgres-"), free_port()
    options = ["-D", str(folder / "data"), "-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
    for name, value in (settings | {"max_connections": "50"}).items():
        options += ["-c", f"{name}={value}"]
    create = [initdb, "-D", str(folder / "data"), "-U", "ml", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    url = f"postgresql://ml@127.0.0.1:{port}/postgres"
    server = PostgresServer(url, port, folder, as_servant([postgres, *options]), signal.SIGINT)
    try:
        made = subprocess.run(
            as_servant([*create, "--no-sync"]), cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        if made.returncode:
            raise NotStarted(f"initdb failed: {made.stderr.decode()}")
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Run a Redis on a free port that keeps nothing on disk.

    Raises
    ------
    Absent, NotStarted
    """
    binary = shutil.which("redis-server") or absent("redis-server")
    folder, port = server_folder("ml-redis-"), free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "no"]
    server = RedisServer(f"redis://127.0.0.1:{port}/0", port, folder, as_servant([binary, *options]), signal.SIGTERM)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def postgres_binary(name: str) -> str:
    """Find a program of the newest PostgreSQL that Debian's packages installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else absent("postgresql")


def absent(package: str) -> str:
    """Say that a program is not there, and how to get it."""
    raise Absent(f"{package} is not installed: apt-get install -y {package}")


def as_servant(command: list[str]) -> list[str]:
    """Wrap a server's command: it ends when this process ends, and never runs as root."""
    wrapper = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() == 0:
        wrapper += ["--reuid", str(SERVANT.pw_uid), "--regid", str(SERVANT.pw_gid), "--clear-groups"]
    return [*wrapper, *command]


def server_folder(prefix: str) -> Path:
    """Make a folder the servant may use; in /tmp, since socket paths are short and pytest's own folder is closed."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    if os.geteuid() == 0:
        os.chown(folder, SERVANT.pw_uid, SERVANT.pw_gid)
    return folder


def free_port() -> int:
    """Ask the kernel for a port that nobody listens on."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
