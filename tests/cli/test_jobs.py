"""``ml jobs``."""

import json

import pytest
from typer.testing import CliRunner

from ml.app import App
from ml.cli.main import app
from ml.foundation import configuration
from ml.foundation.errors import BadInput, EmptyWorkspace

runner = CliRunner()


def ran(*words, code=0):
    result = runner.invoke(app, ["jobs", *map(str, words)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.fixture
def waiting(tmp_path, monkeypatch):
    """A workspace in which an import waits; only `ml jobs run` begins it."""
    monkeypatch.setattr("ml.app.jobs.background.start_runner", lambda _: False)
    (tmp_path / "a.csv").write_text("user,title,artist,timestamp\nu,t,a,2026-01-01T00:00:00Z\n")
    return json.loads(ran("submit", "import", f"path={tmp_path / 'a.csv'}", "again=true", "--json"))


def test_a_job_is_asked_for_listed_done_and_shown(waiting, tmp_path):
    assert (waiting["id"], waiting["state"], waiting["owner"]) == (1, "queued", "local")
    assert waiting["arguments"] == {"path": str(tmp_path / "a.csv"), "again": True}
    assert "nobody is at work on them" in ran("list")
    assert "the time is over" in ran("wait", 1, "--timeout", 0, code=1)
    assert "job 1: import is done" in ran("run", "--idle", 0)
    (listed,) = json.loads(ran("list", "--state", "done", "--json"))
    shown = json.loads(ran("show", 1, "--json"))
    assert listed == shown == json.loads(ran("wait", 1, "--json"))
    assert shown["result"]["added"] == {"listens": 1}
    assert "import a.csv: 1" in ran("list")
    assert "nobody" not in ran("list")
    assert "ml jobs show 1 --json" in ran("show", 1)
    assert ran("list", "--kind", "train") == "no such jobs\n"


def test_a_job_is_cancelled_and_one_that_fails_says_why(waiting):
    assert json.loads(ran("submit", "train", "kind=artist", "--json"))["id"] == 2
    assert "job 1 is cancelled" in ran("cancel", 1)
    assert json.loads(ran("cancel", 1, "--json"))["state"] == "cancelled"
    assert json.loads(ran("run", "--idle", 0, "--json")) == {"begun": 1}
    result = runner.invoke(app, ["jobs", "wait", "2"])
    assert result.exit_code == 1
    assert "nothing was imported yet" in result.stderr
    assert "job 2: train, failed" in result.stdout


def test_looking_makes_no_workspace(tmp_path):
    for words in (["list"], ["show", "1"], ["cancel", "1"], ["wait", "1"], ["run"]):
        with pytest.raises(EmptyWorkspace, match="there is no workspace"):
            ran(*words)
    assert not App(configuration.current()).workspace.home.exists()


def test_what_is_no_argument_is_said(tmp_path):
    with pytest.raises(BadInput, match=r"'history\.zip' is no argument of a job"):
        ran("submit", "import", "history.zip")
