"""The audit log: what it costs to wait until a record is on the disk.

`waiting` is 64 threads that each record and wait, over and over. The peers do the same in the same rounds, with the
same fields: `fsync_each` appends a line of JSON to a file and waits for the disk, one record at a time; `sqlite_each`
commits one row of a table at a time, with a write-ahead log and `synchronous = FULL`, which is what a table in the
store would cost. Both take turns by a lock. `at_500` is a paced load of 500 records a second by 16 threads:
milliseconds from when a record was due to when it was on the disk. `awaited` is 64 tasks of one event loop. `unwaited`
hands 50,000 records over and waits for the last; `cpu` is the processor time of one of these, all threads.

`verify` reads all that was written, with hashes, links and seals; `verify_cpu` is by processor time. All is repeated in
rounds, since others use the machine too: the median round, and the least and the greatest.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.target import Target
from ml.data.audit import AuditLog, Deed, Key, verify

TARGETS = {
    "waiting_per_s": Target(at_least=2_000),
    "at_500_p99_ms": Target(at_most=45),
    "verify_per_s": Target(at_least=100_000),
}
THREADS = 64
FIELDS = {
    "who": "key:7f3a9c0d",
    "role": "service",
    "what": "recommendations.read",
    "how": "api",
    "request": "0b1f6a5e-5c0e-4f7f-9a55-2f6a1d0c9b11",
    "result": "ok",
}


def run(quick: bool) -> dict[str, float]:
    rounds, seconds = (2, 1.0) if quick else (7, 4.0)
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            for name, value in one_round(Path(folder) / str(number), seconds).items():
                found.setdefault(name, []).append(value)
    numbers: dict[str, float] = {"rounds": rounds, "threads": THREADS}
    for name, values in found.items():
        numbers |= {name: statistics.median(values), f"{name}_least": min(values), f"{name}_greatest": max(values)}
    return numbers


def one_round(home: Path, seconds: float) -> dict[str, float]:
    home.mkdir()
    log = AuditLog(home / "audit", home / "audit.key")
    log.open()
    numbers = {"waiting_per_s": many(lambda whom: log.record(**FIELDS, whom=whom, about={"count": 10}), seconds)}
    numbers["fsync_each_per_s"] = many(fsync_each(home / "lines.jsonl"), seconds)
    numbers["sqlite_each_per_s"] = many(sqlite_each(home / "log.db"), seconds)
    p50, p99 = np.percentile(paced(log, 500, seconds), [50, 99])
    numbers |= {"at_500_p50_ms": p50 * 1000, "at_500_p99_ms": p99 * 1000}
    numbers["awaited_per_s"] = asyncio.run(awaited(log, seconds))
    begin, cpu = time.perf_counter(), time.process_time()
    for whom in range(50_000):
        ticket = log.record_soon(Deed(**FIELDS, whom=whom, about={"count": 10}))
    ticket.wait()
    numbers["unwaited_per_s"] = 50_000 / (time.perf_counter() - begin)
    numbers["cpu_us"] = (time.process_time() - cpu) / 50_000 * 1e6
    log.close()
    begin, cpu = time.perf_counter(), time.process_time()
    checked = verify(home / "audit", keys=[Key.kept(home / "audit.key")])
    assert checked.sound, checked.findings
    numbers["verify_per_s"] = checked.records / (time.perf_counter() - begin)
    numbers["verify_cpu_per_s"] = checked.records / (time.process_time() - cpu)
    return numbers


def many(record: Callable[[int], object], seconds: float) -> float:
    """Let threads record for some time; return records a second."""
    counts, end = [0] * THREADS, time.perf_counter() + seconds

    def work(place: int) -> None:
        while time.perf_counter() < end:
            record(place)
            counts[place] += 1

    begin = time.perf_counter()
    threads = [threading.Thread(target=work, args=(place,)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begin)


def paced(log: AuditLog, per_s: int, seconds: float, threads: int = 16) -> list[float]:
    """Record at a steady pace, and measure from when each was due: whoever comes late has waited too."""
    waits: list[float] = []

    def work(place: int) -> None:
        due = time.perf_counter() + place / per_s
        end = due + seconds
        while due < end:
            time.sleep(max(0.0, due - time.perf_counter()))
            log.record(**FIELDS, whom=place, about={"count": 10})
            waits.append(time.perf_counter() - due)
            due += threads / per_s

    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return waits


async def awaited(log: AuditLog, seconds: float) -> float:
    end, count = time.perf_counter() + seconds, 0

    async def work(place: int) -> None:
        nonlocal count
        while time.perf_counter() < end:
            await log.record_soon(Deed(**FIELDS, whom=place, about={"count": 10})).durable()
            count += 1

    begin = time.perf_counter()
    await asyncio.gather(*(work(place) for place in range(THREADS)))
    return count / (time.perf_counter() - begin)


def fsync_each(path: Path) -> Callable[[int], object]:
    descriptor, lock = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), threading.Lock()

    def record(whom: int) -> None:
        line = json.dumps({"at": time.time_ns(), **FIELDS, "whom": whom, "about": {"count": 10}}) + "\n"
        with lock:
            os.write(descriptor, line.encode())
            os.fdatasync(descriptor)

    return record


def sqlite_each(path: Path) -> Callable[[int], object]:
    connection, lock = sqlite3.connect(path, check_same_thread=False, isolation_level=None), threading.Lock()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE audit (id INTEGER PRIMARY KEY, at, who, role, what, how, request, result, whom, about)"
    )
    statement = "INSERT INTO audit VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    def record(whom: int) -> None:
        with lock:
            connection.execute(statement, (time.time_ns(), *FIELDS.values(), whom, '{"count": 10}'))

    return record
