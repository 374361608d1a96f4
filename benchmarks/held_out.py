"""Listening histories cut twice: into what may be looked at while choosing settings, and what may not.

Conventions
-----------
A part put aside for testing is seeded or comes with the data. Validation happens inside what remains: a second cut of
the same kind. Who has chosen by :func:`for_choosing` may report by :func:`for_reporting`, once.
"""

from __future__ import annotations

import os
import random
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sqlalchemy import select

from ml.data.demo import make_world
from ml.data.ingest.loader import load
from ml.data.schema import subjects
from ml.data.snapshot import take
from ml.data.store import Store, bulk
from ml.models.base import TrainingData
from ml.models.dataset import Dataset, Split
from ml.models.plays import UNDATED, Plays

#: Real data sets by name, and their folders; ``gowalla`` comes split.
FOLDERS = {"gowalla": "gowalla", "hetrec": "lastfm_hetrec2011"}
NAMES = (*FOLDERS, "demo")
DATA = Path(os.environ.get("ML_REALDATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
#: Shares put aside: of a listener's items in each set, of the listens of the demo world, the last.
SHARES = {"gowalla": 0.1, "hetrec": 0.2, "demo": 0.1}

Integers = NDArray[np.integer]


def available() -> list[str]:
    """Name the sets that are there; the demo world always is."""
    return [name for name in NAMES if name not in FOLDERS or (DATA / FOLDERS[name]).is_dir()]


def for_choosing(name: str) -> Split:
    """Cut the part that may be learned from; what :func:`for_reporting` holds back is in neither half."""
    rest = for_reporting(name).train
    if name == "demo":
        return rest.split_by_time(share=SHARES[name])
    return rest.split_per_user(share=SHARES[name], rng=np.random.default_rng(1))


def for_reporting(name: str) -> Split:
    """Cut a whole set, once and for all."""
    match name:
        case "gowalla":
            return gowalla(DATA / FOLDERS[name])
        case "hetrec":
            return hetrec(DATA / FOLDERS[name])
        case "demo":
            return demo().split_by_time(share=SHARES[name])
        case _:
            raise ValueError(f"no data set {name!r}; there are {', '.join(NAMES)}")


def gowalla(folder: Path) -> Split:
    """Read the split of the LightGCN papers: places visited, one line a visitor."""
    (users, items), (test_users, test_items) = (_pairs(folder / name) for name in ("train.txt", "test.txt"))
    shape = (int(max(users.max(), test_users.max())) + 1, int(max(items.max(), test_items.max())) + 1)
    nothing = np.full(shape[1], -1, dtype=np.int32)
    plays = _plays(users, items, np.ones(len(items)), shape)
    data = TrainingData(plays, csr_matrix((shape[1], 0), dtype=np.float32), nothing)
    test = csr_matrix((np.ones(len(test_users)), (test_users, test_items)), shape=shape)
    return Split(_dataset(data), test, test)


def hetrec(folder: Path) -> Split:
    """Read play counts of artists and the tags that listeners gave them; a seeded fifth of the rows is put aside."""
    whole = whole_hetrec(folder)
    plays = whole.plays
    aside = np.random.default_rng(0).random(len(plays.items)) < SHARES["hetrec"]
    # As the file has them: the draw goes by its rows, which are in the order of the listeners.
    train, relevant = plays.keep(~aside), plays.keep(aside).counts.sign()
    return Split(_dataset(replace(whole, plays=train)), relevant, relevant)


def whole_hetrec(folder: Path, *, without_tags_of: Integers | None = None) -> TrainingData:
    """Read all play counts and tags, but for the tags that some listeners, by their index, gave."""
    plays = pl.read_csv(folder / "user_artists.dat", separator="\t", quote_char=None)
    artists, items = np.unique(plays["artistID"].to_numpy(), return_inverse=True)
    listeners, users = np.unique(plays["userID"].to_numpy(), return_inverse=True)
    shape = (len(listeners), len(artists))
    silent = listeners[without_tags_of] if without_tags_of is not None else listeners[:0]
    tags = _tags(folder / "user_taggedartists.dat", artists, silent)
    whole = _plays(users, items, plays["weight"].to_numpy(), shape)
    return TrainingData(whole, tags, np.arange(len(artists), dtype=np.int32))


def demo() -> Dataset:
    """Make the demo world of `ml demo` and read it back from a store, profiles and all."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.at(Path(folder))
        # The keys of listeners are drawn too: their order decides who judges, and what a kept result belongs to.
        load(store, make_world(seed=0).batches(), draw=random.Random(0).getrandbits)
        with store.read() as connection:
            profiles = bulk.read(connection, select(subjects.c.user_key, subjects.c.country, subjects.c.age))
        told = {name: dict(profiles.select("user_key", name).drop_nulls().iter_rows()) for name in ("country", "age")}
        snapshot = take(store, Path(folder) / "snapshots")
        dataset = Dataset.load(snapshot, countries=told["country"], ages=told["age"])
        store.close()
        return dataset


def _tags(path: Path, artists: Integers, silent: Integers) -> csr_matrix:
    """Count the listeners who gave an artist a tag, but for those who are silent."""
    tagged = pl.read_csv(path, separator="\t", quote_char=None).filter(pl.col("artistID").is_in(artists.tolist()))
    tagged = tagged.filter(~pl.col("userID").is_in(silent.tolist()))
    names, tags = np.unique(tagged["tagID"].to_numpy(), return_inverse=True)
    rows = np.searchsorted(artists, tagged["artistID"].to_numpy())
    return csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, tags)), shape=(len(artists), len(names)))


def _pairs(path: Path) -> tuple[Integers, Integers]:
    lines = [np.array(line.split(), dtype=np.int64) for line in path.read_text(encoding="utf-8").splitlines()]
    users = np.concatenate([np.full(len(line) - 1, line[0]) for line in lines if len(line)])
    return users, np.concatenate([line[1:] for line in lines])


def _plays(users: Integers, items: Integers, weights: NDArray[np.number], shape: tuple[int, int]) -> Plays:
    order = np.argsort(users, kind="stable")
    indptr = np.concatenate([[0], np.cumsum(np.bincount(users, minlength=shape[0]))]).astype(np.int64)
    times = np.full(len(items), UNDATED)
    return Plays(indptr, items[order].astype(np.int32), weights[order].astype(np.float32), times, shape[1])


def _dataset(data: TrainingData) -> Dataset:
    """Let indices be keys: nothing here is asked for by its key."""
    keys = np.arange(data.n_items, dtype=np.int64)
    users = np.arange(data.plays.n_users, dtype=np.int64)
    tags = tuple(str(tag) for tag in range(data.tags.shape[1]))
    return Dataset("artist", keys, users, keys, tags, data, snapshot="")
