"""How time and memory grow with listeners, tracks and listens: ten and a hundred times as many, alone and together.

The base has 1,000 listeners, 1,000 tracks and 50,000 listens; what does not grow stays as it is, except that artists
grow with tracks. The names say which axis has grown, and how often: `listens_x100_import_s` has 5 million listens of
the same 1,000 listeners to the same 1,000 tracks. Every world is generated and its catalogue stored first; then, each
in a fresh process whose peak memory is its own: a CSV of the listens is imported (`import`); a snapshot is taken and
loaded (`snapshot`) and every model fitted (`fit`, `train_mib`); 200 listeners are answered one by one (`recommend`).
`fit_others` are the three kinds of popularity and replay; `fit_hybrid` learns the scales of the blend alone.

`growth` is what the last step, from ten to a hundred times, multiplies: 10 is linear, and 12 is let pass as noise of
the machine. Two methods make exceptions. Item-kNN compares every two items of one history, so its fit grows with
the square of how much each listener heard, until the listener has heard every track. Listens lie clustered by
listener, and an import in time order sorts up to 1.5 million of them before it writes: a larger one writes to pages
that are full already, so that ten times 500,000 listens take more than ten times as long.

What is short also pays for leaving the processor's caches: at ten times, the plays fit into them, at a hundred they do
not. Fits of tenths of a second that grow to seconds show that as much as the number of their operations.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.process import alone
from benchmarks.target import Target
from ml.data.demo import DemoSize

BASE = DemoSize(listeners=1_000, tracks=1_000, artists=100, listens=50_000)
FACTORS, FACTORS_QUICK = (10, 100), (2, 4)
#: What grows, by the name of the axis.
AXES: dict[str, tuple[str, ...]] = {
    "listeners": ("listeners",),
    "tracks": ("tracks", "artists"),
    "listens": ("listens",),
    "all": ("listeners", "tracks", "artists", "listens"),
}
MEASURES = (
    "import_s",
    "import_mib",
    "snapshot_s",
    "fit_item_knn_s",
    "fit_ials_s",
    "fit_content_s",
    "fit_hybrid_s",
    "fit_others_s",
    "train_mib",
    "recommend_p50_ms",
    "recommend_mib",
)
ASKED = 200

TARGETS = {
    f"{axis}_growth_{measure}": Target(at_most=12)
    for axis in AXES
    for measure in MEASURES
    if (axis, measure) not in {("listens", "fit_item_knn_s"), ("listens", "import_s"), ("all", "import_s")}
}


def run(quick: bool) -> dict[str, float]:
    factors = FACTORS_QUICK if quick else FACTORS
    numbers = named("x1", world(BASE))
    for axis, fields in AXES.items():
        for factor in factors:
            grown = {field: factor * getattr(BASE, field) for field in fields}
            numbers |= named(f"{axis}_x{factor}", world(replace(BASE, **grown)))
        before, after = (f"{axis}_x{factor}_" for factor in factors)
        numbers |= {f"{axis}_growth_{name}": numbers[after + name] / numbers[before + name] for name in MEASURES}
    return numbers


def named(prefix: str, numbers: dict[str, float]) -> dict[str, float]:
    return {f"{prefix}_{name}": numbers[name] for name in MEASURES}


def world(size: DemoSize) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        alone(prepare, home, size)
        imported, trained, answered = alone(import_csv, home), alone(train, home), alone(answer, home)
    peaks = {"import": imported, "train": trained, "recommend": answered}
    mib = {f"{name}_mib": numbers.pop("peak_mib") for name, numbers in peaks.items()}
    return imported | trained | answered | mib


def prepare(home: str, size: DemoSize) -> dict[str, float]:
    """Store the catalogue and the profiles; leave the listens in a file."""
    from benchmarks import generated
    from ml.data.demo import make_world
    from ml.data.ingest import load
    from ml.data.store import Store

    made = make_world(size, seed=0)
    store = Store.at(Path(home))
    load(store, (batch for batch in made.batches() if "listens" not in batch.frames))
    store.close()
    generated.write_csv([batch for batch in made.batches() if "listens" in batch.frames], Path(home) / "listens.csv")
    return {}


def import_csv(home: str) -> dict[str, float]:
    from ml.data.ingest import run as import_path
    from ml.data.store import Store

    store = Store.at(Path(home))
    begin = time.perf_counter()
    summary = import_path(store, Path(home) / "listens.csv", rejects_folder=Path(home) / "rejects")
    seconds = time.perf_counter() - begin
    store.close()
    assert summary.rejected == 0, summary.reasons
    return {"import_s": seconds}


def train(home: str) -> dict[str, float]:
    from ml.data import snapshot
    from ml.data.store import Store
    from ml.foundation.settings import Recommendation
    from ml.models import files, pointer, training
    from ml.models.dataset import Dataset

    store = Store.at(Path(home))
    begin = time.perf_counter()
    dataset = Dataset.load(snapshot.take(store, Path(home) / "snapshots"))
    moments = [("snapshot", begin)]
    models = training.train(
        dataset,
        Recommendation(),
        about={"data_hash": dataset.snapshot},
        on_step=lambda step: moments.append((step.replace(" ", "_"), time.perf_counter())),
        judge=False,
    )
    moments.append(("end", time.perf_counter()))
    pointer.promote(Path(home) / "models", files.save_set(Path(home) / "models", models))
    store.close()
    seconds = {name: after - at for (name, at), (_, after) in pairwise(moments)}
    own = {f"{name}_s": value for name, value in seconds.items() if f"{name}_s" in MEASURES}
    return own | {"fit_others_s": sum(seconds.values()) - sum(own.values())}


def answer(home: str) -> dict[str, float]:
    from ml.app import App
    from ml.foundation.settings import Settings

    app = App(Settings(), home=Path(home))
    listeners = np.random.default_rng(0).choice(everyone(app), ASKED)
    app.engine.recommend(listeners[0])  # opens the models
    waits = []
    for listener in listeners:
        begin = time.perf_counter()
        app.engine.recommend(listener)
        waits.append(1000 * (time.perf_counter() - begin))
    app.close()
    return {"recommend_p50_ms": float(np.median(waits))}


def everyone(app: Any) -> list[str]:
    from sqlalchemy import select

    from ml.data.schema import users

    with app.workspace.store.read() as connection:
        rows = connection.execute(select(users.c.source, users.c.external_id).order_by(users.c.key))
        return [f"{row.source}:{row.external_id}" for row in rows]
