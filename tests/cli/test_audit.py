"""What commands record, and ``ml audit``."""

import csv
import json
import os

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from ml.cli.main import app
from ml.cli.recorded import RECORDED, UNRECORDED
from ml.cli.recording import present_log
from ml.foundation import configuration
from ml.foundation.errors import BadInput, EmptyWorkspace, StoreError, UnknownId

ME = f"local:{os.getuid()}"


def leaves(command, path=""):
    for name, child in command.commands.items():
        inside = f"{path} {name}".strip()
        yield from leaves(child, inside) if getattr(child, "commands", None) else [(inside, child)]


LEAVES = dict(leaves(get_command(app)))


def ml(*words):
    return CliRunner().invoke(app, list(map(str, words)))


def answer(*words):
    done = ml(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A workspace with two listeners."""
    history = tmp_path / "history.csv"
    history.write_text(
        "user,title,artist,listened_at\n"
        "ann,Creep,Radiohead,2026-01-01T10:00:00Z\n"
        "bob,Nude,Radiohead,2026-01-02T10:00:00Z\n"
    )
    monkeypatch.setenv("ML_HOME", str(tmp_path / "home"))
    configuration.forget()
    assert ml("import", history).exit_code == 0
    return tmp_path / "home"


# --- the table


def test_every_command_is_recorded_or_has_a_reason_not_to_be():
    assert set(RECORDED) | set(UNRECORDED) == set(LEAVES)
    assert set(RECORDED) & set(UNRECORDED) == set()


@pytest.mark.parametrize("path", RECORDED)
def test_what_is_recorded_of_a_command_are_parameters_that_it_has(path):
    act, names = RECORDED[path], {each.name for each in LEAVES[path].params}
    assert {*act.about, act.whom} - {None} <= names


#: What is never written down: it may name a person, a file, or what somebody looks for.
@pytest.mark.parametrize("path", RECORDED)
def test_nothing_personal_is_recorded_of_a_command(path):
    personal = {"listener", "user", "text", "paths", "file", "out", "folder", "whom", "query", "names"}
    assert set(RECORDED[path].about) & personal == set()


# --- recording


@pytest.mark.usefixtures("home")
def test_a_command_is_recorded_with_who_on_whom_and_result():
    assert ml("history", "pause", "ann").exit_code == 0
    assert isinstance(ml("history", "pause", "nobody").exception, UnknownId)
    failed, done, imported = answer("audit", "show")
    assert imported["what"] == "imports.run"
    assert imported["about"] == {"kind": "auto", "dry": False, "again": False, "action": "import"}
    assert (done["who"], done["what"], done["how"], done["result"]) == (ME, "history.pause", "cli", "ok")
    assert len(done["whom"]) == 32
    assert (failed["whom"], failed["result"]) == (None, "error:UnknownId")
    assert present_log() is None


def test_neither_names_nor_ids_of_listeners_are_in_the_log(home):
    ml("history", "pause", "ann")
    ml("search", "find", "somebody's secret", "--for", "ann")
    written = b"".join(path.read_bytes() for path in (home / "audit").glob("*.jsonl"))
    assert b"history.pause" in written
    assert b"search.find" in written
    for secret in (b"ann", b"local:user", b"secret", b"history.csv"):
        assert secret not in written


def test_what_cannot_be_recorded_is_not_begun(home):
    (home / "audit").rename(home / "elsewhere")
    (home / "audit").write_text("a file stands where the folder was")
    done = ml("history", "pause", "ann")
    assert isinstance(done.exception, StoreError)
    (home / "audit").unlink()
    assert answer("history", "status", "ann")["paused"] is False


@pytest.mark.usefixtures("home")
def test_reading_about_the_system_is_not_recorded():
    before = answer("audit", "show")
    ml("status")
    ml("settings")
    assert answer("audit", "show", "--what", "imports") == before[-1:]


def test_a_folder_without_a_workspace_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("ML_HOME", str(tmp_path / "none"))
    configuration.forget()
    assert ml("history", "pause", "ann").exit_code != 0
    assert not (tmp_path / "none").exists()
    assert isinstance(ml("audit", "verify").exception, EmptyWorkspace)
    assert isinstance(ml("audit", "show").exception, EmptyWorkspace)


# --- ml audit


def test_records_are_looked_for(home):
    for name in ("ann", "bob", "ann"):
        ml("history", "status", name)
    ann = answer("audit", "show", "--whom", "ann")
    assert len(ann) == 2
    assert {each["whom"] for each in ann} == {ann[0]["whom"]}
    # Asking about somebody is a record about them too.
    assert [each["what"] for each in answer("audit", "show", "--whom", "ann", "--count", 1)] == ["audit.read"]
    assert len(answer("audit", "show", "--what", "history")) == 3
    assert answer("audit", "show", "--what", "hist") == []
    assert answer("audit", "show", "--who", "local:x") == []
    assert answer("audit", "show", "--result", "error") == []
    assert answer("audit", "show", "--until", "2026-01-01") == []
    assert len(answer("audit", "show", "--since", "2026-01-01T00:00+01:00", "--what", "imports")) == 1
    assert answer("audit", "show", "--what", "audit.segment")[0]["about"]["segment"] == 1
    shown = ml("audit", "show").output
    assert "history.read" in shown
    assert "audit.opened" not in shown


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("text", ["yesterday", "2026-01-01T10:00"])
def test_a_moment_is_a_day_or_has_a_time_zone(text):
    assert isinstance(ml("audit", "show", "--since", text).exception, BadInput)


def test_records_are_written_to_files(home, tmp_path):
    lines, sheet = tmp_path / "log.jsonl", tmp_path / "log.csv"
    done = answer("audit", "export", "--out", lines)
    written = [json.loads(line) for line in lines.read_text().splitlines()]
    assert len(written) == done["records"] >= 3
    assert [each["at"] for each in written] == sorted(each["at"] for each in written)
    answer("audit", "export", "--out", sheet, "--what", "imports")
    with sheet.open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["what"] == "imports.run"
    assert json.loads(row["about"])["action"] == "import"
    assert isinstance(ml("audit", "export", "--out", sheet).exception, BadInput)
    assert isinstance(ml("audit", "export", "--out", tmp_path / "log.txt").exception, BadInput)
    assert answer("audit", "export", "--out", sheet, "--force")["records"] > 3


def test_a_log_that_was_changed_is_found(home):
    assert answer("audit", "verify")["sound"]
    assert "as they were written" in ml("audit", "verify").output
    (path,) = (home / "audit").glob("*.jsonl")
    path.write_text(path.read_text().replace(ME, "local:99"))
    done = ml("audit", "verify")
    assert done.exit_code == 7
    assert path.name in done.output
    found = json.loads(ml("audit", "verify", "--json").output)
    assert found["findings"][0]["line"] == 3
    assert not found["sound"]


def test_an_anchor_that_was_kept_elsewhere_finds_what_was_cut_off(home, tmp_path):
    ml("history", "pause", "ann")
    line = ml("audit", "anchor").output
    assert answer("audit", "anchor")["anchor"].split()[2:] == line.split()[2:]
    mail = tmp_path / "mail.txt"
    mail.write_text(f"Dear me,\n{line}\n")
    assert ml("audit", "verify", "--anchor", line.strip()).exit_code == 0
    (path,) = (home / "audit").glob("*.jsonl")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    assert ml("audit", "verify").exit_code == 0
    assert ml("audit", "verify", "--anchor", mail).exit_code == 7


def test_a_copy_elsewhere_can_be_verified(home, tmp_path):
    (home / "audit").rename(tmp_path / "copy")
    assert answer("audit", "verify", "--log", tmp_path / "copy")["sound"]
    (home / "audit.key").rename(tmp_path / "old.key")
    assert answer("audit", "verify", "--log", tmp_path / "copy")["seals"] == "no key"
    assert answer("audit", "verify", "--log", tmp_path / "copy", "--key", tmp_path / "old.key")["seals"] == "checked"


@pytest.mark.usefixtures("home")
def test_removing_what_is_old_is_recorded():
    assert answer("audit", "prune", "--days", 30) == {"files": 0, "records": 0}
    assert answer("audit", "show", "--count", 1)[0]["about"] == {"days": 30}
    assert answer("audit", "verify")["chains"] == 1


def test_a_backup_has_the_log_and_a_restoring_takes_nothing_from_it(home, tmp_path):
    archive = tmp_path / "all.tar"
    assert ml("workspace", "backup", archive).exit_code == 0
    ml("history", "pause", "ann")
    assert ml("workspace", "restore", archive, "--force").exit_code == 0
    kept = [each["what"] for each in answer("audit", "show")]
    assert kept == ["workspace.restore", "history.pause", "workspace.backup", "imports.run"]
    assert answer("audit", "verify")["sound"]
    other = tmp_path / "other"
    other.mkdir()
    (other / "audit.key").write_bytes((home / "audit.key").read_bytes())
    assert ml("--home", other, "workspace", "restore", archive).exit_code == 0
    assert len(list((other / "audit").glob("*.jsonl"))) == 1
    assert json.loads(ml("--home", other, "audit", "verify", "--json").output)["sound"]
