"""One listener or many: the same histories."""

import numpy as np
import polars as pl
import pytest
from sqlalchemy import delete, insert, select, update

from ml.data.identity import find_item, find_user, outside_ids
from ml.data.importers.base import Batch
from ml.data.ingest import load, record_block
from ml.data.schema import aliases, imports, items, users
from ml.data.store import Store
from ml.models.plays import UNDATED
from ml.recommendation_engine import histories
from ml.recommendation_engine.catalogue import Catalogue, KnownLabels, Label
from ml.recommendation_engine.histories import Vocabulary, read_heard
from ml.recommendation_engine.said import read_said
from ml.recommendation_engine.stamps import moment_of

MINUTE = 60_000
START = 1_750_000_000_000
IMPORT = {"id": 1, "path": "listens.csv", "status": "done", "started_at": START}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def store(request, tmp_path):
    url = f"sqlite:///{tmp_path / 'ml.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    store = Store(url)
    listens = [
        {
            "user_id": f"test:user/{user}",
            "item_id": f"test:track/{(user * 7 + number) % 11}",
            "title": f"song {(user * 7 + number) % 11}",
            "artist": f"artist {(user * 7 + number) % 3}",
            "listened_at": START + number * MINUTE,
            "skipped": number % 4 == 1,
            "incognito": number % 5 == 4,
        }
        for user in range(4)
        for number in range(6 * user)
    ]
    totals = [
        {"user_id": "test:user/1", "item_id": "test:track/3", "title": "song 3", "artist": "artist 0", "plays": 40},
        {"user_id": "test:user/5", "item_id": "test:track/4", "title": "song 4", "artist": "artist 1", "plays": 2},
    ]
    profiles = [{"user_id": f"test:user/{user}", "country": "PE" if user % 2 else None} for user in range(6)]
    frames = {"profiles": pl.DataFrame(profiles), "listens": pl.DataFrame(listens), "counts": pl.DataFrame(totals)}
    load(store, [Batch("histories", 0, frames)])
    yield store
    store.close()


@pytest.fixture
def known(store):
    """Keys of the listeners, of nobody, and of the items; one item is none that the models know."""
    with store.read() as connection:
        listeners = connection.execute(select(users.c.key).order_by(users.c.external_id)).scalars().all()
        keys = sorted(find_item(connection, f"test:track/{number}").key for number in range(10))
    return [*listeners, -1], Vocabulary(np.array(keys))


def columns(plays, row):
    own = plays.select([row])
    return own.items.tolist(), own.weights.tolist(), own.times.tolist(), own.countries


def test_many_are_read_as_one_by_one_in_the_order_asked_for(store, known):
    listeners, vocabulary = known
    asked = [*listeners[::-1], listeners[2], -1]
    with store.read() as connection:
        together = read_heard(connection, asked, vocabulary, {}).plays
        for row, key in enumerate(asked):
            alone = read_heard(connection, [key], vocabulary, {}).plays
            assert columns(together, row) == columns(alone, 0)
    assert together.n_users == len(asked)
    assert np.diff(together.indptr).max() > 3


def test_what_counts_and_how_much(store, known):
    _, vocabulary = known
    with store.read() as connection:
        plays = read_heard(connection, [find_user(connection, "test:user/1")], vocabulary, {}).plays
        item = find_item(connection, "test:track/3").key
    undated = plays.times == UNDATED
    assert plays.weights[undated].tolist() == [40]
    assert vocabulary.keys[plays.items[undated]].tolist() == [item]
    # Six listens to 7, 8, 9, 10, 0, 1: the second a skip, the fifth a private one, and 10 is not known.
    assert plays.weights[~undated].tolist() == [1, 0, 1, 0]
    assert ((plays.times[~undated] - START) // MINUTE).tolist() == [0, 1, 2, 5]


def test_only_the_newest_of_very_many_are_read_alone_and_together(store, known, monkeypatch):
    listeners, vocabulary = known
    monkeypatch.setattr(histories, "NEWEST", 3)
    with store.read() as connection:
        together = read_heard(connection, listeners, vocabulary, {}).plays
        for row, key in enumerate(listeners):
            assert columns(together, row) == columns(read_heard(connection, [key], vocabulary, {}).plays, 0)
    dated = together.users[together.times != UNDATED]
    assert np.bincount(dated).max() <= 3


def test_an_item_that_counts_as_another_is_that_one(store, known):
    _, vocabulary = known
    one, other = vocabulary.keys[[0, 7]].tolist()
    with store.read() as connection:
        key = find_user(connection, "test:user/3")
        plain = read_heard(connection, [key], vocabulary, {}).plays
        mapped = read_heard(connection, [key], vocabulary, {other: one}).plays
    assert np.count_nonzero(plain.items == 7)
    assert np.count_nonzero(mapped.items == 0) == np.count_nonzero(np.isin(plain.items, [0, 7]))


def test_blocks_are_of_those_who_blocked(store, known):
    listeners, vocabulary = known
    record_block(store, listeners[1], int(vocabulary.keys[2]))
    with store.read() as connection:
        found = read_said(connection, listeners, now=START)
    assert {key: said.left_out for key, said in found.items()} == {listeners[1]: {int(vocabulary.keys[2])}}


@pytest.mark.parametrize("few", [0, 500])
def test_labels_carry_the_id_that_everybody_gives(store, known, monkeypatch, few):
    _, vocabulary = known
    monkeypatch.setattr("ml.recommendation_engine.catalogue._FEW", few)
    key = int(vocabulary.keys[4])
    with store.write() as connection:
        others = [("a", "zz"), ("a", "zzz"), ("z", "a")]
        rows = [{"source": source, "external_id": external, "item_key": key} for source, external in others]
        connection.execute(insert(aliases), rows)
        connection.execute(delete(aliases).where(aliases.c.item_key == int(vocabulary.keys[5])))
    with store.read() as connection:
        catalogue = Catalogue.read(connection, vocabulary, "track")
        labels = catalogue.labels(connection, range(len(vocabulary.keys)))
        ids = outside_ids(connection, "item", vocabulary.keys.tolist())
    assert {int(vocabulary.keys[index]): label.item_id for index, label in labels.items()} == ids
    assert ids[key] == "a:zz"
    assert labels[5].item_id == f"key:{vocabulary.keys[5]}"
    assert labels[4].title.startswith("song")
    assert labels[4].artist.startswith("artist")


def test_labels_are_read_again_once_something_was_imported(store, known):
    _, vocabulary = known
    with store.read() as connection:
        catalogue = Catalogue.read(connection, vocabulary, "track")
        before = moment_of(connection, "test:user/1")
        first = catalogue.labels(connection, [2, 4], mark=before.catalogue)
    with store.write() as connection:
        connection.execute(update(items).where(items.c.key == int(vocabulary.keys[4])).values(name="another name"))
        connection.execute(delete(items).where(items.c.key == int(vocabulary.keys[2])))
    with store.read() as connection:
        assert catalogue.labels(connection, [4, 2], mark=before.catalogue) == first
        assert catalogue.labels(connection, [4, 2]).keys() == {4}, "without a mark they are read"
    with store.write() as connection:
        connection.execute(insert(imports).values(IMPORT | {"finished_at": START}))
    with store.read() as connection:
        after = moment_of(connection, "test:user/1")
        assert after.catalogue != before.catalogue
        labels = catalogue.labels(connection, [4, 2], mark=after.catalogue)
    assert {index: label.title for index, label in labels.items()} == {4: "another name"}


def test_labels_that_are_kept_are_so_many_and_no_more(monkeypatch):
    monkeypatch.setattr(KnownLabels, "MOST", 3)
    known, label = KnownLabels(), Label("a:b", "song", None)
    known.add("mark", {1: label, 2: label})
    known.add("mark", {3: label})
    assert known.under("mark").keys() == {1, 2, 3}
    assert known.under("other mark") == {}
    known.add("mark", {4: label})
    assert known.under("mark").keys() == {4}


def test_the_moment_of_a_listener(store, known):
    listeners, _ = known
    with store.read() as connection:
        there = [moment_of(connection, f"test:user/{number}") for number in range(7)]
        assert [each and each.key for each in there] == [*listeners[:-1], *[None] * (8 - len(listeners))]
        assert moment_of(connection, "user/1") is None, "what is short may mean several"
        assert there[1][2:] == (0, 0, 0, 0)
    with store.write() as connection:
        connection.execute(insert(imports).values(IMPORT | {"status": "running"}))
    with store.read() as connection:
        importing = moment_of(connection, "test:user/1")
    assert importing.importing == 1
    assert importing.catalogue is None, "names may change at any time"
