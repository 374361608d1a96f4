"""``ml access``: tokens on stdout once, passwords from nowhere but a file, the environment or a prompt."""

import json
import re

import pytest
from typer.testing import CliRunner

from ml.cli.main import app
from ml.cli.outcome import exit_code
from ml.data.access import Access
from ml.data.store import Store
from ml.foundation.errors import BadInput, EmptyWorkspace, NotAuthenticated, UnknownId

PASSWORD = "seven quiet herons"
TOKEN = re.compile(r"ml_([0-9a-f]{16})_[A-Za-z0-9_-]{43}")


@pytest.fixture
def ml(tmp_path, monkeypatch):
    """Type a command into a workspace of this test."""
    monkeypatch.setenv("ML_ACCESS__PASSWORD_MEMORY_MIB", "19")

    def typed(*words, code=0):
        done = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "access", *words])
        failed = 0 if done.exception is None else exit_code(done.exception)
        assert failed == code, done.output
        return done

    opened = []

    def access():
        opened.append(Store.at(tmp_path / "home"))
        return Access.to(opened[-1])

    typed.access = access
    yield typed
    for store in opened:
        store.close()


def test_a_key_is_made_used_rotated_and_revoked(ml):
    made = ml("add-key", "navidrome", "--role", "service", "--scope", "events:write", "--days", "30")
    id_ = TOKEN.fullmatch(made.stdout.strip())[1]
    assert "shown this once" in made.stderr
    assert ml.access().keys.authenticate(made.stdout.strip()).scopes == {"events:write"}
    listed = ml("keys").stdout
    assert id_ in listed
    assert "events:write" in listed
    assert made.stdout.strip() not in listed
    rotated = json.loads(ml("rotate", id_, "--overlap-hours", "1", "--json").stdout)
    assert rotated["key"]["id"] == id_
    for token in (made.stdout.strip(), rotated["token"]):
        assert ml.access().keys.authenticate(token)
    assert "is revoked" in ml("revoke", id_).stdout
    (listed,) = json.loads(ml("keys", "--json").stdout)
    assert listed["state"] == "revoked"
    assert "secret_hash" not in listed
    with pytest.raises(NotAuthenticated):
        ml.access().keys.authenticate(rotated["token"])


def test_an_account_is_made_changed_and_disabled(ml, monkeypatch, tmp_path):
    assert isinstance(ml("add-account", "anna", "--role", "admin", code=2).exception, BadInput)
    monkeypatch.setenv("ML_ACCOUNT_PASSWORD", PASSWORD)
    ml("add-account", "anna", "--role", "admin")
    ml("add-account", "bert", "--role", "admin")
    assert ml.access().accounts.verify("anna", PASSWORD)
    file = tmp_path / "password"
    file.write_text("nine quiet herons\n")
    changed = ml("password", "anna", "--password-file", str(file))
    assert "sessions are over" in changed.stdout
    assert ml.access().accounts.verify("anna", "nine quiet herons")
    ml("disable", "anna")
    assert [line.split()[3] for line in ml("accounts").stdout.splitlines()[1:3]] == ["disabled", "active"]
    ml("enable", "anna")
    assert isinstance(ml("disable", "nobody", code=3).exception, UnknownId)
    (first, _) = json.loads(ml("accounts", "--json").stdout)
    assert "password" not in first
    assert PASSWORD not in ml("accounts", "--json").output


def test_an_invitation_is_accepted(ml):
    made = ml("invite", "--role", "listener", "--for", "local:anna")
    account = ml.access().invitations.accept(made.stdout.strip(), name="anna", password=PASSWORD)
    assert account.user_id == "local:anna"
    assert "local:anna" in ml("accounts").stdout


def test_open_links_are_listed_and_made_void(ml):
    made = json.loads(ml("invite", "--role", "analyst", "--json").stdout)
    id_ = made["invitation"]["id"]
    assert id_ in ml("invitations").stdout
    assert "is void" in ml("withdraw", id_).stdout
    assert json.loads(ml("invitations", "--json").stdout) == []
    assert isinstance(ml("withdraw", id_, code=3).exception, UnknownId)


def test_sessions_are_listed_and_ended(ml, monkeypatch):
    monkeypatch.setenv("ML_ACCOUNT_PASSWORD", PASSWORD)
    ml("add-account", "anna", "--role", "admin")
    access = ml.access()
    tokens = [access.sessions.open(access.accounts.find("anna"))[1] for _ in range(3)]
    first = json.loads(ml("sessions", "anna", "--json").stdout)[0]["id"]
    assert first in ml("sessions", "anna").stdout
    assert "1 session of anna" in ml("log-out", "anna", "--session", first).stdout
    assert isinstance(ml("log-out", "anna", "--session", first, code=3).exception, UnknownId)
    assert json.loads(ml("log-out", "anna", "--json").stdout) == {"ended": 2}
    for token in tokens:
        with pytest.raises(NotAuthenticated):
            access.sessions.authenticate(token)


def test_a_forgotten_password_is_replaced(ml, monkeypatch):
    monkeypatch.setenv("ML_ACCOUNT_PASSWORD", PASSWORD)
    ml("add-account", "anna", "--role", "admin")
    made = json.loads(ml("reset", "anna", "--json").stdout)
    assert made["invitation"]["account"] == "anna"
    ml.access().invitations.accept(made["token"], password="nine quiet herons")
    assert ml.access().accounts.verify("anna", "nine quiet herons")


def test_what_cannot_be_is_said_with_what_can(ml):
    wrong = ml("add-key", "x", "--role", "servce", code=2).exception
    assert "did you mean 'service'" in wrong.hint
    wrong = ml("add-key", "x", "--role", "service", "--scope", "keys:write", code=2).exception
    assert "search:read" in wrong.hint


@pytest.mark.parametrize(
    "line",
    [
        "keys",
        "accounts",
        "revoke x",
        "rotate x",
        "disable x",
        "enable x",
        "reset x",
        "password x",
        "invitations",
        "withdraw x",
        "sessions x",
        "log-out x",
    ],
)
def test_where_no_workspace_is_none_comes_into_being(ml, line, tmp_path):
    assert isinstance(ml(*line.split(), code=4).exception, EmptyWorkspace)
    assert not (tmp_path / "home").exists()
