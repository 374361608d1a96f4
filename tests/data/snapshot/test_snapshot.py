"""What a snapshot holds, that it cannot change unseen, and that a failure leaves nothing."""

import json
import threading
from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest
from sqlalchemy import func, select

from ml.data.schema import items, listens
from ml.data.snapshot import TABLES, Snapshot, readers, reading, take
from ml.data.store import Store, bulk
from ml.foundation.errors import CorruptSnapshot, DiskFull, EmptyWorkspace, StoreError


@pytest.fixture
def snapshot(little_store, tmp_path):
    return take(little_store, tmp_path / "snapshots", now=86_400_000)


@pytest.fixture
def local(local_store, tmp_path):
    return take(local_store, tmp_path / "snapshots", now=86_400_000)


def rows(lazy):
    return lazy.collect().rows()


def test_items_are_roots_with_what_they_lack_from_what_they_absorbed(snapshot):
    wanted = ["key", "name", "credit", "album", "duration_ms", "explicit"]
    assert rows(snapshot.items.select(wanted)) == [
        (1, "Alpha", "Ann", "First", 200_000, True),
        (4, "Beta", "Ann & Bob", None, None, None),
        (5, "Ann", None, None, None, None),
        (7, "Bob", None, None, None, None),
        (9, "Gamma", "Bob", None, None, None),
    ]
    assert rows(snapshot.redirects) == [(2, 1), (3, 1), (6, 5), (8, 9)]


def test_listens_are_of_roots_sorted_without_doubles_and_without_private_ones(snapshot):
    assert rows(snapshot.listens) == [
        (-7, 1, 3_000, None, None, None, None, None),
        (10, 1, 1_000, 1, False, None, "desk", None),
        (10, 4, 5_000, 9, True, None, "phone", None),
    ]


def test_the_other_tables_follow_the_merges(snapshot):
    assert rows(snapshot.counts) == [(10, 1, 7), (11, 7, 2)]
    assert rows(snapshot.tags) == [(1, "rock", "genre", 0), (1, "rock", "tag", 10), (7, "jazz", "genre", 0)]
    assert rows(snapshot.credits) == [
        (1, 0, 5, "main"),
        (4, 0, 5, "main"),
        (4, 2, 7, "featured"),
        (9, 0, 7, "main"),
    ]
    assert rows(snapshot.features) == [(1, "energy", 0.1), (1, "tempo_bpm", 120.5)]


def test_feedback_is_what_stands_of_roots_and_the_last_word_counts(snapshot):
    assert rows(snapshot.feedback) == [
        (-7, 4, "like", 100),
        (10, 1, "dislike", 600),
        (10, 4, "add_to_playlist", 800),
        (10, 4, "like", 650),
    ]


def test_a_snapshot_of_the_version_without_feedback_can_be_read(local):
    path = local.folder / "manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["rows"]["feedback"]
    manifest["files"] = {name: facts for name, facts in manifest["files"].items() if not name.startswith("feedback/")}
    path.write_text(json.dumps(manifest | {"schema_version": 1}))
    old = Snapshot.open(local.folder)
    assert old.feedback.collect().is_empty()
    assert old.feedback.collect_schema() == TABLES["feedback"].columns
    assert rows(old.counts) == rows(local.counts)


def test_every_table_has_the_columns_it_promises(local):
    for name, table in TABLES.items():
        assert dict(local.table(name).collect_schema()) == table.columns


def test_the_manifest_says_what_is_there(local):
    manifest = local.manifest
    assert manifest.rows["listens"] == 3
    assert manifest.taken_at == datetime(1970, 1, 2, tzinfo=UTC)
    assert manifest.listens_from == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert local.last_listen == 5_000
    assert local.folder.name == manifest.hash[:16]
    on_disk = {str(path.relative_to(local.folder)) for path in local.folder.rglob("*.parquet")}
    assert on_disk == set(manifest.files)
    assert json.loads((local.folder / "manifest.json").read_text())["listens_from"].endswith("+00:00")


def test_no_personal_data_gets_into_a_snapshot(local):
    for path in local.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".parquet":
                content = pl.read_parquet(path).write_csv().encode()
            assert b"ecret" not in content


def test_other_readers_read_it(local):
    import pyarrow.parquet as pq

    table = pq.read_table(local.folder / "listens")
    assert table.column("item_key").to_pylist() == [1, 1, 4]


def test_an_empty_store_gives_empty_tables(store, tmp_path):
    empty = take(store, tmp_path)
    assert empty.manifest.rows == dict.fromkeys(TABLES, 0)
    assert empty.last_listen is None
    assert empty.listens.collect().is_empty()


def test_the_same_content_is_written_once(local, local_store):
    before = {path: path.stat().st_mtime_ns for path in local.folder.rglob("*")}
    again = take(local_store, local.folder.parent, now=99)
    assert again == local
    assert {path: path.stat().st_mtime_ns for path in local.folder.rglob("*")} == before
    assert {path.name for path in local.folder.parent.iterdir()} == {"latest", local.folder.name}


def test_the_latest_is_the_one_taken_last_even_when_it_is_an_old_one(local, local_store):
    folder = local.folder.parent
    with local_store.write() as connection:
        connection.execute(listens.delete().where(listens.c.user_key == -7))
    newer = take(local_store, folder)
    assert Snapshot.latest(folder) == newer != local
    with local_store.write() as connection:
        connection.execute(listens.insert().values(user_key=-7, listened_at=3_000, item_key=2))
    take(local_store, folder)
    assert Snapshot.latest(folder) == local


def test_without_a_snapshot_the_command_is_named(tmp_path):
    with pytest.raises(EmptyWorkspace, match="ml snapshot"):
        Snapshot.latest(tmp_path)


@pytest.mark.parametrize("name", ["listens/part-00000.parquet", "items/part-00000.parquet"])
def test_a_changed_byte_is_noticed_and_mended_by_taking_again(local, local_store, name):
    path = local.folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(CorruptSnapshot, match=f"{name}.*\n.*ml snapshot"):
        Snapshot.open(local.folder)
    take(local_store, local.folder.parent)
    Snapshot.open(local.folder)
    assert {path.name for path in local.folder.parent.iterdir()} == {"latest", local.folder.name}


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema_version": 1}', '{"schema_version": 99}', "\xff"])
def test_a_broken_manifest_is_named(local, text):
    (local.folder / "manifest.json").write_text(text, encoding="latin-1")
    with pytest.raises(CorruptSnapshot, match=r"manifest\.json"):
        Snapshot.open(local.folder)


def test_a_missing_file_is_named(local):
    (local.folder / "tags/part-00000.parquet").unlink()
    with pytest.raises(CorruptSnapshot, match="tags"):
        Snapshot.open(local.folder)


def test_a_folder_that_is_no_snapshot_is_named(tmp_path):
    with pytest.raises(CorruptSnapshot, match="not a snapshot"):
        Snapshot.open(tmp_path)


@pytest.mark.parametrize("pointers", [{1: 2, 2: 1}, {1: 2, 2: 3, 3: 1}, {4: 4}, {1: 2, 2: 3, 3: 4, 4: 3}])
def test_items_that_point_in_a_circle_are_refused_and_nothing_is_written(local_store, tmp_path, pointers):
    with local_store.write() as connection:
        for key, target in pointers.items():
            connection.execute(items.update().where(items.c.key == key).values(same_as=target))
    with pytest.raises(StoreError, match=r"circle(.|\n)*ml identity split"):
        take(local_store, tmp_path / "snapshots")
    assert list((tmp_path / "snapshots").iterdir()) == []


def test_a_pointer_to_an_item_that_is_gone_counts_as_none(local_store, tmp_path):
    with local_store.write() as connection:
        connection.execute(items.delete().where(items.c.key == 1))
    taken = take(local_store, tmp_path / "snapshots")
    assert rows(taken.redirects) == [(3, 2), (6, 5), (8, 9)]
    assert rows(taken.items.select("key", "album"))[0] == (2, "First")


@pytest.mark.parametrize("size", [1, 2, 7])
def test_parts_change_neither_content_nor_hash(little_store, snapshot, tmp_path, monkeypatch, size):
    monkeypatch.setattr(reading, "PART_ROWS", size)
    parted = take(little_store, tmp_path / "other")
    assert parted.hash == snapshot.hash
    assert parted.listens.collect().equals(snapshot.listens.collect())


def test_many_parts_are_read_in_order(store, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "PART_ROWS", 10)
    frame = pl.DataFrame({"user_key": np.arange(57) // 3, "item_key": np.arange(57) % 3, "listened_at": 7})
    with store.write() as connection:
        bulk.insert(connection, listens, frame.sample(fraction=1, shuffle=True, seed=1))
    taken = take(store, tmp_path / "snapshots")
    assert len(list((taken.folder / "listens").iterdir())) > 3
    assert taken.listens.select(frame.columns).collect().equals(frame)


def test_all_tables_are_of_one_moment(little_store, tmp_path, monkeypatch):
    """A listener who is added while the snapshot is taken is in none of its tables."""
    whole = reading.read_roots

    def interrupted(connection):
        found = whole(connection)

        def intrude():
            other = Store(little_store.url)
            with other.write() as writing:
                writing.execute(listens.insert().values(user_key=99, listened_at=1, item_key=1))
            other.close()

        thread = threading.Thread(target=intrude)
        thread.start()
        thread.join()
        return found

    monkeypatch.setattr(reading, "read_roots", interrupted)
    taken = take(little_store, tmp_path / "snapshots")
    assert 99 not in taken.listens.collect()["user_key"]


def test_readers_that_read_at_once_see_one_state(local_store):
    """While somebody writes two listens at a time, and never one alone."""
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            with local_store.write() as connection:
                for user in (100, 200):
                    connection.execute(listens.insert().values(user_key=user, listened_at=number, item_key=1))
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        several = 0
        for _ in range(30):
            with readers.same_state(local_store, 3) as connections:
                counts = [
                    connection.execute(select(func.count()).select_from(listens)).scalar() for connection in connections
                ]
                several += len(connections) == 3
            assert len(set(counts)) == 1
    finally:
        stop.set()
        thread.join()
    assert several > 0
    with readers.same_state(local_store, 3) as connections:
        assert len(connections) == 3


def test_a_full_disk_leaves_nothing(local_store, small_disk):
    with local_store.write() as connection:
        many = pl.DataFrame({"key": range(100, 20_100)}).with_columns(
            pl.lit("track").alias("kind"), pl.col("key").hash(1).cast(pl.String).alias("name"), match=pl.lit("m")
        )
        bulk.insert(connection, items, many)
    with pytest.raises(DiskFull, match="no space left"):
        take(local_store, small_disk / "snapshots")
    assert list((small_disk / "snapshots").iterdir()) == []
