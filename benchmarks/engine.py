"""Every model beside every other, and what each source of `hybrid_deep` adds to it.

On the demo world and MovieLens small (671 people, 9,066 films) the last tenth of all plays is put aside, on HetRec a
seeded fifth of the rows. Discovery: what a listener has is left out, everything else is ranked, never a sample. For
each model there are precision, recall and NDCG at 10, diversity (where there are tags) and novelty in bits, means over
all listeners with something to foresee; models have their defaults, and choose by parts that they carve from what they
learn. `whole` is `hybrid_deep` over the portfolio instead of the hybrid, as `ml train --portfolio` makes it.
`…_above_hybrid` and `…_above_best` are the NDCG@10 of `hybrid_deep` less that of the hybrid and of the best single
model, in pairs, `…_whole_above_best` that of `whole`; `…_low` and `…_high` are the ends of 95 % bootstrap intervals.
`…_adds_…` is NDCG@20 of `hybrid_deep` with a source less that without it, on a part of what is learned from, each
half of the listeners ranked by trees that the other half taught. The sets are read from `ML_REALDATA` or
`../shared/data`; where they are absent, the demo world speaks alone.
"""

from __future__ import annotations

import numpy as np

from benchmarks import held_out
from benchmarks.process import alone
from benchmarks.sequential import movielens
from benchmarks.target import Target
from ml.evaluation.beyond import by_listener
from ml.foundation.settings import Recommendation
from ml.metrics.lists import Scores
from ml.metrics.significance import bootstrap_mean
from ml.models.dataset import Split
from ml.models.judging import accuracy, draw_judges, rank
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
    "hybrid",
    "hybrid_deep",
    "portfolio",
    "whole",
)
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
    judges = np.flatnonzero(np.diff(split.relevant.indptr))
    reached = {name: _measured(name, split, judges) for name in MODELS}
    numbers = {"listeners": float(len(judges))}
    for name, metrics in reached.items():
        numbers |= {f"{name}_{metric}": float(np.nanmean(values)) for metric, values in metrics.items()}
    best = max((name for name in MODELS if name not in MADE), key=lambda name: numbers[f"{name}_ndcg"])
    pairs = {
        "above_hybrid": ("hybrid_deep", "hybrid"),
        "above_best": ("hybrid_deep", best),
        "whole_above_best": ("whole", best),
    }
    for said, (ours, other) in pairs.items():
        gain = bootstrap_mean(reached[ours]["ndcg"], baseline=reached[other]["ndcg"], rng=np.random.default_rng(0))
        numbers |= {said: gain.mean, f"{said}_low": gain.low, f"{said}_high": gain.high}
    return numbers | _ablation(where)


def _cut(where: str) -> Split:
    if where == "movielens":
        return movielens(held_out.DATA / "movielens_small").split_by_time(share=0.1)
    return held_out.for_reporting(where)


def _measured(name: str, split: Split, judges: np.ndarray) -> dict[str, Scores]:
    whole = name == "whole"
    model = make("hybrid_deep" if whole else name, Recommendation(portfolio=whole))
    model.fit(split.train.data, rng=np.random.default_rng(0))
    ranked = rank(model, split, judges, k=K)
    found = accuracy(ranked, split.relevant[judges], ks=(K,), metrics=("precision", "recall", "ndcg"))
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
