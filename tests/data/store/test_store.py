"""The store behaves the same on SQLite and PostgreSQL."""

import sqlite3
import threading
from contextlib import closing

import polars as pl
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, func, select, text

from ml.data import migrations
from ml.data.schema import items, listens, metadata, play_counts, subjects
from ml.data.store import Store, bulk
from ml.foundation.errors import SettingsError, StoreBusy, StoreError


def test_a_new_database_has_the_schema_of_the_code(store):
    with store.engine.connect() as connection:
        assert migrations.revision(store.engine) == migrations.HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_head_is_the_newest_revision_file():
    from pathlib import Path

    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_heads() == [migrations.HEAD]


def test_a_database_of_a_newer_version_is_refused(store):
    with store.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer than this version"):
        Store(store.url)


def test_keys_are_never_given_twice(store):
    with store.write() as connection:
        first = store.allocate(connection, "item", 3)
    with store.write() as connection:
        assert store.allocate(connection, "item", 1) == first + 3


def test_a_failed_transaction_leaves_nothing(store):
    frame = pl.DataFrame({"user_key": [1], "item_key": [2], "plays": [3]})
    with pytest.raises(ZeroDivisionError), store.write() as connection:
        bulk.insert(connection, play_counts, frame)
        raise ZeroDivisionError
    with store.read() as connection:
        assert bulk.read(connection, select(play_counts)).is_empty()


def test_insert_ignores_or_replaces_what_is_there(store):
    def total(plays):
        return pl.DataFrame({"user_key": [1], "item_key": [2], "plays": [plays]})

    with store.write() as connection:
        assert bulk.insert(connection, play_counts, total(3)) == 1
        assert bulk.insert(connection, play_counts, total(4)) == 0
        assert bulk.read(connection, select(play_counts.c.plays)).item() == 3
        assert bulk.insert(connection, play_counts, total(5), replace=True) == 1
        assert bulk.read(connection, select(play_counts.c.plays)).item() == 5


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
rows = st.tuples(
    st.integers(-(2**62), 2**62), st.none() | words, st.none() | st.booleans(), st.none() | st.integers(0, 2**31)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(rows, max_size=20, unique_by=lambda row: row[0]))
def test_columns_come_back_as_they_went_in(store, values):
    schema = {"key": pl.Int64, "album": pl.String, "explicit": pl.Boolean, "duration_ms": pl.Int64}
    frame = pl.DataFrame(values, schema=schema, orient="row")
    with store.write() as connection:
        connection.execute(items.delete())
        full = frame.with_columns(pl.lit("track").alias("kind"), name=pl.lit("n"), match=pl.lit("m"))
        assert bulk.insert(connection, items, full) == len(frame)
        columns = [items.c.key, items.c.album, items.c.explicit, items.c.duration_ms]
        back = bulk.read(connection, select(*columns)).sort("key")
    assert back.equals(frame.sort("key"))


def test_large_results_are_read_in_slices(store, monkeypatch):
    monkeypatch.setattr(bulk, "SLICE_ROWS", 10)
    frame = pl.DataFrame({"user_key": range(-50, 51)}).with_columns(item_key=1, listened_at=7)
    with store.write() as connection:
        bulk.insert(connection, listens, frame)
        statement = select(listens.c.user_key, listens.c.listened_at)
        back = bulk.read(connection, statement, split=listens.c.user_key)
        none = bulk.read(connection, statement.where(listens.c.user_key > 99), split=listens.c.user_key)
    assert back["user_key"].sort().to_list() == list(range(-50, 51))
    assert none.is_empty()
    assert none.columns == ["user_key", "listened_at"]


def test_a_second_writer_waits_and_then_says_who_is_in_the_way(store):
    impatient = Store(store.url, busy_timeout_s=0.2)
    with store.write() as first:
        first.execute(subjects.insert().values(user_key=1))
        with pytest.raises(StoreBusy, match="another process is writing"), impatient.write():
            pytest.fail("two writers at once")
    with impatient.write() as second:
        assert second.execute(select(func.count()).select_from(subjects)).scalar() == 1
    impatient.close()


def test_many_threads_write_and_nothing_is_lost(store):
    def write(number):
        for step in range(10):
            with store.write() as connection:
                bulk.insert(connection, subjects, pl.DataFrame({"user_key": [number * 100 + step]}))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        assert connection.execute(select(func.count()).select_from(subjects)).scalar() == 40


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "ml.db").write_bytes(b"this is a text file, not a database at all" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store.at(tmp_path)


def test_facts_are_remembered(store):
    assert store.fact("label") is None
    store.state("label", "demo")
    store.state("label", "real")
    assert store.fact("label") == "real"


@pytest.mark.parametrize("url", ["nonsense:secret", "mysql://u:secret@localhost/x", "postgresql://u:secret@h:port/db"])
def test_other_databases_are_refused_and_no_password_is_said(url):
    with pytest.raises(SettingsError) as caught:
        Store(url)
    assert "secret" not in str(caught.value)


def test_a_full_disk_stores_nothing_and_says_so(tmp_path):
    from ml.foundation.errors import DiskFull

    small = Store.at(tmp_path)
    with small.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    frame = pl.DataFrame({"user_key": range(100_000)}).with_columns(name=pl.lit("x" * 50))
    with pytest.raises(DiskFull, match="no space left"), small.write() as connection:
        # SQLite's own limit stands in for the disk: the error is the same SQLITE_FULL.
        connection.execute(text(f"PRAGMA max_page_count = {pages + 5}"))
        bulk.insert(connection, subjects, frame)
    small.close()
    with closing(sqlite3.connect(tmp_path / "ml.db")) as raw:
        assert raw.execute("SELECT count(*) FROM subjects").fetchone() == (0,)


def test_a_replaced_row_keeps_the_columns_left_out_and_its_import(store):
    with store.write() as connection:
        bulk.insert(connection, subjects, pl.DataFrame({"user_key": [1], "name": ["n"], "age": [30], "import_id": [1]}))
        new = pl.DataFrame({"user_key": [1], "age": [None], "import_id": [2]}, schema_overrides={"age": pl.Int64})
        bulk.insert(connection, subjects, new, replace=True)
    columns = (subjects.c.name, subjects.c.age, subjects.c.import_id)
    with store.read() as connection:
        assert connection.execute(select(*columns)).all() == [("n", None, 1)]


def test_a_writer_may_say_how_long_it_waits(store):
    other = Store(store.url)
    with store.write(), pytest.raises(StoreBusy), other.write(patience_s=0.0):
        pytest.fail("two writers at once")
    with other.write(patience_s=0.0) as connection:
        connection.execute(subjects.insert().values(user_key=1))
    if store.engine.dialect.name == "sqlite":
        with other.read() as connection:
            assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == 30_000, "others wait as before"
    other.close()


def test_the_first_row_is_that_of_the_database_as_it_is_now(store):
    asked = select(subjects.c.name).where(subjects.c.user_key == bindparam("key"))
    other = Store(store.url)
    assert store.first(asked, {"key": 1}) is None
    with other.write() as connection:
        connection.execute(subjects.insert().values(user_key=1, name="anna"))
    assert store.first(asked, {"key": 1}).name == "anna"
    other.close()
