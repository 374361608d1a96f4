"""Published accuracies, reproduced: the models on the split of Gowalla that the LightGCN papers made public.

29,858 visitors, 40,981 places. All places that a visitor does not have in the training file are ranked; recall@20 and
NDCG@20 are means over all visitors of the test file, which nothing else reads. Settings are those of the papers or
were chosen on a part of the training file (`held_out.for_choosing`). Targets are the published numbers less 1 %: of
BARS (github.com/reczoo/BARS, "gowalla_m1") for `ease`, `slim`, `bpr` and `item_knn`, of Shen et al. (CIKM 2021) for
`graph_filter`. `ials` has 128 factors, `ials_256` 256, and `graph_filter_sharp` is the graph filter with what it has
beyond GF-CF; there are no published numbers to hold them to. Every model has a process of its own, whose peak memory
is `…_mib`; `…_fit_s` is the time of its fit, `…_score_ms` that of scoring one listener, averaged over batches of 128.
The set is read from `ML_REALDATA` or `../shared/data`; a quick run, and one without it, takes the demo world, whose
numbers have no target.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks import held_out
from benchmarks.process import alone
from benchmarks.target import Target

#: Recall@20 and NDCG@20 as published.
PUBLISHED: Mapping[str, tuple[float, float]] = {
    "ease": (0.1765, 0.1467),
    "graph_filter": (0.1849, 0.1518),
    "slim": (0.1699, 0.1382),
    "bpr": (0.1627, 0.1378),
    "item_knn": (0.1570, 0.1214),
}
#: What differs from the defaults.
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "ease": {"max_items": None},
    "graph_filter": {"alpha": 0.3, "vectors": 256, "damping": 0.5, "popularity": 0.0, "sharpening": 0.0},
    "graph_filter_sharp": {"alpha": 0.025, "vectors": 256, "damping": 0.3, "popularity": 0.4, "sharpening": 0.9},
    "slim": {},
    "bpr": {},
    "item_knn": {},
    "ials": {"factors": 128, "regularization": 2.5, "iterations": 2},
    "ials_256": {"factors": 256, "regularization": 2.0, "iterations": 2},
}
#: Models of rows that are not called as their model.
MODEL_OF: Mapping[str, str] = {"ials_256": "ials", "graph_filter_sharp": "graph_filter"}
#: Peak memory that a model of vectors or of neighbours may take; the others multiply all items with all items.
SMALL_MIB, LARGE_MIB = 1.5 * 1024, 12 * 1024
SMALL = frozenset({"bpr", "item_knn", "ials", "ials_256"})
TARGETS = {
    f"{name}_{metric}": Target(at_least=round(0.99 * value, 4))
    for name, values in PUBLISHED.items()
    for metric, value in zip(("recall", "ndcg"), values, strict=True)
} | {f"{name}_mib": Target(at_most=SMALL_MIB if name in SMALL else LARGE_MIB) for name in SETTINGS}


def run(quick: bool) -> dict[str, float]:
    where = "demo" if quick or "gowalla" not in held_out.available() else "gowalla"
    if where == "demo":
        print(f"the demo world instead of {held_out.DATA / held_out.FOLDERS['gowalla']}")
    numbers = {}
    for name in SETTINGS:
        prefix = name if where == "gowalla" else f"{where}_{name}"
        reached = alone(reached_by, name, where)
        print(prefix, *(f"{key} {value:.4f}" for key, value in reached.items()), flush=True)
        numbers |= {f"{prefix}_{key.removeprefix('peak_')}": value for key, value in reached.items()}
    return numbers


def reached_by(name: str, where: str) -> dict[str, float]:
    from ml.models.judging import judge
    from ml.models.registry import MODELS

    split = held_out.for_reporting(where)
    judges = np.flatnonzero(np.diff(split.relevant.indptr))
    begin = time.perf_counter()
    model = MODELS[MODEL_OF.get(name, name)](**SETTINGS[name]).fit(split.train.data, rng=np.random.default_rng(0))
    fitted = time.perf_counter()
    scores = judge(model, split, judges)
    judged = time.perf_counter()
    means = {metric.partition("@")[0]: float(np.nanmean(values)) for metric, values in scores.items()}
    return means | {"fit_s": fitted - begin, "score_ms": 1000 * (judged - fitted) / len(judges)}
