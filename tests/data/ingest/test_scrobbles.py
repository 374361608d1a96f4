"""Listens as players tell them: stored whole, once, and as the item that they are of."""

import polars as pl
import pytest
from sqlalchemy import func, select

from ml.data.importers.base import Batch
from ml.data.ingest import load, pause_history, record_described, record_heard, undo_event
from ml.data.ingest.scrobbles import MOST
from ml.data.schema import aliases, items, listens, users
from ml.foundation.errors import BadInput

T0 = 1_700_000_000_000
ME = "local:me"


def described(*rows):
    return pl.DataFrame([{"title": "Help!", "artist": "The Beatles", "listened_at": T0} | row for row in rows])


def count(store, table, *where):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar()


def rows_of(store, *columns):
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(listens.c.event_id))]


def test_what_nobody_has_described_becomes_an_item(store):
    assert record_described(store, ME, described({})).stored == 1
    assert count(store, items, items.c.kind == "track") == 1
    assert count(store, items, items.c.kind == "artist", items.c.name == "The Beatles") == 1


def test_a_description_is_the_item_whose_names_it_bears(store):
    known = {"item_id": "navidrome:7", "title": "HELP!", "artist": "Beatles", "duration_ms": 140_000}
    load(store, [Batch("t", 1, {"items": pl.DataFrame([known])})])
    record_described(store, ME, described({"duration_ms": 141_000}))
    with store.read() as connection:
        (key,) = connection.execute(select(aliases.c.item_key).where(aliases.c.source == "navidrome")).one()
    assert rows_of(store, listens.c.item_key) == [(key,)]


def test_told_twice_is_stored_once(store):
    told = described({}, {"listened_at": T0 + 1000}, {})
    first = record_described(store, ME, told)
    assert (first.stored, first.known) == (2, 1)
    again = record_described(store, ME, told)
    assert (again.stored, again.known) == (0, 3)
    assert count(store, listens) == 2


def test_told_again_it_adds_the_playing_time_only(store):
    record_described(store, ME, described({"device": "one"}))
    record_described(store, ME, described({"device": "other", "ms_played": 90_000}))
    record_described(store, ME, described({"ms_played": 50_000}))
    assert rows_of(store, listens.c.device, listens.c.ms_played) == [("one", 90_000)]


def test_two_names_of_one_item_are_one_listen(store):
    record_described(store, ME, described({}))
    again = record_described(store, ME, described({"item_id": "spotify:track:1", "isrc": "GBAYE0601498"}))
    assert (again.stored, again.known) == (0, 1)
    assert count(store, items, items.c.same_as.is_not(None)) == 1
    assert count(store, listens) == 1


def test_one_that_cannot_be_keeps_all_out(store):
    bad = described({}, {"title": " ", "item_id": None}, {"listened_at": T0 + 1})
    with pytest.raises(BadInput, match="listen 2: no title"):
        record_described(store, ME, bad)
    with pytest.raises(BadInput, match="future"):
        record_heard(store, ME, [(1, T0), (1, T0 * 10)])
    assert (count(store, listens), count(store, items), count(store, users)) == (0, 0, 0)


def test_no_more_than_a_thousand(store):
    with pytest.raises(BadInput, match="1001 listens"):
        record_described(store, ME, described(*({"listened_at": T0 + n} for n in range(MOST + 1))))
    many = described(*({"title": f"song {n}", "listened_at": T0 + n} for n in range(MOST)))
    assert record_described(store, ME, many).stored == MOST
    assert record_described(store, ME, many).known == MOST


def test_a_paused_history_keeps_nothing_and_names_neither(store):
    record_described(store, ME, described({}))
    with store.read() as connection:
        (user,) = connection.execute(select(users.c.key)).one()
        (item,) = connection.execute(select(items.c.key).where(items.c.kind == "track")).one()
    pause_history(store, user)
    assert record_described(store, ME, described({"title": "secret", "listened_at": T0 + 1})).paused
    assert record_heard(store, ME, [(item, None)]).paused
    assert count(store, items, items.c.name == "secret") == 0
    assert count(store, listens) == 1


def test_each_can_be_taken_back(store):
    record_described(store, ME, described({}, {"listened_at": T0 + 1}))
    with store.read() as connection:
        (user,) = connection.execute(select(users.c.key)).one()
    assert undo_event(store, user).at == T0 + 1
    assert rows_of(store, listens.c.listened_at) == [(T0,)]


def test_known_items_are_heard_by_key(store):
    record_described(store, "local:other", described({}))
    with store.read() as connection:
        (item,) = connection.execute(select(items.c.key).where(items.c.kind == "track")).one()
    told = record_heard(store, ME, [(item, T0), (item, T0 + 5), (item, T0)], device="phone")
    assert (told.stored, told.known) == (2, 1)
    assert count(store, listens, listens.c.device == "phone") == 2
