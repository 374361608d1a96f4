"""Training implicit ALS with 128 factors to an equal accuracy: ours, `implicit` and `irspack`, on Gowalla.

A tenth of each visitor's places in the training part is put aside (`held_out.for_choosing`; no test set is looked at).
Each library has the settings that do best there, and the solver that trains fastest with them. First every library
trains on, and after every iteration NDCG@20 is measured; listeners are solved for exactly, by each library's own
objective. `…_ndcg` is the best that it reaches, `level_ndcg` the common level, 99.5 % of the lowest of these, and
`…_iterations` says how many it takes to get there. Then the libraries take turns, each in a fresh process with two
threads: `…_s` is the shortest time of a training of that many iterations, start to end, without reading the data;
`…_median_s` is the median. `times_fastest_peer` is ours over the faster peer's, both the shortest.

`…_one_iteration_s` is what one iteration takes with the other solvers, which is why they are not raced. BLAS has one
thread in the peers, as `implicit` asks for; both bring threads of their own. The peers live in `.venv-peers`, which
`make bench` makes. A quick run takes the demo world.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, save_npz

from benchmarks import held_out
from benchmarks.peer import PEERS
from benchmarks.process import alone
from benchmarks.target import Target

TARGETS = {"times_fastest_peer": Target(at_most=1.0)}
SCRIPT = Path(__file__).parent / "peers" / "train_als.py"

#: What each trains with; chosen on the part put aside.
OURS: Mapping[str, Any] = {"regularization": 2.5}
THEIRS: Mapping[str, Mapping[str, Any]] = {
    "implicit": {"alpha": 34.0, "regularization": 82.5, "use_cg": True},
    "irspack": {"alpha0": 0.03, "reg": 0.002, "nu": 1.0, "solver_type": "CG"},
}
#: The other solvers of each.
SLOWER: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "implicit": {"cholesky": {"use_cg": False}},
    "irspack": {"ialspp": {"solver_type": "IALSPP"}, "cholesky": {"solver_type": "CHOLESKY"}},
}
FACTORS_ARE_CALLED = {"implicit": "factors", "irspack": "n_components"}
SHARE, THREADS, JUDGES = 0.995, 2, 5_000
FACTORS, MOST, REPETITIONS = 128, 6, 7
FACTORS_QUICK, MOST_QUICK, REPETITIONS_QUICK = 16, 3, 1


def run(quick: bool) -> dict[str, float]:
    if not PEERS.exists():
        raise SystemExit(f"{PEERS} is missing: `make bench` makes it")
    where = "demo" if quick or "gowalla" not in held_out.available() else "gowalla"
    factors, most = (FACTORS_QUICK, MOST_QUICK) if quick else (FACTORS, MOST)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save_npz(folder / "plays.npz", _ones(held_out.for_choosing(where).train.data.plays.counts))
        traces = {"ours": alone(trace_ours, where, factors, most)}
        for library in THEIRS:
            items = folder / library
            items.mkdir()
            train_peer(folder, library, factors, most, keep=items)
            traces[library] = alone(trace_peer, where, library, str(items))
        needed, numbers = compare(traces)
        print(numbers, flush=True)
        numbers |= race(folder, where, factors, needed, REPETITIONS_QUICK if quick else REPETITIONS)
        return numbers | slower(folder, factors)


def compare(traces: Mapping[str, Mapping[str, float]]) -> tuple[dict[str, int], dict[str, float]]:
    """Find the common level and after how many iterations each library is there.

    >>> compare({"ours": {"1": 0.5, "2": 1.0}, "other": {"1": 0.7, "2": 0.8}, "third": {"1": 0.796, "2": 0.79}})[0]
    {'ours': 2, 'other': 2, 'third': 1}
    """
    by_iteration = {name: {int(i): v for i, v in trace.items() if i.isdigit()} for name, trace in traces.items()}
    level = SHARE * min(max(trace.values()) for trace in by_iteration.values())
    needed = {name: min(i for i, v in trace.items() if v >= level) for name, trace in by_iteration.items()}
    numbers = {f"{name}_ndcg": max(trace.values()) for name, trace in by_iteration.items()}
    counts = {f"{name}_iterations": float(count) for name, count in needed.items()}
    return needed, numbers | {"level_ndcg": level} | counts


def race(folder: Path, where: str, factors: int, needed: Mapping[str, int], repetitions: int) -> dict[str, float]:
    """Let all train in turn, several times."""
    times: dict[str, list[float]] = {name: [] for name in needed}
    peak_mib = 0.0
    for _ in range(repetitions):
        for name, iterations in needed.items():
            if name == "ours":
                ours = alone(train_ours, where, factors, iterations)
                peak_mib = max(peak_mib, ours["peak_mib"])
                times[name].append(ours["seconds"])
            else:
                times[name].append(train_peer(folder, name, factors, iterations))
        print({name: round(taken[-1], 2) for name, taken in times.items()}, flush=True)
    best = {name: min(taken) for name, taken in times.items()}
    numbers = {f"{name}_s": value for name, value in best.items()}
    numbers |= {f"{name}_median_s": statistics.median(taken) for name, taken in times.items()}
    fastest = min(value for name, value in best.items() if name != "ours")
    return numbers | {"times_fastest_peer": best["ours"] / fastest, "ours_peak_mib": peak_mib}


def slower(folder: Path, factors: int) -> dict[str, float]:
    """Time one iteration of the solvers that are not raced."""
    return {
        f"{library}_{solver}_one_iteration_s": train_peer(folder, library, factors, 1, **settings)
        for library, solvers in SLOWER.items()
        for solver, settings in solvers.items()
    }


def train_ours(where: str, factors: int, iterations: int) -> dict[str, float]:
    from ml.models.base import TrainingData
    from ml.models.ials import ImplicitALS
    from ml.models.plays import Plays

    # Two threads, like the peers, whatever the machine has.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])
    data = held_out.for_choosing(where).train.data
    tiny = TrainingData(Plays.of([[0, 1], [2]], n_items=3), csr_matrix((3, 0)), np.full(3, -1, dtype=np.int32))
    ImplicitALS(factors=4).fit(tiny, rng=np.random.default_rng(0))  # loads what is loaded once
    model = ImplicitALS(factors=factors, iterations=iterations, **OURS)
    begin = time.perf_counter()
    model.fit(data, rng=np.random.default_rng(0))
    return {"seconds": time.perf_counter() - begin}


def trace_ours(where: str, factors: int, most: int) -> dict[str, float]:
    from ml.models.ials import ImplicitALS

    split = held_out.for_choosing(where)
    models = (ImplicitALS(factors=factors, iterations=count, **OURS) for count in range(1, most + 1))
    fitted = (model.fit(split.train.data, rng=np.random.default_rng(0)) for model in models)
    return {str(model.iterations): _ndcg(model, split) for model in fitted}


def train_peer(
    folder: Path, library: str, factors: int, iterations: int, *, keep: Path | None = None, **others: Any
) -> float:
    """Train a peer in its own environment; give the seconds, or keep the factors of every iteration."""
    settings = {FACTORS_ARE_CALLED[library]: factors, "iterations": iterations, "threads": THREADS}
    written = folder / "settings.json"
    written.write_text(json.dumps({"library": library, **THEIRS[library], **settings, **others}), encoding="utf-8")
    command = [PEERS, SCRIPT, folder / "plays.npz", written, *([keep] if keep else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    return float("nan") if keep else float(json.loads(done.stdout)["seconds"][0])


def trace_peer(where: str, library: str, items: str) -> dict[str, float]:
    """Judge a peer's item factors with exact listeners: its objective is ours but for the names of its settings."""
    from ml.models.ials import ImplicitALS

    settings = THEIRS[library]
    if library == "implicit":  # a played pair has alpha times the weight of another, and weighs one more than in ours
        weight = settings["alpha"] - 1
        same = {"alpha": 1 / weight, "regularization": settings["regularization"] / weight, "exponent": 0.0}
    else:
        same = {"alpha": settings["alpha0"], "regularization": settings["reg"], "exponent": settings["nu"]}
    same["popularity"] = 0.0
    split = held_out.for_choosing(where)
    reached = {}
    for path in Path(items).glob("*.npy"):
        factors = np.load(path)
        model = ImplicitALS(factors=factors.shape[1], **same)
        reached[path.stem] = _ndcg(model.restore({"item_factors": factors, "frequency": np.array(1.0)}), split)
    return reached


def _ndcg(model: Any, split: Any) -> float:
    from ml.models.judging import draw_judges, judge

    judges = draw_judges(split, JUDGES, rng=np.random.default_rng(0))
    return float(np.nanmean(judge(model, split, judges, metrics=("ndcg",))["ndcg@20"]))


def _ones(plays: csr_matrix) -> csr_matrix:
    """Take plays as they are taken with a `confidence` of 0: heard or not."""
    return csr_matrix((np.ones(plays.nnz, dtype=np.float32), plays.indices, plays.indptr), shape=plays.shape)
