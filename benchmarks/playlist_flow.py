"""How playlists flow: the order that the generator gives lists of the demo world, beside chance and greedy
neighbours.

Lists of 20 tracks by mood and genre. Each is put in order by the generator, by chance (the mean of 20 shuffles),
and greedily: from the generator's first track on, always to the track that costs least. `cost_…` is the mean cost
of a transition. `apart_…` is the mean difference between neighbours over that between any two of the list, 1 being
chance and less being more coherent, by feature: the differences that Schweiger et al. 2025 (EPJ Data Science
14:24) build their coherence from. Tempo, key and energy are part of what a transition costs, valence is by the
timbre; year and length are not. Differences are paired by list, with 95 % bootstrap intervals.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.target import Target
from ml.app import App
from ml.data.demo import DemoSize, make_world
from ml.data.ingest import load
from ml.features.vocabulary import MOODS
from ml.foundation.settings import Settings
from ml.metrics.significance import bootstrap_mean
from ml.playlist_generator.flow.harmony import KEY_COSTS
from ml.playlist_generator.flow.transitions import Weights, transition_costs
from ml.playlist_generator.library.reading import read_tracks
from ml.playlist_generator.library.tracks import Tracks

TARGETS = {"cost_over_random_high": Target(at_most=0.0), "cost_over_greedy_high": Target(at_most=0.0)}
GENRES = ("rock", "pop", "electronic", "folk", "hip-hop", "classical")
LENGTH, SHUFFLES = 20, 20
FEATURES = ("tempo", "key", "energy", "valence", "year", "length")
Rows = NDArray[np.int64]
Costs = NDArray[np.float32]


def run(quick: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        app = App(Settings(), home=Path(home))
        # Nobody listens here: it is the tracks that count.
        load(app.workspace.store, make_world(DemoSize(listeners=100, listens=2_000), seed=0).batches())
        with app.workspace.store.read() as connection:
            tracks = read_tracks(connection, None)
        asked = [(mood, genre) for mood in list(MOODS)[:: 5 if quick else 1] for genre in GENRES[:: 3 if quick else 1]]
        lists = [made(app, tracks, mood, genre) for mood, genre in asked]
        app.close()
    return measured(tracks, [rows for rows in lists if len(rows) == LENGTH])


def made(app: App, tracks: Tracks, mood: str, genre: str) -> Rows:
    """Make one list."""
    found = app.playlists.generate(mood=mood, genres=[genre], count=LENGTH, effort="best")
    place = {title: row for row, title in enumerate(zip(tracks.labels["title"], tracks.labels["artist"], strict=True))}
    return np.array([place[track.title, track.artist] for track in found.tracks])


def measured(tracks: Tracks, lists: list[Rows]) -> dict[str, float]:
    rng = np.random.default_rng(0)
    cost: dict[str, list[float]] = {"ours": [], "random": [], "greedy": []}
    apart: dict[str, list[list[float]]] = {"ours": [], "greedy": []}
    for rows in lists:
        sounds = tracks.sounds.take(rows)
        steps = transition_costs(sounds, sounds, Weights())
        orders = {"ours": np.arange(len(rows)), "greedy": greedy(steps)}
        for name, order in orders.items():
            cost[name].append(mean_step(steps, order))
            apart[name].append([share(differences, order) for differences in pairs(tracks, rows)])
        cost["random"].append(float(np.mean([mean_step(steps, rng.permutation(len(rows))) for _ in range(SHUFFLES)])))
    numbers: dict[str, float] = {"lists": len(lists)}
    numbers |= {f"cost_{name}": float(np.mean(values)) for name, values in cost.items()}
    for name in ("random", "greedy"):
        found = bootstrap_mean(np.array(cost["ours"]), baseline=np.array(cost[name]), rng=np.random.default_rng(1))
        numbers |= {
            f"cost_over_{name}": found.mean,
            f"cost_over_{name}_low": found.low,
            f"cost_over_{name}_high": found.high,
        }
    for name, values in apart.items():
        for place, feature in enumerate(FEATURES):
            found = bootstrap_mean(np.array(values)[:, place], rng=np.random.default_rng(2))
            numbers |= {f"apart_{feature}_{name}": found.mean}
            if name == "ours":
                numbers |= {f"apart_{feature}_low": found.low, f"apart_{feature}_high": found.high}
    return numbers


def greedy(steps: Costs) -> Rows:
    """Go from the first track always to the one that costs least."""
    order, left = [0], set(range(1, len(steps)))
    while left:
        order.append(min(left, key=lambda track: float(steps[order[-1], track])))
        left.discard(order[-1])
    return np.array(order)


def mean_step(steps: Costs, order: Rows) -> float:
    return float(steps[order[:-1], order[1:]].mean())


def pairs(tracks: Tracks, rows: Rows) -> list[NDArray[np.float64]]:
    """Give how far apart any two are, by feature."""
    key = tracks.sounds.key[rows]
    values = [
        np.log2(tracks.features["tempo_bpm"][rows]),
        tracks.features["energy"][rows],
        tracks.features["valence"][rows],
        tracks.years[rows].astype(float),
        tracks.ground.duration_ms[rows] / 1000,
    ]
    found = [np.abs(one[:, None] - one[None, :]) for one in values]
    found.insert(FEATURES.index("key"), KEY_COSTS[key[:, None], key[None, :]])
    return [np.asarray(one, dtype=np.float64) for one in found]


def share(differences: NDArray[np.float64], order: Rows) -> float:
    """Give the mean over neighbours as a share of that over all pairs."""
    whole = differences[~np.eye(len(differences), dtype=np.bool_)].mean()
    return float(differences[order[:-1], order[1:]].mean() / whole) if whole else float("nan")
