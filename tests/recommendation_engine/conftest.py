"""A small world of three genres, trained once, and an engine on it whose clock a test sets."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from ml.app import App
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation.settings import Settings
from ml.recommendation_engine import EngineParts, RecommendationEngine

MORNING = datetime(2026, 6, 30, 7, 0, tzinfo=UTC)
GENRES, TRACKS, LISTENERS, ARTISTS = ("calm", "loud", "odd"), 30, 20, 6
RELEASE = "test:track/calm-new"


def artist_of(genre, number):
    return f"{genre} artist {number % ARTISTS}"


def frames():
    """Listeners of one genre hear two thirds of it; ``both`` hears calm and loud; one track is heard by nobody yet."""
    rng = np.random.default_rng(3)
    tracks = [
        {
            "item_id": f"test:track/{genre}-{n}",
            "title": f"{genre} {n}",
            "artist": artist_of(genre, n),
            "genres": [genre],
        }
        for genre in GENRES
        for n in range(TRACKS)
    ]
    new = {"item_id": RELEASE, "title": "calm new", "artist": artist_of("calm", 0), "genres": ["calm"]}
    people = [(f"test:{genre}-{n}", [genre]) for genre in GENRES for n in range(LISTENERS)]
    people += [(f"test:both-{n}", ["calm", "loud"]) for n in range(4)]
    listens = [
        {
            "user_id": user,
            "item_id": f"test:track/{genre}-{n}",
            "title": f"{genre} {n}",
            "artist": artist_of(genre, n),
            "listened_at": int((MORNING - timedelta(days=int(rng.integers(2, 200)))).timestamp() * 1000),
        }
        for user, genres in people
        for genre in genres
        for n in rng.permutation(TRACKS)[: (2 * TRACKS // 3) // len(genres)]
    ]
    return {"items": pl.DataFrame([*tracks, new]), "listens": pl.DataFrame(listens)}


@pytest.fixture(scope="session")
def genre_world(tmp_path_factory):
    """The folder of the workspace."""
    home = tmp_path_factory.mktemp("genres")
    settings = Settings()
    settings.recommendation_engine.num_factors = 8
    app = App(settings, home=home)
    load(app.workspace.store, [Batch("world", 0, frames())])
    app.train(judge=False)
    app.close()
    return home


class Clock:
    """A moment that a test moves."""

    def __init__(self):
        self.now = MORNING

    def __call__(self):
        return int(self.now.timestamp() * 1000)

    def pass_(self, **time):
        self.now += timedelta(**time)


class Desk:
    """An engine, its clock, and short words for what tests do with them."""

    def __init__(self, app: App):
        self.app, self.clock = app, Clock()
        parts = app.engine_parts()
        self.parts = EngineParts(parts.store, parts.models_root, parts.settings, parts.pool, clock=self.clock)
        self.engine = RecommendationEngine(self.parts)

    @property
    def home(self) -> Path:
        return self.app.workspace.home

    def tell(self, user, item, event="play", *, minutes=3, **more):
        """Record an event that happens now; the clock goes on."""
        recorded = self.engine.record(user, item, event=event, at=self.clock.now, **more)
        self.clock.pass_(minutes=minutes)
        return recorded

    def ask(self, user, **options):
        return self.engine.recommend(user, **{"count": 12, "max_per_artist": 12, "familiar_ratio": 0.0, **options})

    def titles(self, user, **options):
        return [track.title for track in self.ask(user, **options).tracks]

    def share(self, user, genre, **options):
        """Tell how much of a list is of a genre."""
        found = self.titles(user, **options)
        return sum(title.startswith(genre) for title in found) / len(found)


@pytest.fixture
def desk(genre_world, tmp_path):
    """The world, to be changed by one test."""
    settings = Settings()
    settings.recommendation_engine.num_factors = 8
    app = App(settings, home=shutil.copytree(genre_world, tmp_path / "genres"))
    yield Desk(app)
    app.close()
