"""Importing generated listens into SQLite, in time order, with the uniqueness that idempotence needs.

CSV has outside ids, names and playing times; JSON lines are a ListenBrainz export, which has names only. While the CSV
is imported, another process records a listen every 20 ms and measures how long that takes. `disk_mb_s` is what the
same disk writes sequentially with a final fsync: the yardstick of the machine.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import generated
from benchmarks.process import alone
from benchmarks.target import Target

TARGETS = {
    "csv_listens_per_s": Target(at_least=100_000),
    "json_lines_listens_per_s": Target(at_least=50_000),
    "csv_peak_mib": Target(at_most=1024),
    "json_lines_peak_mib": Target(at_most=1024),
}


def run(quick: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = alone(write_files, str(root), quick)
        csv, json_lines = root / "listens.csv", root / "listens.jsonl"
        numbers = {"listens": files["listens"], "disk_mb_s": disk_speed(root)}
        waits = multiprocessing.get_context("spawn").Pool(1)
        with waits as pool:
            recorded = pool.apply_async(record_meanwhile, (str(root / "csv"),))
            numbers |= renamed("csv", alone(import_file, str(csv), str(root / "csv")))
            (root / "csv" / "stop").touch()
            numbers |= recorded.get(timeout=60)
        numbers |= renamed("json_lines", alone(import_file, str(json_lines), str(root / "json")))
        return numbers


def write_files(folder: str, quick: bool) -> dict[str, float]:
    batches = generated.world(generated.SMALL if quick else generated.LARGE)
    generated.write_csv(batches, Path(folder) / "listens.csv")
    generated.write_json_lines(batches, Path(folder) / "listens.jsonl")
    return {"listens": sum(len(frame) for frame in generated.listens(batches))}


def import_file(path: str, home: str) -> dict[str, float]:
    from ml.data.ingest import run as import_path
    from ml.data.store import Store

    Path(home).mkdir(exist_ok=True)
    store = Store.at(Path(home))
    begin = time.perf_counter()
    summary = import_path(store, path, rejects_folder=Path(home) / "rejects")
    seconds = time.perf_counter() - begin
    store.close()
    assert summary.rejected == 0, summary.reasons
    return {"listens_per_s": summary.rows / seconds, "seconds": seconds, "stored": float(summary.added["listens"])}


def record_meanwhile(home: str) -> dict[str, float]:
    """Record a listen every 20 ms from the first stored listen until the import is done."""
    from ml.data.ingest import record_listen
    from ml.data.store import Store

    Path(home).mkdir(exist_ok=True)
    store = Store.at(Path(home))
    stop, waits = Path(home) / "stop", []
    while not stop.exists():
        begin = time.perf_counter()
        record_listen(store, 1, 1 + len(waits))
        waits.append(time.perf_counter() - begin)
        time.sleep(0.02)
    store.close()
    p50, p99 = np.percentile(np.array(waits) * 1000, [50, 99])
    return {"record_p50_ms": p50, "record_p99_ms": p99, "record_max_ms": max(waits) * 1000, "recorded": len(waits)}


def renamed(prefix: str, numbers: dict[str, Any]) -> dict[str, Any]:
    return {f"{prefix}_{name}": value for name, value in numbers.items()}


def disk_speed(folder: Path) -> float:
    block = os.urandom(1 << 20)
    begin = time.perf_counter()
    with (folder / "probe").open("wb") as stream:
        for _ in range(256):
            stream.write(block)
        stream.flush()
        os.fsync(stream.fileno())
    return 256 / (time.perf_counter() - begin)
