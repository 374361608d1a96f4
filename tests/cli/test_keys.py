"""``ml keys`` and ``ml listeners``, as they are typed."""

import orjson
import pytest
from typer.testing import CliRunner

from ml.cli.main import app
from ml.cli.outcome import exit_code
from ml.foundation import configuration
from ml.foundation.errors import MLError

CSV = """user,artist,title,listened_at
ann@example.org,A,One,2026-06-01T10:00:00Z
ben@example.org,B,Two,2026-06-02T10:00:00Z
"""
ANN = "local:user/ann@example.org"


@pytest.fixture
def ml(tmp_path, monkeypatch):
    """Run a command in a workspace with two listeners; give what it says, and with which status it ends."""
    (tmp_path / "h.csv").write_text(CSV)
    monkeypatch.setenv("ML_HOME", str(tmp_path / "home"))

    def run(*words, ends=0):
        configuration.forget()  # each command is a process of its own
        result = CliRunner().invoke(app, list(words))
        if isinstance(result.exception, MLError):
            assert exit_code(result.exception) == ends
            return str(result.exception)
        assert result.exit_code == ends, result.output
        return result.output

    run("import", str(tmp_path / "h.csv"))
    yield run
    configuration.forget()


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    path = tmp_path / "elsewhere" / "vault.key"
    monkeypatch.setenv("ML_VAULT__KEY_FILE", str(path))
    return path


def names_in(tmp_path):
    return b"example.org" in b"".join(path.read_bytes() for path in (tmp_path / "home").glob("ml.db*"))


def test_a_workspace_is_encrypted_its_key_changed_and_what_it_holds_exported(ml, key_file, tmp_path):
    assert names_in(tmp_path)
    assert "no" in ml("keys", "status")
    assert orjson.loads(ml("keys", "init", "--json"))["rows"] == {"users": 2}
    assert not names_in(tmp_path)
    assert (key_file.stat().st_mode & 0o777, "yes" in ml("keys", "status")) == (0o600, True)
    before = key_file.read_text()
    ml("keys", "rotate")
    assert key_file.read_text() != before
    told = orjson.loads(ml("listeners", "export", ANN))
    assert [row["title"] for row in told["listens"]] == ["One"]


def test_without_its_key_it_says_what_to_do(ml, key_file, monkeypatch):
    ml("keys", "init")
    monkeypatch.delenv("ML_VAULT__KEY_FILE")
    said = ml("listeners", "export", ANN, ends=6)
    assert "vault.key_file" in said
    assert "the key in use is not there" in ml("keys", "status").replace("\n", " ")


def test_where_nothing_is_configured_nothing_is_encrypted(ml, tmp_path):
    assert "vault.key_file" in ml("keys", "init", ends=2)
    assert names_in(tmp_path)


def test_a_key_for_the_environment(ml, monkeypatch, tmp_path):
    made = orjson.loads(ml("keys", "new", "--json"))
    monkeypatch.setenv("ML_VAULT_KEY", made["key"])
    assert orjson.loads(ml("keys", "init", "--json"))["root"] == made["id"]
    for words in (["settings"], ["keys", "status"], ["doctor"], ["audit", "show"]):
        assert made["key"] not in ml(*words)
    assert "cannot be changed from here" in ml("keys", "rotate", ends=2)
    new = orjson.loads(ml("keys", "new", "--json"))
    monkeypatch.setenv("ML_VAULT_KEY", f"{new['key']} {made['key']}")
    assert made["id"] in ml("keys", "rotate")
    monkeypatch.setenv("ML_VAULT_KEY", new["key"])
    assert not names_in(tmp_path)
    assert ANN in ml("listeners", "export", ANN)


def test_a_keyring_that_does_not_answer_says_so(ml, monkeypatch):
    keyring = pytest.importorskip("keyring")
    from keyring.backends.fail import Keyring

    monkeypatch.setattr(keyring.core, "_keyring_backend", Keyring())
    monkeypatch.setenv("ML_VAULT__KEYRING", "true")
    assert "does not answer" in ml("keys", "init", ends=2)


def test_a_keyring_keeps_the_key(ml, monkeypatch):
    keyring = pytest.importorskip("keyring")
    kept = {}
    monkeypatch.setattr(keyring, "get_password", lambda service, user: kept.get((service, user)))
    monkeypatch.setattr(keyring, "set_password", lambda service, user, text: kept.update({(service, user): text}))
    monkeypatch.setenv("ML_VAULT__KEYRING", "true")
    ml("keys", "init")
    (before,) = kept.values()
    ml("keys", "rotate")
    (after,) = kept.values()
    assert before != after
    assert ANN in ml("listeners", "export", ANN)


def test_an_export_goes_into_a_file_that_was_not_there(ml, tmp_path):
    out = tmp_path / "ann.json"
    ml("listeners", "export", ANN, "--out", str(out))
    assert orjson.loads(out.read_bytes())["user_id"] == ANN
    assert "exists already" in ml("listeners", "export", ANN, "--out", str(out), ends=2)


def test_an_erasure_is_confirmed_and_recorded_on_whom(ml):
    assert "id in full" in ml("listeners", "erase", ANN, ends=2)
    done = orjson.loads(ml("listeners", "erase", ANN, "--confirm", ANN, "--json"))
    assert done["rows"] == {"listens": 1, "users": 1}
    ml("listeners", "export", ANN, ends=3)
    assert done["pseudonym"] in ml("audit", "show", "--what", "listeners.erase", "--json")


def test_the_way_back_is_asked_for_twice_and_whole(ml, key_file, tmp_path):
    ml("keys", "init")
    root = orjson.loads(ml("keys", "status", "--json"))["root"]
    assert f"--confirm {root}" in ml("keys", "decrypt", ends=2)
    assert "confirmed" in ml("keys", "decrypt", "--confirm", "yes", ends=2)
    assert not names_in(tmp_path)
    done = orjson.loads(ml("keys", "decrypt", "--confirm", root, "--json"))
    assert (done["root"], done["rows"]) == (root, {"users": 2})
    key_file.unlink()
    assert "no" in ml("keys", "status")
    assert orjson.loads(ml("listeners", "export", ANN))["user_id"] == ANN
    assert names_in(tmp_path)
    assert "not encrypted" in ml("keys", "decrypt", "--confirm", root, ends=2)
