"""A service in processes of its own, as `ml serve` starts it, and what it takes of the processor and of memory."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from ml.app import App
from ml.foundation.settings import Settings

PATIENCE_S = 120.0


@dataclass(frozen=True)
class Served:
    """A service that answers.

    Parameters
    ----------
    address : str
    key : str
        Of an admin.
    process : psutil.Process
        The one that was started; those that answer are its children where there are several.
    """

    address: str
    key: str
    process: psutil.Process

    @property
    def headers(self) -> dict[str, str]:
        """What every request brings."""
        return {"Authorization": f"Bearer {self.key}"}

    def workers(self) -> list[psutil.Process]:
        """Give the processes that answer."""
        return [each for each in self.process.children() if "spawn_main" in " ".join(each.cmdline())] or [self.process]

    def cpu_s(self) -> float:
        """Give the processor time that those that answer have had, in all."""
        return cpu_s(self.workers())

    def wait_until_ready(self) -> None:
        """Wait until every one of the processes answers."""
        asked = {"limits": httpx.Limits(max_keepalive_connections=0), "timeout": PATIENCE_S}
        with httpx.Client(base_url=self.address, **asked) as client:  # a connection each time: any of them may answer
            for _ in range(20):
                client.get("/api/v1/ready").raise_for_status()


def cpu_s(processes: list[psutil.Process]) -> float:
    """Give the processor time of some processes, in all; those that ended count no more."""
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def with_children(process: psutil.Process) -> list[psutil.Process]:
    """Give a process and all that came of it."""
    return [process, *process.children(recursive=True)]


def new_key(settings: Settings, name: str) -> str:
    """Make a key of an admin."""
    app = App(settings)
    try:
        return app.access.keys.create(name, role="admin")[1]
    finally:
        app.close()


@contextmanager
def served(settings: Settings, *, workers: int = 2, variables: Mapping[str, str] | None = None) -> Iterator[Served]:
    """Serve a workspace at a free port until the block is left.

    Parameters
    ----------
    settings : Settings
        Whose folder, database and cache are taken over; all others are as they are by default, except that one
        caller may ask as often as they can.
    variables : mapping of str to str, optional
        Further variables of the environment.
    """
    key = new_key(settings, "benchmark")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ML_")}
    environment |= {
        "ML_HOME": str(settings.storage.home),
        "ML_DATABASE_URL": settings.storage.database_url,
        "ML_CACHING__BACKEND": settings.caching.backend,
        "ML_CACHING__REDIS_URL": settings.caching.redis_url,
        "ML_SERVICE__RATE_PER_MINUTE": "100000000",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "ml", "serve", "--workers", str(workers), "--port", "0", "--json"],
        env=environment | dict(variables or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"ml serve ended with status {process.wait()}")
        found = Served(json.loads(line)["address"], key, psutil.Process(process.pid))
        found.wait_until_ready()
        yield found
    finally:
        stop(process)


def stop(process: subprocess.Popen[str]) -> None:
    """Stop a process as a terminal does, and what it started with it."""
    family = with_children(psutil.Process(process.pid)) if process.poll() is None else []
    if family:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=30)
    for each in family:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def until(moment: float) -> None:
    """Sleep until a moment of the steady clock."""
    time.sleep(max(0.0, moment - time.monotonic()))
