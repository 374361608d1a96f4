"""What every test may ask for: real data, real servers, and an environment of its own.

Under pytest-xdist each worker has servers of its own.
"""

from __future__ import annotations

import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings
from tests.servers import Absent, PostgresServer, RedisServer, Server, running_postgres, running_redis

from ml.foundation import configuration, resolver

REPOSITORY = Path(__file__).resolve().parents[1]
ON_CI = os.environ.get("CI", "").lower() in {"1", "true"}
KEPT_VARIABLES = {"ML_REALDATA"}
SERVER_FIXTURES = {"postgres_server", "postgres_url", "redis_server", "redis_url"}
S = TypeVar("S", bound=Server)

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
