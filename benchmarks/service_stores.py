"""What a service can be measured on: SQLite alone, and PostgreSQL beside Redis, each with a world to change."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from tests.servers import PostgresServer, RedisServer, running_postgres, running_redis

from benchmarks.service_world import cache_folder, copied, made, settings_of
from ml.app import App
from ml.data.demo import DemoSize
from ml.data.workspace import backup, restore
from ml.foundation.settings import Settings

STORES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Backing:
    """A workspace, and the servers it lies on.

    Parameters
    ----------
    settings : Settings
    postgres : PostgresServer or None
    redis : RedisServer or None
    """

    settings: Settings
    postgres: PostgresServer | None = None
    redis: RedisServer | None = None

    def processes(self) -> list[psutil.Process]:
        """Give the processes of the servers."""
        started = [
            each.process for each in (self.postgres, self.redis) if each is not None and each.process is not None
        ]
        roots = [psutil.Process(each.pid) for each in started]
        return [process for root in roots for process in (root, *root.children(recursive=True))]

    def restart(self) -> None:
        """Start again what was killed."""
        for server in (self.postgres, self.redis):
            if server is not None:
                server.start()


@contextmanager
def backing(store: str, size: DemoSize, *, redis: bool | None = None) -> Iterator[Backing]:
    """Copy the world into a store, and remove it afterwards.

    Parameters
    ----------
    store : str
        One of :data:`STORES`.
    size : DemoSize
    redis : bool, optional
        Whether results are kept in a Redis; left out, beside PostgreSQL only.
    """
    home = made(size)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ml-service-")))
        cache = stack.enter_context(running_redis()) if redis or (redis is None and store == "postgres") else None
        if store == "sqlite":
            settings, database = settings_of(copied(home, folder / "home")), None
        else:
            database = stack.enter_context(running_postgres({}))  # as durable as it is by itself
            settings = settings_of(folder / "home", database.url)
            restore(_archive(home), settings.storage.home, database_url=database.url)
            database.administer("vacuumdb", "--quiet", "--analyze", "postgres")  # as it does by itself within a minute
            shutil.copytree(home / "indexes", settings.storage.home / "indexes", dirs_exist_ok=True)
        if cache is not None:
            settings.caching.backend, settings.caching.redis_url = "redis", cache.url
        yield Backing(settings, database, cache)


def _archive(home: Path) -> Path:
    """Give the world as an archive, making that once."""
    path = cache_folder() / f"{home.name}.tar"
    if not path.exists():
        app = App(settings_of(home))
        half = path.with_suffix(".half")
        backup(app.workspace, half)
        app.close()
        half.rename(path)
    return path
