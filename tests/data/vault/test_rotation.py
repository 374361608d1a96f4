"""Another root key: the old one opens nothing any more, and nobody who works meanwhile notices."""

import threading

import pytest
from benchmarks.rotation import main as stress
from sqlalchemy import select
from tests.data.vault.conftest import ANNA, BEN, listens

from ml.data.identity import find_user, outside_ids
from ml.data.ingest import load
from ml.data.schema import data_keys
from ml.data.store import Store
from ml.data.vault import RootKey, Vault, rotation
from ml.data.vault.root_keys import write_keys
from ml.data.vault.rotation import rotate
from ml.data.vault.sources import KeyVariable
from ml.foundation.errors import BadInput, Locked


def roots_in(store):
    with store.read() as connection:
        return set(connection.execute(select(data_keys.c.root)).scalars())


def names_in(store):
    """Read a listener's name as a process does that has just begun, and one that has not."""
    with store.read() as connection:
        key = find_user(connection, ANNA)
        return outside_ids(connection, "user", [key])[key]


def test_the_old_key_opens_nothing(sealed, tmp_path):
    old = sealed.vault.source.read()
    done = rotate(sealed)
    kept = sealed.vault.source.read()
    assert [key.id for key in kept] == [done.new]
    assert (done.old, done.dropped, roots_in(sealed)) == (old[0].id, True, {done.new})
    with pytest.raises(Locked):
        Store(sealed.url, vault=Vault(KeyVariable({"ML_VAULT_KEY": old[0].text().reveal()})))
    again = Store(sealed.url, vault=Vault(sealed.vault.source))
    assert names_in(again) == ANNA
    again.close()


def test_it_can_be_done_again_and_again(sealed):
    ids = [rotate(sealed).new for _ in range(3)]
    assert len(set(ids)) == 3
    assert names_in(sealed) == ANNA


def test_whoever_works_meanwhile_notices_nothing(sealed, monkeypatch):
    load(sealed, [listens(*(f"local:{n}@example.org" for n in range(100)))])
    monkeypatch.setattr(rotation, "SLICE", 10)
    other = Store(sealed.url, vault=Vault(sealed.vault.source))
    errors, rounds, over = [], [], threading.Event()

    def work():
        n = 0
        while not over.is_set():
            n += 1
            try:
                load(other, [listens(f"local:new{n}@example.org")])
                other.vault._keys.clear()  # as if it had just begun
                with other.read() as connection:
                    key = find_user(connection, f"local:new{n}@example.org")
                    assert outside_ids(connection, "user", [key])[key] == f"local:new{n}@example.org"
                    assert find_user(connection, BEN)
                rounds.append(n)
            except Exception as error:  # noqa: BLE001  # whatever it is, it is told
                errors.append(error)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for _ in range(5):
            rotate(sealed)
        while len(rounds) < 3 and not errors:
            over.wait(0.01)
    finally:
        over.set()
        worker.join()
    assert not errors
    assert roots_in(sealed) == {sealed.vault.source.read()[0].id}
    other.close()


@pytest.mark.parametrize("at", ["begin", "middle", "end"])
def test_what_was_stopped_is_gone_on_with(sealed, monkeypatch, at):
    load(sealed, [listens(*(f"local:{n}@example.org" for n in range(30)))])
    old = sealed.vault.source.read()[0].id
    monkeypatch.setattr(rotation, "SLICE", 10)

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        if at == "begin":
            broken.setattr(rotation, "write_state", stop)
        if at == "end":
            broken.setattr(rotation, "Rotated", stop)
            broken.setattr(type(sealed.vault.source), "write", put_two)
        rotate(sealed, on_step=stop if at == "middle" else lambda _: None)
    other = Store(sealed.url, vault=Vault(sealed.vault.source))
    assert names_in(other) == ANNA
    other.close()
    half = [key.id for key in sealed.vault.source.read()]
    assert (len(half), half[1]) == (2, old)
    assert rotate(sealed).new == half[0]
    assert [key.id for key in sealed.vault.source.read()] == half[:1]
    assert roots_in(sealed) == {half[0]}


def put_two(source, keys):
    """Write keys as a rotation that is stopped before it takes the old one away."""
    if len(keys) == 2:
        source.path.write_text(write_keys(keys).reveal())


def test_a_key_in_the_environment_is_changed_by_hand(sealed):
    old, new = sealed.vault.source.read()[0].text().reveal(), RootKey.new().text().reveal()

    def opened(text):
        return Store(sealed.url, vault=Vault(KeyVariable({"ML_VAULT_KEY": text})))

    only_old, both = opened(old), opened(f"{new} {old}")
    with pytest.raises(BadInput, match="cannot be changed from here"):
        rotate(only_old)
    done = rotate(both)
    assert (done.dropped, roots_in(sealed)) == (False, {done.new})
    only_new = opened(new)
    assert names_in(only_new) == ANNA
    with pytest.raises(Locked):
        opened(old)
    for each in (only_old, both, only_new):
        each.close()


def test_what_is_not_encrypted_has_no_key_to_change(url, key_file):
    store = Store(url, vault=Vault(key_file))
    with pytest.raises(BadInput, match="not encrypted"):
        rotate(store)
    store.close()


def test_two_processes_write_while_it_is_changed_and_lose_nothing(capsys):
    assert stress(seconds=1.5, rounds=1) == 0
    assert "0 writers failed" in capsys.readouterr().out
