"""The portfolio beside each of its members, on HetRec (a fifth of the rows put aside) and on Gowalla as published.

Everything that a listener does not have in the training part is ranked; what is put aside is read for the numbers
alone. The portfolio carves the part that its weights are learned from out of the training data. `…_low` and `…_high`
are the ends of the 95 % bootstrap interval over listeners, `…_above_best` is the NDCG@20 of the portfolio less that
of its best member, in pairs, and `…_times_popularity` its NDCG@20 by that of popularity. `…_weight_…` is what a
member counts; 0 is off. On HetRec the members have their defaults, on Gowalla the settings of `reproduction` that
were chosen on a part of the training file, and EASE knows the 20,000 places with the most visitors. Targets of
Gowalla are the best published numbers of any single model in BARS: recall of SimpleX, NDCG of UltraGCN. `…_mib` is
the peak of a process of its own. The sets are read from `ML_REALDATA` or `../shared/data`; a quick run takes the demo
world.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks import held_out
from benchmarks.process import alone
from benchmarks.reproduction import SETTINGS
from benchmarks.target import Target

#: Settings of members by data set; the rest have their defaults.
MEMBERS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "gowalla": {"graph_filter": SETTINGS["graph_filter_sharp"], "ials": SETTINGS["ials_256"]},
    "hetrec": {},
    "demo": {},
}
TARGETS = {
    "gowalla_portfolio_recall": Target(at_least=0.1872),
    "gowalla_portfolio_ndcg": Target(at_least=0.158),
    "gowalla_mib": Target(at_most=12 * 1024),
    "hetrec_above_best_low": Target(at_least=0.0),
    "hetrec_times_popularity": Target(at_least=2.0),
}


def run(quick: bool) -> dict[str, float]:
    sets = ["demo"] if quick else [name for name in MEMBERS if name in held_out.available() and name != "demo"]
    numbers = {}
    for where in sets or ["demo"]:
        reached = alone(reached_on, where)
        print(where, *(f"{key} {value:.4f}" for key, value in reached.items()), flush=True)
        numbers |= {f"{where}_{key.removeprefix('peak_')}": value for key, value in reached.items()}
    return numbers


def reached_on(where: str) -> dict[str, float]:
    from ml.metrics.significance import bootstrap_mean
    from ml.models.judging import judge
    from ml.models.making import members_of
    from ml.models.portfolio import Portfolio
    from ml.models.registry import MODELS

    split = held_out.for_reporting(where)
    judges = np.flatnonzero(np.diff(split.relevant.indptr))
    members = tuple(MODELS[name](**MEMBERS[where].get(name, {})) for name in members_of("portfolio"))
    begin = time.perf_counter()
    portfolio = Portfolio(members).fit(split.train.data, rng=np.random.default_rng(0))
    numbers = {"fit_s": time.perf_counter() - begin}
    scores = {model.name: judge(model, split, judges) for model in (portfolio, *portfolio.members)}
    for name, values in scores.items():
        for metric, each in values.items():
            interval = bootstrap_mean(each, rng=np.random.default_rng(0))
            key = f"{name}_{metric.partition('@')[0]}"
            ends = {f"{key}_low": interval.low, f"{key}_high": interval.high}
            numbers |= {key: interval.mean} | (ends if name == portfolio.name else {})
    numbers |= {f"weight_{name}": float(weight) for name, weight in portfolio.weights.items()}
    best = max(members_of("portfolio"), key=lambda name: numbers[f"{name}_ndcg"])
    own = scores["portfolio"]["ndcg@20"]
    gain = bootstrap_mean(own, baseline=scores[best]["ndcg@20"], rng=np.random.default_rng(0))
    numbers |= {"above_best": gain.mean, "above_best_low": gain.low, "above_best_high": gain.high}
    return numbers | {"times_popularity": numbers["portfolio_ndcg"] / numbers["popularity_ndcg"]}
