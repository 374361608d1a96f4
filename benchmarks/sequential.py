"""The transformer over histories beside RecTools' SASRec, replay, popularity and item neighbours.

Two sets: MovieLens small (671 people, 9,066 films, one rating of a film by a person, so that what comes next is
always new) and the demo world. Each is cut twice: each listener's last play put aside (``last``), and the last tenth
of all plays (``time``). Everything is ranked, never a sample, for up to 2,000 listeners with something to foresee and
a history; `…_ndcg` is NDCG@10. Two tasks are never mixed: ``discovery`` leaves out what was heard, ``next_listen``
ranks all and counts repeats; the films have none. `…_above_sasrec_low` is the lower end of the 95 % interval of our
NDCG@10 less SASRec's, paired by listener, by bootstrap; `…_above_replay_low` the same for replay (in discovery for
popularity, since replay finds nothing new). Above 0 is better for sure.

Ours has its default settings, and chooses when to stop on a part that it puts aside itself. SASRec has RecTools'
defaults but for the width, which is ours; full softmax; up to 30 epochs, ended by its own validation loss. Both
train on the same plays, without skips. `…_epoch_s` is the median processor time of an epoch of each, all threads
together; `…_epoch_share` ours over theirs. An epoch of ours reads every play, one of RecTools' the last hundred of
each listener.

RecTools needs an interpreter of its own, named by ``ML_RECTOOLS_PYTHON`` (its pins refuse NumPy 2):
``python -m venv V && V/bin/pip install 'rectools[torch]' torch``; without it SASRec has no rows; ``ML_PEERS_KEPT``
names a folder that remembers what it came to. The films are read
from `ML_REALDATA` or `../shared/data`; where they are absent, the demo world speaks alone.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks import held_out, sasrec
from benchmarks.process import alone
from benchmarks.target import Target
from ml.metrics.ranking import ndcg
from ml.metrics.significance import bootstrap_mean
from ml.models.base import TrainingData
from ml.models.dataset import Dataset, Split
from ml.models.judging import Task, rank, wanted
from ml.models.plays import Plays
from ml.models.registry import MODELS
from ml.models.splits import cut

SETS, SPLITS = ("movielens", "demo"), ("last", "time")
BASELINES: Mapping[Task, tuple[str, ...]] = {
    "discovery": ("popularity", "item_knn"),
    "next_listen": ("replay", "item_knn"),
}
REPLACED: Mapping[Task, str] = {"discovery": "popularity", "next_listen": "replay"}
JUDGES, K = 2_000, 10
QUICK = {"embedding_dim": 16, "epochs": 2}
TARGETS = {
    f"{where}_{how}_{task}_above_{other}_low": Target(at_least=0.0)
    for where in SETS
    for how in SPLITS
    for task in (("discovery", "next_listen") if where == "demo" else ("discovery",))
    for other in ("sasrec", REPLACED[task])
} | {f"{where}_{how}_epoch_share": Target(at_most=1.0) for where in SETS for how in SPLITS}


def run(quick: bool) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for where in SETS:
        if where == "movielens" and not (held_out.DATA / "movielens_small").is_dir():
            continue
        for how in SPLITS:
            reached = alone(compare, where, how, quick)
            reached.pop("peak_mib")
            for name, value in reached.items():
                print(f"{where}_{how}_{name} {value:.4f}", flush=True)
            numbers |= {f"{where}_{how}_{name}": value for name, value in reached.items()}
    return numbers


def compare(where: str, how: str, quick: bool) -> dict[str, float]:
    dataset = movielens(held_out.DATA / "movielens_small") if where == "movielens" else held_out.demo()
    split, _ = cut(dataset, how)
    tasks: tuple[Task, ...] = ("discovery",) if where == "movielens" else ("discovery", "next_listen")
    judges = {task: _judges(split, task) for task in tasks}
    numbers: dict[str, float] = {}
    rankings: dict[str, dict[Task, NDArray[np.int32]]] = {"sequential": {}}
    ours, seconds = _fit_ours(split, quick)
    numbers["epoch_s"] = statistics.median(seconds)
    numbers["epochs"] = float(len(seconds))
    for task in tasks:
        rankings["sequential"][task] = rank(ours, split, judges[task], task=task, k=K)
        for name in BASELINES[task]:
            model = MODELS[name]().fit(split.train.data, rng=np.random.default_rng(0))
            rankings.setdefault(name, {})[task] = rank(model, split, judges[task], task=task, k=K)
    peer = sasrec.fit(split, judges, quick)
    if peer is not None:
        theirs, seconds = peer
        rankings["sasrec"] = theirs
        numbers["sasrec_epoch_s"] = statistics.median(seconds)
        numbers["sasrec_epochs"] = float(len(seconds))
        numbers["epoch_share"] = numbers["epoch_s"] / numbers["sasrec_epoch_s"]
    for task in tasks:
        reached = {
            name: ndcg(found[task], wanted(split, task)[judges[task]], k=K)
            for name, found in rankings.items()
            if task in found
        }
        numbers |= _numbers(task, reached)
    return numbers


def _numbers(task: Task, reached: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
    """Give means, and what ours is above the others with its interval."""
    numbers = {f"{task}_{name}_ndcg": float(each.mean()) for name, each in reached.items()}
    numbers[f"{task}_listeners"] = float(len(reached["sequential"]))
    for name in ("sasrec", REPLACED[task], "item_knn"):
        if name in reached:
            gain = bootstrap_mean(reached["sequential"], baseline=reached[name], rng=np.random.default_rng(0))
            numbers[f"{task}_above_{name}"] = gain.mean
            numbers[f"{task}_above_{name}_low"] = gain.low
            numbers[f"{task}_above_{name}_high"] = gain.high
    return numbers


def _judges(split: Split, task: Task) -> NDArray[np.int64]:
    """Draw listeners who have something to foresee, and played something that they did not skip."""
    able = np.diff(wanted(split, task).indptr) > 0
    able &= np.diff(split.train.plays.counts.indptr) > 0
    some = np.flatnonzero(able)
    return np.sort(np.random.default_rng(0).choice(some, min(JUDGES, len(some)), replace=False))


def _fit_ours(split: Split, quick: bool) -> tuple[Any, list[float]]:
    from ml.models.sequential import Sequential

    marks: list[float] = []
    model = Sequential(**(QUICK if quick else {}))
    learned = _timed(model, marks)
    learned.fit(split.train.data, rng=np.random.default_rng(0))
    return learned, marks


def _timed(model: Any, marks: list[float]) -> Any:
    """Note how long each epoch's training takes, without judging it."""
    from ml.models.sequential.learning import Learner

    epoch = Learner._epoch  # noqa: SLF001

    def measured(self: Learner, *arguments: Any) -> float:
        begun = time.process_time()
        loss = epoch(self, *arguments)
        marks.append(time.process_time() - begun)
        return loss

    Learner._epoch = measured  # type: ignore[method-assign]  # noqa: SLF001
    return model


def movielens(folder: Path) -> Dataset:
    """Read ratings as plays: one of each film, whatever the rating; genres are the tags."""
    ratings = pl.read_csv(folder / "ratings.csv").sort("userId", "timestamp", "movieId")
    films, items = np.unique(ratings["movieId"].to_numpy(), return_inverse=True)
    people, counts = np.unique(ratings["userId"].to_numpy(), return_counts=True)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    times = ratings["timestamp"].to_numpy().astype(np.int64) * 1_000
    ones = np.ones(len(items), dtype=np.float32)
    plays = Plays(indptr, items.astype(np.int32), ones, times, len(films), int(times.max()))
    table = pl.read_csv(folder / "movies.csv").filter(pl.col("movieId").is_in(films.tolist())).sort("movieId")
    pairs = table.select("movieId", pl.col("genres").str.split("|")).explode("genres")
    names, columns = np.unique(pairs["genres"].to_numpy().astype(str), return_inverse=True)
    rows = np.searchsorted(films, pairs["movieId"].to_numpy())
    tags = csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(len(films), len(names)))
    nobody = np.full(len(films), -1, dtype=np.int32)
    data = TrainingData(plays, tags, nobody)
    return Dataset("track", films, people, np.empty(0, np.int64), tuple(names.tolist()), data, snapshot="")
