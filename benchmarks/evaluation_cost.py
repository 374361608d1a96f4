"""What an evaluation costs: `ml.evaluation` on Gowalla as published, all 29,858 visitors, all 40,981 places ranked.

Implicit ALS with 128 factors and the baseline, popularity, are fitted, rank everything, and are measured with all
metrics, breakdowns and intervals. `total_s` is all of it after the files were read, without the fit of the factors,
which `ials_training` measures; `score_s` is the ranking by the factors alone. `mib` is the peak of the process, the
data included. A quick run takes the demo world.
"""

from __future__ import annotations

import time

from benchmarks import held_out
from benchmarks.process import alone
from benchmarks.reproduction import SETTINGS
from benchmarks.target import Target

TARGETS = {"total_s": Target(at_most=60), "mib": Target(at_most=2 * 1024)}


def run(quick: bool) -> dict[str, float]:
    where = "demo" if quick or "gowalla" not in held_out.available() else "gowalla"
    found = alone(cost_on, where)
    return {key.removeprefix("peak_"): value for key, value in found.items()}


def cost_on(where: str) -> dict[str, float]:
    from ml.evaluation.running import measure
    from ml.models.ials import ImplicitALS
    from ml.models.popularity import Popularity

    split = held_out.for_reporting(where)
    begin = time.perf_counter()
    makers = {"popularity": Popularity, "ials": lambda: ImplicitALS(**SETTINGS["ials"])}
    found = measure(makers, split, said="as published", ks=[20])
    seconds = time.perf_counter() - begin
    ials = found.models["ials"]
    return {
        "total_s": seconds - ials["fit_seconds"],
        "score_s": ials["score_seconds"],
        "n_listeners": found.protocol.n_listeners,
        "n_items": found.protocol.n_items,
    }
