"""What the transformer's defaults were chosen by: one change at a time, on validation parts.

The test parts of ``make bench BENCH_ARGS=sequential`` are looked at by nothing here. MovieLens small goes without each
person's last film, then without five more, and each of the five is foreseen from what came before it (`movielens_…`).
The demo world goes without its last tenth by time, then without the last tenth of the rest (`demo_…`). NDCG@10 of
discoveries, all items ranked. Width 64 and few epochs: what is compared is as small as it may be.

`default` is what the model does by itself; `nothing_learned` has no epochs; `plain_beginning` draws all weights at
random instead of beginning as a factorisation and a mean; `horizon_1` and `horizon_5` foresee nearer plays than the
next 20; `own_pace_1` lets item vectors move as fast as the rest; `heat_1` begins with larger logits; `attended_3` with
less of the history beside the last play; `with_item_knn` adds ten times the score of item neighbours. `item_knn` and
`popularity` stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from benchmarks import held_out
from benchmarks.process import alone
from benchmarks.sequential import movielens
from ml.metrics.ranking import ndcg
from ml.models.base import TrainingData
from ml.models.item_knn import ItemKNN
from ml.models.judging import wanted
from ml.models.plays import Floats, Plays
from ml.models.popularity import Popularity
from ml.models.sequential.sequences import Sequences
from ml.models.splits import cut
from ml.models.topk import top_k

K, PLACES, JUDGES = 10, 5, 1_000
SMALL: Mapping[str, Any] = {"embedding_dim": 64, "epochs": 3}
QUICK: Mapping[str, Any] = {"embedding_dim": 16, "epochs": 1}
#: Settings of the model, and names of what its modules begin with.
CHOICES: Mapping[str, tuple[Mapping[str, Any], Mapping[str, float]]] = {
    "default": ({}, {}),
    "nothing_learned": ({"epochs": 0}, {}),
    "plain_beginning": ({}, {"PLAIN": 1}),
    "horizon_1": ({"horizon": 1}, {}),
    "horizon_5": ({"horizon": 5}, {}),
    "own_pace_1": ({}, {"OWN_PACE": 1.0}),
    "heat_1": ({}, {"HEAT": 1.0}),
    "attended_3": ({}, {"ATTENDED": 3.0}),
}
WITH_KNN = 10.0

Score = Callable[[Plays], Floats]


@dataclass(frozen=True)
class Part:
    """What is learned from, and what is to be foreseen by whom."""

    data: TrainingData
    asked: list[tuple[Plays, csr_matrix]]

    def measure(self, score: Score) -> float:
        """Give the mean NDCG@10 of discoveries."""
        reached = []
        for history, target in self.asked:
            scores = np.array(score(history), dtype=np.float32)
            scores[history.users, history.items] = -np.inf
            reached.append(ndcg(top_k(scores, K)[0], target, k=K))
        return float(np.concatenate(reached).mean())


def run(quick: bool) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for where in ("movielens", "demo"):
        if where == "movielens" and not (held_out.DATA / "movielens_small").is_dir():
            continue
        for name in CHOICES:
            reached = alone(measure, where, name, quick)
            reached.pop("peak_mib")
            numbers |= {f"{where}_{choice}": value for choice, value in reached.items()}
            print(f"{where}_{name} {reached[name]:.4f}", flush=True)
    return numbers


def measure(where: str, name: str, quick: bool) -> dict[str, float]:
    from ml.models.sequential import Sequential

    part = _movielens() if where == "movielens" else _demo()
    settings, constants = CHOICES[name]
    with _changed(constants):
        model = Sequential(**{**(QUICK if quick else SMALL), **settings})
        model.fit(part.data, rng=np.random.default_rng(0))
    reached = {name: part.measure(model.score)}
    if name == "default":
        near = ItemKNN().fit(part.data, rng=np.random.default_rng(0))
        popular = Popularity().fit(part.data, rng=np.random.default_rng(0))
        # Its scores are divided by its width.
        share = WITH_KNN / model.embedding_dim
        reached["with_item_knn"] = part.measure(lambda history: model.score(history) + share * near.score(history))
        reached |= {"item_knn": part.measure(near.score), "popularity": part.measure(popular.score)}
    return reached


@contextmanager
def _changed(constants: Mapping[str, float]) -> Iterator[None]:
    """Let modules begin otherwise, for a while."""
    from ml.models.sequential import learning, network

    plain = "PLAIN" in constants
    places = {name: learning if name == "OWN_PACE" else network for name in constants if name != "PLAIN"}
    before = {name: getattr(place, name) for name, place in places.items()}
    kept = (network.Tower.begin, network.Layer._begin, learning.OWN_PACE)  # noqa: SLF001
    for name, place in places.items():
        setattr(place, name, constants[name])
    if plain:
        network.Tower.begin = network.Layer._begin = lambda *_: None  # type: ignore[assignment]  # noqa: SLF001
        learning.OWN_PACE = 1.0
    try:
        yield
    finally:
        network.Tower.begin, network.Layer._begin, learning.OWN_PACE = kept  # type: ignore[method-assign]  # noqa: SLF001
        for name, place in places.items():
            setattr(place, name, before[name])


def _movielens() -> Part:
    rest = cut(movielens(held_out.DATA / "movielens_small"), "last")[0].train
    whole = Sequences.of(rest.plays)
    asked = []
    for back in range(PLACES, 0, -1):
        history = _without_last(rest.plays, whole, back)
        target = whole.items[whole.indptr[1:] - back]
        rows = np.arange(len(target))
        asked.append((history, csr_matrix((np.ones(len(rows)), (rows, target)), (len(rows), history.n_items))))
    plays = asked[0][0]
    return Part(TrainingData(plays, rest.data.tags, rest.data.artists), asked)


def _without_last(plays: Plays, whole: Sequences, back: int) -> Plays:
    shorter = whole.without_last(np.full(whole.n_users, back, dtype=np.int64))
    ones = np.ones(len(shorter.items), dtype=np.float32)
    return Plays(shorter.indptr, shorter.items, ones, shorter.times, plays.n_items, plays.now)


def _demo() -> Part:
    split = cut(cut(held_out.demo(), "time")[0].train, "time")[0]
    target = wanted(split, "discovery")
    able = np.flatnonzero((np.diff(target.indptr) > 0) & (np.diff(split.train.plays.counts.indptr) > 0))
    judges = np.sort(np.random.default_rng(0).choice(able, min(JUDGES, len(able)), replace=False))
    return Part(split.train.data, [(split.train.plays.select(judges), target[judges])])
