"""What goes on with a list: the hidden half of playlists with planted themes, and of what HetRec's listeners play.

`demo_…`: 400 lists of a demo world, drawn by genre, era, mood and a circle of artists; the first half is given, the
other is to be found among all tracks. `short_…`: the same lists, three tracks given. `hetrec_…`: 400 listeners of
HetRec of whose plays and tags nothing has learned; a random half of the artists that each plays is given. Each artist
stands there as a track without a sound.

Ranked are all tracks that are not given. `ours` is what the generator ranks by where it goes on with a list, or has
seeds; `alone` is the same without any listeners; `likeness` is the mean of ranks that it went by before. `item_knn`
and `popularity` are the package's own models, which learn from the same listens; nothing learns from other lists.
`r_precision` is the share found among as many as there are to find, `ndcg` is of the first 500 places, as in the RecSys
Challenge 2018.
`over_…` are differences paired by list, with 95 % bootstrap intervals. `made_…` is what of the hidden half is in the
lists that ``extend`` makes of as many tracks, with gaps between artists and with an eye on their flow, on the first 100
lists, beside the first places of item-kNN.

All settings were chosen on another demo world, other lists and other listeners: `choosing_…`.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sqlalchemy import select

from benchmarks import generated, held_out
from benchmarks.target import Target
from benchmarks.themed_playlists import draw
from ml.app import App
from ml.data.demo import make_world
from ml.data.demo.batches import track_id
from ml.data.demo.world import World
from ml.data.ingest import load
from ml.data.schema import aliases
from ml.data.store import bulk
from ml.foundation.settings import Settings
from ml.metrics.ranking import ndcg
from ml.metrics.significance import bootstrap_mean
from ml.models.base import Model, TrainingData
from ml.models.blend import Blend
from ml.models.dataset import Dataset
from ml.models.item_knn import ItemKNN
from ml.models.plays import Plays
from ml.models.popularity import Popularity
from ml.playlist_generator.flow.transitions import Sounds
from ml.playlist_generator.holding.demands import Ground
from ml.playlist_generator.library.reading import read_tracks
from ml.playlist_generator.library.tracks import FEATURES, Tracks
from ml.playlist_generator.suiting.continuing import continuation
from ml.playlist_generator.suiting.likeness import likeness
from ml.recommendation_engine.ratings import beside_list

LISTS, MADE, SHORT, PLACES = 400, 100, 3, 500
#: The seed of a world and its lists, and which of the shuffled listeners of HetRec are asked about.
PARTS = {"": (1, slice(0, 400)), "choosing_": (0, slice(400, 700))}
ASKED_ABOUT, FEWEST = 700, 10
RIVALS = ("item_knn", "popularity", "random", "likeness")
TARGETS = {
    f"{where}_over_{rival}_{measure}_low": Target(at_least=0.0)
    for where in ("demo", "hetrec")
    for rival in ("item_knn", "popularity", "random")
    for measure in ("r_precision", "ndcg")
}
Rows = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Listening:
    """Tracks, and what learned from listens.

    Parameters
    ----------
    tracks : Tracks
    items : int64 [shape=(n_tracks,)]
        The item of each track.
    models : mapping of str to Model
        Rivals, fitted.
    listened : callable
        Scores all tracks for somebody who has heard some rows only.
    """

    tracks: Tracks
    items: Rows
    models: Mapping[str, Model]
    listened: Callable[[Rows], Floats]

    def rankings(self, given: Rows, rng: np.random.Generator) -> dict[str, Rows]:
        """Rank all tracks that are not given, by every method."""
        listened = self.listened(given)
        history = Plays.of([self.items[given].tolist()], n_items=len(self.items))
        scores = {name: model.score(history)[0][self.items] for name, model in self.models.items()}
        scores |= {
            "ours": continuation(self.tracks, given, listened),
            "alone": continuation(self.tracks, given),
            "likeness": likeness(self.tracks, given, listened),
            "random": np.zeros(len(self.tracks), dtype=np.float32),
        }
        # A tie is no merit of the order in which tracks are stored.
        tie = rng.permutation(len(self.tracks))
        orders = {name: np.lexsort((tie, -each)) for name, each in scores.items()}
        return {name: order[~np.isin(order, given)] for name, order in orders.items()}


def run(quick: bool) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for part, (seed, listeners) in PARTS.items():
        numbers |= demo(part, seed, quick)
        if "hetrec" in held_out.available():
            listening, asked = hetrec(listeners)
            numbers |= measured(f"{part}hetrec", listening, asked[:: 10 if quick else 1])
        print(*(f"{name} {value:.4f}" for name, value in numbers.items() if name.startswith(part)), flush=True)
    return numbers


def demo(part: str, seed: int, quick: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        app = App(Settings(), home=Path(home))
        world = make_world(generated.SMALL if quick else None, seed=seed)
        load(app.workspace.store, world.batches(), draw=random.Random(seed).getrandbits)
        app.train(judge=False, deep=False)
        listening, row_of = read(app, world)
        lists = [(row_of[given], row_of[hidden]) for given, hidden in themed(world, 40 if quick else LISTS, seed)]
        numbers = measured(f"{part}demo", listening, lists)
        numbers |= measured(f"{part}short", listening, [(given[:SHORT], hidden) for given, hidden in lists])
        numbers |= made(f"{part}made", app, listening, lists[: 10 if quick else MADE])
        app.close()
    return numbers


def themed(world: World, n: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    return (theme.halves for theme in draw(world, n, seed=seed))


def read(app: App, world: World) -> tuple[Listening, Rows]:
    """Read the tracks of a workspace and fit the rivals; find the row of each of the world's tracks."""
    with app.workspace.store.read() as connection:
        tracks = read_tracks(connection, None)
        known = bulk.read(connection, select(aliases.c.item_key, aliases.c.source, aliases.c.external_id))
    names = known.select(pl.format("{}:{}", "source", "external_id"), "item_key")
    key_of = dict(names.iter_rows())
    row_of = tracks.rows_of(np.array([key_of[track_id(track)] for track in range(len(world.tracks))]))
    data = Dataset.load(app.snapshot(), kind="track")
    items = np.searchsorted(data.item_keys, tracks.keys)
    tastes = app.generator_parts().tastes

    def listened(given: Rows) -> Floats:
        found = tastes.beside(tracks.keys[given].tolist())
        assert found is not None
        scores = np.full(len(tracks), np.nan, dtype=np.float32)
        scores[tracks.rows_of(found.keys)] = found.scores
        return scores

    return Listening(tracks, items, rivals(data.data), listened), row_of


def rivals(data: TrainingData) -> dict[str, Model]:
    models: tuple[Model, ...] = (ItemKNN(), Popularity())
    return {model.name: model.fit(data, rng=np.random.default_rng(0)) for model in models}


def hetrec(asked_about: slice) -> tuple[Listening, list[tuple[Rows, Rows]]]:
    """Fit on most listeners, and split the artists of some others."""
    folder = held_out.DATA / held_out.FOLDERS["hetrec"]
    order = np.random.default_rng(7).permutation(held_out.whole_hetrec(folder).plays.n_users)
    whole = held_out.whole_hetrec(folder, without_tags_of=order[:ASKED_ABOUT])
    data = replace(whole, plays=whole.plays.select(np.sort(order[ASKED_ABOUT:])))
    hybrid = Blend().fit(data, rng=np.random.default_rng(0))
    items = np.arange(whole.n_items)

    def listened(given: Rows) -> Floats:
        return beside_list(hybrid, given, whole.n_items)

    rng, counts = np.random.default_rng(3), whole.plays.counts
    lists = []
    for listener in order[asked_about]:
        own = rng.permutation(counts.indices[counts.indptr[listener] : counts.indptr[listener + 1]]).astype(np.int64)
        if len(own) >= FEWEST:
            lists.append((own[: len(own) // 2], own[len(own) // 2 :]))
    return Listening(as_tracks(data), items, rivals(data), listened), lists


def as_tracks(data: TrainingData) -> Tracks:
    """Let each item be a track of which only the tags are known."""
    n, nothing = data.n_items, np.full(data.n_items, np.nan, dtype=np.float32)
    numbers = np.arange(n, dtype=np.int64)
    by_tag = data.tags.tocsc()
    return Tracks(
        labels=pl.DataFrame({"key": numbers}),
        ground=Ground(np.zeros(n, dtype=np.int64), numbers, numbers, numbers),
        features=dict.fromkeys(FEATURES, nothing),
        sounds=Sounds(
            tempo_bpm=nothing,
            energy=nothing,
            loudness_lufs=nothing,
            key=np.full(n, -1, dtype=np.int8),
            key_confidence=nothing,
            level_in_db=nothing,
            level_out_db=nothing,
            timbre=np.empty((n, 0), dtype=np.float32),
        ),
        years=np.zeros(n, dtype=np.int16),
        languages=np.full(n, ""),
        explicit=np.zeros(n, dtype=np.bool_),
        tags={
            str(tag): np.sort(by_tag.indices[by_tag.indptr[tag] : by_tag.indptr[tag + 1]]).astype(np.int64)
            for tag in range(by_tag.shape[1])
        },
    )


def measured(name: str, listening: Listening, lists: Sequence[tuple[Rows, Rows]]) -> dict[str, float]:
    """Rank for every list, and compare."""
    rng, n = np.random.default_rng(0), len(listening.tracks)
    ranked: dict[str, list[Rows]] = {}
    found: dict[str, list[float]] = {}
    for given, hidden in lists:
        for method, order in listening.rankings(np.unique(given), rng).items():
            ranked.setdefault(method, []).append(order[:PLACES])
            found.setdefault(method, []).append(r_precision(order, hidden))
    indptr = np.cumsum([0, *(len(hidden) for _, hidden in lists)])
    columns = np.concatenate([hidden for _, hidden in lists])
    relevant = csr_matrix((np.ones(len(columns)), columns, indptr), shape=(len(lists), n))
    reached = {
        method: {"r_precision": np.array(found[method]), "ndcg": ndcg(np.stack(orders), relevant, k=PLACES)}
        for method, orders in ranked.items()
    }
    numbers: dict[str, float] = {f"{name}_lists": len(lists)}
    for method, measures in reached.items():
        numbers |= {f"{name}_{method}_{measure}": float(values.mean()) for measure, values in measures.items()}
    for rival in RIVALS:
        for measure, values in reached["ours"].items():
            apart = bootstrap_mean(values, baseline=reached[rival][measure], rng=np.random.default_rng(1))
            numbers |= {
                f"{name}_over_{rival}_{measure}": apart.mean,
                f"{name}_over_{rival}_{measure}_low": apart.low,
                f"{name}_over_{rival}_{measure}_high": apart.high,
            }
    return numbers


def r_precision(order: Rows, hidden: Rows) -> float:
    """Give the share that is found among as many as there are to find.

    >>> r_precision(np.array([5, 2, 7, 1]), np.array([1, 5]))
    0.5
    """
    return float(np.isin(order[: len(hidden)], hidden).mean())


def made(name: str, app: App, listening: Listening, lists: Sequence[tuple[Rows, Rows]]) -> dict[str, float]:
    """Let the generator make the lists, and hold them against the first places of a ranking by item-kNN."""
    ours = np.array([made_r_precision(app, listening, *each) for each in lists])
    rng = np.random.default_rng(0)
    orders = [listening.rankings(np.unique(given), rng)["item_knn"] for given, _ in lists]
    theirs = np.array([r_precision(order, hidden) for order, (_, hidden) in zip(orders, lists, strict=True)])
    apart = bootstrap_mean(ours, baseline=theirs, rng=np.random.default_rng(0))
    return {
        f"{name}_lists": len(lists),
        f"{name}_r_precision": float(ours.mean()),
        f"{name}_over_item_knn_r_precision": apart.mean,
        f"{name}_over_item_knn_r_precision_low": apart.low,
        f"{name}_over_item_knn_r_precision_high": apart.high,
    }


def made_r_precision(app: App, listening: Listening, given: Rows, hidden: Rows) -> float:
    """Let the generator go on with a list by as many tracks as are hidden."""
    labels = listening.tracks.labels
    ids = [f"key:{key}" for key in labels["key"].gather(given)]
    made = app.playlists.extend({"tracks": [{"track_id": one} for one in ids], "request": {}}, count=len(hidden))
    place = {title: row for row, title in enumerate(zip(labels["title"], labels["artist"], strict=True))}
    return r_precision(np.array([place[track.title, track.artist] for track in made.added]), hidden)
