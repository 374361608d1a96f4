"""What a service of two processes loses when something dies under it: nothing that was acknowledged.

While clients tell it of plays and ask for recommendations, and go on whatever comes, one of its processes, Redis or
PostgreSQL is killed (`kill -9`) and started again where nobody else does that, 50 times each, on SQLite and on
PostgreSQL with Redis. `…_lost` counts events that were acknowledged and are not in the store afterwards, `…_told` those
that were acknowledged; `…_faults` counts answers of 500, `…_refused` all others of 400 and above, such as 503 while
there is no database, `…_broken` connections that broke with the process at their other end. While Redis is dead, no
answer may be anything but good. `…_recovery_s` is from the kill to the next event that was acknowledged, the median and
the greatest.

`disk`: the workspace on a disk that fills up while events are told, and is freed again, ten times; `disk_507` counts
refusals for want of space. `clock`: the service's clock a day forward and back again, and a day back, ten times, by
a library put before it. After all of it `audit_findings` is what is wrong with the audit log, and `database_damaged`
with the database of the disk that was full. What cannot be done here (no mounting, no compiler) is left out.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.served import Served, served
from benchmarks.service_stores import STORES, Backing, backing
from benchmarks.service_world import SMALL, copied, made, settings_of
from benchmarks.target import Target
from benchmarks.telling import BROKEN, Telling, missing
from ml.data.audit import Key, verify
from ml.data.demo import track_id, user_id
from ml.foundation.settings import Settings

TIMES, FEW_TIMES = 50, 10
#: Events that are acknowledged before and after each fault.
EVENTS = 20
DISK_MIB = 48
_FULL, _FAULT, _BAD = 507, 500, 400
KINDS = {"sqlite": ("worker",), "postgres": ("worker", "redis", "postgres")}
TARGETS = {
    f"{name}_{what}": Target(at_most=0)
    for name in (*(f"{store}_{kind}" for store in STORES for kind in KINDS[store]), "disk", "clock")
    for what in ("lost", "faults")
}
TARGETS |= {"postgres_redis_refused": Target(at_most=0), "postgres_redis_broken": Target(at_most=0)}
TARGETS |= {"audit_findings": Target(at_most=0), "database_damaged": Target(at_most=0)}


@dataclass
class Seen:
    """What came of one kind of fault."""

    told: list[int] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    recovery_s: list[float] = field(default_factory=list)
    lost: int = 0
    faults: list[str] = field(default_factory=list)

    def numbers(self, name: str) -> dict[str, float]:
        """Give the numbers."""
        bad = sum(n for status, n in self.statuses.items() if status >= _BAD and status != _FAULT)
        counts = {"told": len(self.told), "lost": self.lost, "faults": self.statuses[_FAULT]}
        counts |= {"refused": bad, "broken": self.statuses[BROKEN]}
        found = {f"{name}_{what}": float(n) for what, n in counts.items()}
        if self.recovery_s:
            found[f"{name}_recovery_s"] = statistics.median(self.recovery_s)
            found[f"{name}_recovery_s_greatest"] = max(self.recovery_s)
        return found


def run(quick: bool) -> dict[str, float]:
    times, few = (2, 1) if quick else (TIMES, FEW_TIMES)
    numbers: dict[str, float] = {"times": float(times)}
    findings = 0
    for store in STORES:
        for kind in KINDS[store]:
            with backing(store, SMALL) as where:
                seen = killed(where, kind, times)
                findings += audit_findings(where.settings)
            numbers |= seen.numbers(f"{store}_{kind}")
            said(f"{store} {kind}", seen)
    with suppress(Unavailable), disk(DISK_MIB) as folder:
        settings = settings_of(copied(made(SMALL), folder / "home"))
        seen = filled(settings, folder, few)
        findings += audit_findings(settings)
        numbers |= seen.numbers("disk") | {"disk_507": float(seen.statuses[_FULL])}
        numbers["database_damaged"] = float(damaged(settings))
        said("disk", seen)
    with suppress(Unavailable), backing("sqlite", SMALL) as where:
        seen = jumped(where.settings, few)
        findings += audit_findings(where.settings)
        numbers |= seen.numbers("clock")
        said("clock", seen)
    return numbers | {"audit_findings": float(findings)}


class Unavailable(Exception):
    """Something cannot be tried here."""


def said(name: str, seen: Seen) -> None:
    print(name, f"told {len(seen.told)}, lost {seen.lost}", dict(seen.statuses), *seen.faults, flush=True)


def told(number: int) -> dict[str, object]:
    """Make an event of the world of the benchmarks."""
    rng = random.Random(number)
    return {"user_id": user_id(rng.randrange(SMALL.listeners)), "item_id": track_id(rng.randrange(SMALL.tracks))}


def asked(number: int) -> dict[str, object]:
    return {"user_id": user_id(number % 50), "count": 5}


Body = Callable[[int], dict[str, object]]


def killed(where: Backing, kind: str, times: int, told: Body = told, asked: Body = asked) -> Seen:
    """Kill something again and again while it is written to.

    Parameters
    ----------
    kind : str
        ``"worker"``, ``"redis"`` or ``"postgres"``.
    """
    seen = Seen()
    with served(where.settings) as service, Telling(service, told, asked) as telling:
        for _ in range(times):
            telling.wait_for(EVENTS)
            begun = time.monotonic()
            kill(service, where, kind)
            if kind != "worker":
                time.sleep(0.2)  # for requests to find nobody there
                where.restart()
            telling.wait_for(1)
            seen.recovery_s.append(time.monotonic() - begun)
            if kind == "worker":
                wait_for_workers(service)
            telling.wait_for(EVENTS)
    return concluded(seen, telling, where.settings)


def kill(service: Served, where: Backing, kind: str) -> None:
    if kind == "worker":
        random.choice(service.workers()).kill()
    elif kind == "redis":
        assert where.redis is not None
        where.redis.kill()
    else:
        assert where.postgres is not None
        where.postgres.kill()


def wait_for_workers(service: Served, workers: int = 2, patience_s: float = 60.0) -> None:
    """Wait until there are as many processes again as there were, and all of them answer."""
    end = time.monotonic() + patience_s
    while True:
        with suppress(psutil.NoSuchProcess):
            alive = [each for each in service.workers() if each.status() != psutil.STATUS_ZOMBIE]
            if len(alive) >= workers and service.process not in alive:
                break
        if time.monotonic() > end:
            raise TimeoutError("no process was started for the one that was killed")
        time.sleep(0.05)
    service.wait_until_ready()


def concluded(seen: Seen, telling: Telling, settings: Settings) -> Seen:
    """Look for what was acknowledged."""
    seen.told, seen.statuses, seen.faults = telling.acknowledged, telling.statuses, telling.faults
    seen.lost = len(missing(settings, seen.told))
    return seen


def audit_findings(settings: Settings) -> int:
    """Count what is wrong with the audit log."""
    home = settings.storage.home
    return len(verify(home / "audit", keys=[Key.kept(home / "audit.key")]).findings)


def clock_records(settings: Settings) -> int:
    """Count the jumps of the clock that the audit log has written down."""
    segments = (settings.storage.home / "audit").glob("*.jsonl")
    return sum(path.read_text(encoding="utf-8").count('"jump_s":') for path in segments)


# --- a disk that fills up


@contextmanager
def disk(mib: int) -> Iterator[Path]:
    """Mount a small disk in memory.

    Raises
    ------
    Unavailable
        If that is not allowed.
    """
    with tempfile.TemporaryDirectory(prefix="ml-disk-") as folder:
        command = ["mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", folder]
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise Unavailable("no mount") from error
        if done.returncode:
            raise Unavailable(done.stderr)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def filled(settings: Settings, folder: Path, times: int, told: Body = told, asked: Body = asked) -> Seen:
    """Fill the disk again and again while events are told, and free it."""
    seen, filler = Seen(), folder / "filler"
    with served(settings) as service, Telling(service, told, asked) as telling:
        for _ in range(times):
            telling.wait_for(EVENTS)
            fill(filler)
            wait_for_status(telling, _FULL)
            filler.unlink()
            begun = time.monotonic()
            telling.wait_for(EVENTS)
            seen.recovery_s.append(time.monotonic() - begun)
    return concluded(seen, telling, settings)


def fill(path: Path) -> None:
    """Take all the room there is."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while file.write(b"\0" * size):
                    pass


def wait_for_status(telling: Telling, status: int, patience_s: float = 60.0) -> None:
    end, before = time.monotonic() + patience_s, telling.statuses[status]
    while telling.statuses[status] < before + 5:
        if time.monotonic() > end:
            raise TimeoutError(f"never a {status}: {dict(telling.statuses)}")
        time.sleep(0.05)


def damaged(settings: Settings) -> bool:
    """Ask SQLite whether its file is whole."""
    connection = sqlite3.connect(settings.storage.home / "ml.db")
    try:
        return bool(connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok")
    finally:
        connection.close()


# --- a clock that jumps


def jumped(settings: Settings, times: int, told: Body = told, asked: Body = asked) -> Seen:
    """Have the service's clock jump while events are told.

    Raises
    ------
    Unavailable
        If there is no compiler for a library that does it.
    """
    seen = Seen()
    with tempfile.TemporaryDirectory() as folder:
        clock = Path(folder) / "clock"
        clock.write_text("0")
        variables = {"LD_PRELOAD": str(wrong_clock(Path(folder))), "WRONG_CLOCK": str(clock)}
        with served(settings, variables=variables) as service, Telling(service, told, asked) as telling:
            for _ in range(times):
                for days in (1, 0, -1, 0):
                    set_clock(clock, days)
                    telling.wait_for(EVENTS)
    return concluded(seen, telling, settings)


def wrong_clock(folder: Path) -> Path:
    """Compile the library whose clock can be wrong."""
    compiler, library = shutil.which("cc"), folder / "clock.so"
    if compiler is None:
        raise Unavailable("no cc")
    source = Path(__file__).with_name("clock.c")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def set_clock(clock: Path, days: int) -> None:
    """Set the clock by so many days from the right one."""
    fresh = clock.with_suffix(".new")
    fresh.write_text(str(86_400 * days))
    fresh.replace(clock)
