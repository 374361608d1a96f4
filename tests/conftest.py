"""What every test may ask for: real data, real servers, and an environment of its own.

Under pytest-xdist each worker has servers of its own, its share of the cores, and the demo world with all others.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine
from tests.servers import Absent, PostgresServer, RedisServer, Server, running_postgres, running_redis

from ml.data import migrations
from ml.foundation import configuration, resolver

REPOSITORY = Path(__file__).resolve().parents[1]
ON_CI = os.environ.get("CI", "").lower() in {"1", "true"}
KEPT_VARIABLES = {"ML_REALDATA"}
SERVER_FIXTURES = {"postgres_server", "postgres_url", "redis_server", "redis_url"}
S = TypeVar("S", bound=Server)
MakeOnce = Callable[[str, Callable[[Path], object]], Path]

if "PYTEST_XDIST_WORKER" in os.environ:
    # Threads that wait for each other on cores that other workers have make a training take ten times as long.
    # It is read where NumPy and PyTorch are first imported, which nothing has done yet; processes inherit it.
    _share = max(1, len(os.sched_getaffinity(0)) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))
    for _library in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(_library, str(_share))

# A shared machine makes deadlines lie, and an example database would make runs differ.
settings.register_profile("local", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("local"), derandomize=True)
settings.load_profile("ci" if ON_CI else "local")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes a server's fixture; a test that asks for one with ``getfixturevalue`` marks that case itself.

    The file that has the demo world made comes first, while the other workers do what needs none.
    """
    for item in items:
        if SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("server")
    first = next((item.path for item in items if "demo_home" in getattr(item, "fixturenames", ())), None)
    items.sort(key=lambda item: item.path != first)


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


@pytest.fixture(scope="session", autouse=True)
def new_databases_are_copies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let a new SQLite database be a copy of one that the migrations have made: thousands of tests begin with one.

    What is there already, or shall stop at an earlier revision, goes through the migrations, and so does PostgreSQL.
    """
    made, really = tmp_path_factory.mktemp("migrated") / "ml.db", migrations.upgrade

    def upgrade(engine: Engine, *, where: str = "", to: str = migrations.HEAD) -> None:
        file = Path(engine.url.database or "")
        new = engine.dialect.name == "sqlite" and file.parent.is_dir() and not list(file.parent.glob(f"{file.name}*"))
        if new and to == migrations.HEAD and file.name:
            if not made.exists():
                template = create_engine(f"sqlite:///{made}.new")
                really(template)
                template.dispose()
                made.with_name("ml.db.new").rename(made)
            with suppress(FileExistsError):  # another thread was quicker
                whole = Path(shutil.copyfile(made, file.with_name(f".{uuid.uuid4().hex}")))
                try:
                    os.link(whole, file)
                finally:
                    whole.unlink()
        really(engine, where=where, to=to)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "upgrade", upgrade)
        yield


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Have a folder that costs much made by whichever worker is the first to want it; to be copied, not opened."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def once(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = shared / f"once-{name}", shared / f"once-{name}.done"
        with (shared / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                # What somebody left half made is looked at by whoever searches for the error.
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return once


@pytest.fixture(scope="session")
def demo_home(made_once: MakeOnce, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of a workspace after `ml demo`, a copy for each worker; to be looked at, not changed."""

    def make(folder: Path) -> None:
        kept = {name: text for name, text in os.environ.items() if not name.startswith("ML_")}
        done = subprocess.run(
            [Path(sys.executable).parent / "ml", "demo"],
            cwd=folder,
            env=kept | {"ML_HOME": str(folder / "home"), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=600,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        assert "Traceback" not in said, said
        assert "Warning" not in done.stderr, said
        assert "note: synthetic demo world: nobody and nothing in it is real" in done.stdout, said

    return Path(shutil.copytree(made_once("demo", make) / "home", tmp_path_factory.mktemp("demo") / "home"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Start a PostgreSQL of Debian's package, unprivileged, on a free port."""
    with or_skipped(running_postgres()) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """Address of a fresh, empty database of this test, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    postgres_server.administer("createdb", name)
    yield postgres_server.url.rpartition("/")[0] + f"/{name}"
    postgres_server.administer("dropdb", "--force", name)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """Start a Redis on a free port that keeps nothing on disk."""
    with or_skipped(running_redis()) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """Address of a Redis with nothing in it."""
    redis_server.start()
    assert redis_server.ask("FLUSHALL") == b"+OK\r\n"
    return redis_server.url


@contextmanager
def or_skipped(running: AbstractContextManager[S]) -> Iterator[S]:
    """Skip where a developer lacks a server; on CI that would be a hole nobody sees, so fail."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running)
        except Absent as error:
            if ON_CI:
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield server
