"""One-time links: used once, not too late, and the first not after there is an admin."""

import threading

import pytest

from ml.foundation.errors import BadInput, NotAuthenticated, UnknownId

from .conftest import PASSWORD


def void(access, token):
    with pytest.raises(NotAuthenticated) as looked:
        access.invitations.look_at(token)
    with pytest.raises(NotAuthenticated) as accepted:
        access.invitations.accept(token, name="late", password=PASSWORD)
    assert str(looked.value) == str(accepted.value)
    return str(looked.value)


def test_the_first_link_makes_the_first_admin_once(access, other):
    assert access.invitations.setup_is_due()
    link, token = access.invitations.set_up()
    assert (link.kind, link.role) == ("setup", "admin")
    assert other.invitations.look_at(token) == link
    account = other.invitations.accept(token, name="anna", password=PASSWORD)
    assert (account.role, account.has_password) == ("admin", True)
    assert access.accounts.verify("anna", PASSWORD).id == account.id
    assert not access.invitations.setup_is_due()
    void(access, token)
    with pytest.raises(BadInput, match="an admin already"):
        access.invitations.set_up()


def test_it_is_valid_for_an_hour(access, clock):
    _, token = access.invitations.set_up()
    clock.forward(minutes=59.99)
    assert access.invitations.look_at(token)
    clock.forward(minutes=0.01)
    void(access, token)
    assert access.invitations.setup_is_due()


def test_a_second_first_link_voids_the_first(access):
    _, first = access.invitations.set_up()
    _, second = access.invitations.set_up()
    void(access, first)
    assert access.invitations.look_at(second)


def test_it_is_void_once_there_is_an_admin_by_whatever_way(access):
    _, token = access.invitations.set_up()
    access.accounts.create("root", role="admin", password=PASSWORD)
    void(access, token)
    assert access.invitations.list() == []


def test_two_who_accept_it_at_once_make_one_admin(access):
    _, token = access.invitations.set_up()
    ends = []

    def accept(name):
        try:
            ends.append(access.invitations.accept(token, name=name, password=PASSWORD).name)
        except NotAuthenticated:
            ends.append(None)

    threads = [threading.Thread(target=accept, args=(f"user {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends.count(None) == 5
    assert len(access.accounts.list()) == 1


def test_what_cannot_be_an_account_leaves_the_link_valid(access):
    _, token = access.invitations.set_up()
    for name, password in (("anna", "short"), ("anna", "passwordpassword"), ("", PASSWORD)):
        with pytest.raises(BadInput):
            access.invitations.accept(token, name=name, password=password)
    assert access.invitations.accept(token, name="anna", password=PASSWORD)


def test_an_invitation_makes_an_account_of_its_role_and_listener(access, listeners):
    link, token = access.invitations.invite(role="listener", user_id="anna")
    assert (link.kind, link.user_id) == ("invitation", "local:anna")
    account = access.invitations.accept(token, name="Anna", password=PASSWORD)
    assert (account.role, account.user_id) == ("listener", "local:anna")
    void(access, token)


def test_a_name_that_is_taken_leaves_it_valid(access):
    access.accounts.create("anna", role="admin", password=PASSWORD)
    _, token = access.invitations.invite(role="analyst")
    with pytest.raises(BadInput, match="called 'anna' already"):
        access.invitations.accept(token, name="anna", password=PASSWORD)
    assert access.invitations.accept(token, name="bert", password=PASSWORD).role == "analyst"


def test_invitations_are_listed_withdrawn_and_forgotten_when_too_old(access, clock):
    first, first_token = access.invitations.invite(role="analyst")
    second, second_token = access.invitations.invite(role="admin")
    assert {each.id for each in access.invitations.list()} == {first.id, second.id}
    assert access.invitations.withdraw(first.id)
    assert not access.invitations.withdraw(first.id)
    void(access, first_token)
    clock.forward(hours=72)
    assert access.invitations.list() == []
    assert void(access, second_token) == void(access, "no token") == void(access, f"mli_{'0' * 16}_{'x' * 43}")


def test_what_no_invitation_can_be_is_refused(access):
    for options in ({"role": "root"}, {"role": "listener"}, {"role": "admin", "user_id": "local:anna"}):
        with pytest.raises(BadInput):
            access.invitations.invite(**options)
    assert access.invitations.list() == []


def test_a_reset_gives_the_account_another_password_once(access, other):
    anna = access.accounts.create("anna", role="analyst", password=PASSWORD)
    _, cookie, _ = access.sessions.open(anna)
    link, token = access.invitations.reset("Anna")
    assert (link.kind, link.account, link.role) == ("reset", "anna", "analyst")
    assert access.accounts.verify("anna", PASSWORD), "nothing has changed yet"
    with pytest.raises(BadInput, match="account's name"):
        other.invitations.accept(token, password="anna-anna-2026")
    assert other.invitations.accept(token, password="nine quiet herons").id == anna.id
    assert access.accounts.verify("anna", "nine quiet herons")
    with pytest.raises(NotAuthenticated):
        access.sessions.authenticate(cookie)
    void(access, token)


def test_a_reset_is_void_after_another_and_while_the_account_is_disabled(access):
    access.accounts.create("anna", role="analyst", password=PASSWORD)
    _, first = access.invitations.reset("anna")
    _, second = access.invitations.reset("anna")
    void(access, first)
    access.accounts.disable("anna")
    void(access, second)
    assert access.invitations.list() == []
    with pytest.raises(BadInput, match="is disabled"):
        access.invitations.reset("anna")
    access.accounts.enable("anna")
    assert [each.account for each in access.invitations.list()] == ["anna"]
    with pytest.raises(UnknownId):
        access.invitations.reset("nobody")
