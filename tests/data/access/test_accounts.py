"""Accounts: passwords, waiting after wrong ones, and who is let in no more."""

import threading

import pytest
from sqlalchemy import select, update

from ml.data.access.lockout import FREE_FAILURES
from ml.data.access.passwords import LONGEST, SHORTEST
from ml.data.schema import accounts
from ml.foundation.errors import BadInput, NotAuthenticated, UnknownId
from ml.foundation.phrase import spoken

from .conftest import PASSWORD, access_to

WRONG = "eight quiet herons"


@pytest.fixture
def anna(access):
    return access.accounts.create("Anna", role="analyst", password=PASSWORD)


def refused(access, name, password):
    with pytest.raises(NotAuthenticated) as caught:
        access.accounts.verify(name, password)
    return str(caught.value)


def kept(store, column=accounts.c.password):
    with store.read() as connection:
        return connection.execute(select(column)).scalar_one()


def test_name_and_password_give_the_account(access, anna, clock):
    assert (anna.name, anna.role, anna.has_password, anna.logged_in_at) == ("Anna", "analyst", True, None)
    found = access.accounts.verify("Anna", PASSWORD)
    assert found.id == anna.id
    assert found.logged_in_at.timestamp() * 1000 == clock.now
    assert access.accounts.list() == [found]


def test_names_are_told_apart_by_more_than_case(access, anna):
    for name in ("anna", " ANNA ", "Ａnna"):
        assert access.accounts.verify(name, PASSWORD).id == anna.id
        with pytest.raises(BadInput, match="is called"):
            access.accounts.create(name, role="admin", password=PASSWORD)
    assert access.accounts.create("Annä", role="analyst").id != anna.id


def test_whatever_is_wrong_the_answer_is_the_same(access, anna):
    access.accounts.create("bert", role="analyst", password=PASSWORD)
    access.accounts.disable("bert")
    access.accounts.create("carl", role="analyst")
    said = {refused(access, "Anna", WRONG), refused(access, "nobody", PASSWORD), refused(access, "bert", PASSWORD)}
    said |= {refused(access, "carl", password) for password in (PASSWORD, "", "x" * 10_000)}
    said |= {refused(access, name, PASSWORD) for name in ("", "\0", "\ud800", "x" * 100_000, "' OR 1=1 --")}
    said |= {refused(access, "Anna", password) for password in ("", "\0" * 12, "\ud800" * 12)}
    assert len(said) == 1


def test_a_name_that_nobody_has_costs_a_hash_too(access, anna, monkeypatch):
    import argon2

    verified = []
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(
        argon2.PasswordHasher, "verify", lambda self, kept, text: verified.append(kept) or verify(self, kept, text)
    )
    refused(access, "nobody", PASSWORD)
    refused(access, "Anna", WRONG)
    assert [text.rpartition("$")[0].rpartition("$")[0] for text in verified] == ["$argon2id$v=19$m=1024,t=3,p=1"] * 2


def test_a_password_is_taken_as_it_is_typed(access):
    passwords = [" seven quiet herons ", "sieben stille Reiher äöü ß", "💜💜💜 purple herons"]
    for number, password in enumerate(passwords):
        name = f"user {number}"
        access.accounts.create(name, role="analyst", password=password)
        assert access.accounts.verify(name, password)
        refused(access, name, password.strip()[1:])
        refused(access, name, password.upper())
    # One and the same letter, as two keyboards write it.
    assert access.accounts.verify("user 1", "sieben stille Reiher a\u0308o\u0308u\u0308 ß")


def test_a_long_password_counts_to_its_end(access):
    long = "".join(chr(0x4E00 + number) for number in range(LONGEST))
    access.accounts.create("anna", role="analyst", password=long)
    assert access.accounts.verify("anna", long)
    refused(access, "anna", f"{long[:-1]}x")


@pytest.mark.parametrize("password", ["", "x", "x" * (SHORTEST - 1), "ab" + "c1 de" * 60, "half a pair \ud800"])
def test_length_is_all_that_is_asked_of_its_form(access, anna, password):
    with pytest.raises(BadInput, match="12 to 128") as caught:
        access.accounts.set_password("Anna", password)
    assert spoken(caught.value.message, "de") == "ein Passwort hat 12 bis 128 Zeichen"
    assert access.accounts.verify("Anna", PASSWORD), "the old one stays"


def test_five_wrong_passwords_cost_nothing_then_it_waits_longer_and_longer(access, anna, clock):
    for _ in range(FREE_FAILURES):
        refused(access, "Anna", WRONG)
    for wait_s in (30, 60, 120, 240, 480, 900, 900):
        clock.forward(s=wait_s - 0.001)
        refused(access, "Anna", PASSWORD)  # not counted: it waits still
        clock.forward(s=0.001)
        refused(access, "Anna", WRONG)
    clock.forward(s=900)
    assert access.accounts.verify("Anna", PASSWORD)
    for _ in range(FREE_FAILURES - 1):
        refused(access, "Anna", WRONG)
    assert access.accounts.verify("Anna", PASSWORD), "the right one takes the wrong ones back"


def test_a_clock_set_back_keeps_nobody_out_for_longer_than_the_longest_wait(access, anna, clock):
    for _ in range(FREE_FAILURES):
        refused(access, "Anna", WRONG)
    clock.forward(hours=-24 * 365)
    assert access.accounts.verify("Anna", PASSWORD)


def test_waiting_holds_in_every_process_and_for_nobody_else(access, other, anna):
    access.accounts.create("bert", role="analyst", password=PASSWORD)
    for each in (access, other) * 3:
        refused(each, "Anna", WRONG)
    refused(access, "Anna", PASSWORD)
    refused(other, "Anna", PASSWORD)
    assert other.accounts.verify("bert", PASSWORD)


def test_an_admin_ends_the_waiting(access, anna):
    for _ in range(FREE_FAILURES):
        refused(access, "Anna", WRONG)
    access.accounts.enable("anna")
    assert access.accounts.verify("Anna", PASSWORD)
    for _ in range(FREE_FAILURES):
        refused(access, "Anna", WRONG)
    access.accounts.set_password("anna", "nine quiet herons")
    assert access.accounts.verify("Anna", "nine quiet herons")


def test_many_guesses_at_once_are_no_more_than_one_after_the_other(access, store, anna):
    def guess():
        refused(access, "Anna", WRONG)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(store, accounts.c.failures) == FREE_FAILURES


def test_who_is_disabled_is_out_at_once_everywhere_and_comes_back(access, other, anna):
    _, cookie, _ = access.sessions.open(anna)
    assert other.sessions.authenticate(cookie)
    assert access.accounts.disable("anna").disabled_at is not None
    with pytest.raises(NotAuthenticated):
        other.sessions.authenticate(cookie)
    refused(other, "Anna", PASSWORD)
    with pytest.raises(NotAuthenticated):
        access.sessions.open(anna)
    assert other.accounts.enable("anna").disabled_at is None
    assert access.accounts.verify("Anna", PASSWORD)
    with pytest.raises(NotAuthenticated):
        access.sessions.authenticate(cookie)


def test_tries_at_a_disabled_account_are_not_counted(access, store, anna):
    access.accounts.disable("anna")
    for password in (WRONG, PASSWORD):
        refused(access, "Anna", password)
    assert kept(store, accounts.c.failures) == 0


def test_another_password_ends_the_sessions(access, other, anna):
    _, cookie, _ = access.sessions.open(anna)
    access.accounts.set_password("Anna", "nine quiet herons")
    with pytest.raises(NotAuthenticated):
        other.sessions.authenticate(cookie)
    refused(access, "Anna", PASSWORD)
    assert access.accounts.verify("Anna", "nine quiet herons")


def test_the_last_admin_stays(access):
    access.accounts.create("root", role="admin", password=PASSWORD)
    access.accounts.create("without", role="admin")
    with pytest.raises(BadInput, match="'root' is the last admin"):
        access.accounts.disable("root")
    access.accounts.disable("without")
    access.accounts.create("second", role="admin", password=PASSWORD)
    access.accounts.disable("root")
    with pytest.raises(BadInput, match="'second' is the last admin"):
        access.accounts.disable("second")


def test_a_hash_grows_with_its_parameters_and_never_shrinks(access, store, clock, anna):
    for memory_mib, wanted in ((2, "m=2048,t=3,p=1"), (1, "m=2048,t=3,p=1")):
        assert access_to(store, clock, memory_mib=memory_mib).accounts.verify("Anna", PASSWORD)
        assert wanted in kept(store)
    assert access.accounts.verify("Anna", PASSWORD)


def test_a_password_that_would_be_refused_today_still_lets_in(access, store, clock, anna):
    old = access_to(store, clock)
    hashed = old.accounts._passwords.renewed("passwordpassword")
    with store.write() as connection:
        connection.execute(update(accounts).values(password=hashed))
    assert access_to(store, clock, memory_mib=2).accounts.verify("Anna", "passwordpassword")
    assert "m=2048" in kept(store)


def test_a_listeners_account_is_bound(access, listeners):
    assert access.accounts.create("anna", role="listener", user_id="anna").user_id == "local:anna"
    with pytest.raises(BadInput, match="of one listener"):
        access.accounts.create("bert", role="listener")
    with pytest.raises(BadInput, match="bound to no listener"):
        access.accounts.create("bert", role="admin", user_id="local:bert")


def test_who_is_not_there_is_named(access, anna):
    for verb in (access.accounts.disable, access.accounts.enable, access.accounts.find):
        with pytest.raises(UnknownId, match="did you mean 'Anna'"):
            verb("Ana")
    with pytest.raises(UnknownId):
        access.accounts.set_password("nobody", PASSWORD)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\nb", "a\0b"])
def test_a_name_is_something_that_prints(access, name):
    with pytest.raises(BadInput, match="no name"):
        access.accounts.create(name, role="admin", password=PASSWORD)
