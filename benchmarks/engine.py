"""Every model beside every other, and what each source of `hybrid_deep` adds to it.

On the demo world and MovieLens small (671 people, 9,066 films) the last tenth of all plays is put aside, on HetRec a
seeded fifth of the rows. Discovery: what a listener has is left out, everything else is ranked, never a sample;
`next_…` is the other task, on the demo world alone, since the others have no repeats: everything is ranked, and what
counts is what was played. For each model that the data have something for there are precision, recall and NDCG at 10
(with its 95 % interval), diversity (where there are tags) and novelty in bits, means over all listeners with something
to foresee; models have their defaults, and choose by parts that they carve from what they learn. `whole` is
`hybrid_deep` over the portfolio instead of the hybrid, as `ml train --portfolio` makes it.
`…_above_hybrid` and `…_above_best` are the NDCG@10 of `hybrid_deep` less that of the hybrid and of the best single
model, in pairs, `…_whole_above_best` that of `whole`; `…_low` and `…_high` are the ends of 95 % bootstrap intervals.
`…_adds_…` is NDCG@20 of `hybrid_deep` with a source less that without it, on a part of what is learned from, each
half of the listeners ranked by trees that the other half taught. The sets are read from `ML_REALDATA` or
`../shared/data`; where they are absent, the demo world speaks alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from benchmarks import held_out
from benchmarks.process import alone
from benchmarks.sequential import movielens
from benchmarks.target import Target
from ml.evaluation.beyond import by_listener
from ml.foundation.settings import Recommendation
from ml.metrics.lists import Scores
from ml.metrics.significance import bootstrap_mean
from ml.models.base import Model
from ml.models.dataset import Split
from ml.models.judging import Task, accuracy, draw_judges, has_a_say, rank, wanted
from ml.models.making import make
from ml.models.ranker import Ranker
from ml.models.ranker.ranker import JUDGES

K = 10
MODELS = (
    "popularity",
    "popularity_recent",
    "item_knn",
    "ials",
    "content",
    "content_tower",
    "ease",
    "graph_filter",
    "replay",
    "sequential",
    "hybrid",
    "hybrid_deep",
    "portfolio",
    "whole",
)
#: What is foreseen, and what its numbers begin with.
TASKS: Mapping[str, tuple[Task, ...]] = {
    "hetrec": ("discovery",),
    "demo": ("discovery", "next_listen"),
    "movielens": ("discovery",),
}
PREFIXES: Mapping[Task, str] = {"discovery": "", "next_listen": "next_"}
#: Those that are made of others.
MADE = ("hybrid", "hybrid_deep", "portfolio", "whole")
TARGETS = {
    "hetrec_whole_above_best_low": Target(at_least=0.0),
    "demo_above_best_low": Target(at_least=0.0),
    "demo_above_hybrid_low": Target(at_least=0.0),
}


def run(quick: bool) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for where in ["demo"] if quick else _available():
        reached = alone(compare, where)
        print(where, *(f"{key} {value:.4f}" for key, value in reached.items()), flush=True)
        numbers |= {f"{where}_{key.removeprefix('peak_')}": value for key, value in reached.items()}
    return numbers


def _available() -> list[str]:
    there = [name for name in ("hetrec", "demo") if name in held_out.available()]
    return there + (["movielens"] if (held_out.DATA / "movielens_small").is_dir() else [])


def compare(where: str) -> dict[str, float]:
    split = _cut(where)
    numbers: dict[str, float] = {}
    fitted: dict[str, Model] = {}
    for task in TASKS[where]:
        reached = _of_all(task, split, fitted)
        numbers |= {f"{PREFIXES[task]}{key}": value for key, value in _summed_up(reached).items()}
    return numbers | _ablation(where)


def _of_all(task: Task, split: Split, fitted: dict[str, Model]) -> dict[str, dict[str, Scores]]:
    """Measure every model that the data have something for; those that know no task are fitted once for all."""
    judges = np.flatnonzero(np.diff(wanted(split, task).indptr))
    reached = {}
    for name in MODELS:
        if not has_a_say(name, split.train, task):
            continue
        model = fitted.get(name) or _fitted(name, split, task)
        if name not in MADE:
            fitted[name] = model
        reached[name] = _measured(model, split, judges, task)
    return reached


def _summed_up(reached: dict[str, dict[str, Scores]]) -> dict[str, float]:
    """Give means, NDCG's interval, and what the whole engine is above the others."""
    numbers = {"listeners": float(len(reached["popularity"]["ndcg"]))}
    for name, metrics in reached.items():
        numbers |= {f"{name}_{metric}": float(np.nanmean(values)) for metric, values in metrics.items()}
        own = bootstrap_mean(metrics["ndcg"], rng=np.random.default_rng(0))
        numbers |= {f"{name}_ndcg_low": own.low, f"{name}_ndcg_high": own.high}
    best = max((name for name in reached if name not in MADE), key=lambda name: numbers[f"{name}_ndcg"])
    pairs = {
        "above_hybrid": ("hybrid_deep", "hybrid"),
        "above_best": ("hybrid_deep", best),
        "whole_above_best": ("whole", best),
    }
    for said, (ours, other) in pairs.items():
        gain = bootstrap_mean(reached[ours]["ndcg"], baseline=reached[other]["ndcg"], rng=np.random.default_rng(0))
        numbers |= {said: gain.mean, f"{said}_low": gain.low, f"{said}_high": gain.high}
    return numbers


def _cut(where: str) -> Split:
    if where == "movielens":
        return movielens(held_out.DATA / "movielens_small").split_by_time(share=0.1)
    return held_out.for_reporting(where)


def _fitted(name: str, split: Split, task: Task) -> Model:
    whole = name == "whole"
    model = make("hybrid_deep" if whole else name, Recommendation(portfolio=whole), task=task)
    return model.fit(split.train.data, rng=np.random.default_rng(0))


def _measured(model: Model, split: Split, judges: np.ndarray, task: Task) -> dict[str, Scores]:
    ranked = rank(model, split, judges, k=K, task=task)
    found = accuracy(ranked, wanted(split, task)[judges], ks=(K,), metrics=("precision", "recall", "ndcg"))
    found |= {
        metric: values
        for metric, values in by_listener(ranked, split, judges, ks=(K,)).items()
        if metric.startswith(("diversity", "novelty"))
    }
    return {metric.partition("@")[0]: values for metric, values in found.items()}


def _ablation(where: str) -> dict[str, float]:
    """Ask the ranker again without each of its sources, on a part of what may be learned from."""
    outer = _cut(where).train
    split = (
        outer.split_per_user(share=0.2, rng=np.random.default_rng(1))
        if where == "hetrec"
        else outer.split_by_time(share=0.1)
    )
    ranker = make("hybrid_deep", Recommendation())
    assert isinstance(ranker, Ranker)
    ranker.fit_members(split.train.data, seed=0)
    worth = ranker.ablate(split, draw_judges(split, JUDGES, rng=np.random.default_rng(0)), seed=0)
    numbers: dict[str, float] = {}
    for name, gain in worth.items():
        numbers |= {f"adds_{name}": gain.mean, f"adds_{name}_low": gain.low, f"adds_{name}_high": gain.high}
    return numbers
