"""All that is stored of a listener: found, given and erased, in an encrypted workspace and in any other."""

import orjson
import polars as pl
import pytest
from sqlalchemy import insert, select
from tests.data.vault.conftest import ANNA, BEN, fill, listens
from tests.data.vault.test_sealing import everything_in

from ml.data.access import Access
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.jobs import Jobs
from ml.data.listeners import Taint, erase, export, find_whom, tainted_by
from ml.data.listeners.tables import APART, OWN
from ml.data.schema import (
    accounts,
    data_keys,
    drafts,
    experiments,
    exposures,
    metadata,
    outcomes,
    playlist_recipes,
    recipe_lists,
    second_factors,
)
from ml.data.snapshot import take
from ml.data.store import Store
from ml.data.vault import Vault
from ml.data.vault.sealing import seal_workspace


@pytest.fixture(params=["plain", "encrypted"])
def world(request, url, key_file):
    """A store with something of Anna and of Ben in every table, encrypted or not."""
    store = Store(url, vault=Vault(key_file, sealing=True))
    fill(store)
    more = pl.DataFrame({"user_id": [ANNA, BEN], "title": ["song 0"] * 2, "artist": ["somebody"] * 2})
    frames = {
        "counts": more.with_columns(plays=7),
        "tags": more.with_columns(tag=pl.lit("calm"), kind=pl.lit("tag"), tagged_at=1_700_000_000_000),
        "friends": pl.DataFrame({"user_id": [ANNA], "friend_id": [BEN]}),
        "playlists": more.with_columns(
            playlist_id=pl.Series(["local:of-anna", "local:of-ben"]),
            playlist=pl.Series(["Anna's list", "Ben's list"]),
            position=0,
        ),
    }
    load(store, [Batch("x", 2, frames)])
    with store.write() as connection:
        test = {"name": "t", "surface": "s", "layer": "l", "state": "stopped", "definition": "{}", "buckets": "[]"}
        connection.execute(insert(experiments).values(id=1, created_at=0, changed_at=0, **test))
        for name, n in ((ANNA, 1), (BEN, 2)):
            key = find_whom(connection, name).key
            item = connection.execute(select(OWN["listens"].c.item_key)).scalars().first()
            connection.execute(insert(exposures).values(experiment_id=1, user_key=key, variant="a", exposed_at=0))
            connection.execute(insert(drafts).values(experiment_id=1, user_key=key, item_key=item, shown_at=0, team=0))
            connection.execute(insert(outcomes).values(user_key=key, occurred_at=0, event="click", value=1.0))
            recipe = {"name": f"r{n}", "request": "{}", "rhythm": "daily", "avoid": 0, "user_key": key}
            connection.execute(insert(playlist_recipes).values(created_at=0, **recipe))
            connection.execute(
                insert(recipe_lists).values(recipe=f"r{n}", day="2026-01-01", playlist_key=99, made_at=0)
            )
        annas = connection.execute(select(accounts.c.id).where(accounts.c.role == "listener")).scalar_one()
        greta = connection.execute(select(accounts.c.id).where(accounts.c.role == "admin")).scalar_one()
        for id_ in (annas, greta):
            connection.execute(insert(second_factors).values(account_id=id_, secret="ABC", confirmed_at=0, codes=""))
    if request.param == "encrypted":
        seal_workspace(store, key_file.read()[0].id)
    yield store
    store.close()


def whom_of(store, name=ANNA):
    with store.read() as connection:
        return find_whom(connection, name)


def exported(store, name=ANNA):
    return orjson.loads(b"".join(export(store, whom_of(store, name), more={"searches": [{"text": "calm"}]})))


def rows_in(store):
    with store.read() as connection:
        return {table.name: connection.execute(select(table)).all() for table in metadata.sorted_tables}


def test_every_table_that_knows_listeners_is_known():
    listed = {table.name for table in (*OWN.values(), *APART.values())} | {"users", "friends"}
    mentioned = {t.name for t in metadata.sorted_tables if {"user_key", "friend_key"} & set(t.columns.keys())}
    assert mentioned | {"users"} == listed


def test_a_listener_gets_everything(world):
    told = exported(world)
    assert told["user_id"] == ANNA
    assert told["profile"] == {"name": "Anna Secret", "age": 44, "country": "DE"}
    assert [row["title"] for row in told["listens"]] == ["song 0"]
    assert told["listens"][0]["listened_at"] == "2023-11-14T22:13:20.000+00:00"
    assert [row["plays"] for row in told["play_counts"]] == [7]
    assert [row["tag"] for row in told["tags"]] == ["calm"]
    assert told["friends"] == [{"user_id": BEN}]
    assert [(row["id"], [each["title"] for each in row["tracks"]]) for row in told["playlists"]] == [
        ("local:of-anna", ["song 0"])
    ]
    assert [row["experiment"] for row in (*told["exposures"], *told["drafts"])] == ["t", "t"]
    assert [row["event"] for row in told["outcomes"]] == ["click"]
    assert [row["name"] for row in (*told["playlist_recipes"], *told["accounts"])] == ["r1", "anna"]
    assert [row["confirmed_at"][:4] for row in told["second_factors"]] == ["1970"]
    assert told["searches"] == [{"text": "calm"}]
    assert "secret" not in str(told).lower().replace("anna secret", "")


def test_and_nothing_of_anybody_else(world):
    assert "of-ben" not in str(exported(world))
    assert [row["name"] for row in exported(world, BEN)["keys"]] == ["player"]


def test_a_long_history_comes_in_pages(world, monkeypatch):
    from ml.data.listeners import exporting

    monkeypatch.setattr(exporting, "PAGE", 7)
    load(world, [listens(*[ANNA] * 30)])
    heard = exported(world)["listens"]
    assert [row["title"] for row in heard[1:]] == [f"song {n}" for n in range(1, 30)]


def test_nothing_is_left_of_who_is_erased_and_all_of_others(world, tmp_path):
    before, key = exported(world, BEN), whom_of(world).key
    Jobs(world).submit("import", {"path": str(tmp_path / "x"), "user": ANNA}, owner="local")
    Jobs(world).cancel(1)
    done = erase(world, whom_of(world), uploads=tmp_path)
    left = rows_in(world)
    assert len(left["second_factors"]) == 1
    assert not [name for name, rows in left.items() for row in rows if key in row or f"user/{key}" in row]
    told = everything_in(world)
    assert not [text for text in ("anna@example.org", "Anna Secret", "'anna'", "of-anna", "r1'") if text in told]
    assert exported(world, BEN) == before | {"friends": []}
    assert {name: done.rows[name] for name in ("listens", "users", "accounts", "jobs", "playlists")} == dict.fromkeys(
        ("listens", "users", "accounts", "jobs", "playlists"), 1
    )
    assert done.shredded == (2 if world.vault.sealed else 0)


def test_not_even_in_the_pages_of_the_file(world, tmp_path):
    if world.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps what was deleted until it vacuums")
    load(world, [listens(ANNA)])
    with world.read() as connection:
        key = find_whom(connection, ANNA).key
        wrapped = connection.execute(select(data_keys.c.wrapped).where(data_keys.c.subject == f"user/{key}")).scalar()
    traces = [b"anna@example.org", b"Anna Secret", b"of-anna", *([wrapped.encode()] if wrapped else [])]
    erase(world, whom_of(world), uploads=tmp_path)
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("ml.db*"))
    assert not [text for text in traces if text in raw]


def test_a_long_history_is_erased_in_short_transactions(world, tmp_path, monkeypatch):
    from ml.data.listeners import erasing

    monkeypatch.setattr(erasing, "SLICE", 10)
    load(world, [listens(*[ANNA] * 35)])
    assert erase(world, whom_of(world), uploads=tmp_path).rows["listens"] == 35


def test_whoever_gets_in_as_them_does_so_no_longer(world, tmp_path):
    from ml.foundation.errors import NotAuthenticated

    access = Access.to(world)
    _, token = access.keys.create("phone", role="listener", user_id=ANNA)
    _, cookie, _ = access.sessions.open(access.accounts.find("anna"))
    erase(world, whom_of(world), uploads=tmp_path)
    with pytest.raises(NotAuthenticated):
        access.keys.authenticate(token)
    with pytest.raises(NotAuthenticated):
        access.sessions.authenticate(cookie)
    assert [each.name for each in access.accounts.list()] == ["Greta Admin"]


def test_what_learned_from_them_is_named(world, tmp_path):
    folder = tmp_path / "snapshots"
    folder.mkdir()
    first = take(world, folder)
    key = whom_of(world).key
    erase(world, whom_of(world), uploads=tmp_path)
    second = take(world, folder)
    cards = {"one": first.hash, "two": second.hash, "three": "not here any more"}
    assert tainted_by(key, folder, cards) == Taint((first.hash,), ("one",), ("three",))


def test_uploads_go_with_their_jobs(world, tmp_path):
    file = tmp_path / "uploads" / "a" / "export.csv"
    file.parent.mkdir(parents=True)
    file.write_text("x")
    other = tmp_path / "precious.csv"
    other.write_text("x")
    for path in (file, other):
        job = Jobs(world).submit("import", {"path": str(path), "user": "anna@example.org"}, owner="local")
        Jobs(world).cancel(job.id)
    erase(world, whom_of(world), uploads=tmp_path / "uploads")
    assert (file.exists(), other.exists()) == (False, True)
