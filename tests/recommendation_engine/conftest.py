"""A small world with two tastes, trained, whose right answers are plain."""

import shutil
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from ml.data.identity import find_item
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.store import Store
from ml.foundation.settings import Recommendation
from ml.models import files
from ml.models.base import TrainingData
from ml.models.training import make_models
from ml.recommendation_engine import EngineParts, RecommendationEngine
from ml.recommendation_engine.histories import Vocabulary, read_histories

DAY = 86_400_000
NOW = int(datetime(2026, 6, 30, tzinfo=UTC).timestamp() * 1000)
TASTES, TRACKS, LISTENERS = ("calm", "loud"), 30, 24


def track_name(taste, number):
    return f"{taste} song {number}"


def rows():
    """Each listener of a taste hears two thirds of its tracks; nobody hears the other taste's."""
    rng = np.random.default_rng(1)
    for taste in TASTES:
        for listener in range(LISTENERS):
            for number in rng.permutation(TRACKS)[: 2 * TRACKS // 3]:
                for _ in range(1 + int(rng.integers(3))):
                    yield {
                        "user_id": f"test:{taste}-{listener}",
                        "item_id": f"test:track/{taste}-{number}",
                        "title": track_name(taste, number),
                        "artist": f"{taste} artist {number % 10}",
                        "listened_at": NOW - int(rng.integers(300 * DAY)),
                    }


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A folder with the world in its store, and models trained on it."""
    folder = tmp_path_factory.mktemp("world")
    store = Store.at(folder)
    profiles = [{"user_id": f"test:{taste}-{n}", "country": "PE"} for taste in TASTES for n in range(LISTENERS)]
    load(store, [Batch("world", 0, {"profiles": pl.DataFrame(profiles), "listens": pl.DataFrame(list(rows()))})])
    train(store, folder / "models")
    store.close()
    return folder


@pytest.fixture
def parts(trained, tmp_path):
    """The world, to be changed by one test."""
    folder = shutil.copytree(trained, tmp_path / "world")
    store = Store.at(folder)
    yield EngineParts(store, folder / "models", Recommendation(num_factors=8))
    store.close()


def train(store, models_root):
    with store.read() as connection:
        ids = sorted({row["item_id"] for row in rows()})
        keys = np.array(sorted(find_item(connection, item).key for item in ids))
        from sqlalchemy import select

        from ml.data.schema import users

        listeners = connection.execute(select(users.c.key).order_by(users.c.external_id)).scalars().all()
        plays = read_histories(connection, listeners, Vocabulary(keys), {})
    data = TrainingData(plays, csr_matrix((len(keys), 0), dtype=np.float32), np.arange(len(keys), dtype=np.int32))
    models = make_models(Recommendation(num_factors=8))
    for model in models.values():
        if model.name != "hybrid":
            model.fit(data, rng=np.random.default_rng(0))
    models["hybrid"].calibrate(data, rng=np.random.default_rng(0))
    version = files.save_set(models_root, files.ModelSet(keys, "track", models, {}))
    files.promote(models_root, version)
    return version


@pytest.fixture
def engine(parts):
    return RecommendationEngine(parts)


@pytest.fixture
def heard():
    """Titles each listener heard."""
    found = {}
    for row in rows():
        found.setdefault(row["user_id"], set()).add(row["title"])
    return found
