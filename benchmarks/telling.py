"""Clients that tell a service of plays and ask for recommendations, and remember what was acknowledged."""

from __future__ import annotations

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from sqlalchemy import select

from benchmarks.served import Served
from ml.app import App
from ml.data.schema import listens
from ml.foundation.settings import Settings

BROKEN = 0
_CHUNK = 500


@dataclass
class Telling:
    """Threads that go on asking until they are stopped, whatever comes.

    Parameters
    ----------
    service : Served
    told : callable
        Makes the body of the event of a number.
    asked : callable
        Makes the body of the recommendation of a number.
    threads : int
        Of which every other one asks for recommendations instead.
    """

    service: Served
    told: Callable[[int], Mapping[str, Any]]
    asked: Callable[[int], Mapping[str, Any]]
    threads: int = 4
    #: Ids of events that were acknowledged.
    acknowledged: list[int] = field(default_factory=list)
    #: How often there was each status, :data:`BROKEN` where the connection broke.
    statuses: Counter[int] = field(default_factory=Counter)
    #: Bodies of what was answered with 500, a few.
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._numbers, self._stopped = itertools.count(1), threading.Event()
        self._lock, self._good = threading.Lock(), threading.Condition()
        self._running: list[threading.Thread] = []

    def __enter__(self) -> Self:
        works = (self._tell, self._ask)
        self._running = [
            threading.Thread(target=self._go_on, args=(works[number % 2],), daemon=True)
            for number in range(self.threads)
        ]
        for thread in self._running:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._running:
            thread.join()

    def wait_for(self, events: int, patience_s: float = 60.0) -> None:
        """Wait until so many more events are acknowledged.

        Raises
        ------
        TimeoutError
        """
        with self._good:
            wanted = len(self.acknowledged) + events
            if not self._good.wait_for(lambda: len(self.acknowledged) >= wanted, patience_s):
                raise TimeoutError(f"after {patience_s:g} s nothing is acknowledged: {dict(self.statuses)}")

    def _go_on(self, work: Callable[[httpx.Client, int], httpx.Response]) -> None:
        while not self._stopped.is_set():
            # Whatever breaks, breaks the connection: the next one may come to another process.
            with httpx.Client(base_url=self.service.address, headers=self.service.headers, timeout=30) as client:
                while not self._stopped.is_set():
                    try:
                        answer = work(client, next(self._numbers))
                    except httpx.TransportError:
                        self._count(BROKEN)
                        self._stopped.wait(0.01)
                        break
                    self._count(answer.status_code, answer.text)

    def _tell(self, client: httpx.Client, number: int) -> httpx.Response:
        answer = client.post("/api/v1/events", json=self.told(number))
        if answer.is_success:
            with self._good:
                self.acknowledged.append(answer.json()["event_id"])
                self._good.notify_all()
        return answer

    def _ask(self, client: httpx.Client, number: int) -> httpx.Response:
        return client.post("/api/v1/recommendations", json=self.asked(number))

    def _count(self, status: int, text: str = "") -> None:
        with self._lock:
            self.statuses[status] += 1
            if status == 500 and len(self.faults) < 5:
                self.faults.append(text)


def missing(settings: Settings, acknowledged: list[int]) -> list[int]:
    """List the events that were acknowledged and are not in the store; nothing may be twice either."""
    if len(set(acknowledged)) != len(acknowledged):
        raise AssertionError("one number was given to two events")
    app, there = App(settings), set[int]()
    try:
        with app.workspace.store.read() as connection:
            for first in range(0, len(acknowledged), _CHUNK):
                some = acknowledged[first : first + _CHUNK]
                there |= set(
                    connection.execute(select(listens.c.event_id).where(listens.c.event_id.in_(some))).scalars()
                )
    finally:
        app.close()
    return [each for each in acknowledged if each not in there]
