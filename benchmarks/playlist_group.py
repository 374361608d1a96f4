"""Lists for several listeners of the demo world: what the worst off has of them, against averaging.

Groups of two to eight listeners, drawn by a seed, and lists of 15 tracks. `ours` is what the generator makes, with its
gaps between artists and its flow. Averaging takes the tracks with the highest mean over the group and heeds nothing
else: `scores` of what the hybrid predicts, as it predicts it; `percentiles` of its predictions as places among all
tracks, which makes listeners comparable and is fairer by itself.

Each listener's *satisfaction* is the mean over the list of the share of all tracks that they like less; `least_…` is
that of the worst off and `gini_…` the inequality within the group. `utility_…` measures the same by other numbers, as
Xiao et al. 2017: the sum of the predicted scores over that of the listener's own best 15. `wait_…` is the longest
stretch of tracks none of which is among the best tenth of somebody. `ratio_…` are ratios of means, ours over averaging,
and `…_under_…` differences, each with 95 % bootstrap intervals over groups.

`bound_least` is what no list can exceed: the least satisfaction of the best mixture of tracks, by a linear program.
`bound_ratio_…` is that over averaging: where it is below 1.3, so is everything.

References
----------
Xiao et al., "Fairness-aware group recommendation with Pareto-efficiency", RecSys 2017.
"""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from benchmarks import generated
from benchmarks.target import Target
from ml.app import App
from ml.data.demo import make_world
from ml.data.demo.batches import user_id
from ml.data.ingest import load
from ml.foundation.settings import Settings
from ml.metrics.significance import Interval, bootstrap_mean, bootstrap_ratio
from ml.playlist_generator.library.reading import read_tracks
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.sharing.fairness import longest_wait
from ml.playlist_generator.sharing.listeners import LIKED, read_listeners

TARGETS = {
    "ratio_scores": Target(at_least=1.3),
    "ratio_percentiles": Target(at_least=1.3),
    "gini_under_scores_high": Target(at_most=0.0),
    "gini_under_percentiles_high": Target(at_most=0.0),
}
SIZES, EACH, LENGTH, FEWEST_LISTENS = range(2, 9), 20, 15, 30
AVERAGES = ("scores", "percentiles")
Floats = NDArray[np.float32]
Rows = NDArray[np.int64]


def run(quick: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        app = App(Settings(), home=Path(home))
        world = make_world(generated.SMALL if quick else None, seed=1)
        load(app.workspace.store, world.batches(), draw=random.Random(1).getrandbits)
        app.train(judge=False, deep=False)
        with app.workspace.store.read() as connection:
            tracks = read_tracks(connection, None)
        rng = np.random.default_rng(2)
        often = np.flatnonzero(np.bincount(world.listens.listener) >= FEWEST_LISTENS)
        groups = [rng.choice(often, size=size, replace=False) for size in SIZES for _ in range(2 if quick else EACH)]
        found = [reached(app, tracks, [user_id(int(one)) for one in group]) for group in groups]
        app.close()
    return compared([len(group) for group in groups], found)


def reached(app: App, tracks: Tracks, group: list[str]) -> dict[str, float]:
    """Make the lists for one group and measure each."""
    parts = app.generator_parts()
    with app.workspace.store.read() as connection:
        ratings = read_listeners(connection, parts, tracks, group).ratings
    scores = np.stack([scores_of(app, tracks, one) for one in group])
    made = app.playlists.generate(user_ids=group, count=LENGTH)
    place = {title: row for row, title in enumerate(zip(tracks.labels["title"], tracks.labels["artist"], strict=True))}
    lists = {
        "ours": np.array([place[track.title, track.artist] for track in made.tracks]),
        "scores": best(scores.mean(axis=0)),
        "percentiles": best(ratings.mean(axis=0)),
    }
    numbers = {"bound_least": bound(ratings)}
    for name, rows in lists.items():
        numbers |= {f"{measure}_{name}": value for measure, value in fairness(ratings, scores, rows).items()}
    return numbers


def scores_of(app: App, tracks: Tracks, user: str) -> Floats:
    """Give what the hybrid predicts for every track."""
    found = app.generator_parts().tastes.taste(user)
    assert found is not None
    scores = np.zeros(len(tracks), dtype=np.float32)
    scores[tracks.rows_of(found.keys)] = found.scores
    return scores


def best(liking: Floats) -> Rows:
    return np.argsort(-liking, kind="stable")[:LENGTH]


def fairness(ratings: Floats, scores: Floats, rows: Rows) -> dict[str, float]:
    """Measure one list for one group."""
    satisfied = ratings[:, rows].mean(axis=1, dtype=np.float64)
    most = np.sort(scores, axis=1)[:, -len(rows) :].sum(axis=1, dtype=np.float64)
    useful = scores[:, rows].sum(axis=1, dtype=np.float64) / most
    return {
        "least": float(satisfied.min()),
        "mean": float(satisfied.mean()),
        "gini": gini(satisfied),
        "utility_least": float(useful.min()),
        "utility_mean": float(useful.mean()),
        "utility_gini": gini(useful),
        "wait": float(max(longest_wait(own[rows] >= 1 - LIKED) for own in ratings)),
    }


def gini(values: NDArray[np.float64]) -> float:
    """Give the Gini coefficient.

    >>> gini(np.array([1.0, 1.0])), gini(np.array([0.0, 1.0]))
    (0.0, 0.5)
    """
    ordered, n = np.sort(values), len(values)
    return float(((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * ordered.sum()))


def bound(ratings: Floats) -> float:
    """Give what the least satisfaction of no list exceeds: the best that tracks in any parts reach."""
    n_listeners, n = ratings.shape
    # Shares of the tracks, each at most once, and what the worst off has: as much as possible of that.
    found = linprog(
        np.concatenate([np.zeros(n), [-1.0]]),
        A_ub=np.hstack([-ratings / LENGTH, np.ones((n_listeners, 1))]),
        b_ub=np.zeros(n_listeners),
        A_eq=np.concatenate([np.ones(n), [0.0]])[None, :],
        b_eq=[LENGTH],
        bounds=[*[(0, 1)] * n, (0, 1)],
        method="highs",
    )
    return float(-found.fun)


def compared(sizes: list[int], found: list[dict[str, float]]) -> dict[str, float]:
    """Put the groups together."""
    values = {name: np.array([one[name] for one in found]) for name in found[0]}
    numbers: dict[str, float] = {"groups": len(found)}
    numbers |= {name: float(each.mean()) for name, each in values.items()}
    for name in AVERAGES:
        for measure in ("", "utility_"):
            ours, theirs = values[f"{measure}least_ours"], values[f"{measure}least_{name}"]
            numbers |= ends(f"{measure}ratio_{name}", bootstrap_ratio(ours, theirs, rng=np.random.default_rng(0)))
            uneven = values[f"{measure}gini_ours"], values[f"{measure}gini_{name}"]
            apart = bootstrap_mean(uneven[0], baseline=uneven[1], rng=np.random.default_rng(0))
            numbers |= ends(f"{measure}gini_under_{name}", apart)
        most = bootstrap_ratio(values["bound_least"], values[f"least_{name}"], rng=np.random.default_rng(0))
        numbers |= ends(f"bound_ratio_{name}", most)
        for size in sorted(set(sizes)):
            of = np.array(sizes) == size
            ratio = values["least_ours"][of].mean() / values[f"least_{name}"][of].mean()
            numbers[f"ratio_{name}_of_{size}"] = float(ratio)
    return numbers


def ends(name: str, interval: Interval) -> dict[str, float]:
    return {name: interval.mean, f"{name}_low": interval.low, f"{name}_high": interval.high}
