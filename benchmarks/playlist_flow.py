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
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
Rows = NDArray[np.int64]
Costs = NDArray[np.float32]
Pairs = Callable[[Tracks, Rows], dict[str, NDArray[np.float64]]]


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
    return measured(tracks, [rows for rows in lists if len(rows) == LENGTH], pairs)


def made(app: App, tracks: Tracks, mood: str, genre: str | None) -> Rows:
    """Make one list."""
    found = app.playlists.generate(mood=mood, genres=[genre] if genre else [], count=LENGTH, effort="best")
    place = {title: row for row, title in enumerate(zip(tracks.labels["title"], tracks.labels["artist"], strict=True))}
    return np.array([place[track.title, track.artist] for track in found.tracks])


def measured(tracks: Tracks, lists: list[Rows], pairs: Pairs) -> dict[str, float]:
    """Compare the orders of lists, by their cost and by how far apart neighbours are in each feature."""
    rng = np.random.default_rng(0)
    cost: dict[str, list[float]] = {"ours": [], "random": [], "greedy": []}
    spread: dict[str, list[list[float]]] = {"ours": [], "greedy": []}
    for rows in lists:
        sounds = tracks.sounds.take(rows)
        steps = transition_costs(sounds, sounds, Weights())
        orders = {"ours": np.arange(len(rows)), "greedy": greedy(steps)}
        for name, order in orders.items():
            cost[name].append(mean_step(steps, order))
            spread[name].append([share(differences, order) for differences in pairs(tracks, rows).values()])
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
    for name, values in spread.items():
        for place, feature in enumerate(pairs(tracks, lists[0])):
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


def pairs(tracks: Tracks, rows: Rows) -> dict[str, NDArray[np.float64]]:
    """Give how far apart any two are, by feature."""
    key = tracks.sounds.key[rows]
    return {
        "tempo": apart(np.log2(tracks.features["tempo_bpm"][rows])),
        "key": between_keys(key),
        "energy": apart(tracks.features["energy"][rows]),
        "valence": apart(tracks.features["valence"][rows]),
        "year": apart(tracks.years[rows]),
        "length": apart(tracks.ground.duration_ms[rows] / 1000),
    }


def between_keys(key: NDArray[np.int8]) -> NDArray[np.float64]:
    """Give what the change between any two keys costs, NaN where one is unknown."""
    known = (key[:, None] >= 0) & (key[None, :] >= 0)
    return np.where(known, KEY_COSTS[key[:, None], key[None, :]], np.nan).astype(np.float64)


def apart(values: NDArray[Any]) -> NDArray[np.float64]:
    """Give the difference of any two."""
    each = np.asarray(values, dtype=np.float64)
    return np.abs(each[:, None] - each[None, :])


def share(differences: NDArray[np.float64], order: Rows) -> float:
    """Give the mean over neighbours as a share of that over all pairs; NaN where nothing differs, or is known.

    >>> share(np.array([[0.0, 1.0, 4.0], [1.0, 0.0, 1.0], [4.0, 1.0, 0.0]]), np.array([0, 1, 2]))
    0.5
    """
    whole, steps = differences[~np.eye(len(differences), dtype=np.bool_)], differences[order[:-1], order[1:]]
    if not np.isfinite(steps).any() or not np.nansum(whole):
        return float("nan")
    return float(np.nanmean(steps) / np.nanmean(whole))
