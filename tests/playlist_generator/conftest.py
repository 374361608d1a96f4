"""A small world whose right answers are plain: two genres, known sounds, one listener of each."""

import shutil
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from ml.app import App
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation.settings import Settings

NOW = datetime(2026, 6, 30, 7, 0, tzinfo=UTC)
GENRES, TRACKS, ARTISTS, LISTENERS = ("calm jazz", "loud techno"), 40, 8, 10
LENGTH_MS = 180_000


def sound(genre, n):
    """Jazz is slow and calm, techno fast and loud; keys go round the wheel."""
    calm = genre == GENRES[0]
    return {
        "tempo_bpm": (80.0 if calm else 128.0) + n % 5,
        "energy": (0.15 if calm else 0.8) + 0.004 * n,
        "valence": 0.7 if calm else 0.55,
        "acousticness": 0.8 if calm else 0.05,
        "instrumentalness": 0.9 if n % 2 else 0.1,
        "loudness_lufs": -18.0 if calm else -8.0,
        "key": float(7 * n % 12),
        "minor": float(n % 2),
    }


def artist_of(genre, n):
    return f"{genre} artist {n % ARTISTS}"


def described(genre, n):
    return {
        "item_id": f"test:track/{genre.split()[1]}-{n}",
        "title": f"{genre} {n}",
        "artist": artist_of(genre, n),
        "genres": [genre.split()[1]],
        "duration_ms": LENGTH_MS + 1_000 * (n % 7),
        "year": 1990 + n % 20,
        "language": "fr" if n % 4 == 0 else "en",
        "explicit": n % 5 == 0,
    }


def frames():
    rng = np.random.default_rng(5)
    tracks = [described(genre, n) for genre in GENRES for n in range(TRACKS)]
    features = [
        {
            **{name: value for name, value in described(genre, n).items() if name in ("item_id", "title", "artist")},
            "extractor": "test",
            "version": "1",
            "feature": name,
            "value": value,
        }
        for genre in GENRES
        for n in range(TRACKS)
        for name, value in sound(genre, n).items()
    ]
    listens = [
        {
            "user_id": f"test:{genre.split()[1]}-{listener}",
            **{name: described(genre, n)[name] for name in ("item_id", "title", "artist")},
            "listened_at": int((NOW - timedelta(days=int(rng.integers(2, 200)))).timestamp() * 1000),
        }
        for genre in GENRES
        for listener in range(LISTENERS)
        for n in rng.permutation(TRACKS)[: TRACKS // 2]
    ]
    return {"items": pl.DataFrame(tracks), "features": pl.DataFrame(features), "listens": pl.DataFrame(listens)}


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The folder of a trained workspace."""
    home = tmp_path_factory.mktemp("playlists")
    settings = Settings()
    settings.recommendation_engine.num_factors = 8
    app = App(settings, home=home)
    load(app.workspace.store, [Batch("world", 0, frames())])
    app.train(judge=False, deep=False)
    app.close()
    return home


@pytest.fixture
def app(world, tmp_path):
    """The workspace, a copy of its own."""
    home = tmp_path / "world"
    shutil.copytree(world, home)
    app = App(Settings(), home=home)
    yield app
    app.close()


@pytest.fixture
def generator(app):
    return app.playlists
