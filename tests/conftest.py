"""What every test may ask for: real data, real servers, and an environment of its own.

Servers are children of the test process and die with it (``setpriv --pdeathsig``), so a
killed run leaves nothing behind. Under pytest-xdist each worker has its own.
"""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from ml.foundation import configuration, resolver

REPOSITORY = Path(__file__).resolve().parents[1]
ON_CI = os.environ.get("CI", "").lower() in {"1", "true"}
KEPT_VARIABLES = {"ML_REALDATA"}
SERVER_FIXTURES = {"postgres_server", "postgres_url", "redis_server", "redis_url"}
PATIENCE_S = 60.0
SERVANT = pwd.getpwnam("nobody")

# A shared machine makes deadlines lie, and an example database would make runs differ.
settings.register_profile("local", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if ON_CI else "local")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes a server's fixture; a test that asks for one with ``getfixturevalue`` marks that case itself."""
    for item in items:
        if SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("server")


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the developer's shell reaches a test, and no test reaches their workspace."""
    for name in os.environ:
        if name.startswith("ML_") and name not in KEPT_VARIABLES:
            monkeypatch.delenv(name)
    monkeypatch.setenv("ML_HOME", str(tmp_path / "ml-home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg-data"))
    forget_everything()
    yield
    forget_everything()


def forget_everything() -> None:
    """Drop what this process remembers of settings, of the app built from them, and of a command's log."""
    configuration.forget()
    resolver.reset()
    logger = logging.getLogger("ml")
    logger.setLevel(logging.NOTSET)
    for handler in [handler for handler in logger.handlers if not isinstance(handler, logging.NullHandler)]:
        logger.removeHandler(handler)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Hold ``-m realdata`` complete, and leave a trace in the XML report: CI counts these tests."""
    marked = item.get_closest_marker("realdata") is not None
    if marked:
        item.user_properties.append(("realdata", "true"))
    elif "realdata" in getattr(item, "fixturenames", ()):
        pytest.fail("a test that takes the fixture `realdata` carries @pytest.mark.realdata", pytrace=False)


@pytest.fixture(scope="session")
def realdata() -> Path:
    """Folder of the public data sets; see the README.md in it."""
    folder = Path(os.environ.get("ML_REALDATA") or REPOSITORY.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no public data at {folder}; ML_REALDATA names another folder")
    return folder


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
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        end = time.monotonic() + PATIENCE_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                pytest.fail(f"{self.command} did not start:\n{(self.folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.02)

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

    def _answers(self) -> bool:
        raise NotImplementedError


class PostgresServer(Server):
    def _answers(self) -> bool:
        ready = postgres_binary("pg_isready")
        command = [ready, "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "ml", "-d", "postgres"]
        return subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0


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


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Start a PostgreSQL of Debian's package, unprivileged, on a free port."""
    postgres, initdb = postgres_binary("postgres"), postgres_binary("initdb")
    folder, port = server_folder("ml-postgres-"), free_port()
    options = ["-D", str(folder / "data"), "-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
    for setting in ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=50"):
        options += ["-c", setting]
    create = [initdb, "-D", str(folder / "data"), "-U", "ml", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
    try:
        made = subprocess.run(
            as_servant([*create, "--no-sync"]), cwd=folder, capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
        if made.returncode:
            pytest.fail(f"initdb failed: {made.stderr.decode()}")
        url = f"postgresql://ml@127.0.0.1:{port}/postgres"
        server = PostgresServer(url, port, folder, as_servant([postgres, *options]), signal.SIGINT)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Address of a fresh, empty database of this test, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    administer(postgres_server, "createdb", name)
    yield postgres_server.url.rpartition("/")[0] + f"/{name}"
    administer(postgres_server, "dropdb", "--force", name)


def administer(server: PostgresServer, tool: str, *arguments: str) -> None:
    """Run one of PostgreSQL's client tools, starting the server again if a test left it down."""
    server.start()
    command = [postgres_binary(tool), "-h", "127.0.0.1", "-p", str(server.port), "-U", "ml", *arguments]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Start a Redis on a free port that keeps nothing on disk."""
    binary = shutil.which("redis-server") or absent("redis-server")
    folder, port = server_folder("ml-redis-"), free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "", "--appendonly", "no"]
    server = RedisServer(f"redis://127.0.0.1:{port}/0", port, folder, as_servant([binary, *options]), signal.SIGTERM)
    try:
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Address of a Redis with nothing in it."""
    redis_server.start()
    assert redis_server.ask("FLUSHALL") == b"+OK\r\n"
    return redis_server.url


def postgres_binary(name: str) -> str:
    """Find a program of the newest PostgreSQL that Debian's packages installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else absent("postgresql")


def absent(package: str) -> NoReturn:
    """Skip where a developer lacks a server; on CI that would be a hole nobody sees, so fail."""
    reason = f"{package} is not installed: apt-get install -y {package}"
    if ON_CI:
        pytest.fail(reason)
    pytest.skip(reason)


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
