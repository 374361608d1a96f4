"""A snapshot of 5 million listens in SQLite, and loading it for training.

`take` reads the store in one state, hashes every table and writes Parquet; `load` makes the arrays that models are
fitted on. `take_and_load` is both, one after the other, each in a fresh process, as `ml train` does them. Taken anew
in every round (`take` leaves a snapshot alone that is already there, but only after it was read and hashed); the
numbers are of the median round, `best` of the quickest. `cpu` is processor time of all threads.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import generated
from benchmarks.process import alone
from benchmarks.target import Target

TARGETS = {"take_and_load_listens_per_s": Target(at_least=1_000_000)}

ROUNDS, ROUNDS_QUICK = 5, 2


def run(quick: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        listens = alone(store_world, home, quick)["listens"]
        rounds = [one_round(home) for _ in range(ROUNDS_QUICK if quick else ROUNDS)]
    middle = {name: float(np.median([one[name] for one in rounds])) for name in rounds[0]}
    best = min(one["take_s"] + one["load_s"] for one in rounds)
    return {
        "listens": listens,
        "take_and_load_listens_per_s": listens / (middle["take_s"] + middle["load_s"]),
        "best_take_and_load_listens_per_s": listens / best,
        "take_listens_per_s": listens / middle["take_s"],
        "load_listens_per_s": listens / middle["load_s"],
        **middle,
    }


def store_world(home: str, quick: bool) -> dict[str, float]:
    from ml.data.demo import make_world
    from ml.data.ingest import load
    from ml.data.store import Store

    store = Store.at(Path(home))
    tally = load(store, make_world(generated.SMALL if quick else generated.LARGE, seed=0).batches())
    store.checkpoint()
    store.close()
    return {"listens": float(tally.added["listens"])}


def one_round(home: str) -> dict[str, float]:
    shutil.rmtree(Path(home) / "snapshots", ignore_errors=True)
    measured = {"take": alone(take, home), "load": alone(load_snapshot, home)}
    return {f"{verb}_{name}": value for verb, numbers in measured.items() for name, value in numbers.items()}


def take(home: str) -> dict[str, float]:
    from ml.data import snapshot
    from ml.data.store import Store

    store = Store.at(Path(home))
    begin, cpu = time.perf_counter(), time.process_time()
    snapshot.take(store, Path(home) / "snapshots")
    numbers = {"s": time.perf_counter() - begin, "cpu_s": time.process_time() - cpu}
    store.close()
    return numbers


def load_snapshot(home: str) -> dict[str, float]:
    from ml.data.snapshot import Snapshot
    from ml.models.dataset import Dataset

    begin, cpu = time.perf_counter(), time.process_time()
    Dataset.load(Snapshot.latest(Path(home) / "snapshots"))
    return {"s": time.perf_counter() - begin, "cpu_s": time.process_time() - cpu}
