"""A store with a little of everything, whose snapshot is known in advance."""

import subprocess

import polars as pl
import pytest

from ml.data import schema
from ml.data.store import Store, bulk

TABLES = {
    "items": pl.DataFrame(
        [
            # key, kind, name, credit, album, duration_ms, explicit, same_as
            (1, "track", "Alpha", None, None, 200_000, None, None),
            (2, "track", "alpha", "Ann", None, 201_000, True, 1),
            (3, "track", "ALPHA", "ANN", "First", None, False, 2),
            (4, "track", "Beta", "Ann & Bob", None, None, None, None),
            (5, "artist", "Ann", None, None, None, None, None),
            (6, "artist", "ann", None, None, None, None, 5),
            (7, "artist", "Bob", None, None, None, None, None),
            (8, "track", "Gamma", None, None, None, None, 9),
            (9, "track", "Gamma", "Bob", None, None, None, None),
        ],
        schema=["key", "kind", "name", "credit", "album", "duration_ms", "explicit", "same_as"],
        orient="row",
        infer_schema_length=None,
    ).with_columns(match=pl.lit("m")),
    "listens": pl.DataFrame(
        [
            # user_key, listened_at, item_key, ms_played, skipped, incognito, device
            (10, 5_000, 4, 9, True, None, "phone"),
            (10, 1_000, 3, 3, None, False, None),
            (10, 1_000, 1, 1, False, False, "desk"),
            (10, 2_000, 4, None, None, True, None),
            (-7, 3_000, 2, None, None, None, None),
        ],
        schema=["user_key", "listened_at", "item_key", "ms_played", "skipped", "incognito", "device"],
        orient="row",
        infer_schema_length=None,
    ),
    "play_counts": pl.DataFrame({"user_key": [10, 10, 11], "item_key": [2, 1, 7], "plays": [3, 4, 2]}),
    "tags": pl.DataFrame(
        {
            "item_key": [1, 2, 3, 7],
            "tag": ["rock", "rock", "rock", "jazz"],
            "kind": ["tag", "tag", "genre", "genre"],
            "user_key": [10, 10, 0, 0],
        }
    ),
    "track_artists": pl.DataFrame(
        {
            "track_key": [2, 3, 3, 4, 4, 4, 8, 9],
            "position": [0, 0, 1, 0, 1, 2, 0, 0],
            "artist_key": [6, 5, 7, 5, 6, 7, 5, 7],
            "role": ["main", "main", "featured", "main", "main", "featured", "main", "main"],
        }
    ),
    "features": pl.DataFrame(
        {
            "item_key": [1, 1, 2, 2],
            "extractor": ["x", "x", "x", "x"],
            "version": ["1", "2", "9", "9"],
            "feature": ["tempo_bpm", "tempo_bpm", "tempo_bpm", "energy"],
            "value": [100.0, 120.5, 99.0, 0.1],
        }
    ),
    "feedback": pl.DataFrame(
        [
            # user_key, event_id, item_key, kind, at, undone
            (10, 1, 3, "like", 700, False),
            (10, 2, 1, "dislike", 600, False),
            (10, 3, 2, "like", 900, True),
            (10, 4, 4, "add_to_playlist", 800, False),
            (10, 5, 4, "like", 650, False),
            (10, 6, 4, "not_now", 990, False),
            (-7, 7, 4, "like", 100, False),
        ],
        schema=["user_key", "event_id", "item_key", "kind", "at", "undone"],
        orient="row",
    ),
    "subjects": pl.DataFrame({"user_key": [10], "name": ["Secret Person"]}),
    "files": pl.DataFrame({"path": ["/home/secret.mp3"], "item_key": [1], "content_hash": ["c"]}),
}


def fill(store, tables, *, rng=None):
    """Write tables into a store, in an order of the rows' own where ``rng`` is given."""
    with store.write() as connection:
        for name, frame in tables.items():
            rows = frame if rng is None else frame[rng.permutation(len(frame))]
            bulk.insert(connection, schema.metadata.tables[name], rows)


@pytest.fixture
def tables():
    return dict(TABLES)


@pytest.fixture
def filled():
    return fill


@pytest.fixture
def local_store(tmp_path):
    """The same on SQLite alone, for what no database has a say in."""
    opened = Store.at(tmp_path)
    fill(opened, TABLES)
    yield opened
    opened.close()


@pytest.fixture
def little_store(store):
    fill(store, TABLES)
    return store


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a hundred kilobytes, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a disk of its own for the test needs root")
    yield folder
    subprocess.run(["umount", folder], check=True)
