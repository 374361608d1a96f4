"""Which loss the trees of `hybrid_deep` should be grown by, on the set that defaults are chosen on.

The first nine tenths of the demo world, the last tenth of these put aside; no test set is read. The members are fitted
on the rest, name candidates and describe them for up to 2,000 listeners, and trees are grown on each half of these to
rank the candidates of the other. `binary_n` is NDCG@20 of n trees by the logistic loss, candidate by candidate;
`lambdarank_n` by LambdaMART (Burges 2010), `xendcg_n` by its smooth relative (Bruch 2021), list by list.
`…_above_binary` is how far the best number of trees is above the best one of the logistic loss, with its 95 % interval,
in pairs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks import held_out
from benchmarks.target import Target
from ml.metrics.ranking import ndcg
from ml.metrics.significance import bootstrap_mean
from ml.models import judging
from ml.models.plays import Floats
from ml.models.ranker import Ranker
from ml.models.ranker.candidates import Pairs
from ml.models.ranker.trees import SETTINGS
from ml.models.topk import top_k

JUDGES, FEW, K = 2_000, 400, 20
ROUNDS = (50, 100, 150, 200)
LOSSES = {"binary": "binary", "lambdarank": "lambdarank", "xendcg": "rank_xendcg"}
TARGETS = {f"{name}_above_binary_low": Target(at_most=0.0) for name in LOSSES if name != "binary"}


def run(quick: bool) -> dict[str, float]:
    split = held_out.for_choosing("demo")
    ranker, rng = Ranker(), np.random.default_rng(0)
    ranker.fit_members(split.train.data, seed=0)
    ranker.take_facts(split.train.data)
    judges = judging.draw_judges(split, FEW if quick else JUDGES, rng=rng)
    history = split.train.plays.select(judges)
    said, pairs = ranker._candidates(history)  # noqa: SLF001
    described = ranker._described(history, pairs, said)  # noqa: SLF001
    wanted = split.relevant[judges]
    hit = wanted.toarray()[pairs.users, pairs.items] > 0
    reached: dict[str, NDArray[np.float64]] = {}
    for name, objective in LOSSES.items():
        scores = {rounds: np.empty(len(pairs), dtype=np.float32) for rounds in ROUNDS}
        for half in (0, 1):
            judged = pairs.users % 2 == half
            booster = _grow(described[~judged], hit[~judged], pairs.users[~judged], objective)
            for rounds in ROUNDS:
                scores[rounds][judged] = booster.predict(described[judged], num_iteration=rounds, raw_score=True)
        for rounds in ROUNDS:
            ranked = top_k(_spread(scores[rounds], pairs, wanted.shape), K)[0]
            reached[f"{name}_{rounds}"] = np.asarray(ndcg(ranked, wanted, k=K))
    numbers = {name: float(each.mean()) for name, each in reached.items()}
    best = {name: max((f"{name}_{rounds}" for rounds in ROUNDS), key=lambda key: numbers[key]) for name in LOSSES}
    for name in LOSSES:
        if name != "binary":
            gain = bootstrap_mean(reached[best[name]], baseline=reached[best["binary"]], rng=np.random.default_rng(0))
            key = f"{name}_above_binary"
            numbers |= {key: gain.mean, f"{key}_low": gain.low, f"{key}_high": gain.high}
    return numbers | {"listeners": len(judges)}


def _grow(described: Floats, hit: NDArray[np.bool_], users: NDArray[np.int64], objective: str):
    import lightgbm

    lists = None if objective == "binary" else np.unique(users, return_counts=True)[1]
    data = lightgbm.Dataset(described, hit.astype(np.float32), group=lists)
    return lightgbm.train({**SETTINGS, "objective": objective, "seed": 0}, data, num_boost_round=max(ROUNDS))


def _spread(scores: Floats, pairs: Pairs, shape: tuple[int, int]) -> Floats:
    spread = np.full(shape, -np.inf, dtype=np.float32)
    spread[pairs.users, pairs.items] = scores
    return spread
