"""A workspace with listens, a snapshot and a model, and somebody who goes on listening."""

import subprocess

import polars as pl
import pytest

from ml.data import schema
from ml.data.snapshot import take
from ml.data.store import bulk
from ml.data.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    opened = Workspace.at(tmp_path / "music")
    yield opened
    opened.close()


def fill(workspace):
    """Put listens, a snapshot and a model into a workspace."""
    with workspace.store.write() as connection:
        first = workspace.store.allocate(connection, "item", 3)
        rows = pl.DataFrame({"key": [first, first + 1, first + 2], "same_as": [None, first, None]})
        kinds = pl.Series("kind", ["track", "track", "artist"])
        bulk.insert(
            connection, schema.items, rows.with_columns(kinds, name=pl.lit("“100 % ü”, 'x'"), match=pl.lit("m"))
        )
        users = pl.DataFrame({"key": [7], "source": ["local"], "external_id": ["me"]})
        bulk.insert(connection, schema.users, users)
        bulk.insert(connection, schema.subjects, pl.DataFrame({"user_key": [7], "name": ["Me"], "age": [41]}))
        heard = pl.DataFrame({"user_key": [7] * 50, "listened_at": range(0, 50_000, 1_000), "item_key": [first] * 50})
        bulk.insert(connection, schema.listens, heard.with_columns(skipped=pl.col("listened_at") % 3 == 0))
        tags = pl.DataFrame({"item_key": [first] * 4, "tag": ["a", "B", "ä", "c"]})
        bulk.insert(connection, schema.tags, tags.with_columns(kind=pl.lit("tag"), user_key=0))
        bulk.insert(connection, schema.features, features(first))
    take(workspace.store, workspace.snapshots)
    model = workspace.models / "ials" / "1"
    model.mkdir(parents=True)
    (model / "arrays.npz").write_bytes(bytes(range(256)) * 40)
    (workspace.models / "current").write_text("ials/1\n")
    (workspace.indexes / "derived").write_text("x")
    (workspace.reports / "run.json").write_text("{}")
    return workspace


def features(key):
    frame = pl.DataFrame({"item_key": [key], "feature": ["tempo_bpm"], "value": [0.1 + 0.2]})
    return frame.with_columns(extractor=pl.lit("x"), version=pl.lit("1"))


@pytest.fixture
def full(workspace):
    return fill(workspace)


@pytest.fixture
def filled():
    return fill


def rows_of(store):
    """Give every table as a sorted list of rows."""
    with store.read() as connection:
        return {
            name: sorted(bulk.read(connection, table.select()).rows(), key=repr)
            for name, table in schema.metadata.tables.items()
        }


@pytest.fixture
def everything():
    return rows_of


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 400 kilobytes, where this machine lets us mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a disk of its own for the test needs root")
    yield folder
    subprocess.run(["umount", folder], check=True)
