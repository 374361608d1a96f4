"""Twenty minutes of everything at once, on a service of two processes with 100,000 tracks: no error, and flat memory.

Requests come at a steady rate by kind: recommendations to 2,000 listeners, plays told, searches, histories and
playlists. Meanwhile two sets of models are promoted in turn every 20 s, files are imported as jobs one after another,
and experiments are created, started, reported, stopped and removed. `errors` counts every answer of 400 and above and
every connection that broke, `jobs_failed` imports that did not end well, `lost` events that were acknowledged and are
not in the store at the end.

Memory is what the processes that answer have of their own (``RssAnon`` of Linux), every ten seconds; pages of files,
which the system takes back when it needs them, are left out. What they grow by is the slope of a line through the last
two thirds of the time (Theil and Sen), with the ends of its 95 % interval, over the means of twelve equal stretches:
single measurements are too much alike to be evidence each. `…_mib` are the means of the first and the last of them.
``ML_SOAK_MINUTES`` is for another length than twenty.
"""

from __future__ import annotations

import csv
import itertools
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import numpy as np
import psutil
from scipy.stats import theilslopes

from benchmarks.served import Served, served
from benchmarks.service_load import texts
from benchmarks.service_stores import backing
from benchmarks.service_world import LARGE, SMALL
from benchmarks.target import Target
from benchmarks.telling import BROKEN, missing
from ml.data.demo import DemoSize, track_id, user_id

MINUTES, EVERY_S, FEW = 20.0, 10.0, 2_000
#: Of which growth is told.
STRETCHES = 12
#: Requests a second, by kind.
RATES = {"recommend": 60.0, "tell": 10.0, "search": 15.0, "history": 5.0, "playlist": 0.2}
#: Threads of each kind.
THREADS = {"recommend": 4, "tell": 2, "search": 3, "history": 1, "playlist": 1}
PROMOTED_S, IMPORTED_S, EXPERIMENT_S = 20.0, 30.0, 45.0
TARGETS = {
    "errors": Target(at_most=0),
    "jobs_failed": Target(at_most=0),
    "lost": Target(at_most=0),
    "growth_mib_per_h_low": Target(at_most=20),
}


def run(quick: bool) -> dict[str, float]:
    size, minutes = (SMALL, 0.5) if quick else (LARGE, float(os.environ.get("ML_SOAK_MINUTES") or MINUTES))
    with backing("sqlite", size) as where, served(where.settings) as service:
        asked = [(each.method, each.path, each.body) for each in texts(where)]
        soak = Soak(service, size, asked, where.settings.storage.home.parent)
        numbers = soak.go(minutes * 60)
        numbers["lost"] = float(len(missing(where.settings, soak.acknowledged)))
    for said in soak.said[:10]:
        print(said, flush=True)
    return numbers


class Soak:
    """All that is asked at once.

    Parameters
    ----------
    service : Served
    size : DemoSize
    asked : list
        Searches: method, path and body.
    folder : Path
        Where files lie that are imported.
    """

    def __init__(self, service: Served, size: DemoSize, asked: list[tuple[str, str, str]], folder: Path) -> None:
        self._service, self._size, self._asked, self._folder = service, size, asked, folder
        self.acknowledged: list[int] = []
        self.said: list[str] = []
        self._statuses: Counter[int] = Counter()
        self._counts: Counter[str] = Counter()
        self._numbers, self._lock, self._stopped = itertools.count(1), threading.Lock(), threading.Event()

    def go(self, seconds: float) -> dict[str, float]:
        """Ask for so long; give the numbers."""
        works: list[tuple[Callable[[httpx.Client], None], float]] = [
            (getattr(self, kind), THREADS[kind] / rate) for kind, rate in RATES.items() for _ in range(THREADS[kind])
        ]
        works += [(self.promote, PROMOTED_S), (self.import_one, IMPORTED_S), (self.experiment, EXPERIMENT_S)]
        threads = [threading.Thread(target=self._go_on, args=work, daemon=True) for work in works]
        for thread in threads:
            thread.start()
        measured = self._watched(seconds)
        self._stopped.set()
        for thread in threads:
            thread.join()
        errors = sum(n for status, n in self._statuses.items() if status >= 400 or status == BROKEN)
        return {
            "minutes": seconds / 60,
            "errors": float(errors),
            **{f"{kind}_n": float(n) for kind, n in sorted(self._counts.items()) if kind != "jobs_failed"},
            "jobs_failed": float(self._counts["jobs_failed"]),
            **grown(measured),
        }

    def _watched(self, seconds: float) -> np.ndarray:
        """Measure memory until the time is over."""
        found, step, begun = [], min(EVERY_S, seconds / 10), time.monotonic()
        while (gone := time.monotonic() - begun) < seconds:
            self._stopped.wait(step - gone % step)
            with suppress(psutil.NoSuchProcess, OSError):
                sizes = [own_mib(each.pid) for each in self._service.workers()]
                found.append((time.monotonic() - begun, sum(sizes)))
        return np.array(found)

    def _go_on(self, work: Callable[[httpx.Client], None], every_s: float) -> None:
        due = time.monotonic() + random.random() * every_s
        with httpx.Client(base_url=self._service.address, headers=self._service.headers, timeout=60) as client:
            while not self._stopped.wait(max(0.0, due - time.monotonic())):
                due = max(due + every_s, time.monotonic() - every_s)
                with self._lock:
                    self._counts[work.__name__] += 1
                try:
                    work(client)
                except httpx.TransportError as error:
                    self._count(BROKEN, repr(error))

    def _ask(self, client: httpx.Client, method: str, path: str, **sent: object) -> httpx.Response:
        answer = client.request(method, f"/api/v1{path}", **sent)  # type: ignore[arg-type]
        self._count(answer.status_code, f"{method} {path.partition('?')[0]}: {answer.text[:200]}")
        return answer

    def _count(self, status: int, text: str) -> None:
        with self._lock:
            self._statuses[status] += 1
            if status >= 400 or status == BROKEN:
                self.said.append(f"{status} {text}")

    def _listener(self) -> str:
        return user_id(random.randrange(min(FEW, self._size.listeners)))

    def _track(self) -> str:
        return track_id(random.randrange(self._size.tracks))

    # --- what is asked

    def recommend(self, client: httpx.Client) -> None:
        """Ask for recommendations."""
        self._ask(client, "POST", "/recommendations", json={"user_id": self._listener(), "count": 10})

    def tell(self, client: httpx.Client) -> None:
        """Tell of a play."""
        answer = self._ask(client, "POST", "/events", json={"user_id": self._listener(), "item_id": self._track()})
        if answer.is_success:
            with self._lock:
                self.acknowledged.append(answer.json()["event_id"])

    def search(self, client: httpx.Client) -> None:
        """Search for anything."""
        method, path, body = random.choice(self._asked)
        answer = client.request(method, path, content=body, headers={"Content-Type": "application/json"})
        self._count(answer.status_code, f"{method} {path.partition('?')[0]}: {answer.text[:200]}")

    def history(self, client: httpx.Client) -> None:
        """Read a listener's last plays."""
        self._ask(client, "GET", f"/listens?user_id={self._listener()}&count=20")

    def playlist(self, client: httpx.Client) -> None:
        """Have a playlist made."""
        self._ask(client, "POST", "/playlists/generate", json={"mood": "calm", "count": 10})

    def promote(self, client: httpx.Client) -> None:
        """Let the other set of models answer."""
        answer = self._ask(client, "GET", "/models")
        if not answer.is_success:
            return  # counted as an error; the next turn promotes
        known = answer.json()
        other = next((each["version"] for each in known if not each["in_use"]), known[0]["version"])
        self._ask(client, "POST", f"/models/{other}/promote")

    def import_one(self, client: httpx.Client) -> None:
        """Import a file of a few hundred listens as a job, and wait for its end."""
        number = next(self._numbers)
        path = self._folder / f"history-{number}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(("user_id", "title", "artist", "listened_at"))
            at = 1_700_000_000 + number * 100_000
            rows.writerows((f"soak:{number}", f"song {n}", f"artist {n % 20}", at + 200 * n) for n in range(300))
        job = self._ask(client, "POST", "/imports", files={"file": (path.name, path.read_bytes(), "text/csv")})
        path.unlink()
        if not job.is_success:
            return
        while not self._stopped.wait(0.5):
            answer = self._ask(client, "GET", f"/jobs/{job.json()['id']}")
            state = answer.json().get("state", "unknown")
            if state not in {"queued", "running"}:
                if state != "done":
                    self._counts["jobs_failed"] += 1
                    self.said.append(answer.text[:400])
                return

    def experiment(self, client: httpx.Client) -> None:
        """Run an experiment for a few seconds."""
        name = f"soak-{next(self._numbers)}"
        variants = [{"name": "a"}, {"name": "b", "parameters": {"familiar_ratio": 0.5}}]
        made = {"name": name, "variants": variants, "metric": {"name": "plays"}}
        self._ask(client, "POST", "/experiments", json=made)
        self._ask(client, "POST", f"/experiments/{name}/start", json={"share": 0.5})
        self._stopped.wait(10)
        self._ask(client, "GET", f"/experiments/{name}/report")
        self._ask(client, "POST", f"/experiments/{name}/stop")


def own_mib(pid: int) -> float:
    """Give the memory that a process has of its own: what it holds of files, the system takes back when it needs it."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(float(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("RssAnon:"))


def grown(measured: np.ndarray) -> dict[str, float]:
    """Say how much memory has grown, from what was measured after the first third of the time."""
    late = measured[len(measured) // 3 :]
    means = np.array([each.mean(axis=0) for each in np.array_split(late, min(STRETCHES, len(late)))])
    slope, _, low, high = theilslopes(means[:, 1], means[:, 0] / 3600)
    return {
        "memory_first_mib": float(means[0, 1]),
        "memory_last_mib": float(means[-1, 1]),
        "growth_mib_per_h": float(slope),
        "growth_mib_per_h_low": float(low),
        "growth_mib_per_h_high": float(high),
    }
