"""A small world in which each question has a plain answer."""

import shutil
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from ml.app import App
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation.settings import Settings

NOW = datetime(2026, 6, 30, tzinfo=UTC)
#: Artist, title, album, genre, year, language, tempo, energy, valence, plays.
TRACKS = [
    ("The Beatles", "Help!", "Help!", "rock", 1965, "en", 95, 0.7, 0.7, 9),
    ("The Beatles", "Yesterday", "Help!", "pop", 1965, "en", 97, 0.2, 0.3, 8),
    ("The Beatles", "Come Together", "Abbey Road", "rock", 1969, "en", 82, 0.5, 0.4, 7),
    ("Beat Happening", "Indian Summer", "Jamboree", "indie", 1988, "en", 110, 0.3, 0.5, 2),
    ("P!nk", "So What", "Funhouse", "pop", 2008, "en", 126, 0.9, 0.6, 6),
    ("Pink", "Cloud", "Early", "folk", 1999, "en", 70, 0.1, 0.4, 1),
    ("Die Ärzte", "Westerland", "Das ist nicht die ganze Wahrheit", "punk", 1988, "de", 150, 0.9, 0.8, 5),
    ("Sigur Rós", "Hoppípolla", "Takk", "ambient", 2005, "is", 80, 0.4, 0.6, 4),
    ("Radiohead", "Creep", "Pablo Honey", "rock", 1993, "en", 92, 0.5, 0.2, 9),
    ("Radiohead", "No Surprises", "OK Computer", "rock", 1997, "en", 76, 0.2, 0.2, 6),
    ("Quiet Piano", "Rain", "Study", "classical", 2012, "", 60, 0.05, 0.4, 3),
    ("Кино", "Группа крови", "Группа крови", "rock", 1988, "ru", 130, 0.8, 0.5, 3),
]
TAGS = {"Rain": ["piano", "instrumental", "calm"], "Yesterday": ["acoustic", "sad"], "Creep": ["sad", "90s"]}


def _id(title):
    return f"test:track/{title}"


def frames():
    """Give the world as an importer would."""
    described = [
        {
            "item_id": _id(title),
            "title": title,
            "artist": artist,
            "album": album,
            "genres": [genre],
            "duration_ms": 200_000,
            "year": year,
            "language": language or None,
            "explicit": title == "So What",
        }
        for artist, title, album, genre, year, language, *_ in TRACKS
    ]
    sounds = [
        {
            "item_id": _id(title),
            "title": title,
            "artist": artist,
            "extractor": "test",
            "version": "1",
            "feature": name,
            "value": float(value),
        }
        for artist, title, _, _, _, _, tempo, energy, valence, _ in TRACKS
        for name, value in (
            ("tempo_bpm", tempo),
            ("energy", energy),
            ("valence", valence),
            ("instrumentalness", 0.9 if title == "Rain" else 0.1),
        )
    ]
    tags = [
        {"item_id": _id(title), "title": title, "artist": artist, "tag": tag}
        for artist, title, *_ in TRACKS
        for tag in TAGS.get(title, [])
    ]
    plays = [
        {
            "user_id": f"test:user/{n % 3}",
            "item_id": _id(title),
            "title": title,
            "artist": artist,
            "listened_at": int((NOW - timedelta(hours=40 * place + n)).timestamp() * 1000),
        }
        for place, (artist, title, *_, count) in enumerate(TRACKS)
        for n in range(count)
    ]
    named = {"items": described, "features": sounds, "tags": tags, "listens": plays}
    return {name: pl.DataFrame(rows) for name, rows in named.items()}


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """The folder of a trained workspace."""
    home = tmp_path_factory.mktemp("search")
    settings = Settings()
    settings.recommendation_engine.num_factors = 4
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
def search(app):
    """Search that workspace."""
    return app.search_engine.search
