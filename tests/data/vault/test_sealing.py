"""An encrypted workspace: nothing personal can be read in its files, and everything is found as before."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select, update
from tests.data.vault.conftest import ANNA, BEN, PERSONAL, fill, listens, profiles

from ml.data.access import Access
from ml.data.access.one_time_codes import STEP_MS, code_of
from ml.data.exporters.naming import user_ids
from ml.data.identity import find_user, outside_ids
from ml.data.ingest import load
from ml.data.jobs import Jobs
from ml.data.schema import data_keys, jobs, metadata, subjects, users
from ml.data.store import Store
from ml.data.vault import RootKey, Tampered, Vault, sealing
from ml.data.vault.profiles import Profile
from ml.data.vault.profiles import profiles as read_profiles
from ml.data.vault.rows import count
from ml.data.vault.sealing import seal_workspace
from ml.data.vault.sources import KeyFile, KeyVariable
from ml.foundation.errors import AmbiguousId, Locked, StoreBusy, UnknownId
from ml.foundation.service_settings import Access as AccessSettings

CARL = "local:carl@example.org"


def everything_in(store) -> str:
    """All that the tables hold, as somebody with a copy of the database reads it."""
    with store.read() as connection:
        return str([connection.execute(select(table)).all() for table in metadata.sorted_tables])


def keys_in(store):
    with store.read() as connection:
        return {name: find_user(connection, name) for name in (ANNA, BEN)}


def test_a_copy_of_the_database_tells_nobodys_name(sealed):
    told = everything_in(sealed)
    assert not [text for text in (*PERSONAL, b"carl@example.org") if text.decode() in told]
    assert "song 0" in told  # what is no secret is there


def test_not_even_in_the_free_pages_of_its_file(sealed, tmp_path):
    if sealed.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps what was overwritten until it vacuums")
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("ml.db*"))
    assert not [text for text in PERSONAL if text in raw]


def test_listeners_are_found_by_every_form_of_their_id(sealed):
    with sealed.read() as connection:
        key = find_user(connection, ANNA)
        assert find_user(connection, "anna@example.org") == key
        assert outside_ids(connection, "user", [key]) == {key: ANNA}
        assert sorted(user_ids(connection)["user_id"]) == [ANNA, BEN]
        with pytest.raises(UnknownId, match="no listener") as caught:
            find_user(connection, "nobody@example.org")
    assert ANNA in caught.value.hint


def test_of_two_with_one_name_both_are_named(sealed):
    load(sealed, [listens("other:anna@example.org")])
    with sealed.read() as connection, pytest.raises(AmbiguousId) as caught:
        find_user(connection, "anna@example.org")
    assert ANNA in caught.value.hint
    assert "other:anna@example.org" in caught.value.hint


def test_profiles_are_read_filled_and_sealed(sealed):
    load(sealed, [profiles(user_id=[ANNA], gender=["f"], age=[45])])
    with sealed.read() as connection:
        told = read_profiles(connection)
        rows = connection.execute(select(subjects)).all()
    assert list(told.values()) == [Profile("Anna Secret", "f", 45, "DE", None)]
    assert [(row.name, row.age, row.country) for row in rows] == [(None, None, None)]


def test_importing_again_adds_nothing_and_new_listeners_are_hidden(sealed):
    before = keys_in(sealed)
    load(sealed, [listens(ANNA, BEN, "local:dora@example.org")])
    assert keys_in(sealed) == before
    assert "dora@example.org" not in everything_in(sealed)
    with sealed.read() as connection:
        assert not count(connection, sealed=False)


def test_accounts_keys_and_invitations_work(sealed):
    access = Access.to(sealed)
    account = access.accounts.find("ANNA")
    assert account.user_id == ANNA
    assert access.accounts.verify("greta admin", "a very long sentence").name == "Greta Admin"
    made, token = access.keys.create("phone", role="listener", user_id=BEN)
    who = access.keys.authenticate(token)
    assert (made.user_id, who.user_id, who.user_key) == (BEN, BEN, keys_in(sealed)[BEN])
    _, cookie, _ = access.sessions.open(account)
    assert (access.sessions.authenticate(cookie).name, access.sessions.authenticate(cookie).user_id) == ("anna", ANNA)
    assert [each.user_id for each in access.invitations.list()] == [CARL]
    _, link = access.invitations.invite(role="listener", user_id=CARL)
    assert access.invitations.accept(link, password="a very long sentence", name="Carl").user_id == CARL
    _, reset = access.invitations.reset("carl")
    assert access.invitations.look_at(reset).account == "Carl"
    assert access.invitations.accept(reset, password="another long sentence").name == "Carl"
    assert sorted(each.name for each in access.accounts.list()) == ["Carl", "Greta Admin", "anna"]
    assert "Carl" not in everything_in(sealed)


def test_what_jobs_were_asked_is_hidden(sealed):
    made = Jobs(sealed).submit("import", {"path": "/home/anna/secret.csv", "user": ANNA}, owner="local")
    Jobs(sealed).take("me")
    Jobs(sealed).finish(made.id, "me", {"of": "Anna Secret"})
    assert not [text for text in ("secret.csv", "Anna Secret") if text in everything_in(sealed)]
    ended = Jobs(sealed).get(made.id)
    assert (ended.arguments["user"], ended.result) == (ANNA, {"of": "Anna Secret"})


def test_the_secret_of_a_second_factor_is_hidden_and_counts(sealed, url, key_file):
    access = Access.to(sealed, AccessSettings(password_memory_mib=19), clock=lambda: 1_750_000_000_000)
    greta = access.accounts.find("Greta Admin")
    secret = access.second_factors.begin(greta.id, "greta").secret
    assert secret not in everything_in(sealed)
    access.second_factors.confirm(greta.id, code_of(secret, 1_750_000_000_000 // STEP_MS))
    assert access.second_factors.state(greta.id).on
    later = code_of(secret, 1_750_000_000_000 // STEP_MS + 1)
    assert access.accounts.verify("Greta Admin", "a very long sentence", later)


def test_a_second_factor_from_before_is_sealed_and_goes_on(url, key_file):
    store = Store(url, vault=Vault(key_file, sealing=True))
    fill(store)
    access = Access.to(store, AccessSettings(password_memory_mib=19), clock=lambda: 1_750_000_000_000)
    greta = access.accounts.find("Greta Admin")
    secret = access.second_factors.begin(greta.id, "greta").secret
    assert secret in everything_in(store)
    seal_workspace(store, key_file.read()[0].id)
    assert secret not in everything_in(store)
    access.second_factors.confirm(greta.id, code_of(secret, 1_750_000_000_000 // STEP_MS))
    store.close()


def test_without_its_key_it_is_not_opened(sealed, tmp_path):
    wrong = KeyVariable({"ML_VAULT_KEY": RootKey.new().text().reveal()})
    for source in (None, KeyFile(tmp_path / "absent.key"), wrong):
        with pytest.raises(Locked, match="is encrypted") as caught:
            Store(sealed.url, vault=Vault(source))
        assert caught.value.hint
    Store(sealed.url, vault=Vault(KeyVariable({"ML_VAULT_KEY": sealed.vault.source.path.read_text()}))).close()


def test_two_rows_that_are_swapped_are_found(sealed):
    keys = list(keys_in(sealed).values())
    with sealed.write() as connection:
        rows = {row.key: row.sealed for row in connection.execute(select(users.c.key, users.c.sealed))}
        for key, other in (keys, keys[::-1]):
            connection.execute(update(users).where(users.c.key == key).values(sealed=rows[other]))
    with sealed.read() as connection, pytest.raises(Tampered):
        outside_ids(connection, "user", keys)


def test_a_profile_is_no_name(sealed):
    with sealed.write() as connection:
        key = find_user(connection, ANNA)
        text = connection.execute(select(subjects.c.sealed).where(subjects.c.user_key == key)).scalar_one()
        connection.execute(update(users).where(users.c.key == key).values(sealed=text))
    with sealed.read() as connection, pytest.raises(Tampered):
        outside_ids(connection, "user", [key])


def test_what_was_stopped_half_way_is_gone_on_with(url, key_file, monkeypatch):
    store = Store(url, vault=Vault(key_file, sealing=True))
    load(store, [listens(*(f"local:{n}@example.org" for n in range(25)))])
    monkeypatch.setattr(sealing, "SLICE", 10)

    def stop(table, rows):
        if rows == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seal_workspace(store, key_file.read()[0].id, on_step=stop)
    with pytest.raises(StoreBusy, match="half encrypted"):
        Store(url, vault=Vault(key_file))
    done = seal_workspace(store, key_file.read()[0].id)
    assert done.rows == {"users": 5}
    opened = Store(url, vault=Vault(key_file))
    with opened.read() as connection:
        assert len({find_user(connection, f"local:{n}@example.org") for n in range(25)}) == 25
        assert not count(connection, sealed=False)
    opened.close()
    store.close()


def test_whoever_had_it_open_finds_out(url, key_file):
    store, other = Store(url, vault=Vault(key_file, sealing=True)), Store(url, vault=Vault(key_file))
    fill(store)
    before = keys_in(other)
    seal_workspace(store, key_file.read()[0].id)
    assert keys_in(other) == before
    load(other, [listens("local:eve@example.org")])
    assert "eve@example.org" not in everything_in(other)
    assert Access.to(other).accounts.find("anna").user_id == ANNA
    for each in (store, other):
        each.close()


def test_nobody_writes_while_it_is_being_encrypted(url, key_file):
    store, other = Store(url, vault=Vault(key_file, sealing=True)), Store(url, vault=Vault(key_file))
    fill(store)

    def try_it(table, rows):
        with pytest.raises(StoreBusy, match="being encrypted"):
            load(other, [listens("local:eve@example.org")])

    seal_workspace(store, key_file.read()[0].id, on_step=try_it)
    for each in (store, other):
        each.close()


def test_a_key_that_a_transaction_gave_up_is_not_believed(sealed):
    key = 4711
    with sealed.engine.connect() as connection, connection.execution_options(ml_write=True).begin() as given_up:
        sealed.vault.sealer(connection).seal("users", f"user/{key}", {"external_id": "x"})
        sealed.vault.keys_of(connection, [f"user/{key}"])
        given_up.rollback()
    with sealed.write() as connection:
        text = sealed.vault.sealer(connection).seal("users", f"user/{key}", {"external_id": "y"})
    with sealed.read() as connection:
        assert sealed.vault.open(connection, "users", f"user/{key}", text) == {"external_id": "y"}


def test_a_store_that_is_not_encrypted_needs_no_library(url, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cryptography", None)
    store = Store(url)
    fill(store)
    assert set(keys_in(store)) == {ANNA, BEN}
    store.close()


def test_an_undone_import_takes_keys_along(sealed):
    from ml.data.ingest import undo
    from ml.data.schema import imports

    with sealed.write() as connection:
        connection.execute(imports.insert().values(id=9, path="x", status="done", started_at=0))
    load(sealed, [listens("local:fay@example.org")], import_id=9)
    with sealed.read() as connection:
        subject = f"user/{find_user(connection, 'local:fay@example.org')}"
        assert connection.execute(select(data_keys).where(data_keys.c.subject == subject)).first()
    undo(sealed, 9)
    with sealed.read() as connection:
        assert not connection.execute(select(data_keys).where(data_keys.c.subject == subject)).first()


def test_sqlite_file_is_a_sqlite_file_still(sealed, tmp_path):
    if sealed.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(tmp_path / "ml.db")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert copy.execute(f"SELECT count(*) FROM {jobs.name}").fetchone() == (0,)
