"""How much `ml serve` answers with two processes and 100,000 tracks, the audit log on: SQLite, PostgreSQL with Redis.

10,000 listeners with a million listens; requests bring a key, each is checked and written down. `…_per_s` is good
answers a second, asked by `wrk` over 32 connections as fast as they are answered. `cached`: 200 listeners, again and
again; `uncached`: each listener once, ten items with reasons; `mixed`: 70 % cached recommendations, 10 % plays told,
15 % searches, 5 % histories, where a play makes what was kept for that listener void; `search`: names, a word of a
title with its artist, misspelt names, descriptions and what is being typed, a fifth each.
`…_half_p50_ms` and `…_half_p99_ms`: the wait at half of that rate. Requests come at equal distances, whether or not
earlier ones are answered, and are timed from when they were due, so that one that waits for its turn counts in full
(`benchmarks.paced`). `…_cpu_ms` is the processor's time that a request took of the processes that answer,
`…_database_cpu_ms` of PostgreSQL and Redis. All is done in rounds, the kinds in turn: the median round, and the least
and the greatest. `failed` counts refusals, faults and broken connections of all of it.

`constant` is a route of FastAPI that reads the same body and gives as many bytes, always the same, without key, log or
store, in two processes too: what the framework allows. `…_of_constant` is a share of that. `start_s` is from the
command to the first answer, five times.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks import paced, search_speed, wrk
from benchmarks.served import Served, cpu_s, served, stop
from benchmarks.service_stores import STORES, Backing, backing
from benchmarks.service_world import LARGE, SMALL
from benchmarks.target import Target
from benchmarks.wrk import Asked
from ml.app import App
from ml.data.demo import DemoSize, track_id, user_id
from ml.data.schema import items
from ml.data.store import bulk

TARGETS: dict[str, Target] = {
    "failed": Target(at_most=0),
    "start_s": Target(at_most=3),
    **{
        f"{store}_{name}": target
        for store in STORES
        for name, target in {
            "cached_per_s": Target(at_least=1_000),
            "uncached_per_s": Target(at_least=250),
            "cached_half_p99_ms": Target(at_most=45),
            "uncached_half_p99_ms": Target(at_most=45),
            "search_per_min": Target(at_least=10_000),
        }.items()
    },
}
WORKERS, CONNECTIONS, FEW, STARTS = 2, 32, 200, 5
#: What `wrk` has asked last is answered before anything else is timed: 32 answers of 8 ms are half of a p99.
PAUSE_S = 1.0
RECOMMEND = "/api/v1/recommendations"


def run(quick: bool) -> dict[str, float]:
    size, rounds, seconds = (SMALL, 1, 2.0) if quick else (LARGE, 3, 10.0)
    found: dict[str, list[float]] = {}
    failed = 0
    for store in STORES:
        with backing(store, size) as where, served(where.settings, workers=WORKERS) as service:
            asking = Requests(where, size)
            warm(service, asking, seconds)
            for _ in range(rounds):
                for kind in ("cached", "uncached", "search", "mixed"):
                    numbers, bad = measured(service, where, asking, kind, seconds)
                    failed += bad
                    for name, value in numbers.items():
                        found.setdefault(f"{store}_{kind}_{name}", []).append(value)
            with constant(one_answer(service, asking)) as address:
                for _ in range(rounds):
                    answered = wrk.ask(f"{address}", "", asking.constant(), seconds=seconds, connections=CONNECTIONS)
                    found.setdefault("constant_per_s", []).append(answered.per_s)
    numbers = {"rounds": float(rounds), "failed": float(failed)} | spread(found)
    for store in STORES:
        numbers[f"{store}_cached_of_constant"] = numbers[f"{store}_cached_per_s"] / numbers["constant_per_s"]
        numbers[f"{store}_search_per_min"] = 60 * numbers[f"{store}_search_per_s"]
    return numbers | spread({"start_s": list(starts(size, 1 if quick else STARTS))})


def spread(found: dict[str, list[float]]) -> dict[str, float]:
    """Give the median of each number's rounds; of what has a target, the least and the greatest too."""
    numbers: dict[str, float] = {}
    for name, values in found.items():
        numbers[name] = statistics.median(values)
        if name.endswith(("per_s", "p99_ms", "start_s")):
            numbers |= {f"{name}_least": min(values), f"{name}_greatest": max(values)}
    return numbers


class Requests:
    """What is asked, by kind.

    Parameters
    ----------
    where : Backing
        Whose catalogue is searched.
    size : DemoSize
    """

    def __init__(self, where: Backing, size: DemoSize) -> None:
        self._size, self._fresh = size, itertools.count(1)
        self._texts = texts(where)

    def of(self, kind: str) -> list[Asked]:
        """Give requests of a kind; those that must not be known yet never were."""
        return getattr(self, kind)()  # type: ignore[no-any-return]

    def cached(self) -> list[Asked]:
        """Ask for few listeners, who are known after the first time."""
        return [recommend(number) for number in range(min(FEW, self._size.listeners))]

    def uncached(self) -> list[Asked]:
        """Ask for each listener what was never asked."""
        ratio = 0.2 + 1e-6 * next(self._fresh)  # moves no item, and was never asked for
        return [recommend(number, familiar_ratio=ratio) for number in range(self._size.listeners)]

    def search(self) -> list[Asked]:
        """Search."""
        return self._texts

    def mixed(self) -> list[Asked]:
        """Ask for everything, in an order of its own."""
        rng, cached, mixed = random.Random(next(self._fresh)), self.cached(), []
        for _ in range(5_000):
            drawn, listener = rng.random(), user_id(rng.randrange(min(FEW, self._size.listeners)))
            if drawn < 0.7:
                mixed.append(rng.choice(cached))
            elif drawn < 0.8:
                item = track_id(rng.randrange(self._size.tracks))
                mixed.append(Asked("POST", "/api/v1/events", json.dumps({"user_id": listener, "item_id": item})))
            elif drawn < 0.95:
                mixed.append(rng.choice(self._texts))
            else:
                mixed.append(Asked("GET", f"/api/v1/listens?user_id={listener}&count=20"))
        return mixed

    def constant(self) -> list[Asked]:
        """Ask as `cached` does, what is always answered the same."""
        return [Asked(each.method, "/constant", each.body) for each in self.cached()]


def recommend(number: int, **more: float) -> Asked:
    """Ask for ten items for a listener."""
    return Asked("POST", RECOMMEND, json.dumps({"user_id": user_id(number), "count": 10, **more}))


def texts(where: Backing) -> list[Asked]:
    """Give searches, the kinds in turn."""
    app = App(where.settings)
    with app.workspace.store.read() as connection:
        named = bulk.read(connection, items.select().with_only_columns(items.c.kind, items.c.name, items.c.credit))
    app.close()
    documents = named.rename({"credit": "artist"}).drop_nulls()
    drawn = search_speed.queries(documents, min(400, len(documents)))
    asked = []
    for kind, found in drawn.items():
        for number, text in enumerate(found):
            if kind == "typing":
                one = Asked("GET", str(httpx.URL("/api/v1/search/suggest", params={"text": text})))
            else:
                one = Asked("POST", "/api/v1/search", json.dumps({"text": text, "count": 10}))
            asked.append((number, one))
    return [one for _, one in sorted(asked, key=lambda each: each[0])]


def warm(service: Served, asking: Requests, seconds: float) -> None:
    """Have every process load its models and read its indexes, and keep what is to be kept."""
    for kind in ("search", "uncached", "cached"):
        wrk.ask(service.address, service.key, asking.of(kind), seconds=seconds, connections=CONNECTIONS)


def measured(
    service: Served, where: Backing, asking: Requests, kind: str, seconds: float
) -> tuple[dict[str, float], int]:
    """Ask as much as can be answered, then half of that; give the numbers, and how much went wrong."""
    servers = where.processes()
    before, of_servers = service.cpu_s(), cpu_s(servers)
    most = wrk.ask(service.address, service.key, asking.of(kind), seconds=seconds, connections=CONNECTIONS)
    spent, by_servers = service.cpu_s() - before, cpu_s(servers) - of_servers
    time.sleep(PAUSE_S)
    half = paced.ask(service.address, service.key, asking.of(kind), per_s=most.per_s / 2, seconds=seconds)
    numbers = {
        "per_s": most.per_s,
        "cpu_ms": spent / most.requests * 1e3,
        "half_p50_ms": half.percentile(50),
        "half_p99_ms": half.percentile(99),
    }
    if servers:
        numbers["database_cpu_ms"] = by_servers / most.requests * 1e3
    return numbers, most.refused + most.broken + half.failed


def one_answer(service: Served, asking: Requests) -> int:
    """Give the size of an answer, bytes."""
    body = json.loads(asking.cached()[0].body)
    return len(httpx.post(f"{service.address}{RECOMMEND}", json=body, headers=service.headers, timeout=60).content)


@contextmanager
def constant(size: int) -> Iterator[str]:
    """Serve so many bytes, always the same; give the address."""
    command = [sys.executable, "-m", "benchmarks.constant_answer", str(size), str(WORKERS)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        until_it_answers(lambda: httpx.post(f"{address}/constant", json={"count": 10}, timeout=30).raise_for_status())
        time.sleep(2)  # for the second process
        yield address
    finally:
        stop(process)


def until_it_answers(ask: Callable[[], object], patience_s: float = 60.0) -> None:
    """Ask until there is an answer."""
    end = time.monotonic() + patience_s
    while True:
        try:
            ask()
        except httpx.TransportError:
            if time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def starts(size: DemoSize, times: int) -> Iterator[float]:
    """Start the service of one process, and give how long it took to the first answer."""
    with backing("sqlite", size) as where:
        environment = os.environ | {"ML_HOME": str(where.settings.storage.home)}
        for _ in range(times):
            begun = time.perf_counter()
            process = subprocess.Popen(
                [sys.executable, "-m", "ml", "serve", "--port", "0", "--json"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert process.stdout is not None
            address = json.loads(process.stdout.readline())["address"]
            httpx.get(f"{address}/api/v1/health", timeout=60).raise_for_status()
            yield time.perf_counter() - begun
            stop(process)
